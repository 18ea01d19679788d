# SPDX-License-Identifier: EUPL-1.2
"""While another program holds the register, nobody waits for it but who must, and not for long."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest

from guardrails.register import Kind
from tests.loops import run_apart
from tests.ui.access.conftest import HERE, PASSWORD, Open, Place, browser, field_of, sign_in, words
from ui.access import aside, gate
from ui.access.person import Role

SOON = 0.3
Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOCK_SECONDS", SOON)


@contextmanager
def held(place: Place) -> Iterator[None]:
    """Another program writes to the register, and takes its time."""
    with closing(sqlite3.connect(place.register.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def beside_health(
    place: Place, ask: Ask, cookies: httpx.Cookies | None = None, address: str = "198.51.100.7"
) -> tuple[httpx.Response, bool]:
    """Ask while the register is held; return the answer, and whether `/health`, asked after it,
    was answered before it."""
    transport = httpx.ASGITransport(place.app_once, client=(address, 50_000))

    async def both() -> tuple[httpx.Response, bool]:
        async with httpx.AsyncClient(
            transport=transport, base_url=HERE, headers={"origin": HERE}, cookies=cookies
        ) as client:
            waiting = asyncio.ensure_future(ask(client))
            await asyncio.sleep(0.05)  # it has reached the register, or its thread
            health = await client.get("/health")
            assert health.status_code == 200
            was_first = not waiting.done()
            return await waiting, was_first

    with held(place):
        answer: tuple[httpx.Response, bool] = run_apart(both())
    return answer


def form(place: Place, path: str, **sent: str) -> tuple[Ask, httpx.Cookies]:
    """Return how to send a form of the page that a visitor was shown, and their cookies."""
    client = browser(place.app_once)
    data = sent | {"token": field_of(client.get(path).text, "token")}
    return lambda asking: asking.post(path, data=data), httpx.Cookies(dict(client.cookies))


def own_form(place: Place, page: str, path: str, **sent: str) -> tuple[Ask, httpx.Cookies]:
    client = browser(place.app_once)
    sign_in(client, "agnes")
    data = sent | {"token": field_of(client.get(page).text, "token")}
    return lambda asking: asking.post(path, data=data), httpx.Cookies(dict(client.cookies))


def test_a_sign_in_waits_alone_and_lets_nobody_in(place: Place) -> None:
    ask, cookies = form(place, "/connexion", name="agnes", password=PASSWORD)
    answer, was_first = beside_health(place, ask, cookies)

    assert was_first
    assert answer.status_code == 503
    assert "Le registre ne peut pas être écrit" in words(answer.text, ".problem")
    assert "greffier" not in answer.cookies
    assert place.desk.sessions.count("agnes") == 0
    assert "signed_in" not in place.statuses()


def test_a_wrong_password_waits_alone_too(place: Place) -> None:
    ask, cookies = form(place, "/connexion", name="agnes", password="faux")
    answer, was_first = beside_health(place, ask, cookies)
    assert (was_first, answer.status_code) == (True, 503)


def test_a_new_password_that_cannot_be_entered_is_not_kept(place: Place) -> None:
    new = "un tout autre puits"
    ask, cookies = own_form(
        place, "/compte", "/compte", current=PASSWORD, new=new, again=new
    )  # fmt: skip
    answer, was_first = beside_health(place, ask, cookies)

    assert (was_first, answer.status_code) == (True, 503)
    assert sign_in(browser(place.app_once), "agnes").status_code == 303


def test_a_one_time_link_waits_alone(place: Place) -> None:
    link = f"/bienvenue/{place.desk.links.make('agnes')}"
    new = "un tout autre puits"
    ask, cookies = form(place, link, new=new, again=new)
    answer, was_first = beside_health(place, ask, cookies)

    assert (was_first, answer.status_code) == (True, 503)
    assert sign_in(browser(place.app_once), "agnes").status_code == 303


def test_a_wrong_key_is_told_that_the_register_is_held(place: Place) -> None:
    secret = f"gfr_{'0' * 12}_{'0' * 64}"

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/v1/models", headers={"authorization": f"Bearer {secret}"})

    answer, was_first = beside_health(place, ask)
    assert (was_first, answer.status_code) == (True, 503)
    assert answer.json()["error"]["code"] == "key_register"


PROXY: dict[str, Any] = {
    "addresses": ["10.0.0.2"],
    "user_header": "X-Remote-User",
    "groups_header": "X-Remote-Groups",
    "roles": {"accueil": "agent"},
}


def test_who_comes_by_a_proxy_is_told_and_is_shown_nothing(open_place: Open) -> None:
    place = open_place(proxy=PROXY)
    place.account(Role.ADMIN)
    told = {"x-remote-user": "paul", "x-remote-groups": "accueil"}

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/", headers=told)

    answer, was_first = beside_health(place, ask, address="10.0.0.2")
    assert (was_first, answer.status_code) == (True, 503)
    assert "Le registre est occupé" in words(answer.text)
    client = browser(place.app_once, "10.0.0.2")
    assert client.get("/", headers=told).json() == ["paul", "agent", None]  # once it is free
    assert place.statuses().count("signed_in") == 1


def test_who_is_signed_in_reads_on_without_the_register(place: Place) -> None:
    client = browser(place.app_once)
    sign_in(client, "agnes")
    with held(place):
        assert client.get("/").status_code == 200
    assert place.entries(Kind.SIGN_IN)


def wrong_password(place: Place, number: int) -> tuple[Ask, httpx.Cookies]:
    return form(place, "/connexion", name=f"nobody{number}", password="faux")


def wrong_key(place: Place, number: int) -> tuple[Ask, httpx.Cookies]:
    told = {"authorization": f"Bearer gfr_{number:012d}_{'0' * 64}"}
    return lambda asking: asking.get("/v1/models", headers=told), httpx.Cookies()


@pytest.mark.parametrize("wrong", [wrong_password, wrong_key])
def test_wrong_sign_ins_that_wait_take_no_thread_of_who_is_signed_in(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[[Place, int], tuple[Ask, httpx.Cookies]],
) -> None:
    """As many as there are threads wait for the register; a page opens beside them."""
    monkeypatch.setattr(gate, "LOCK_SECONDS", 3.0)
    refused, waiting = place.desk.journal.refused, list[str]()

    def counted(name: str, method: str, *, locks: bool = False) -> None:
        waiting.append(name)
        refused(name, method, locks=locks)

    client = browser(place.app_once)
    sign_in(client, "agnes")
    asked = [wrong(place, number) for number in range(aside.THREADS)]
    monkeypatch.setattr(place.desk.journal, "refused", counted)
    transport = httpx.ASGITransport(place.app_once, client=("198.51.100.7", 50_000))

    async def beside() -> bool:
        async with httpx.AsyncClient(
            transport=transport, base_url=HERE, headers={"origin": HERE}
        ) as somebody:

            async def sent(ask: Ask, cookies: httpx.Cookies) -> httpx.Response:
                somebody.cookies = cookies
                return await ask(somebody)

            under_way = [asyncio.ensure_future(sent(*one)) for one in asked]
            while len(waiting) < aside.THREADS and not any(one.done() for one in under_way):
                await asyncio.sleep(0.01)
            somebody.cookies = httpx.Cookies(dict(client.cookies))
            page = await somebody.get("/")
            is_first = not any(one.done() for one in under_way)
            assert page.status_code == 200
            assert {(await one).status_code for one in under_way} == {503}
            return is_first

    with held(place):
        assert run_apart(beside())


def test_what_is_entered_after_the_answer_takes_no_effect(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread gets its lock after who asked was told that nobody was let in."""
    monkeypatch.setattr(gate, "LOCK_SECONDS", 30.0)
    monkeypatch.setattr(aside, "MOST_SECONDS", SOON)
    begun, ended = threading.Event(), threading.Event()
    enter, start = place.desk.journal.signed_in, place.desk.sessions.start

    def signed_in(*told: Any) -> None:
        begun.set()
        try:
            enter(*told)
        finally:
            ended.set()

    def started(*_: object) -> str:
        raise AssertionError("a session began that nobody was told of")

    ask, cookies = form(place, "/connexion", name="agnes", password=PASSWORD)
    monkeypatch.setattr(place.desk.journal, "signed_in", signed_in)
    monkeypatch.setattr(place.desk.sessions, "start", started)
    answer, _ = beside_health(place, ask, cookies)  # the lock is let go after the answer
    assert answer.status_code == 503
    assert begun.is_set() and ended.wait(30)
    monkeypatch.setattr(place.desk.sessions, "start", start)
    assert place.desk.sessions.count("agnes") == 0
    assert place.statuses() == ["signed_in"]  # it is entered, and took no effect
