# SPDX-License-Identifier: EUPL-1.2
"""One question is worked on in one thread, whoever is looking, and its reader holds none.

    worker: assistant.steps ─▶ queue ─▶ event loop: the screen, a program
                                        attended(…): as long as its reader listens

Who reads may never come back for the next step. The pipeline holds a place and
an open entry of the register between its steps, so it must not depend on that:
here it always goes on to its end, or is closed at the step that follows; what is
at work, or waits, for somebody who left stops before (`assistant/leaving.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Event
from typing import ParamSpec, TypeVar, cast

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.types import Receive

from assistant.leaving import Gone, watched
from assistant.queue import MAX_WAITING
from guardrails.register.locks import patient

P = ParamSpec("P")
T = TypeVar("T")

QUESTIONS_AT_ONCE = MAX_WAITING + 56
"""Threads for questions: one for each that may wait for its turn, and for those that are being
searched or answered, so that none waits for a thread before its sources are shown. A thread that
waits takes no processor and some hundred kilobytes."""

SEAL_SECONDS = 15.0
"""How long a question waits for the register, to be sealed; then that it could not be is told."""

LOOK_SECONDS = 1.0
"""How often a framework that looks after its reader only between two screens is given one."""

LOOKS_A_SECOND = 5
"""For all who follow together: a screen takes the event loop some ten milliseconds and more, so
that one a second for each of fifty who wait left nothing for the questions themselves."""

_END = object()


class ReaderLeft(Exception):
    """Nobody listens any more."""


class Relay:
    """Runs iterators in threads of its own, `workers` at a time."""

    def __init__(self, workers: int = QUESTIONS_AT_ONCE) -> None:
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="greffier-question")
        self._following = 0

    async def follow(
        self,
        steps: Iterable[T],
        is_left: Event,
        *,
        merged: Callable[[T, T], T] | None = None,
        first_after: float = 0.0,
        meanwhile: T | None = None,
    ) -> AsyncGenerator[T, None]:
        """Yield what `steps` yields; closing this closes `steps` after its current step, and who
        sets `is_left` need not wait for it.

        `merged` makes one of two steps that came before the reader took the first, for a reader to
        whom each costs much; the first of all is kept back so many seconds for that. `meanwhile`
        is yielded once a second while nothing comes, less often where many follow.
        """
        loop, waiting = asyncio.get_running_loop(), asyncio.Queue[object]()

        def put(step: object) -> None:
            loop.call_soon_threadsafe(waiting.put_nowait, step)

        done = self._workers.submit(_pump, steps, put, is_left)
        self._following += 1
        try:
            while (step := await _within(waiting, self.look_seconds, meanwhile)) is not _END:
                one = cast(T, step)
                if step is meanwhile:
                    yield one
                    continue
                if merged:
                    one = await _gathered(one, waiting, merged, first_after)
                    first_after = 0.0
                yield one
            await asyncio.wrap_future(done)  # raises here what was raised there
        finally:
            self._following -= 1
            is_left.set()

    @property
    def look_seconds(self) -> float:
        """How long a reader to whom nothing comes is left alone."""
        return LOOK_SECONDS * max(1.0, self._following / LOOKS_A_SECOND)

    def close(self) -> None:
        """Wait for the questions under way."""
        self._workers.shutdown(wait=True, cancel_futures=True)


async def attended(
    following: AsyncGenerator[T, None], is_left: Event, receive: Receive, *, seconds: float
) -> AsyncGenerator[T | None, None]:
    """Yield what `following` yields, None every so many seconds while nothing comes; ReaderLeft
    once the connection is closed. It sets `is_left` however it ends."""
    gone, coming = asyncio.ensure_future(_gone(receive)), None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next(following))
            done, _ = await asyncio.wait(
                {gone, coming}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if gone in done:
                raise ReaderLeft
            if coming not in done:
                yield None
                continue
            step, coming = coming.result(), None
            if step is _END:
                return
            yield cast(T, step)
    finally:
        is_left.set()
        gone.cancel()
        if coming is not None:
            coming.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await coming
        await following.aclose()


async def in_turn(
    places: CapacityLimiter,
    request: Request,
    work: Callable[P, T],
    *given: P.args,
    **named: P.kwargs,
) -> T:
    """Do some work in a thread, in one of so many places; ReaderLeft, and nothing is begun, where
    who asked has left while it waited for one."""
    async with places:
        for _ in range(2):  # the first look may only begin to listen
            if await request.is_disconnected():
                raise ReaderLeft
            await asyncio.sleep(0)
        # a thread of its own: the place is what is scarce, and it is held already
        return await to_thread.run_sync(partial(work, *given, **named), limiter=CapacityLimiter(1))


async def _next(following: AsyncGenerator[T, None]) -> object:
    return await anext(following, _END)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _within(waiting: asyncio.Queue[object], seconds: float, otherwise: object) -> object:
    """Return what comes within so many seconds, or what stands for nothing; None waits on."""
    if otherwise is None:
        return await waiting.get()
    try:
        return await asyncio.wait_for(waiting.get(), seconds)
    except TimeoutError:
        return otherwise


async def _gathered(
    step: T, waiting: asyncio.Queue[object], merged: Callable[[T, T], T], seconds: float
) -> T:
    """Return one step of all that wait, and of one that comes within so many seconds."""
    while seconds or not waiting.empty():
        try:
            later = await asyncio.wait_for(waiting.get(), seconds or None)
        except TimeoutError:
            return step
        if later is _END:
            waiting.put_nowait(_END)  # nothing comes after it
            return step
        step, seconds = merged(step, cast(T, later)), 0.0
    return step


def _pump(steps: Iterable[T], put: Callable[[object], None], is_left: Event) -> None:
    iterator: Iterator[T] = iter(steps)
    try:
        # whoever holds the register holds no question for ever, nor the place that it has
        with watched(is_left.is_set), patient(SEAL_SECONDS), suppress(Gone):
            while not is_left.is_set() and (step := next(iterator, _END)) is not _END:
                put(step)
    finally:
        close = getattr(iterator, "close", None)
        try:
            if close is not None:
                with patient(SEAL_SECONDS):  # what it had open is entered as abandoned
                    close()
        finally:
            put(_END)
