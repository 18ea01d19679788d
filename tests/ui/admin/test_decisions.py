# SPDX-License-Identifier: EUPL-1.2
"""What waits for a person: private papers, doubtful pages, and the switch of the answers."""

from __future__ import annotations

import re

import pytest

from assistant.answers import Reason, Refusal
from assistant.moratorium import MAX_SENTENCE_CHARS
from corpus.passages import StoredDocument
from guardrails.findings import Entity, Finding, Screened
from guardrails.injection import REPLACEMENT
from tests.assistant.conftest import CANTEEN, RESIDENT
from tests.ui.admin.house import LETTER, Browser, House, words


def case_of(house: House, browser: Browser) -> StoredDocument:
    browser.send(("lettre.txt", LETTER.encode()), ("cantine.txt", CANTEEN.encode()))
    (case,) = house.parts.quarantine.cases()
    return case.document


def test_a_private_paper_waits_and_is_shown_in_context(house: House, browser: Browser) -> None:
    case = case_of(house, browser)
    listed = words(browser.get("/admin/quarantine"))
    assert "En attente (1)" in listed and "aide sociale (1)" in listed
    page = browser.get(f"/admin/quarantine/{case.id}")
    assert ">Depuis mars, je perçois le RSA.</mark>" in page
    assert "lavoir" in page and RESIDENT not in page


@pytest.mark.parametrize(
    ("decision", "found", "said"),
    [
        ("keep", True, "gardé tel quel"),
        ("hide", False, "sans les phrases en cause"),
        ("reject", False, "écarté"),
    ],
)
def test_a_decision_holds_and_is_in_the_register(
    house: House, browser: Browser, decision: str, found: bool, said: str
) -> None:
    case = case_of(house, browser)
    page = browser.post(f"/admin/quarantine/{case.id}", decision=decision)
    if decision == "hide":
        assert "<q>Depuis mars, je perçois le RSA.</q>" in page.text
        assert house.entries("quarantine") == []
        assert "RSA" in (house.parts.store.page(case.id, 1) or "")
        page = browser.post(f"/admin/quarantine/{case.id}", decision=decision, sure="yes")
    assert said in words(page.text)
    _, entry = house.entries("quarantine")
    assert (entry["decision"], entry["before"]) == (decision, "")
    text = house.parts.store.page(case.id, 1) or ""
    assert ("RSA" in text) is found
    again = browser.post(f"/admin/quarantine/{case.id}", decision=decision)
    assert again.status_code == 200


def test_what_was_rejected_and_kept_again_asks_for_the_file(house: House, browser: Browser) -> None:
    case = case_of(house, browser)
    browser.post(f"/admin/quarantine/{case.id}", decision="reject")
    page = browser.post(f"/admin/quarantine/{case.id}", decision="keep")
    assert "envoyez de nouveau le fichier" in words(page.text)


@pytest.mark.parametrize("decision", ["", "burn"])
def test_no_other_decision_is_taken(house: House, browser: Browser, decision: str) -> None:
    case = case_of(house, browser)
    assert browser.post(f"/admin/quarantine/{case.id}", decision=decision).status_code == 400
    assert house.entries("quarantine") == []


def test_a_document_that_does_not_wait_is_told(browser: Browser) -> None:
    assert browser.client.get("/admin/quarantine/" + "0" * 32).status_code == 400


# -- pages to look at


@pytest.fixture
def doubtful(house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> StoredDocument:
    """One page where the guard hesitates over a word, and another with an order taken out."""
    browser.send(("cantine.txt", f"{CANTEEN}\n{REPLACEMENT}\n".encode()))
    (document,) = house.parts.store.documents()
    guard = house.parts.guard
    real = guard.screen_documents

    def hesitating(documents: list[list[str]], **more: str) -> list[list[Screened]]:
        return [
            [
                Screened(text, (), (Finding(m.start(), m.end(), Entity.PERSON, "near"),))
                if (m := re.search("Annulation", text))
                else Screened(text)
                for text in pages
            ]
            for pages in documents
        ]

    assert callable(real)
    monkeypatch.setattr(guard, "screen_documents", hesitating)
    return document


def test_doubtful_pages_are_searched_read_and_leave_the_queue(
    house: House, browser: Browser, doubtful: StoredDocument
) -> None:
    listed = words(browser.post("/admin/doubts").text)
    assert "cantine.txt 1 Personnes (1), Ordre donné à l'IA (1)" in listed
    here = f"/admin/doubts/{doubtful.id}/1"
    assert ">Annulation</mark>" in browser.get(here)
    page = browser.post(here, decision="seen")
    assert "Aucune page à relire" in words(page.text)
    _, entry = house.entries("quarantine")
    assert entry == {"document": doubtful.id, "page": 1, "decision": "seen"}


def test_what_is_marked_is_hidden_in_the_text_the_index_and_the_file(
    house: House, browser: Browser, doubtful: StoredDocument
) -> None:
    browser.post("/admin/doubts")
    page = browser.post(f"/admin/doubts/{doubtful.id}/1", decision="hide")
    assert "effacé" in words(page.text)
    text = house.parts.store.page(doubtful.id, 1) or ""
    assert "Annulation" not in text and "Article 2 -  [passage retiré]" in text
    assert "4,20 euros" in text
    assert house.parts.store.known(["annul", "annulation"]) <= {"annul"}  # « annulé » stays
    assert b"Annulation" not in (house.data / "passages.db").read_bytes()
    found = house.parts.search(Screened("repas de la cantine"))
    assert found[0].passage.document == doubtful.id
    _, entry = house.entries("quarantine")
    assert entry["decision"] == "hide"


def test_a_document_in_quarantine_is_decided_on_there_first(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(house, browser)
    answer = browser.post(f"/admin/doubts/{case.id}/1", decision="hide")
    assert answer.status_code == 400
    assert "en quarantaine" in words(answer.text)
    assert house.entries("quarantine") == []
    assert browser.post(f"/admin/doubts/{case.id}/1", decision="burn").status_code == 400


def test_a_page_that_is_not_there_is_told(browser: Browser, doubtful: StoredDocument) -> None:
    assert browser.client.get(f"/admin/doubts/{doubtful.id}/9").status_code == 400
    assert browser.client.get(f"/admin/doubts/{'0' * 32}/1").status_code == 400


# -- the switch


def test_answers_are_suspended_and_resumed_from_the_page(house: House, browser: Browser) -> None:
    browser.send(("cantine.txt", CANTEEN.encode()))
    assert "répond normalement" in words(browser.get("/admin/moratorium"))
    page = browser.post(
        "/admin/moratorium", audience="senior", collection="all", sentence="Contrôle <en> cours."
    )
    assert "Les habitants" in words(page.text) and "&lt;en&gt;" in page.text
    refused = house.parts.assistant.ask("Combien coûte le repas ?", audience="senior")
    assert isinstance(refused, Refusal) and refused.reason is Reason.SUSPENDED
    answered = house.parts.assistant.ask("Combien coûte le repas ?", audience="agent")
    assert getattr(answered, "reason", None) is not Reason.SUSPENDED
    browser.post("/admin/moratorium/fin", audience="senior", collection="")
    assert house.parts.moratorium.pauses() == ()
    told = [e["status"] for e in house.entries("settings") if "status" in e]
    assert told == ["suspended", "resumed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sentence": f"Voyez {RESIDENT}."}, "donnée personnelle"),
        ({"sentence": "é" * (MAX_SENTENCE_CHARS + 1)}, "trop longue"),
        ({"audience": "mayor"}, "n'existe pas"),
        ({"collection": "secret"}, "n'existe pas"),
    ],
)
def test_a_pause_that_will_not_do_is_told_and_does_not_hold(
    house: House, browser: Browser, fields: dict[str, str], said: str
) -> None:
    asked = {"audience": "all", "collection": "all", "sentence": ""} | fields
    answer = browser.post("/admin/moratorium", **asked)
    assert answer.status_code == 400
    assert said in words(answer.text)
    assert house.parts.moratorium.pauses() == ()
