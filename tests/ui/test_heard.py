# SPDX-License-Identifier: EUPL-1.2
"""Whoever looks many times a second whether a reader left makes no task for each look."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from tests.loops import run_apart
from ui.door import Door

LOOKS = 40
SCOPE: Scope = {
    "type": "http", "method": "GET", "path": "/gradio_api/queue/data", "query_string": b"",
    "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 50_000), "scheme": "http",
}  # fmt: skip


class Browser:
    """Sends what it is told to, and counts who waits for it."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.waited_for = 0

    async def receive(self) -> Message:
        self.waited_for += 1
        return await self.sent.get()


def asked(app: Any, browser: Browser, closing: asyncio.Event) -> Coroutine[Any, Any, None]:
    door = Door(app, hosts=(), closed_page="", dress=lambda page, nonce: page, closing=closing)

    async def nowhere(message: Message) -> None:
        return None

    return door(SCOPE, browser.receive, nowhere)


def test_a_look_that_is_given_up_waits_on_for_the_next() -> None:
    tasks, seen = list[object](), list[bool]()

    async def looking(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        loop = asyncio.get_running_loop()

        def made(on: asyncio.AbstractEventLoop, work: Any, **named: Any) -> asyncio.Task[Any]:
            tasks.append(work)
            return asyncio.Task(work, loop=on, **named)

        loop.set_task_factory(made)  # type: ignore[arg-type]
        for _ in range(LOOKS):
            seen.append(await request.is_disconnected())
            await asyncio.sleep(0)
        loop.set_task_factory(None)
        browser.sent.put_nowait({"type": "http.request", "body": b"one", "more_body": True})
        browser.sent.put_nowait({"type": "http.disconnect"})
        assert (await receive())["body"] == b"one"  # nothing of what came is lost
        await request.is_disconnected()
        await asyncio.sleep(0)
        seen.append(await request.is_disconnected())

    async def whole() -> None:
        nonlocal browser
        browser = Browser()
        await asked(looking, browser, asyncio.Event())
        assert not [one for one in asyncio.all_tasks() if one is not asyncio.current_task()
                    and not one.cancelling()]  # fmt: skip

    browser: Browser
    run_apart(whole())
    assert seen == [False] * LOOKS + [True]
    assert len(tasks) <= 2
    assert browser.waited_for == 2


def test_a_server_that_closes_tells_who_listens() -> None:
    async def whole() -> list[str]:
        closing, heard = asyncio.Event(), list[str]()

        async def listening(scope: Scope, receive: Receive, send: Send) -> None:
            asyncio.get_running_loop().call_soon(closing.set)
            heard.append((await receive())["type"])

        await asked(listening, Browser(), closing)
        return heard

    assert run_apart(whole()) == ["http.disconnect"]
