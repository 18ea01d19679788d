# SPDX-License-Identifier: EUPL-1.2
"""What the register cannot take does not happen at the door; leaving always does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from guardrails.errors import RegisterUnavailable
from guardrails.register import Kind
from tests.ui.access.conftest import PASSWORD, Open, Place, browser, field_of, sign_in, words
from ui.access.accounts import Method
from ui.access.outside import Outsider, Outsiders
from ui.access.person import Role

Full = Callable[[Place], AbstractContextManager[None]]
NEWCOMER = Outsider(name="nadia", subject="https://id.example n-1", groups=("accueil",))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Full:
    """Fill the disk under the register for a while."""

    def fails(*_: object, **__: object) -> None:
        raise RegisterUnavailable("full")

    @contextmanager
    def filled(place: Place) -> Iterator[None]:
        with monkeypatch.context() as disk:
            disk.setattr(place.register, "append", fails)
            yield

    return filled


@pytest.mark.parametrize("path", ["/deconnexion", "/compte/partout"])
def test_who_leaves_has_left_though_the_register_is_full(
    place: Place, full: Full, path: str
) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    stolen = dict(client.cookies)
    token = field_of(client.get("/compte").text, "token")
    with full(place):
        answer = client.post(path, data={"token": token})
    assert answer.status_code == 503
    assert "le registre n'a pas pu l'inscrire" in words(answer.text).replace("’", "'")
    for name, value in stolen.items():
        client.cookies.set(name, value)
    assert client.get("/").headers["location"] == "/connexion"


@pytest.mark.parametrize(
    ("path", "method"), [("/deconnexion", "end"), ("/compte/partout", "end_all")]
)
def test_a_session_that_cannot_be_ended_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, path: str, method: str
) -> None:
    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    client = browser(place.app())
    sign_in(client, "agnes")
    token = field_of(client.get("/compte").text, "token")
    monkeypatch.setattr(place.desk.sessions, method, fails)
    answer = client.post(path, data={"token": token})
    assert answer.status_code == 503
    assert "rien n'a pu être écrit" in words(answer.text).replace("’", "'")
    assert "disk is full" not in answer.text
    assert client.get("/").headers["location"] == "/connexion"  # this browser is out


def outsiders(place: Place) -> Outsiders:
    desk = place.desk
    return Outsiders(desk.accounts, desk.journal, Method.OIDC, {"accueil": "agent"})


def test_a_newcomer_whom_the_register_cannot_take_has_no_account(place: Place, full: Full) -> None:
    with full(place), pytest.raises(RegisterUnavailable):
        outsiders(place).account(NEWCOMER)
    assert place.desk.accounts.get("nadia") is None
    made = outsiders(place).account(NEWCOMER)
    assert made is not None
    assert (made.role, made.subject, made.by_groups) == (Role.AGENT, NEWCOMER.subject, True)
    assert place.statuses(Kind.SETTINGS) == ["created"]


def test_a_newcomer_s_account_is_never_half_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed on the way, it had been left with a role that no group could take away again."""

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(place.desk.accounts, "grant", dies)
        killed.setattr(place.desk.accounts, "tie", dies)
        made = outsiders(place).account(NEWCOMER)
    assert made == place.desk.accounts.get("nadia")
    assert made is not None
    assert made.by_groups
    assert outsiders(place).account(Outsider(name="nadia", subject=NEWCOMER.subject)) is None


def test_an_account_is_tied_to_somebody_once_that_is_entered(place: Place, full: Full) -> None:
    """Whoever an account is tied to enters with its rights, for ever."""
    place.desk.accounts.add("nadia", Role.AUDITOR, method=Method.OIDC)
    with full(place), pytest.raises(RegisterUnavailable):
        outsiders(place).account(NEWCOMER)
    assert place.desk.accounts.need("nadia").subject == ""
    assert outsiders(place).account(NEWCOMER) is not None
    assert place.desk.accounts.need("nadia").subject == NEWCOMER.subject
    assert place.statuses(Kind.SETTINGS) == ["tied"]
    assert outsiders(place).account(NEWCOMER) is not None
    assert place.statuses(Kind.SETTINGS) == ["tied"]


def test_the_first_administrator_is_entered_before_the_account_is_made(
    open_place: Open, full: Full
) -> None:
    place = open_place()
    client = browser(place.app())
    link = place.desk.first_link()
    page = client.get(f"/bienvenue/{link}").text
    sent = {"name": "adele", "new": PASSWORD, "again": PASSWORD, "token": field_of(page, "token")}
    with full(place):
        answer = client.post(f"/bienvenue/{link}", data=sent)
    assert answer.status_code == 503
    assert place.desk.accounts.all() == []
    sent["token"] = field_of(answer.text, "token")
    assert client.post(f"/bienvenue/{link}", data=sent).headers["location"] == "/admin"
    assert place.statuses(Kind.SETTINGS) == ["created", "password"]


def test_a_link_is_not_used_up_by_a_full_disk(place: Place, full: Full) -> None:
    client = browser(place.app())
    link = place.desk.links.make("agnes")
    page = client.get(f"/bienvenue/{link}").text
    new = "la fontaine du lavoir"
    sent = {"new": new, "again": new, "token": field_of(page, "token")}
    with full(place):
        assert client.post(f"/bienvenue/{link}", data=sent).status_code == 503
    assert client.get(f"/bienvenue/{link}").status_code == 200


@pytest.mark.parametrize("path", ["/deconnexion", "/compte/partout"])
def test_who_leaves_after_a_while_has_left_though_nothing_can_be_written(
    place: Place, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """That a session is in use is written down each minute: it kept people in."""
    client = browser(place.app())
    sign_in(client, "agnes")
    token = field_of(client.get("/compte").text, "token")
    place.clock.turn(61)

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(place.desk.sessions._store, "write", fails)
    answer = client.post(path, data={"token": token})
    assert answer.status_code == 503
    assert client.get("/").headers["location"] == "/connexion"  # this browser is out
