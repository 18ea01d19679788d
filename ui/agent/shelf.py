# SPDX-License-Identifier: EUPL-1.2
"""Answers just shown, in memory only: to be exported and judged by who was shown them.

    shelf.put(who, view) ─▶ shelf.get(who, record) ─▶ view, for a few hours or until it is full

Nobody gets another person's answer, even with its number.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

KEPT_SECONDS = 4 * 3600
MAX_KEPT = 1_000


class Shown(Protocol):
    """What was shown: an answer, a comparison."""

    @property
    def record(self) -> str: ...


T = TypeVar("T", bound=Shown)


@dataclass(slots=True)
class _Kept(Generic[T]):
    who: str
    view: T
    until: float
    judged: int = 0


class Shelf(Generic[T]):
    """What all people were shown, each under the number of its exchange."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, seconds: float = KEPT_SECONDS
    ) -> None:
        self._clock, self._seconds = clock, seconds
        self._kept: OrderedDict[str, _Kept[T]] = OrderedDict()
        self._lock = Lock()

    def put(self, who: str, view: T) -> None:
        """Keep what was just shown to somebody; without a number there is nothing to keep."""
        if not view.record:
            return
        with self._lock:
            self._kept[view.record] = _Kept(who, view, self._clock() + self._seconds)
            while len(self._kept) > MAX_KEPT or self._is_old(next(iter(self._kept.values()))):
                self._kept.popitem(last=False)

    def get(self, who: str, record: str) -> T | None:
        """Return what was shown to this person under this number."""
        with self._lock:
            kept = self._mine(who, record)
            return kept.view if kept else None

    def drop(self, who: str, records: Iterable[str]) -> None:
        """Forget what this person was shown under these numbers."""
        with self._lock:
            for record in records:
                if self._mine(who, record):
                    del self._kept[record]

    def judge(self, who: str, record: str, *, again: bool = False) -> bool:
        """Note that this person judged the answer, or said more of it, once; False if they have
        before, never saw it, or have nothing yet to say more of."""
        with self._lock:
            kept = self._mine(who, record)
            if kept is None or kept.judged != int(again):
                return False
            kept.judged += 1
            return True

    def unjudge(self, who: str, record: str) -> None:
        """Take the note back: what they thought could not be entered."""
        with self._lock:
            if kept := self._mine(who, record):
                kept.judged -= 1

    def _mine(self, who: str, record: str) -> _Kept[T] | None:
        kept = self._kept.get(record)
        return kept if kept and kept.who == who and not self._is_old(kept) else None

    def _is_old(self, kept: _Kept[T]) -> bool:
        return kept.until < self._clock()
