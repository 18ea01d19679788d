# SPDX-License-Identifier: EUPL-1.2
"""The command line as scripts use it: the contract's shapes, on stand-ins for what is heavy."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from assistant.texts import Texts
from tests.assistant.terminal import ANSWER, RESIDENT, Terminal, stand_in


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch)
    return Terminal(tmp_path, capsys, monkeypatch)


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    assert terminal("corpus", "add", str(terminal.town), "--json").code == 0
    return terminal


def test_adding_reports_what_the_contract_says(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (terminal.town / "vide.txt").write_text("", "utf-8")
    Image.new("L", (40, 40)).save(terminal.town / "photo.png")
    monkeypatch.setenv("PATH", "")  # no Tesseract
    report = terminal("corpus", "add", str(terminal.town), "--json").json
    assert set(report) == {
        *("added", "updated", "unchanged", "removed", "failed", "waiting", "flagged", "doubts"),
        *("pages", "scanned_pages", "passages", "hidden", "seconds", "collection", "private"),
    }
    assert report["added"] == 2
    assert report["failed"] == [{"file": "vide.txt", "reason": "empty"}]
    assert report["waiting"] == [{"file": "photo.png", "needs": "ocr"}]
    assert report["hidden"] == {"PERSON": 1}


def test_adding_again_changes_nothing(filled: Terminal) -> None:
    report = filled("corpus", "add", str(filled.town), "--json").json
    assert (report["added"], report["updated"], report["unchanged"]) == (0, 0, 2)


def test_the_list_names_files_as_they_lie_in_the_folder(filled: Terminal) -> None:
    rows = filled("corpus", "list", "--json").json
    assert {row["file"] for row in rows} == {"cantine.txt", "livres/bibliotheque.txt"}
    assert {"id", "file", "collection", "pages", "passages"} <= set(rows[0])
    assert "cantine.txt" in filled("corpus", "list").out


def test_a_search_gives_passages_with_file_page_and_score(filled: Terminal) -> None:
    found = filled("search", "prix du repas de la cantine", "-k", "1", "--json").json
    assert set(found) == {"id", "passages"}
    (passage,) = found["passages"]
    assert set(passage) == {"file", "page", "score", "text"}
    assert (passage["file"], passage["page"]) == ("cantine.txt", 1)


def test_a_passage_of_an_act_that_was_repealed_says_by_which(terminal: Terminal) -> None:
    old, new = "Arrêté n° 2023-05 du 3 mars 2023", "Arrêté n° 2024-09 du 4 avril 2024"
    (terminal.town / "a.txt").write_text(
        f"{old}\n\nArticle 1\nLe marché ouvre à 8 heures.", "utf-8"
    )
    body = (
        f"{new}\n\nArticle 1\nLe marché ouvre à 7 heures.\n\nArticle 2\nL'{old[0].lower()}{old[1:]}"
    )
    (terminal.town / "b.txt").write_text(f"{body} est abrogé.", "utf-8")
    terminal("corpus", "add", str(terminal.town), "--json")
    rows = terminal("search", "heures du marché", "--json").json["passages"]
    ended = {row["file"]: row.get("superseded_by", "") for row in rows}
    assert "2024-09" in ended["a.txt"]
    assert ended["b.txt"] == ""
    assert "n'est plus en vigueur : voir Arrêté n° 2024-09" in terminal("search", "marché").out


def test_many_searches_keep_their_ids_and_their_order(filled: Terminal) -> None:
    lines = [{"id": n, "question": "repas"} for n in ("b", "a")]
    done = filled("search", "--jsonl", stdin=lines)
    assert [row["id"] for row in done.jsonl] == ["b", "a"]


def test_an_answer_has_the_contract_s_shape(filled: Terminal) -> None:
    answer = filled("ask", "Combien coûte le repas de la cantine ?", "--json").json
    assert set(answer) == {
        *("id", "status", "reason", "text", "citations", "record", "seconds", "energy_wh"),
        *("ai_generated", "digital_source_type", "proof", "leads", "via", "card"),
    }
    assert (answer["status"], answer["reason"]) == ("answer", "")
    (citation,) = answer["citations"]
    assert citation == {
        "file": "cantine.txt", "page": 1, "quote": ANSWER, "verified": True, "dropped": False,
        "pack": None,
    }  # fmt: skip
    assert answer["record"] and answer["seconds"] >= 0 and answer["energy_wh"] >= 0


def test_a_refusal_has_the_same_shape_and_words_in_the_language_asked(filled: Terminal) -> None:
    lines = [{"id": "1", "question": "zzzz"}]
    french = filled("ask", "--jsonl", stdin=lines).jsonl[0]
    english = filled("--lang", "en", "ask", "--jsonl", stdin=lines).jsonl[0]
    assert set(french) == {
        *("id", "status", "reason", "text", "citations", "record", "seconds", "energy_wh"),
        *("ai_generated", "digital_source_type", "proof", "leads", "via", "card"),
    }
    assert french["status"] == english["status"] == "refusal"
    assert french["reason"] == english["reason"]
    for told, texts in ((french, Texts("fr")), (english, Texts("en"))):
        why, next_ = texts("refusal", told["reason"]), texts("next", told["reason"])
        assert told["text"] == f"{why} {next_} {texts('next', 'contact_none')}"


def test_a_person_reads_the_answer_its_source_and_its_entry(filled: Terminal) -> None:
    done = filled("ask", "Combien coûte le repas de la cantine ?")
    assert ANSWER in done.out and "cantine.txt, page 1" in done.out
    assert "Registre" in done.err


def test_screening_gives_offsets_in_the_original_text(terminal: Terminal) -> None:
    text = f"Madame {RESIDENT} habite ici."
    rows = terminal("screen", "--jsonl", stdin=[{"id": "7", "text": text, "roster": []}]).jsonl
    (row,) = rows
    assert set(row) == {"id", "text", "findings"} and row["id"] == "7"
    (finding,) = row["findings"]
    assert set(finding) == {"entity", "start", "end", "rule", "score"}
    assert text[finding["start"] : finding["end"]] == RESIDENT
    assert row["text"] == "Madame [PERSONNE_1] habite ici."


def test_screening_a_file_prints_the_hidden_text_only(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "lettre.txt").write_text(f"De {RESIDENT}.", "utf-8")
    done = terminal("screen", str(tmp_path / "lettre.txt"))
    assert done.out == "De [PERSONNE_1].\n"
    assert RESIDENT not in done.err


def test_every_question_is_in_a_register_that_verifies(filled: Terminal) -> None:
    record = filled("ask", "Combien coûte le repas de la cantine ?", "--json").json["record"]
    assert filled("register", "verify").code == 0
    shown = filled("register", "show", record, "--jsonl")
    assert [json.loads(line)["kind"] for line in shown.out.splitlines()] == [
        "intent", "sentence", "outcome"
    ]  # fmt: skip


def test_a_changed_entry_makes_the_register_fail(filled: Terminal) -> None:
    filled("ask", "Combien coûte le repas de la cantine ?")
    with closing(sqlite3.connect(filled.register)) as database:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in database.execute(triggers).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE entries SET at = at || '0' WHERE \"index\" = 2")
        database.commit()
    assert filled("register", "verify").code == 1


def test_the_doctor_says_what_is_missing_and_the_command_that_mends_it(
    terminal: Terminal,
) -> None:
    done = terminal("doctor", "--json")
    missing = [row["detail"] for row in done.json if row["state"] == "bad"]
    assert done.code == 1
    assert any("greffier models pull" in detail for detail in missing)
