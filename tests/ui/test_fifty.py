# SPDX-License-Identifier: EUPL-1.2
"""Fifty people ask at once while the model is at work for the first: all see their sources.

The real pipeline, queue and register on a real server; the model stands still until each of the
fifty was shown where it is written. On the agents' page, on the simple page and over the API.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx
import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from assistant.seams import Prompt
from assistant.settings import Settings
from assistant.texts import Texts
from guardrails.register import Register
from tests.assistant.conftest import Opener, open_assistant, register
from tests.fakes import ScriptedModel
from tests.loops import run_apart
from tests.ui.building import Everybody
from tests.ui.town import town
from ui.access import open_access
from ui.access.clerk import Clerk
from ui.access.person import Person, Role
from ui.app import build_app
from ui.serve import address, listen, server_of

__all__ = ["open_assistant", "register"]

PEOPLE = 50
PATIENCE_SECONDS = 120
QUESTION = "Combien coûte le repas de la cantine ?"
SOURCE = "cantine"


class Still(ScriptedModel):
    """Stands still until it is let go; says how often it was asked meanwhile."""

    def __init__(self) -> None:
        super().__init__(["4,20"], "Le repas coûte 4,20 euros.")
        self.go = Event()

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        assert self.go.wait(PATIENCE_SECONDS)
        return super().log_probability(prompt, reply)


@dataclass
class Town:
    """A service, and its model."""

    url: str
    model: Still
    key: str


@pytest.fixture
def served(
    open_assistant: Opener, register: Register, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Town]:
    """The service; whoever comes is an agent, but programs, who show a key."""
    model = Still()
    assistant = open_assistant(model, wait_seconds=PATIENCE_SECONDS, waiting_each=PEOPLE)
    access = {"actions_per_minute": 100_000, "proxy": {"addresses": ["127.0.0.1"]}}
    settings = Settings.model_validate({"access": access})
    asking = request.node.callspec.params["asking"]
    has_keys = asking is over_the_api

    with (
        open_access(tmp_path, b"secret of the tests", settings.access, register) as desk,
        ThreadPoolExecutor(1) as thread,
    ):
        _, key = Clerk(desk, Person("adele", Role.ADMIN)).make_key("program", Role.AGENT)
        keeper = Everybody() if asking is on_the_agents_page else desk

        async def build() -> FastAPI:
            return build_app(assistant, Texts("fr"), town(), settings=settings, keeper=keeper)

        app = thread.submit(lambda: asyncio.run(build())).result()
        listening, is_ready = listen("127.0.0.1", 0), Event()
        server = server_of(app, is_ready.set)
        done = thread.submit(server.run, [listening])
        assert is_ready.wait(60)
        try:
            yield Town(address("127.0.0.1", listening), model, key if has_keys else "")
        finally:
            model.go.set()
            server.should_exit = True
            done.result()
            listening.close()


Heard = AsyncIterator[str]
Asking = Callable[[httpx.AsyncClient, int], Heard]


async def on_the_agents_page(client: httpx.AsyncClient, number: int) -> Heard:
    """Ask as Gradio's script does; yield what comes to the page."""
    config = (await client.get("/config")).json()
    event = next(d for d in config["dependencies"] if d["api_name"] == "_ask")
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    joined = await client.post(
        "/gradio_api/queue/join",
        json={
            "data": [QUESTION if place == box else None for place in event["inputs"]],
            "fn_index": event["id"],
            "session_hash": f"page{number}",
            "trigger_id": box,
        },
    )
    assert joined.status_code == 200, joined.text
    told = {"session_hash": f"page{number}"}
    async with client.stream("GET", "/gradio_api/queue/data", params=told) as stream:
        async for line in stream.aiter_lines():
            yield line
            if '"process_completed"' in line:
                return


async def on_the_simple_page(client: httpx.AsyncClient, number: int) -> Heard:
    """Send the form; yield the page as it comes."""
    client.headers["x-forwarded-for"] = f"198.51.100.{number}"  # each sits at home
    field = LexborHTMLParser((await client.get("/simple")).text).css_first("[name=token]")
    assert field is not None
    form = {"question": QUESTION, "token": str(field.attributes["value"])}
    to = (await client.post("/simple", data=form)).headers["location"]
    async with client.stream("GET", to) as stream:
        async for piece in stream.aiter_text():
            yield piece


async def over_the_api(client: httpx.AsyncClient, number: int) -> Heard:
    """Ask as a program; yield the events."""
    body = {"question": QUESTION, "stream": True}
    async with client.stream("POST", "/api/ask", json=body) as stream:
        assert stream.status_code == 200
        async for line in stream.aiter_lines():
            yield line


async def until_all_see(town: Town, asking: Asking) -> list[str]:
    """Let everybody ask; once each saw the source, let the model go on; return what each heard."""
    waiting, everybody = PEOPLE, asyncio.Event()

    async def one(number: int) -> str:
        nonlocal waiting
        heard = ""
        async with somebody() as client:
            async for piece in asking(client, number):
                if SOURCE not in heard and SOURCE in heard + piece:
                    assert not town.model.go.is_set()
                    waiting -= 1
                    if not waiting:
                        everybody.set()
                heard += piece
        return heard

    def somebody() -> httpx.AsyncClient:
        shown = {"authorization": f"Bearer {town.key}"} if town.key else {"origin": town.url}
        return httpx.AsyncClient(base_url=town.url, headers=shown, timeout=PATIENCE_SECONDS)

    async with somebody() as client:
        asked = asyncio.gather(*(one(number) for number in range(PEOPLE)))
        seen = asyncio.ensure_future(everybody.wait())
        try:
            await asyncio.wait(
                {asked, seen}, timeout=PATIENCE_SECONDS / 2, return_when=asyncio.FIRST_COMPLETED
            )
            assert seen.done(), f"{waiting} of {PEOPLE} were shown nothing"
            assert (await client.get("/ready")).status_code == 200  # which needs a thread of a few
        finally:
            town.model.go.set()
        return await asked


@pytest.mark.parametrize(
    ("asking", "ended"),
    [
        (on_the_agents_page, "process_completed"),
        (on_the_simple_page, 'class="outcome"'),
        (over_the_api, "event: outcome"),
    ],
    ids=["agents' page", "simple page", "api"],
)
def test_fifty_see_their_sources_before_the_first_has_an_answer(
    served: Town, asking: Asking, ended: str
) -> None:
    heard = run_apart(until_all_see(served, asking))

    assert len(heard) == PEOPLE
    assert all(ended in one for one in heard)
