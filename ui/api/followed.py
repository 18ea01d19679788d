# SPDX-License-Identifier: EUPL-1.2
"""A question is followed as long as its reader listens and may hear it.

    steps ─Relay.follow▶ heard(…) ─▶ Step… (None while nothing comes) ─▶ EventStream │ JSON

A reader who left, a key that was revoked, a server that closes: each ends the question at its
current step, and the register says that it was abandoned.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import suppress
from threading import Event

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from assistant.answers import Answer, Refusal, Step
from guardrails.errors import RegisterError
from ui.access.aside import looked
from ui.api.errors import Refused, Wrong
from ui.api.services import ApiServices
from ui.relay import ReaderLeft, attended

LOOK_SECONDS = 2.0
"""How often it is looked whether a key still holds, and a stream says that it is alive."""


async def heard(
    services: ApiServices, steps: Iterator[Step], request: Request
) -> AsyncGenerator[Step | None, None]:
    """Yield the steps of a question, None now and then while nothing comes; ReaderLeft, Refused."""
    still: Callable[[], bool] = request.state.still
    left = Event()
    following = services.relay.follow(steps, left)
    attending = attended(following, left, request.receive, seconds=LOOK_SECONDS)
    try:
        async for step in attending:
            if not await _holds(still):
                raise Refused(Wrong(401, "key_refused", services.words("revoked")))
            yield step
    finally:
        await attending.aclose()


async def outcome_of(
    services: ApiServices, steps: Iterator[Step], request: Request
) -> tuple[str, Answer | Refusal]:
    """Follow a question to its end; return its hidden form and its outcome."""
    question, last = "", None
    following = heard(services, steps, request)
    try:
        async for step in following:
            question = getattr(step, "question", question)
            last = step or last
    finally:
        await following.aclose()
    if isinstance(last, Answer | Refusal):
        return question, last
    raise AssertionError("the pipeline ended without an outcome")


async def begun(
    following: AsyncGenerator[Step | None, None],
) -> AsyncGenerator[Step | None, None]:
    """Wait for the first step, so that what is wrong from the start is told by a status; then
    yield all of them."""
    try:
        while (first := await anext(following)) is None:
            pass
    except BaseException:
        await following.aclose()
        raise

    async def rest() -> AsyncGenerator[Step | None, None]:
        try:
            yield first
            async for step in following:
                yield step
        finally:
            await following.aclose()

    return rest()


class EventStream(Response):
    """Server-sent events, made while they are read; it ends with its reader."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str]) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})  # nginx would hold them back
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        with suppress(ReaderLeft):
            async for event in self._events:
                body = event.encode()
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _holds(still: Callable[[], bool]) -> bool:
    try:
        return await looked(still)
    except RegisterError:
        return False
