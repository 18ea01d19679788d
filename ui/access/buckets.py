# SPDX-License-Identifier: EUPL-1.2
"""How fast one person may ask: a bucket of tokens that fills by the minute.

take(who) ─▶ 0.0 to go on, else seconds until the next token
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

MAX_KNOWN = 10_000


class Buckets:
    """One bucket a person, full at first; the least used are forgotten. `size`: how many tokens
    it holds, a minute's where nothing is said."""

    def __init__(
        self, per_minute: float, now: Callable[[], float], *, size: float | None = None
    ) -> None:
        self._size = per_minute if size is None else size
        self._per_second = per_minute / 60.0
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._turn = Lock()

    def take(self, who: str) -> float:
        """Take a token; return how long to wait if there is none, in seconds."""
        with self._turn:
            return self._taken(who)

    def _taken(self, who: str) -> float:
        now = self._now()
        left, since = self._left.get(who, (self._size, now))
        left = min(self._size, left + (now - since) * self._per_second)
        wait = 0.0 if left >= 1.0 else (1.0 - left) / self._per_second
        self._left[who] = (left if wait else left - 1.0, now)
        self._left.move_to_end(who)
        if len(self._left) > MAX_KNOWN:
            self._left.popitem(last=False)
        return wait
