# SPDX-License-Identifier: EUPL-1.2
"""A change of an account and its entry: killed or full in between, neither says what is not so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NoReturn

import pytest

from guardrails.register import Kind
from guardrails.register.events import AccountChange
from tests.ui.access.conftest import Open, Place
from ui.access.accounts import Method
from ui.access.clerk import Clerk
from ui.access.outside import Outsider, Outsiders
from ui.access.person import Person, Role

BY = Person("adele", Role.ADMIN)
Act = Callable[[Clerk], object]


class Died(BaseException):
    """The process is killed here."""


def dies(*_: object, **__: object) -> NoReturn:
    raise Died


def is_full(*_: object, **__: object) -> NoReturn:
    raise sqlite3.OperationalError("database or disk is full")


def is_open(place: Place, name: str) -> bool:
    return not place.desk.accounts.need(name).disabled


def key_opens(place: Place) -> bool:
    return place.desk.keys.need("agenda").holds(place.clock())


def has_session(place: Place) -> bool:
    return place.desk.sessions.count("agnes") > 0


CLOSING: list[tuple[str, str, Act, str, Callable[[Place], bool]]] = [
    ("keys", "revoke", lambda c: c.revoke_key("agenda"), "key_revoked", key_opens),
    ("accounts", "shut", lambda c: c.shut("agnes"), "disabled", lambda p: is_open(p, "agnes")),
]


def furnished(open_place: Open) -> Place:
    place = open_place()
    for role in (Role.ADMIN, Role.AGENT):
        place.account(role)
    place.desk.keys.make("agenda", Role.AGENT)
    place.desk.sessions.start("agnes", "password")
    return place


@pytest.mark.parametrize(("where", "what", "act", "status", "opens"), CLOSING)
def test_what_was_being_closed_is_closed_by_the_next_opening(
    open_place: Open,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    what: str,
    act: Act,
    status: str,
    opens: Callable[[Place], bool],
) -> None:
    before = furnished(open_place)
    with monkeypatch.context() as killed:
        killed.setattr(getattr(before.desk, where), what, dies)
        with pytest.raises(Died):
            act(Clerk(before.desk, BY))
    assert opens(before)
    assert before.statuses(Kind.SETTINGS) == []  # nothing says that it is done
    before.register.close()
    place = open_place()
    assert not opens(place)
    begun, done = place.entries(Kind.SETTINGS)
    assert (begun.payload["change"], begun.payload["status"]) == (status, "begun")
    assert (done.payload["change"], done.payload["status"]) == (status, "finished_later")
    assert (done.exchange, done.actor) == (begun.exchange, begun.actor)
    place.register.close()
    assert len(open_place().entries(Kind.SETTINGS)) == 2


@pytest.mark.parametrize(("where", "what", "act", "status", "opens"), CLOSING)
def test_what_a_full_disk_kept_open_is_not_said_to_be_closed(
    open_place: Open,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    what: str,
    act: Act,
    status: str,
    opens: Callable[[Place], bool],
) -> None:
    before = furnished(open_place)
    with monkeypatch.context() as disk:
        disk.setattr(getattr(before.desk, where), what, is_full)
        with pytest.raises(sqlite3.OperationalError):
            act(Clerk(before.desk, BY))
    assert before.statuses(Kind.SETTINGS) == ["not_done"]
    assert opens(before)
    before.register.close()
    assert opens(open_place())  # nobody closes behind the back of who was told that it failed


def test_all_sessions_are_ended_later_too(open_place: Open) -> None:
    before = furnished(open_place)
    agnes = before.desk.accounts.need("agnes")
    with (
        pytest.raises(Died),
        before.desk.journal.changing(AccountChange.EVERYWHERE, agnes, agnes.person),
    ):
        raise Died
    assert has_session(before)
    before.register.close()
    assert not has_session(open_place())


@pytest.mark.parametrize("dies_at", ["add", "need"])
def test_an_account_cut_short_is_said_to_have_been_interrupted(
    open_place: Open, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    before = furnished(open_place)
    with monkeypatch.context() as killed:
        killed.setattr(before.desk.accounts, dies_at, dies)
        with pytest.raises(Died):
            Clerk(before.desk, BY).add("noe", Role.AUDITOR)
    before.register.close()
    place = open_place()
    assert place.statuses(Kind.SETTINGS) == ["interrupted"]
    assert (place.desk.accounts.get("noe") is None) is (dies_at == "add")


def test_a_newcomer_whose_account_cannot_be_written_is_not_entered_as_made(
    open_place: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = furnished(open_place)
    monkeypatch.setattr(place.desk.accounts, "add", is_full)
    known = Outsiders(
        place.desk.accounts, place.desk.journal, Method.OIDC, {"accueil": Role.AGENT.value}
    )
    with pytest.raises(sqlite3.OperationalError):
        known.account(Outsider(name="nadia", subject="n-1", groups=("accueil",)))
    assert place.statuses(Kind.SETTINGS) == ["not_done"]


def test_the_last_administrator_stays_though_a_kill_was_shutting_them_out(
    open_place: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = furnished(open_place)
    before.account(Role.ADMIN, "basile")
    with monkeypatch.context() as killed:
        killed.setattr(before.desk.accounts, "shut", dies)
        with pytest.raises(Died):
            Clerk(before.desk, BY).shut("basile")
    before.desk.accounts.shut("adele")
    before.register.close()
    place = open_place()
    assert is_open(place, "basile")
    assert place.statuses(Kind.SETTINGS) == ["interrupted"]
