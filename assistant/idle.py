# SPDX-License-Identifier: EUPL-1.2
"""Work of the running service that nobody waits for: looked for now and then, in its own thread.

    every so many seconds, or woken ─look▶ what is to be done now, a little at a time ─▶ next time

What is looked for says itself whether it may go on: it asks `is_over`, and whether somebody waits.
What breaks is counted in the log, never quoted; the service goes on, and it is tried again.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from assistant.errors import AssistantError
from corpus.errors import CorpusError
from guardrails.errors import GuardrailError

logger = logging.getLogger(__name__)

BREAKS = (
    AssistantError, CorpusError, GuardrailError, sqlite3.Error, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What work may raise without ending its thread."""


class Idle:
    """Calls `look` every so many seconds while a block runs, and at once when it is woken."""

    def __init__(self, name: str, look: Callable[[], object], *, seconds: float) -> None:
        self._name, self._look, self._seconds = name, look, seconds
        self._wake, self._is_over = Event(), Event()

    @property
    def is_over(self) -> bool:
        """Whether nobody wants the work any more."""
        return self._is_over.is_set()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look beside this block; at its end, what is under way is left by itself."""
        thread = Thread(target=self._run, name=f"greffier-{self._name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            self._wake.set()
            thread.join()

    def _run(self) -> None:
        while True:
            self._wake.wait(self._seconds)
            self._wake.clear()
            if self.is_over:
                return
            try:
                self._look()
            except BREAKS as error:
                logger.warning("%s: nothing more this time: %s", self._name, type(error).__name__)
