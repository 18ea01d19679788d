# SPDX-License-Identifier: EUPL-1.2
"""One question is worked on in one thread, whoever is looking.

    worker: assistant.steps ─▶ queue ─▶ reader: the screen (run), a program (follow)

Gradio takes each step of a generator in whatever thread is free, and may never
come back for the next one when the reader left. The pipeline holds a lock and
an open entry of the register between its steps, so it must not depend on that:
here it always goes on to its end, or is closed at the step that follows; a
model that is at work for somebody who left stops before (`assistant/leaving.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Event
from typing import TypeVar, cast

from assistant.leaving import Gone, watched

T = TypeVar("T")

_END = object()


class Relay:
    """Runs iterators in threads of its own, `workers` at a time."""

    def __init__(self, workers: int) -> None:
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="greffier-question")

    def run(self, steps: Iterable[T]) -> Generator[T, None, None]:
        """Yield what `steps` yields; closing this closes `steps` after its current step."""
        waiting: SimpleQueue[object] = SimpleQueue()
        is_left = Event()
        done = self._workers.submit(_pump, steps, waiting.put, is_left)
        try:
            while (step := waiting.get()) is not _END:
                yield cast(T, step)
            done.result()  # raises here what was raised there
        finally:
            is_left.set()

    async def follow(self, steps: Iterable[T], is_left: Event) -> AsyncGenerator[T, None]:
        """The same in an event loop; who sets `is_left` need not wait for the current step."""
        loop, waiting = asyncio.get_running_loop(), asyncio.Queue[object]()

        def put(step: object) -> None:
            loop.call_soon_threadsafe(waiting.put_nowait, step)

        done = self._workers.submit(_pump, steps, put, is_left)
        try:
            while (step := await waiting.get()) is not _END:
                yield cast(T, step)
            await asyncio.wrap_future(done)
        finally:
            is_left.set()

    def close(self) -> None:
        """Wait for the questions under way."""
        self._workers.shutdown(wait=True, cancel_futures=True)


def _pump(steps: Iterable[T], put: Callable[[object], None], is_left: Event) -> None:
    iterator: Iterator[T] = iter(steps)
    try:
        with watched(is_left.is_set), suppress(Gone):
            while not is_left.is_set() and (step := next(iterator, _END)) is not _END:
                put(step)
    finally:
        close = getattr(iterator, "close", None)
        try:
            if close is not None:
                close()
        finally:
            put(_END)
