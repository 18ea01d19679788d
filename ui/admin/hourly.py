# SPDX-License-Identifier: EUPL-1.2
"""What is told of the whole register, kept for an hour: a page that is opened again reads nothing.

hourly(by) ─older than an hour?▶ read(by), entered ─▶ kept │ what is kept
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT_FOR = timedelta(hours=1)


class Hourly(Generic[T]):
    """Gives what `read` told within this hour; `read` is given the pseudonym of who looks. What it
    raises is raised, and nothing is kept of it."""

    def __init__(self, read: Callable[[str], T], now: Callable[[], datetime]) -> None:
        self._read, self._now = read, now
        self._turn = threading.Lock()
        self._known: tuple[datetime, T] | None = None

    def __call__(self, by: str) -> T:
        with self._turn:
            now = self._now()
            if self._known is None or now - self._known[0] > KEPT_FOR:
                self._known = now, self._read(by)
            return self._known[1]
