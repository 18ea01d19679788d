# SPDX-License-Identifier: EUPL-1.2
"""Whoever searches without a question, two do at a time, whichever way they come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Condition, Event
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.documents import Retrieved
from guardrails.register import open_register
from tests.loops import run_apart
from tests.ui.test_validating import AGENT, QUESTION, Town
from ui.access.person import carry
from ui.agent.routes import agent_router
from ui.agent.services import SEARCHES_AT_ONCE
from ui.api import ApiServices, Figures, api_router

HERE = "http://127.0.0.1:7860"
EACH = 3


class Slow:
    """A search that ends when it may; counts how many are in it, and the most that were."""

    def __init__(self) -> None:
        self.within = self.most = 0
        self.may_end = Event()
        self._changed = Condition()

    def __call__(self, question: object, **given: Any) -> list[Retrieved]:
        with self._changed:
            self.within += 1
            self.most = max(self.most, self.within)
        self.may_end.wait(30)
        with self._changed:
            self.within -= 1
        return []


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as closing:
        register = closing.enter_context(open_register(tmp_path / "register", tmp_path / "keys"))
        yield Town(tmp_path, register, closing)


def opened(town: Town, search: Slow) -> ASGIApp:
    """The agents' pages and the API over one set of tools."""
    services = replace(town.services, tools=replace(town.services.tools, search=search))
    programs = ApiServices(
        assistant=services.assistant, texts=services.texts, store=services.store,
        settings=services.settings, figures=Figures(), tools=services.tools,
    )  # fmt: skip
    app = FastAPI()
    app.include_router(agent_router(services))
    app.include_router(api_router(programs))

    async def carried(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            carry(scope, AGENT)
        await app(scope, receive, send)

    return carried


def test_two_search_at_a_time_and_no_thread_is_held_by_who_waits(town: Town) -> None:
    search = Slow()
    app = opened(town, search)

    with TestClient(app) as browser:
        sent = {"q": "cantine"}
        listed = browser.post("/documents", data=sent, follow_redirects=False).headers["location"]

    async def all_at_once() -> set[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            asked = [
                asyncio.ensure_future(one)
                for _ in range(EACH)
                for one in (
                    client.get(listed),
                    client.post("/api/search", json={"question": QUESTION}),
                )
            ]
            while search.within < SEARCHES_AT_ONCE:
                await asyncio.sleep(0.01)
            for _ in range(5):  # whoever else asks is served meanwhile, after those who came before
                assert (await client.get("/premiers-pas")).status_code == 200
            search.may_end.set()
            return {(await one).status_code for one in asked}

    assert run_apart(all_at_once()) == {200}
    assert search.most == SEARCHES_AT_ONCE


def test_a_search_reads_the_documents_that_it_found_and_no_others(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Slow()
    search.may_end.set()
    app = opened(town, search)

    def all_of_them() -> None:
        raise AssertionError("all documents were read for one search")

    monkeypatch.setattr(town.store, "documents", all_of_them)
    with TestClient(app) as browser:
        found = browser.post("/api/search", json={"question": QUESTION})
    assert found.json() == {"passages": []}
