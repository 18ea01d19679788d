# SPDX-License-Identifier: EUPL-1.2
"""How much one place, or one person, may ask: how fast, and how much at once.

    Buckets.take(who) ─▶ 0.0 to go on, else seconds until the next token; it fills by the minute
    fits(busy, who, …) ─▶ whether one more may be under way

`who` is `{name: times}`: a session, or a visit's places, the networks around an address with more
times the allowance (visit.py).
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Collection
from threading import Lock

from ui.access.visit import Places

MAX_KNOWN = 10_000


class Buckets:
    """One bucket a name, full at first; the least used are forgotten. `size`: how many tokens it
    holds, a minute's where nothing is said; `most_times`: what a network has at most, so that some
    of what all have together is left."""

    def __init__(
        self,
        per_minute: float,
        now: Callable[[], float],
        *,
        size: float | None = None,
        most_times: float = math.inf,
    ) -> None:
        self._most_times = most_times
        self._size = per_minute if size is None else size
        self._per_second = per_minute / 60.0
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._turn = Lock()

    def take(self, who: Places) -> float:
        """Take a token of each bucket; return how long to wait if one has none, in seconds."""
        with self._turn:
            now, most = self._now(), self._most_times
            each = {name: min(times, most) for name, times in (who or {"": 1}).items()}
            left = {name: self._in(name, times, now) for name, times in each.items()}
            wait = max(self._until(left[name], times) for name, times in each.items())
            for name, tokens in left.items():
                self._left[name] = (tokens if wait else tokens - 1.0, now)
                self._left.move_to_end(name)
            while len(self._left) > MAX_KNOWN:
                self._left.popitem(last=False)
            return wait

    def _in(self, name: str, times: float, now: float) -> float:
        left, since = self._left.get(name, (self._size * times, now))
        return min(self._size * times, left + (now - since) * self._per_second * times)

    def _until(self, left: float, times: float) -> float:
        return 0.0 if left >= 1.0 else (1.0 - left) / (self._per_second * times)


def fits(busy: Collection[Places], places: Places, *, of_one: int, of_all: int) -> bool:
    """Whether one more may be under way beside those of `busy`: of a place so many, in the networks
    around it more, which leave one to somebody else.

    >>> fits([], {"a": 1}, of_one=1, of_all=2), fits([{"a": 1}], {"a": 1}, of_one=1, of_all=2)
    (True, False)
    >>> fits([{"a": 1, "net": 8}], {"b": 1, "net": 8}, of_one=1, of_all=2)
    False
    """
    return len(busy) < of_all and all(
        sum(name in other for other in busy) < min(of_one * times, max(of_one, of_all - 1))
        for name, times in places.items()
    )
