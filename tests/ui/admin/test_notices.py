# SPDX-License-Identifier: EUPL-1.2
"""A notice begins and ends by itself; maintenance refuses questions, with words, no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.answers import Reason, Refusal
from assistant.notices import FILE, UNREADABLE, Notice, Notices
from guardrails.errors import RegisterUnavailable
from tests.assistant.conftest import RESIDENT
from tests.ui.admin.house import Browser, House, words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRICE = "Combien coûte le repas de la cantine ?"


class Clock:
    """A clock that is set by hand."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def local(moment: datetime) -> str:
    """A moment as a browser's field gives it."""
    return f"{moment.astimezone():%Y-%m-%dT%H:%M}"


def test_a_notice_begins_and_ends_by_itself(tmp_path: Path) -> None:
    clock = Clock()
    notices = Notices(tmp_path / FILE, clock)
    notices.add(Notice(text="Fermé lundi.", start=NOON + HOUR, end=NOON + 2 * HOUR))
    shown = []
    for hours in (0, 1, 1.9, 2):
        clock.at = NOON + hours * HOUR
        shown.append([one.text for one in notices.current()])
    assert shown == [[], ["Fermé lundi."], ["Fermé lundi."], []]
    assert notices.all() == () and notices.closing() is None


def test_maintenance_is_announced_before_it_takes_questions_away(tmp_path: Path) -> None:
    clock = Clock()
    notices = Notices(tmp_path / FILE, clock)
    notices.add(Notice(start=NOON + HOUR, end=NOON + 2 * HOUR, closes=True))
    assert len(notices.current()) == 1 and notices.closing() is None
    clock.at = NOON + HOUR
    assert notices.closing() is not None
    clock.at = NOON + 2 * HOUR
    assert notices.closing() is None and notices.current() == ()


def test_a_file_that_cannot_be_read_closes_until_somebody_ends_it(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", "utf-8")
    notices = Notices(tmp_path / FILE, Clock())
    assert notices.closing() == UNREADABLE
    notices.remove(UNREADABLE.id)
    assert notices.closing() is None


def test_questions_are_refused_in_maintenance_with_the_towns_words(
    house: House, browser: Browser
) -> None:
    house.parts.ingestion.add([house.town])
    now = house.parts.register.now()
    page = browser.post(
        "/admin/notices",
        text="La machine change de salle.", closes="yes",
        start=local(now - HOUR), end=local(now + HOUR),
    )  # fmt: skip
    assert "aucune question n'est répondue" in words(page.text)
    refused = house.parts.assistant.ask(PRICE)
    assert isinstance(refused, Refusal) and refused.reason is Reason.SUSPENDED
    assert refused.nearest == ()
    assert house.parts.said_closed("senior") == "La machine change de salle."
    assert house.entries("intent")[-1]["question"] == ""
    assert house.entries("outcome")[-1]["reason"] == "suspended"
    assert browser.get("/admin/documents")  # who administers goes on
    (notice,) = house.parts.notices.all()
    browser.post("/admin/notices/fin", notice=notice.id)
    assert not isinstance(house.parts.assistant.ask(PRICE), Refusal)
    told = [p["status"] for p in house.entries("settings") if "notice" in p]
    assert told == ["announced", "withdrawn"]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"text": ""}, "text", "Écrivez ce qui est annoncé"),
        ({"end": ""}, "end", "Donnez un jour et une heure"),
        ({"end": "2020-01-01T00:00"}, "end", "La fin est passée"),
        ({"text": "x" * 301}, "text", "trop longue"),
        ({"text": f"Adieu à {RESIDENT}."}, "text", "donnée personnelle"),
    ],
)
def test_what_may_not_be_announced_is_told_beside_its_field(
    house: House, browser: Browser, fields: dict[str, str], field: str, said: str
) -> None:
    now = house.parts.register.now()
    sent = {"text": "Fermé lundi.", "start": local(now), "end": local(now + HOUR)} | fields
    answer = browser.post("/admin/notices", **sent)
    assert answer.status_code == 400 and said in words(answer.text)
    assert f'<p class="problem" id="{field}-problem">' in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert house.parts.notices.all() == ()


def test_nothing_is_announced_that_is_not_entered(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise RegisterUnavailable("full")

    now = house.parts.register.now()
    monkeypatch.setattr(house.parts.register, "append", full)
    answer = browser.post(
        "/admin/notices", text="Fermé lundi.", start=local(now), end=local(now + HOUR)
    )
    assert answer.status_code == 503
    assert house.parts.notices.all() == ()
