# SPDX-License-Identifier: EUPL-1.2
"""A guard for a process that serves others meanwhile: long texts are screened in another one.

    a question ─▶ the guard that is open here
    a letter   ─▶ `ScreeningPool`, which goes when nobody has used it for a while

Patterns and models keep the interpreter to themselves: 60,000 characters stopped every other thread
for two seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from corpus.batches import kept_open
from corpus.prepare import DocumentGuard
from guardrails.findings import Screened

FROM_CHARS = 4_000
"""From here on a text goes to the other process; below, it takes less time than to send it."""

IDLE_SECONDS = 900.0
"""An opened guard is some hundred megabytes: it is not kept for a letter a day."""


class Guarding(Protocol):
    """A guard for texts of people and for whole documents."""

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened: ...

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]: ...


class LongTexts:
    """A guard whose long texts are looked at elsewhere, by the same rules."""

    def __init__(
        self,
        guard: Guarding,
        elsewhere: DocumentGuard,
        *,
        from_chars: int = FROM_CHARS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._guard = guard
        self._elsewhere = elsewhere
        self._from_chars = from_chars
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._under_way = 0
        self._rest: threading.Timer | None = None

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened:
        """Screen one text, or raise GuardrailError."""
        if trust_placeholders or len(text) < self._from_chars:
            return self._guard.screen(text, trust_placeholders=trust_placeholders)
        return self.screen_documents([[text]])[0][0]

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        """Screen documents, or raise GuardrailError."""
        if sum(len(page) for pages in documents for page in pages) < self._from_chars:
            return self._guard.screen_documents(documents, policy=policy)
        with self._busy():
            return self._elsewhere.screen_documents(documents, policy=policy)

    def close(self) -> None:
        """End the other process."""
        with self._lock:
            if self._rest:
                self._rest.cancel()
            kept_open(self._elsewhere).__exit__(None, None, None)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        with self._lock:
            self._under_way += 1
            if self._rest:
                self._rest.cancel()
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                if not self._under_way:
                    self._rest = threading.Timer(self._idle_seconds, self._end)
                    self._rest.daemon = True
                    self._rest.start()

    def _end(self) -> None:
        with self._lock:
            if not self._under_way:
                kept_open(self._elsewhere).__exit__(None, None, None)
