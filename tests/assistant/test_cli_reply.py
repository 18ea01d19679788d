# SPDX-License-Identifier: EUPL-1.2
"""`greffier reply` as scripts use it: the contract's shape, bad input, nothing kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assistant.terminal import RESIDENT, Printed, Terminal, stand_in

LETTER = f"""De : Paul Gransagne <paul.gransagne@courrier.example>
Objet : cantine

Bonjour,

Combien coûte un repas de la cantine pour un enfant de la commune ? {RESIDENT} me l'a dit.
Quand ouvre le stade nautique ?

Cordialement,
Paul Gransagne
"""
KEYS = {"id", "masked", "parts", "draft", "notes", "seconds"}


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch)
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    assert terminal("corpus", "add", str(terminal.town), "--json").code == 0
    return terminal


def notes(printed: Printed) -> list[str]:
    return [note["key"] for note in printed.json["notes"]]


def test_a_letter_gives_what_the_contract_says(terminal: Terminal) -> None:
    told = terminal("reply", "--json", stdin=LETTER).json

    assert set(told) == KEYS
    assert [part["asks"] for part in told["parts"]] == [
        "Combien coûte un repas de la cantine pour un enfant de la commune ?",
        "Quand ouvre le stade nautique ?",
    ]
    first, second = told["parts"]
    assert {"asks", "status", "reason", "text", "citations", "leads", "via", "rule"} <= set(first)
    assert first["status"] == "answer"
    assert "4,20" in first["text"]
    assert first["citations"][0]["file"] == "cantine.txt"
    assert second["status"] == "refusal"
    assert "4,20 euros" in told["draft"]
    assert "[à compléter : réponse à cette question]" in told["draft"]


def test_nobody_is_named_in_what_is_shown_or_kept(terminal: Terminal) -> None:
    printed = terminal("reply", "--json", stdin=LETTER)

    for name in ("Gransagne", "paul.gransagne", RESIDENT):
        assert name not in printed.out + printed.err
        for path in terminal.data.rglob("*"):
            assert not path.is_file() or name.encode() not in path.read_bytes()


def test_each_question_is_in_the_register_and_the_letter_is_not(terminal: Terminal) -> None:
    told = terminal("reply", "--json", stdin=LETTER).json

    shown = terminal("register", "show", told["parts"][0]["record"], "--jsonl").out
    assert "Combien coûte un repas de la cantine" in shown
    assert "Bonjour" not in shown


def test_many_letters_are_read_one_a_line_and_a_bad_one_stops_nothing(terminal: Terminal) -> None:
    lines = [
        {"id": "a", "text": LETTER},
        {"id": "b", "text": "  "},
        {"id": "c", "text": "PIÈGE, où est la cantine ?"},
        {"id": "d", "text": "Merci pour tout."},
    ]

    told = terminal("reply", "--jsonl", stdin=lines).jsonl

    assert [one["id"] for one in told] == ["a", "b", "c", "d"]
    assert [[note["key"] for note in one["notes"]] for one in told] == [
        [], ["empty"], ["guard_closed"], ["nothing_asked"],
    ]  # fmt: skip
    assert [bool(one["draft"]) for one in told] == [True, False, False, True]
    assert told[2]["masked"] == ""


def test_a_file_is_read_by_its_kind(terminal: Terminal, tmp_path: Path) -> None:
    page = tmp_path / "lettre.html"
    page.write_text("<html><body><p>Quand ouvre le stade ?</p></body></html>", "utf-8")

    told = terminal("reply", str(page), "--json").json

    assert [part["asks"] for part in told["parts"]] == ["Quand ouvre le stade ?"]


def test_the_same_letter_twice_gives_the_same(terminal: Terminal) -> None:
    first, second = (terminal("reply", "--json", stdin=LETTER).json for _ in range(2))

    for name in ("masked", "draft", "notes"):
        assert first[name] == second[name]


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"", "empty"), (b"\x00\x01\x02 no pdf", "unreadable")],
    ids=["empty", "broken"],
)
def test_a_file_that_cannot_be_read_says_why_in_one_line(
    terminal: Terminal, tmp_path: Path, content: bytes, key: str
) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(content)

    printed = terminal("reply", str(file))
    assert printed.code == 1
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1

    printed = terminal("reply", str(file), "--json")
    assert printed.code == 1
    assert notes(printed) == [key]


def test_a_file_that_is_not_there_is_told(terminal: Terminal) -> None:
    assert terminal("reply", "nowhere.eml").code == 1


def test_a_person_reads_the_letter_the_answers_and_the_draft(terminal: Terminal) -> None:
    printed = terminal("--lang", "en", "reply", stdin=LETTER)

    assert printed.code == 0
    assert "Letter, personal data hidden" in printed.out
    assert "Question 1: Combien coûte un repas de la cantine" in printed.out
    assert "Draft, to be read again and completed" in printed.out
    assert "Madame, Monsieur," in printed.out  # in the language of who wrote
