# SPDX-License-Identifier: EUPL-1.2
"""Whoever leaves holds no place: the next is answered while the model still stood at work for them.

The real pipeline, queue and register on a real server. The model stands still over the first
question as its own process does: it looks now and then whether anybody waits for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event

import httpx
import pytest

import ui.senior.asked
from assistant.answers import Found
from assistant.leaving import stop_if_gone
from assistant.seams import Prompt
from guardrails.register import Register
from guardrails.register.records import Kind
from tests.assistant.conftest import Opener, open_assistant, register
from tests.fakes import ScriptedModel
from tests.loops import run_apart
from tests.ui.serving import (
    PATIENCE_SECONDS,
    QUESTION,
    SOURCE,
    Heard,
    on_the_agents_page,
    on_the_simple_page,
    over_the_api,
    sent_to_gradio,
    serving,
    somebody,
)
from tests.ui.test_own import Sealing

__all__ = ["open_assistant", "register"]

NOTICED_SECONDS = 20
"""What a busy machine may take; on the code of before it took for ever."""


class StillAtFirst(ScriptedModel):
    """Stands still over its first question until nobody waits for it, or it is let go."""

    def __init__(self) -> None:
        super().__init__(["4,20"], "Le repas coûte 4,20 euros.")
        self.reads, self.go = Event(), Event()

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        if not self.reads.is_set():
            self.reads.set()
            while not self.go.wait(0.05):
                stop_if_gone()
        return super().log_probability(prompt, reply)


@dataclass
class Town:
    """A service, its model and its register."""

    url: str
    key: str
    model: StillAtFirst
    register: Register
    before: int = 0
    """How many questions were closed before."""

    def ends(self) -> list[object]:
        """How the questions ended that are closed."""
        closed = (one.payload for one in self.register.entries() if one.kind is Kind.OUTCOME)
        return [end["status"] for end in closed if end][self.before :]

    async def abandoned(self) -> bool:
        """Wait until the first question is closed as left."""
        end = time.monotonic() + NOTICED_SECONDS
        while not self.ends() and time.monotonic() < end:
            await asyncio.sleep(0.05)
        return self.ends() == ["abandoned"] and not self.model.go.is_set()


@pytest.fixture
def served(
    open_assistant: Opener, register: Register, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Town]:
    model = StillAtFirst()
    assistant = open_assistant(model, wait_seconds=PATIENCE_SECONDS)
    are_programs = getattr(request, "param", "people") == "programs"
    with serving(assistant, register, tmp_path, is_open=not are_programs) as (url, key):
        try:
            yield Town(url, key if are_programs else "", model, register)
        finally:
            model.go.set()


async def heard(asking: Heard, seen: asyncio.Event | None = None) -> str:
    """Return all that is heard; say when the sources are seen."""
    all_ = ""
    async for piece in asking:
        all_ += f"{piece}\n"
        if seen and SOURCE in all_:
            seen.set()
    return all_


async def asked_and_left(town: Town, asking: Awaitable[object]) -> None:
    """Ask; once the model reads for it, close the connection."""
    asked = asyncio.ensure_future(asking)
    assert await asyncio.to_thread(town.model.reads.wait, PATIENCE_SECONDS)
    asked.cancel()
    await asyncio.wait({asked})


async def the_tab_is_closed(town: Town, client: httpx.AsyncClient) -> None:
    await asked_and_left(town, heard(on_the_agents_page(client, 1)))


async def the_simple_page_is_closed(town: Town, client: httpx.AsyncClient) -> None:
    await asked_and_left(town, heard(on_the_simple_page(client, 1)))


async def a_program_hangs_up_its_stream(town: Town, client: httpx.AsyncClient) -> None:
    await asked_and_left(town, heard(over_the_api(client, 1)))


async def a_program_hangs_up(town: Town, client: httpx.AsyncClient) -> None:
    await asked_and_left(town, client.post("/api/ask", json={"question": QUESTION}))


async def a_chat_hangs_up(town: Town, client: httpx.AsyncClient) -> None:
    said = [{"role": "user", "content": QUESTION}]
    body = {"model": "greffier", "messages": said, "stream": True}
    await asked_and_left(town, client.post("/v1/chat/completions", json=body))


async def a_tool_hangs_up(town: Town, client: httpx.AsyncClient) -> None:
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    accept = {"accept": "application/json, text/event-stream"}
    await asked_and_left(town, client.post("/mcp", json=body, headers=accept))


async def dropped(client: httpx.AsyncClient) -> str:
    """Drop a file; return the address of its page."""
    files = {"file": ("devis.txt", b"Le repas est livre a 4,20 euros.")}
    sent = await client.post("/fichier", files=files)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


async def the_page_of_a_file_is_closed(town: Town, client: httpx.AsyncClient) -> None:
    await asked_and_left(town, client.post(await dropped(client), data={"question": QUESTION}))


async def the_page_of_a_letter_is_closed(town: Town, client: httpx.AsyncClient) -> None:
    questions = {"questions": f"{QUESTION}\nOù est la poste ?"}
    await asked_and_left(town, client.post("/repondre/questions", data=questions))


async def the_page_of_a_thread_is_closed(town: Town, client: httpx.AsyncClient) -> None:
    await client.post("/mes-questions/choix", data={"montrer": "1"})
    steps = Sealing(town.register).steps("Où est la poste ?", actor="agnes")
    record, town.before = next(step.record for step in list(steps) if isinstance(step, Found)), 1
    asked = {"question": QUESTION, "telle": "1"}
    await asked_and_left(town, client.post(f"/mes-questions/{record}", data=asked))


Leaving = Callable[[Town, httpx.AsyncClient], Awaitable[None]]


@pytest.mark.parametrize(
    ("served", "leaving"),
    [
        ("people", the_tab_is_closed),
        ("people", the_simple_page_is_closed),
        ("people", the_page_of_a_file_is_closed),
        ("people", the_page_of_a_letter_is_closed),
        ("people", the_page_of_a_thread_is_closed),
        ("programs", a_program_hangs_up_its_stream),
        ("programs", a_program_hangs_up),
        ("programs", a_chat_hangs_up),
        ("programs", a_tool_hangs_up),
    ],
    indirect=["served"],
)
def test_the_next_is_answered_while_the_model_stood_still_for_who_left(
    served: Town, leaving: Leaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui.senior.asked, "LEFT_SECONDS", 2.5)
    next_one = over_the_api if served.key else on_the_agents_page

    async def both() -> str:
        async with somebody(served.url, served.key) as client:
            await leaving(served, client)
            assert await served.abandoned()
        async with somebody(served.url, served.key) as client:
            return await asyncio.wait_for(heard(next_one(client, 2)), PATIENCE_SECONDS)

    assert "4,20" in run_apart(both())
    assert served.ends() == ["abandoned", "answer"]
    assert not served.model.go.is_set()


@pytest.mark.parametrize(
    ("event", "ends"), [("_stop", ["abandoned"]), ("_ask", ["abandoned", "answer"])]
)
def test_what_is_stopped_or_followed_by_another_in_its_tab_is_left(
    served: Town, event: str, ends: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def in_one_tab() -> str:
        async with somebody(served.url) as client:
            asked = asyncio.ensure_future(heard(on_the_agents_page(client, 1)))
            assert await asyncio.to_thread(served.model.reads.wait, PATIENCE_SECONDS)
            await sent_to_gradio(client, event, "page1")
            return await asyncio.wait_for(asked, PATIENCE_SECONDS)

    run_apart(in_one_tab())
    assert served.ends() == ends
    assert "nobody foresaw" not in caplog.text
    assert not served.model.go.is_set()


def test_a_simple_page_that_is_loaded_again_loses_nothing(served: Town) -> None:
    async def again() -> str:
        async with somebody(served.url) as client:
            page, seen = on_the_simple_page(client, 1), asyncio.Event()
            to = await anext(page)
            asked = asyncio.ensure_future(heard(page, seen))
            assert await asyncio.to_thread(served.model.reads.wait, PATIENCE_SECONDS)
            await asyncio.wait_for(seen.wait(), PATIENCE_SECONDS)
            asked.cancel()
            await asyncio.wait({asked})
            seen.clear()
            reloaded = asyncio.ensure_future(heard(told_by_page(client, to), seen))
            await asyncio.wait_for(seen.wait(), PATIENCE_SECONDS)
            served.model.go.set()
            return await asyncio.wait_for(reloaded, PATIENCE_SECONDS)

    assert "4,20" in run_apart(again())
    assert served.ends() == ["answer"]


async def told_by_page(client: httpx.AsyncClient, to: str) -> Heard:
    async with client.stream("GET", to) as stream:
        async for piece in stream.aiter_text():
            yield piece


def test_forty_questions_to_a_file_hold_no_thread_of_the_routes(served: Town) -> None:
    """One looks into it, the others are told so; pages without the model come as ever."""

    async def many() -> list[int]:
        async with somebody(served.url) as client:
            to = await dropped(client)
            asked = [
                asyncio.ensure_future(client.post(to, data={"question": QUESTION}))
                for _ in range(45)
            ]
            assert await asyncio.to_thread(served.model.reads.wait, PATIENCE_SECONDS)
            page = await asyncio.wait_for(client.get(to), NOTICED_SECONDS)
            assert page.status_code == 200
            told = [
                (await one).status_code
                for one in islice(asyncio.as_completed(asked, timeout=PATIENCE_SECONDS), 44)
            ]
            assert not served.model.go.is_set()
            (waits,) = (one for one in asked if not one.done())
            waits.cancel()
            return told

    assert run_apart(many()) == [400] * 44


def test_questions_to_one_file_each_of_many_hold_no_thread_of_the_routes(served: Town) -> None:
    async def many() -> int:
        async with somebody(served.url) as client:
            pages = [await dropped(client) for _ in range(3)]
            asked = [
                asyncio.ensure_future(client.post(to, data={"question": QUESTION})) for to in pages
            ]
            asked += [
                asyncio.ensure_future(
                    client.post("/repondre/questions", data={"questions": QUESTION})
                )
                for _ in range(40)
            ]
            assert await asyncio.to_thread(served.model.reads.wait, PATIENCE_SECONDS)
            page = await asyncio.wait_for(client.get(pages[0]), NOTICED_SECONDS)
            for one in asked:
                one.cancel()
            return page.status_code

    assert run_apart(many()) == 200
