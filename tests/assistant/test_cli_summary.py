# SPDX-License-Identifier: EUPL-1.2
"""`summary`: a document of the town or a file, at a glance, hidden, and nothing kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in

OLD = (
    "Arrêté n° 2023-05 du 3 mars 2023\n\nportant horaires du marché\n"
    "Article 1 – Heures. Le marché ouvre à 8 heures."
)
NEW = (
    "Arrêté n° 2024-09 du 4 avril 2024\n\nportant horaires du marché\n"
    f"Article 1 – Heures. Le marché ouvre à 7 heures. {RESIDENT} place les étals.\n"
    "Article 2. L'arrêté n° 2023-05 du 3 mars 2023 est abrogé."
)


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT, trap="PIÈGE"))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    (terminal.town / "2023-05.txt").write_text(OLD, "utf-8")
    (terminal.town / "2024-09.txt").write_text(NEW, "utf-8")
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    return terminal


def test_a_document_of_the_town_has_the_contract_s_shape(terminal: Terminal) -> None:
    told = terminal("summary", "2024-09.txt", "--json").json
    assert set(told) >= {
        *("file", "kind", "number", "date", "object", "vote", "articles", "facts"),
        *("replaces", "replaced_by"),
    }
    assert (told["file"], told["kind"], told["number"], told["date"]) == (
        "2024-09.txt",
        "arrêté",
        "2024-09",
        "2024-04-04",
    )
    assert set(told["articles"][0]) == {"number", "title", "text", "page"}
    assert set(told["facts"][0]) == {"what", "value", "kind", "page", "quote"}
    assert told["facts"][0]["value"] == "7 heures"
    assert RESIDENT not in str(told) and "[PERSONNE_1]" in told["articles"][0]["text"]
    (one,) = told["replaces"]
    assert (one["file"], one["number"], one["effect"]) == ("2023-05.txt", "2023-05", "repeals")
    assert one["quote"] == "L'arrêté n° 2023-05 du 3 mars 2023 est abrogé."


def test_who_ended_a_document_is_told_with_the_words_that_did(terminal: Terminal) -> None:
    told = terminal("summary", "2023-05.txt", "--json").json
    (one,) = told["replaced_by"]
    assert (one["file"], one["page"]) == ("2024-09.txt", 1)
    assert one["quote"] == "L'arrêté n° 2023-05 du 3 mars 2023 est abrogé."


def test_a_person_reads_it_in_both_languages(terminal: Terminal) -> None:
    french = terminal("summary", "2024-09.txt").out
    assert "Numéro : 2024-09" in french and "Remplace ou abroge" in french
    assert "Article 1, Heures (page 1)" in french
    assert "Replaces or repeals" in terminal("--lang", "en", "summary", "2024-09.txt").out


def test_a_file_of_this_disk_is_read_hidden_and_not_kept(
    terminal: Terminal, tmp_path: Path
) -> None:
    paper = tmp_path / f"note {RESIDENT}.txt"
    paper.write_text(NEW.replace("2024-09", "2025-77"), "utf-8")
    told = terminal("summary", str(paper), "--json")
    assert told.json["number"] == "2025-77"
    assert told.json["file"] == "note [PERSONNE_1].txt"
    assert RESIDENT not in told.out + told.err
    assert {row["file"] for row in terminal("corpus", "list", "--json").json} == {
        *("cantine.txt", "livres/bibliotheque.txt", "2023-05.txt", "2024-09.txt")
    }
    kept = [path.read_bytes() for path in terminal.data.rglob("*") if path.is_file()]
    assert kept and not any(b"2025-77" in data for data in kept)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("absent.pdf", None, "ni la commune ni ce disque"),
        ("vide.txt", b"", "vide"),
        ("casse.pdf", b"%PDF-1.7\nrien", "abîmé"),
        ("piege.txt", "PIÈGE".encode(), "examiné"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(
    terminal: Terminal, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = terminal("summary", str(tmp_path / name))
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert says in line


def test_what_residents_may_not_see_is_not_there_for_them(terminal: Terminal) -> None:
    (terminal.data / "greffier.toml").write_text('[collections]\nsenior = ["public"]\n', "utf-8")
    done = terminal("summary", "2024-09.txt", "--audience", "senior")
    assert done.code == 1 and "ni la commune" in done.err


def test_what_waits_in_quarantine_is_not_told(terminal: Terminal) -> None:
    (terminal.town / "aide.txt").write_text(
        f"Je soussignée {RESIDENT}, je perçois le RSA et mon fils est hospitalisé.", "utf-8"
    )
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    done = terminal("summary", "aide.txt")
    assert (done.code, done.out) == (1, "") and "quarantaine" in done.err
