# SPDX-License-Identifier: EUPL-1.2
"""One question is worked on in one thread, whoever is looking.

    worker: assistant.steps ─▶ queue ─▶ reader: the screen

Gradio takes each step of a generator in whatever thread is free, and may never
come back for the next one when the reader left. The pipeline holds a lock and
an open entry of the register between its steps, so it must not depend on that:
here it always goes on to its end, or is closed at the step that follows.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import TypeVar, cast

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
        done = self._workers.submit(_pump, steps, waiting, is_left)
        try:
            while (step := waiting.get()) is not _END:
                yield cast(T, step)
            done.result()  # raises here what was raised there
        finally:
            is_left.set()

    def close(self) -> None:
        """Wait for the questions under way."""
        self._workers.shutdown(wait=True, cancel_futures=True)


def _pump(steps: Iterable[T], waiting: SimpleQueue[object], is_left: Event) -> None:
    iterator: Iterator[T] = iter(steps)
    try:
        for step in iterator:
            waiting.put(step)
            if is_left.is_set():
                break
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
        waiting.put(_END)
