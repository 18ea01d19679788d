# SPDX-License-Identifier: EUPL-1.2
"""The real program, from papers to a sealed answer, and through two crashes."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

import pytest

from tests.promises.conftest import PAPERS
from tests.promises.machine import Done, Machine

pytestmark = pytest.mark.real

QUESTIONS = {
    "loutre": "Quelle longueur fait l'impasse de la Loutre ?",
    "poubelles": "Quel jour passe le camion des poubelles grises aux Prés-Hauts ?",
}


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_papers_are_read_hidden_and_counted(added: Done) -> None:
    report = added.json
    assert set(report) == {
        *("added", "updated", "unchanged", "removed", "failed", "waiting", "flagged", "doubts"),
        *("pages", "scanned_pages", "passages", "hidden", "seconds", "collection", "private"),
    }
    assert report["failed"] == [{"file": "cassé.pdf", "reason": "broken"}]
    assert report["added"] + len({row["file"] for row in report["waiting"]}) >= len(PAPERS)
    assert report["passages"] > report["added"]
    assert report["hidden"]["PERSON"] > 0


def test_adding_again_changes_nothing(machine: Machine, added: Done) -> None:
    again = machine("corpus", "add", str(machine.town), "--json").json
    assert (again["added"], again["updated"], again["removed"]) == (0, 0, 0)
    assert again["unchanged"] == added.json["added"]
    assert again["failed"] == added.json["failed"]


def test_files_are_named_from_the_folder_that_was_added(machine: Machine, added: Done) -> None:
    files = {row["file"] for row in machine("corpus", "list", "--json").json}
    assert len(files) == added.json["added"]
    assert "arretes/2024-087-bruit.pdf" in files


@pytest.fixture(scope="module")
def searched(machine: Machine, added: Done) -> list[Any]:
    lines = [{"id": name, "question": question} for name, question in QUESTIONS.items()]
    return machine("search", "-k", "5", "--jsonl", stdin=lines).jsonl


def test_each_search_finds_passages(searched: list[Any]) -> None:
    assert [row["id"] for row in searched] == [*QUESTIONS]
    for row in searched:
        assert 1 <= len(row["passages"]) <= 5
        for passage in row["passages"]:
            assert set(passage) == {"file", "page", "score", "text"}
    files = [passage["file"] for passage in searched[0]["passages"]]
    assert "deliberations/2024-09-25-05-denomination-rue-germaine-tallandier.odt" in files


@pytest.fixture(scope="module")
def asked(machine: Machine, added: Done) -> list[Any]:
    lines = [{"id": name, "question": question} for name, question in QUESTIONS.items()]
    lines.append({"id": "privé", "question": "Quelle est l'adresse de Mme Chassagnolle ?"})
    return machine("ask", "--jsonl", stdin=lines).jsonl


def test_an_outcome_has_the_contract_s_shape(asked: list[Any]) -> None:
    assert [row["id"] for row in asked] == [*QUESTIONS, "privé"]
    for row in asked:
        assert set(row) == {
            *("id", "status", "reason", "text", "citations", "record", "seconds", "energy_wh"),
            *("ai_generated", "digital_source_type", "proof", "leads", "via", "card"),
        }
        assert not (row["status"] == "answer" and row["leads"])
        assert row["status"] in ("answer", "refusal")
        assert bool(row["reason"]) is (row["status"] == "refusal")
        assert row["text"] and row["record"] and row["seconds"] > 0
    assert asked[-1]["status"] == "refusal"


def test_a_question_is_answered_with_a_quote_that_stands_in_its_document(
    machine: Machine, asked: list[Any]
) -> None:
    answers = [row for row in asked if row["status"] == "answer"]
    assert answers
    citations = [citation for row in answers for citation in row["citations"]]
    assert citations
    lines = [{"id": c["file"], "question": c["quote"][:1000]} for c in citations]
    found = machine("search", "-k", "20", "--jsonl", stdin=lines).jsonl
    for citation, row in zip(citations, found, strict=True):
        assert citation["verified"] is True and citation["page"] >= 1
        pages = [
            flat(passage["text"])
            for passage in row["passages"]
            if (passage["file"], passage["page"]) == (citation["file"], citation["page"])
        ]
        assert any(flat(citation["quote"]) in text for text in pages)


def test_screening_hides_who_is_not_in_the_roster(machine: Machine) -> None:
    text = "Madame Brunehilde Castagnou, née le 3 mai 1961, habite 4 rue des Lilas à Mirelande."
    lines: list[dict[str, object]] = [
        {"id": "a", "text": text},
        {"id": "b", "text": text, "roster": []},
    ]
    for row in machine("screen", "--jsonl", stdin=lines).jsonl:
        assert set(row) == {"id", "text", "findings"}
        assert "Castagnou" not in row["text"] and "1961" not in row["text"]
        for finding in row["findings"]:
            assert set(finding) == {"entity", "start", "end", "rule", "score"}
            assert 0 <= finding["start"] < finding["end"] <= len(text)
        persons = [f for f in row["findings"] if f["entity"] == "PERSON"]
        assert any("Castagnou" in text[f["start"] : f["end"]] for f in persons)


def test_what_was_asked_is_in_a_register_that_holds(machine: Machine, asked: list[Any]) -> None:
    assert machine("register", "verify").code == 0
    shown = machine("register", "show", asked[0]["record"], "--jsonl").jsonl
    assert next(row["kind"] for row in shown) == "intent"
    assert [row["kind"] for row in shown][-1] == "outcome"


def test_the_doctor_finds_this_machine_fit(machine: Machine, added: Done) -> None:
    done = machine("doctor", "--json")
    assert [row for row in json.loads(done.out) if row["state"] == "bad"] == []
    assert done.code == 0


def test_a_port_in_use_is_one_line(machine: Machine, added: Done) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = machine("serve", "--port", port)
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Erreur : ") and port in line and "--port" in line


def test_a_question_that_was_killed_is_closed_by_the_next_run(
    machine: Machine, added: Done
) -> None:
    before = machine.register_rows("intent")
    out, _ = machine.kill_when(
        lambda: machine.register_rows("intent") > before, "ask", QUESTIONS["loutre"], "--json"
    )
    assert out == b""
    assert machine("register", "verify").code == 0
    told = machine("register", "show", "--kind", "incident", "--jsonl")
    assert told.code == 0 and told.out.count("process_died") == 1
    assert machine("register", "verify").code == 0


def test_a_run_that_was_killed_is_mended_by_the_next(machine: Machine, added: Done) -> None:
    machine.put("reglements/cimetiere.pdf", "reglements/location-des-salles.docx")
    machine.kill_when(machine.is_adding, "corpus", "add", str(machine.town), "--json")
    report = machine("corpus", "add", str(machine.town), "--json").json
    assert report["failed"] == added.json["failed"]
    files = [row["file"] for row in machine("corpus", "list", "--json").json]
    assert len(files) == len(set(files)) == added.json["added"] + 2
    assert not machine.is_adding()
    found = machine("search", "location de la salle des fêtes", "-k", "3", "--json").json
    assert "reglements/location-des-salles.docx" in {p["file"] for p in found["passages"]}
    assert machine("register", "verify").code == 0
