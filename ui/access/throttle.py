# SPDX-License-Identifier: EUPL-1.2
"""Failed sign-ins cost time: a delay that doubles, up to a quarter of an hour, and wears off.

    attempt(name, places, device) ─▶ seconds to wait, 0 to go on      succeeded(name, …)

Counted three ways: this name from this place, this name, this place; or, from a browser that this
account knows (devices.py), by that browser alone, so that nobody elsewhere delays it. Each count
leaks: a mistake a day adds up to nothing. A place is shared by a whole town hall: it waits half a
minute at most. The networks around a place are counted like it, with more free (visit.py). A name
that does not exist is counted like any other, so that nothing tells which ones do. An attempt
counts before the password is looked at, so that a hundred at once are not better than one after
the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.access.accounts import folded
from ui.access.seals import Seals
from ui.access.store import Store
from ui.access.visit import Places


@dataclass(frozen=True, slots=True)
class Limit:
    """`free`: attempts before the first delay; `most`: the longest delay; `leak`: how long until
    one attempt is forgotten; all in seconds but the first."""

    free: int
    most: float
    leak: float

    def times(self, more: int) -> Limit:
        """Return the limit of a network that has so many times the allowance."""
        return Limit(self.free * more, self.most, self.leak / more)


@dataclass(frozen=True, slots=True)
class Counted:
    """One count that an attempt adds to; `key` names it in the file."""

    kind: str
    key: bytes
    limit: Limit


FIRST_DELAY_SECONDS = 5.0
LIMITS = {
    "pair": Limit(5, 900.0, 1800.0),
    "name": Limit(20, 900.0, 1800.0),
    "address": Limit(30, 30.0, 600.0),
    "device": Limit(5, 900.0, 1800.0),
}
"""Somebody elsewhere must not easily shut a person out: hence the free ones of a name."""

FORGOTTEN_SECONDS = 7 * 24 * 3600.0
"""After so long without a failure nothing is left of any count."""


class Throttle:
    """The failures of a data folder, under digests: the file names nobody."""

    def __init__(self, store: Store, seals: Seals, now: Callable[[], float]) -> None:
        self._store = store
        self._seals = seals
        self._now = now

    def attempt(self, name: str, places: Places, device: str = "") -> float:
        """Count an attempt; return how long to wait instead, in seconds."""
        counts, now = self._counts(name, places, device), self._now()
        of = self._key("name", folded(name))
        with self._store.at_once():
            self._store.write("DELETE FROM failures WHERE last < ?", now - FORGOTTEN_SECONDS)
            if wait := self._wait(counts, now):
                return wait
            for one in counts:
                level = self._level(one, now)[0] + 1.0
                self._store.write(
                    "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
                    *(one.key, one.key if one.kind == "address" else of, level, now),
                )
        return 0.0

    def locks(self, name: str, places: Places, device: str = "") -> bool:
        """Whether the attempt that just failed is one after which there is a delay."""
        now = self._now()
        return any(
            delay(self._level(one, now)[0], one.limit) > 0.0
            for one in self._counts(name, places, device)
        )

    def succeeded(self, name: str, places: Places, device: str = "") -> None:
        """Forget what was counted against a person; of the address, only this attempt. What
        others try elsewhere is not forgiven by somebody whom a known browser lets in."""
        with self._store.at_once():
            for one in self._counts(name, places, device):
                if one.kind == "address":
                    self._store.write(
                        "UPDATE failures SET level = max(0.0, level - 1.0) WHERE who = ?", one.key
                    )
                else:
                    self._store.write("DELETE FROM failures WHERE who = ?", one.key)

    def forgive(self, name: str) -> None:
        """Forget the failures of a name, wherever they came from."""
        self._store.write("DELETE FROM failures WHERE of = ?", self._key("name", folded(name)))

    def _wait(self, counts: Sequence[Counted], now: float) -> float:
        waits = [0.0]
        for one in counts:
            level, since = self._level(one, now)
            waits.append(delay(level, one.limit) - since)
        return max(waits)

    def _level(self, one: Counted, now: float) -> tuple[float, float]:
        """Return what is left of a count, and how long ago it was added to."""
        row = self._store.row("SELECT level, last FROM failures WHERE who = ?", one.key)
        if row is None:
            return 0.0, math.inf
        if now < row["last"]:  # the clock was ahead: nobody waits for it to come round again
            return row["level"], math.inf
        since = now - row["last"]
        return max(0.0, row["level"] - since / one.limit.leak), since

    def _counts(self, name: str, places: Places, device: str = "") -> list[Counted]:
        who = folded(name)
        if device:
            counted = [("device", f"{who}\0{device}", 1)]
        else:
            counted = [("name", who, 1)]
            for place, times in places.items():
                counted += [("pair", f"{who}\0{place}", times), ("address", place, times)]
        return [
            Counted(kind, self._key(kind, text), LIMITS[kind].times(times))
            for kind, text, times in counted
        ]

    def _key(self, kind: str, text: str) -> bytes:
        return bytes.fromhex(self._seals.seal(f"failure-{kind}", text))


def delay(level: float, limit: Limit) -> float:
    """Return the wait after so many failures, in seconds.

    >>> [delay(level, Limit(5, 900.0, 1800.0)) for level in (4, 5, 5.9, 7, 500)]
    [0.0, 5.0, 10.0, 20.0, 900.0]
    """
    count = math.ceil(level - 0.01)  # what leaked in a few seconds of waiting is nothing
    if count < limit.free:
        return 0.0
    return min(FIRST_DELAY_SECONDS * 2.0 ** min(count - limit.free, 30), limit.most)
