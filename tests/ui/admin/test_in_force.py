# SPDX-License-Identifier: EUPL-1.2
"""What a page keeps counts from the next question on; what cannot waits, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Self

import pytest

from assistant.answers import Answer
from assistant.settings import Settings
from guardrails.errors import RegisterUnavailable
from guardrails.findings import Screened
from tests.fakes import WordGuard
from tests.ui.admin.house import Browser, House, words

MAYOR = "Hélène Marcheterre"
ACT = f"Le maire, {MAYOR}, rappelle les tarifs de la cantine."
PRICE = "Combien coûte le repas de la cantine ?"


class TownGuard(WordGuard):
    """Hides the mayor, unless the roster names her."""

    def __init__(self, roster: Sequence[str] = (), *, trap: str = "") -> None:
        is_listed = any(MAYOR in line for line in roster)
        super().__init__(*([] if is_listed else [MAYOR]), trap=trap)
        self.roster = tuple(roster)

    def under(self, **rules: object) -> Self:
        roster = rules["roster"]
        assert isinstance(roster, tuple)
        return type(self)(roster)


@pytest.fixture
def guarded(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house under a guard that obeys the roster, where documents are screened as well."""

    def screening(settings: Settings, data: Path, **how: object) -> TownGuard:
        return TownGuard(settings.roster)

    monkeypatch.setattr("assistant.wiring.open_screening", screening)
    monkeypatch.setattr("assistant.wiring.open_guard", screening)
    return house


def test_the_sheet_the_lists_and_the_rules_count_at_once(house: House, browser: Browser) -> None:
    browser.post("/admin/town", name="Mirelande", phone="03 53 01 20 00")
    assert house.parts.settings.town.phone == "03 53 01 20 00"
    assert house.parts.now.assistant._sheet is house.parts.sheet
    rules = house.parts.rules
    browser.post("/admin/roster", roster=MAYOR)
    assert house.parts.settings.roster == (MAYOR,) and house.parts.rules != rules
    browser.post("/admin/synonyms", groups="bennes, déchetterie")
    assert house.parts.wording.related("Où sont les bennes ?") & {"déchetter", "dechetter"}
    browser.post("/admin/glossary", glosses="quotient = ce que gagne un foyer")
    assert house.parts.now.glossary.explained("Le quotient change.")
    assert "plu-test" not in house.parts.now.policy.collections
    browser.post(
        "/admin/policies", **{"name.0": "default", "box.0": "officials", "new": "plu-test"}
    )
    assert "plu-test" in house.parts.now.policy.collections
    page = browser.get("/admin/town")
    assert "ne comptent pas encore" not in page


def test_a_question_under_way_ends_with_what_it_began_with(house: House, browser: Browser) -> None:
    rules = house.parts.rules
    steps = house.parts.answering.steps(PRICE)
    browser.post("/admin/roster", roster=MAYOR)
    assert house.parts.rules != rules
    *_, _last = steps
    *_, _next = house.parts.answering.steps(PRICE)
    first, second = house.entries("intent")
    assert (first["rules"], second["rules"]) == (rules, house.parts.rules)


def test_one_queue_serves_all_whatever_is_in_force(house: House, browser: Browser) -> None:
    before = house.parts.assistant
    browser.post("/admin/town", name="Mirelande", phone="03 53 01 20 00")
    assert house.parts.assistant is not before
    assert house.parts.assistant._queue is before._queue
    assert house.parts.assistant._model is before._model


def test_what_an_ended_exchange_changed_is_entered_before_it_counts(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(house.parts.register, "append", full)
    now = house.parts.now
    answer = browser.client.post("/admin/roster", data={"token": browser.token(), "roster": MAYOR})
    assert answer.status_code == 503
    assert house.parts.now is now
    assert not [*house.data.glob("*.draft")]


def keep_act(house: House, name: str = "acte.txt", text: str = ACT) -> str:
    """Add a document; return its id."""
    folder = house.town / "acts"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    house.parts.ingestion.add([folder])
    return next(d.id for d in house.parts.store.documents() if d.file.endswith(name))


def test_a_name_that_leaves_the_roster_is_hidden_before_the_list_counts(
    guarded: House, browser: Browser
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    document = keep_act(guarded)
    assert MAYOR in (guarded.parts.store.page(document, 1) or "")
    page = browser.post("/admin/roster", roster="Bastien Olivarès")
    assert "Documents masqués de nouveau : 1." in words(page.text)
    assert MAYOR not in (guarded.parts.store.page(document, 1) or "")
    assert "cantine" in (guarded.parts.store.page(document, 1) or "")
    assert not [*guarded.parts.store.documents_named(MAYOR)]
    assert guarded.parts.settings.roster == ("Bastien Olivarès",)
    kinds = [e.kind.value for e in guarded.parts.register.entries()]
    assert kinds[-2:] == ["quarantine", "settings"]
    assert guarded.entries("quarantine")[-1] == {
        "document": document, "page": 1, "decision": "hide",
    }  # fmt: skip
    found = guarded.parts.find(Screened("tarifs de la cantine"))
    assert found and all(MAYOR not in one.passage.text.text for one in found)


def test_a_contact_that_is_no_longer_the_towns_is_looked_for_where_it_stands(
    guarded: House, browser: Browser
) -> None:
    document = keep_act(guarded, text="Accueil : 03.53.01.20.00, guichet 3.")
    looked: list[str] = []
    seen = TownGuard.screen_documents

    def screened(
        self: TownGuard, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        looked.extend(page for pages in documents for page in pages)
        return seen(self, documents, policy=policy)

    browser.post("/admin/town", phone="03 53 01 20 00")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TownGuard, "screen_documents", screened)
        browser.post("/admin/town", phone="03 53 01 20 01")
        assert looked[0] == guarded.parts.store.page(document, 1)
        looked.clear()
        browser.post("/admin/town", phone="03 53 01 20 02")  # the one before stands nowhere
        assert looked == []
    assert guarded.parts.settings.town.phone == "03 53 01 20 02"


def test_where_it_cannot_be_hidden_the_list_stays_as_it_was_and_says_so(
    guarded: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    document = keep_act(guarded)
    monkeypatch.setattr(
        "assistant.wiring.open_screening",
        lambda settings, data, **how: TownGuard(settings.roster, trap="cantine"),
    )
    browser.post("/admin/roster", roster="Bastien Olivarès")
    assert guarded.settings().roster == guarded.parts.settings.roster == (MAYOR,)
    assert MAYOR in (guarded.parts.store.page(document, 1) or "")
    page = browser.get("/admin/roster")
    assert 'class="bad"' in page and "n'a pas pu être examiné" in words(page)
    assert "Le changement n'a pas été fait" in words(page)
    assert not [*guarded.data.glob("*.draft")]


def test_while_it_is_hidden_nothing_else_is_changed_and_nothing_typed_is_lost(
    guarded: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    keep_act(guarded)
    token, going = browser.token(), Event()
    hold = guarded.parts.now.long_texts

    def slow(settings: Settings, data: Path, **how: object) -> TownGuard:
        going.wait(60)
        return TownGuard(settings.roster)

    monkeypatch.setattr("assistant.wiring.open_screening", slow)
    sent = {"token": token, "roster": "Bastien Olivarès"}
    browser.client.post("/admin/roster", data=sent, follow_redirects=False)
    answer = browser.client.post(
        "/admin/town", data={"token": token, "name": "Mirelande", "phone": "03 53 01 20 00"}
    )
    going.set()
    guarded.desk.jobs.wait()
    assert answer.status_code == 409
    assert "Un autre travail est en cours" in words(answer.text)
    assert 'value="03 53 01 20 00"' in answer.text
    assert guarded.settings().town.phone == ""
    assert hold is not guarded.parts.now.long_texts


def test_an_answer_is_given_after_a_change(house: House, browser: Browser) -> None:
    house.parts.ingestion.add([house.town])
    browser.post("/admin/town", name="Mirelande", phone="03 53 01 20 00")
    assert isinstance(house.parts.assistant.ask(PRICE), Answer)
