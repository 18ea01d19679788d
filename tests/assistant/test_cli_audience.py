# SPDX-License-Identifier: EUPL-1.2
"""Whom papers are for, on the command line: asked, declared, said of one paper."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.settings import Settings
from assistant.wiring import open_parts
from corpus import audience
from guardrails.register import open_register
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.fakes import open_head

LETTER = "Le fossé de la Brosse déborde dans ma cuisine. Veuillez agréer, Monsieur."


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT))
    monkeypatch.setattr(audience, "_read", lambda name: open_head("veuillez"))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    (terminal.town / "lettre.txt").write_text(LETTER, "utf-8")
    return terminal


def listed(terminal: Terminal) -> dict[str, str]:
    rows = terminal("corpus", "list", "--json").json
    return {row["file"]: row["collection"] for row in rows}


def found(terminal: Terminal, audience_: str, question: str = "fossé de la Brosse") -> set[str]:
    reply = terminal("search", question, "--audience", audience_, "--json").json
    return {one["file"] for one in reply["passages"]}


def test_without_a_word_agents_alone_see_what_is_added(terminal: Terminal) -> None:
    done = terminal("corpus", "add", str(terminal.town), "--json")
    assert done.json["collection"] == "default"
    assert done.json["private"] == 1
    (line,) = done.err.strip().splitlines()
    assert "--collection public" in line
    assert set(listed(terminal).values()) == {"default", "correspondance"}
    assert found(terminal, "senior", "prix du repas à la cantine") == set()
    assert "cantine.txt" in found(terminal, "agent", "prix du repas à la cantine")


def test_what_is_declared_public_is_but_a_letter_among_it(terminal: Terminal) -> None:
    done = terminal("corpus", "add", str(terminal.town), "--collection", "public")
    assert "réservés aux agents : 1" in done.out
    assert done.err == ""
    assert found(terminal, "senior", "prix du repas à la cantine") >= {"cantine.txt"}
    assert "lettre.txt" not in found(terminal, "senior")
    assert "lettre.txt" in found(terminal, "agent")
    again = terminal("corpus", "add", str(terminal.town), "--json")
    assert (again.json["collection"], again.json["unchanged"], again.err) == ("public", 3, "")


@pytest.mark.parametrize(
    ("answer", "place"), [("a", "public"), ("c", "correspondance"), ("", "default")]
)
def test_a_person_at_a_terminal_is_asked(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, answer: str, place: str
) -> None:
    asked: list[str] = []

    def prompt(text: str, **facts: object) -> object:
        asked.append(text)
        return answer or facts["default"]

    monkeypatch.setattr("assistant.commands.audience.click.prompt", prompt)
    monkeypatch.setattr("assistant.commands.session.Session.is_terminal", True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("assistant.commands.adding.shown_progress", _no_bar)
    assert run(["corpus", "add", str(terminal.town)]) == 0
    assert len(asked) == 1 and asked[0].startswith("Actes publics ou courriers ?")
    assert listed(terminal)["cantine.txt"] == place


def _no_bar(_: object) -> object:
    from contextlib import nullcontext

    return nullcontext()


def test_a_word_on_a_paper_holds_and_is_in_the_register_first(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town), "--collection", "public")
    done = terminal("corpus", "audience", "lettre.txt", "--public", "--json")
    (told,) = done.json["decided"]
    assert (told["file"], told["collection"], told["audience"]) == (
        "lettre.txt", "public", "public",
    )  # fmt: skip
    assert "lettre.txt" in found(terminal, "senior")
    terminal("corpus", "add", str(terminal.town))
    assert "lettre.txt" in found(terminal, "senior")
    terminal("corpus", "audience", told["id"], "cantine.txt", "--agents")
    assert found(terminal, "senior") <= {"livres/bibliotheque.txt"}
    entries = [p for p in _entered(terminal) if "reads_as" in p and p.get("status") != "begun"]
    assert [p["audience"] for p in entries] == ["public", "agents", "agents"]
    assert {p["reads_as"] for p in entries} == {"private", "public"}


def _entered(terminal: Terminal) -> Iterator[dict[str, object]]:
    (keys,) = terminal.keys.iterdir()
    with open_register(terminal.data / "register", keys / "register") as register:
        yield from [dict(entry.payload) for entry in register.entries()]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["lettre.txt"], "--public"),
        (["nulle-part.txt", "--public"], "n° 1"),
        (["cantine.txt", "lettre.txt", "autre.txt", "--agents"], "n° 3"),
    ],
)
def test_what_cannot_be_decided_is_refused_whole(
    terminal: Terminal, arguments: list[str], why: str
) -> None:
    terminal("corpus", "add", str(terminal.town), "--collection", "public")
    before = listed(terminal)
    done = terminal("corpus", "audience", *arguments)
    assert done.code != 0 and why in done.err
    assert "autre" not in done.err and "nulle-part" not in done.err
    assert listed(terminal) == before


def test_a_name_that_two_papers_bear_opens_neither(terminal: Terminal) -> None:
    for folder in ("a", "b"):
        (terminal.data.parent / folder).mkdir()
        (terminal.data.parent / folder / "note.txt").write_text(f"{folder} {LETTER}", "utf-8")
        terminal("corpus", "add", str(terminal.data.parent / folder), "--collection", "public")
    done = terminal("corpus", "audience", "note.txt", "--public")
    assert done.code != 0 and "identifiant" in done.err
    assert found(terminal, "senior") == set()


def test_nothing_is_public_where_the_settings_open_nothing(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town), "--collection", "public")
    (terminal.data / "greffier.toml").write_text("[collections]\nsenior = []\n", "utf-8")
    done = terminal("corpus", "audience", "lettre.txt", "--public")
    assert done.code != 0 and "collections.senior" in done.err


@pytest.mark.parametrize("named", [["default"], ["*"], ["correspondance", "default"]])
def test_who_names_default_for_residents_shows_no_letter(
    terminal: Terminal, named: list[str]
) -> None:
    terminal("corpus", "add", str(terminal.town))
    quoted = ", ".join(f'"{name}"' for name in named)
    (terminal.data / "greffier.toml").write_text(f"[collections]\nsenior = [{quoted}]\n", "utf-8")
    assert found(terminal, "senior", "prix du repas à la cantine") >= {"cantine.txt"}
    assert "lettre.txt" not in found(terminal, "senior")


def test_an_exchange_says_of_each_source_who_may_read_it(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town), "--collection", "public")
    terminal("ask", "Que dit la lettre sur le fossé de la Brosse et le repas ?", "--json")
    (intent,) = [p for p in _entered(terminal) if isinstance(p.get("passages"), list)]
    readers = {p["file"]: (p["audience"], p["collection"]) for p in intent["passages"]}  # type: ignore[attr-defined]
    assert readers["lettre.txt"] == ("agents", "correspondance")
    assert readers["cantine.txt"] == ("public", "public")


def test_a_folder_of_before_is_sorted_when_it_is_opened(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town), "--collection", "public")
    (folder,) = terminal.keys.iterdir()
    assert folder.is_dir()
    with open_parts(terminal.data, terminal.keys, Settings()) as parts:
        with parts.store._database.writing() as write:  # as the step of the upgrade leaves it
            write.execute("UPDATE documents SET collection = 'correspondance', audience = ''")
        assert len(parts.store.unsorted()) == 3
    with open_parts(terminal.data, terminal.keys, Settings()) as parts:
        places = {d.file: d.collection for d in parts.store.documents()}
        assert parts.store.unsorted() == []
        assert "embedder" not in parts.__dict__ and "model" not in parts.__dict__
    assert places == {
        "cantine.txt": "public",
        "lettre.txt": "correspondance",
        "livres/bibliotheque.txt": "public",
    }
