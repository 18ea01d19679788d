# SPDX-License-Identifier: EUPL-1.2
"""What takes long to make for whoever asks: kept while it holds, and made for few at a time.

made.find(key, make, places) ─▶ what was made since the corpus changed last
                              │ None: this place, or enough others, have one made right now
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from ui.access.buckets import fits
from ui.access.visit import Places

T = TypeVar("T")

MOST_KEPT = 256
AT_ONCE = 2


class Made(Generic[T]):
    """Safe to share between threads. `generation` tells by another value that nothing holds any
    more."""

    def __init__(self, generation: Callable[[], Hashable], *, most: int = MOST_KEPT) -> None:
        self._generation, self._most = generation, most
        self._of: Hashable = None
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._making: list[Places] = []
        self._lock = Lock()

    def find(self, key: Hashable, make: Callable[[], T], places: Places) -> T | None:
        """Return what is kept under a key, or make it: one at a time for a place, two in all, so
        that who asks for everything leaves the processor to the others."""
        now = self._generation()
        with self._lock:
            if now != self._of:
                self._kept.clear()
                self._of = now
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if not fits(self._making, places, of_one=1, of_all=AT_ONCE):
                return None
            self._making.append(places)
        try:
            made = make()
        finally:
            with self._lock:
                self._making.remove(places)
        with self._lock:
            if self._of == now:
                self._kept[key] = made
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return made
