# SPDX-License-Identifier: EUPL-1.2
"""The button that starts Greffier again: who may press it, what it waits for, what is entered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from assistant.answers import Reason, Refusal
from assistant.queue import UnderWay
from guardrails.errors import RegisterUnavailable
from tests.ui.admin.house import Browser, House, words
from ui.access.person import Person, Role
from ui.admin.backups import SAVING
from ui.admin.documents import ADDING
from ui.admin.doubts import LOOKING
from ui.admin.health import EXAMINING
from ui.admin.jobs import RESTARTING, Busy
from ui.admin.kept import MASKING
from ui.admin.progress import PULLING
from ui.admin.quality import CHECKING
from ui.restarting import Restarting
from ui.wording import table

PRICE = "Combien coûte le repas de la cantine ?"


@pytest.fixture
def stopped(house: House) -> Event:
    """Set once the service would end; nothing ends in a test."""
    stopped = Event()
    restarting = Restarting(under_way=house.parts.turns.under_way, stop=stopped.set)
    house.desk.services = replace(house.desk.services, restarting=restarting)
    return stopped


def test_questions_under_way_are_told_and_waited_for(
    house: House, browser: Browser, stopped: Event
) -> None:
    house.parts.ingestion.add([house.town])
    steps = house.parts.answering.steps(PRICE)
    next(steps)  # its sources are shown, its answer is not yet
    assert "Une question est en cours." in words(browser.get("/admin/restart"))
    page = browser.post("/admin/restart")
    assert "Greffier redémarre. Une question est en cours." in words(page.text)
    assert "data-job" in page.text
    told = browser.client.get("/admin/job").json()
    assert told["running"] and "redémarre" in told["words"]
    assert not stopped.is_set()
    refused = house.parts.assistant.ask(PRICE)  # one that comes meanwhile
    assert isinstance(refused, Refusal) and refused.reason is Reason.SUSPENDED
    *_, last = steps
    assert not isinstance(last, Refusal)
    assert stopped.wait(60)
    assert [p for p in house.entries("settings") if p.get("status") == "restart"] == [
        {"status": "restart", "under_way": 1}
    ]


def test_it_is_asked_once_however_often_it_is_pressed(
    house: House, browser: Browser, stopped: Event
) -> None:
    browser.post("/admin/restart")
    browser.post("/admin/restart")
    assert len([p for p in house.entries("settings") if p.get("status") == "restart"]) == 1


def test_work_under_way_is_named_and_not_cut_and_none_begins_once_it_ends(
    house: House, browser: Browser, stopped: Event
) -> None:
    token, going = browser.token(), Event()
    house.desk.jobs.start("saving", lambda _: going.wait(60))
    answer = browser.client.post("/admin/restart", data={"token": token})
    assert answer.status_code == 409
    assert "Un autre travail est en cours (sauvegarde)" in words(answer.text)
    assert house.entries("settings") == [] and not house.parts.turns.under_way.is_closed
    going.set()
    browser.post("/admin/restart")
    assert stopped.wait(60)
    with pytest.raises(Busy):
        house.desk.jobs.start("saving", lambda _: None)


def test_every_kind_of_work_has_a_name() -> None:
    kinds = {ADDING, SAVING, LOOKING, CHECKING, PULLING, EXAMINING, MASKING, RESTARTING}
    assert kinds == {
        key.partition(".")[2] for key in table("ui.admin", "fr") if key.startswith("work.")
    }


def test_what_waits_is_led_to_the_button(house: House, browser: Browser, stopped: Event) -> None:
    assert "Rien n'attend de redémarrage." in words(browser.get("/admin/restart"))
    page = browser.post("/admin/retention", months="9").text
    assert '<a href="/admin/restart">Redémarrer Greffier</a>' in page
    assert "Rien n'attend de redémarrage." not in words(browser.get("/admin/restart"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_restarts_it_nor_a_form_of_another_site(
    house: House, browser: Browser, stopped: Event, role: Role
) -> None:
    token = browser.token()
    assert browser.client.post("/admin/restart", data={"token": "x.y"}).status_code == 409
    house.person = Person("marie", role)
    assert browser.client.post("/admin/restart", data={"token": token}).status_code == 403
    assert not stopped.wait(0.01) and house.entries("settings") == []


def test_nothing_ends_that_is_not_entered(
    house: House, browser: Browser, stopped: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(house.parts.register, "append", full)
    assert browser.post("/admin/restart").status_code == 503
    assert not house.parts.turns.under_way.is_closed
    assert house.desk.services.restarting is not None
    assert not house.desk.services.restarting.is_asked
    house.desk.jobs.start("saving", lambda _: None)


def test_where_it_cannot_start_again_it_says_so_and_does_not_end(
    house: House, browser: Browser
) -> None:
    assert "ne peut pas se redémarrer d'ici" in words(browser.get("/admin/restart"))
    assert browser.post("/admin/restart").status_code == 400
    restarting = Restarting(under_way=UnderWay(), is_able=False, stop=lambda: pytest.fail())
    house.desk.services = replace(house.desk.services, restarting=restarting)
    assert browser.post("/admin/restart").status_code == 400
    assert house.entries("settings") == [] and Path(house.data).is_dir()
