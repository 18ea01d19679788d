# SPDX-License-Identifier: EUPL-1.2
"""The real pipeline and screens on a real server, and people who ask there as browsers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event
from typing import Any

import httpx
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.dropped import Dropped
from guardrails.register import Register
from tests.corpus.conftest import ReadHere
from tests.fakes import HashEmbedder, WordGuard
from tests.ui.building import Everybody
from tests.ui.town import town
from ui.access import open_access
from ui.access.clerk import Clerk
from ui.access.person import Person, Role
from ui.agent.own import FILE, OwnQuestions
from ui.agent.services import AgentTools
from ui.app import build_app
from ui.serve import address, listen, server_of
from ui.workspaces import Workspaces

PATIENCE_SECONDS = 300
QUESTION = "Combien coûte le repas de la cantine ?"
SOURCE = "cantine"

Heard = AsyncIterator[str]


@contextmanager
def serving(
    assistant: Assistant, register: Register, folder: Path, *, is_open: bool
) -> Iterator[tuple[str, str]]:
    """Serve on loopback; give the address and a key. Where it `is_open`, all are agents, whose
    dropped files are answered by the same assistant."""
    guard = WordGuard("Zoé Quillebec")
    tools = AgentTools(
        guard=guard,
        open_dropped=lambda: Dropped(guard, HashEmbedder()),
        open_reading=lambda: nullcontext(ReadHere()),
        looking=lambda dropped, only: assistant,
        own=OwnQuestions(register, folder / FILE, guard.screen),
    )
    spaces = Workspaces(tools=tools)
    access = {"actions_per_minute": 100_000, "proxy": {"addresses": ["127.0.0.1"]}}
    settings = Settings.model_validate({"access": access})
    with (
        open_access(folder, b"secret of the tests", settings.access, register) as desk,
        ThreadPoolExecutor(1) as thread,
    ):
        _, key = Clerk(desk, Person("adele", Role.ADMIN)).make_key("program", Role.AGENT)
        keeper = Everybody() if is_open else desk

        async def build() -> FastAPI:
            return build_app(
                assistant,
                Texts("fr"),
                town(),
                settings=settings,
                keeper=keeper,
                workspaces=spaces,
            )

        app = thread.submit(lambda: asyncio.run(build())).result()
        listening, is_ready = listen("127.0.0.1", 0), Event()
        server = server_of(app, is_ready.set)
        done = thread.submit(server.run, [listening])
        assert is_ready.wait(60)
        try:
            yield address("127.0.0.1", listening), key
        finally:
            server.should_exit = True
            done.result()
            listening.close()


def somebody(url: str, key: str = "") -> httpx.AsyncClient:
    """Return who asks: a browser, or a program with a key."""
    shown = {"authorization": f"Bearer {key}"} if key else {"origin": url}
    return httpx.AsyncClient(base_url=url, headers=shown, timeout=PATIENCE_SECONDS)


async def sent_to_gradio(client: httpx.AsyncClient, name: str, page: str) -> None:
    """Send an event of the agents' page as Gradio's script does; the question, where it asks."""
    config = (await client.get("/config")).json()
    event = next(d for d in config["dependencies"] if d["api_name"] == name)
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    given: dict[str, Any] = {
        "data": [QUESTION if place == box else None for place in event["inputs"]],
        "fn_index": event["id"],
        "session_hash": page,
        "trigger_id": box,
    }
    joined = await client.post("/gradio_api/queue/join", json=given)
    assert joined.status_code == 200, joined.text


async def told_by_gradio(client: httpx.AsyncClient, page: str) -> Heard:
    """Yield what comes to the agents' page until all its events are over."""
    told = {"session_hash": page}
    async with client.stream("GET", "/gradio_api/queue/data", params=told) as stream:
        async for line in stream.aiter_lines():
            yield line


async def on_the_agents_page(client: httpx.AsyncClient, number: int) -> Heard:
    """Ask as Gradio's script does; yield what comes to the page."""
    await sent_to_gradio(client, "_ask", f"page{number}")
    async for line in told_by_gradio(client, f"page{number}"):
        yield line


async def on_the_simple_page(client: httpx.AsyncClient, number: int) -> Heard:
    """Send the form; yield the address of the answer, then the page as it comes."""
    client.headers["x-forwarded-for"] = f"198.51.100.{number}"  # each sits at home
    field = LexborHTMLParser((await client.get("/simple")).text).css_first("[name=token]")
    assert field is not None
    form = {"question": QUESTION, "token": str(field.attributes["value"])}
    to = (await client.post("/simple", data=form)).headers["location"]
    yield to
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
