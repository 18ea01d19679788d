# SPDX-License-Identifier: EUPL-1.2
"""Failed sign-ins cost time: a delay that doubles, up to a quarter of an hour.

    attempt(name, address) ─▶ seconds to wait, 0 to go on      succeeded(name, address)

Counted three ways: this name from this address, this name, this address. A name that does not
exist is counted like any other, so that nothing tells which ones do. An attempt counts before
the password is looked at, so that a hundred at once are not better than one after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from ui.access.accounts import folded
from ui.access.seals import Seals
from ui.access.store import Store

FREE = {"pair": 5, "name": 20, "address": 30}
"""Attempts before the first delay: somebody elsewhere must not easily shut a person out."""

FIRST_DELAY_SECONDS = 5.0
MAX_DELAY_SECONDS = 900.0
FORGOTTEN_SECONDS = 24 * 3600.0


class Throttle:
    """The failures of a data folder, under digests: the file names nobody."""

    def __init__(self, store: Store, seals: Seals, now: Callable[[], float]) -> None:
        self._store = store
        self._seals = seals
        self._now = now

    def attempt(self, name: str, address: str) -> float:
        """Count an attempt; return how long to wait instead, in seconds."""
        keys, now = self._keys(name, address), self._now()
        with self._store.at_once():
            self._store.write("DELETE FROM failures WHERE last < ?", now - FORGOTTEN_SECONDS)
            counts = {kind: self._count(key) for kind, key in keys.items()}
            wait = max(
                last + delay(count, FREE[kind]) - now for kind, (count, last) in counts.items()
            )
            if wait > 0:
                return wait
            for key in keys.values():
                self._store.write(
                    "INSERT INTO failures VALUES (?, 1, ?)"
                    " ON CONFLICT (who) DO UPDATE SET count = count + 1, last = excluded.last",
                    *(key, now),
                )
        return 0.0

    def locks(self, name: str, address: str) -> bool:
        """Whether the attempt that just failed is one after which there is a delay."""
        keys = self._keys(name, address)
        return any(self._count(key)[0] >= FREE[kind] for kind, key in keys.items())

    def succeeded(self, name: str, address: str) -> None:
        """Forget what was counted against a person; of the address, only this attempt."""
        keys = self._keys(name, address)
        with self._store.at_once():
            for kind in ("pair", "name"):
                self._store.write("DELETE FROM failures WHERE who = ?", keys[kind])
            self._store.write(
                "UPDATE failures SET count = count - 1 WHERE who = ?", keys["address"]
            )

    def forgive(self, name: str) -> None:
        """Forget the failures of a name, from everywhere that is not itself delayed."""
        self._store.write("DELETE FROM failures WHERE who = ?", self._keys(name, "")["name"])

    def _count(self, key: bytes) -> tuple[int, float]:
        row = self._store.row("SELECT count, last FROM failures WHERE who = ?", key)
        return (row["count"], row["last"]) if row else (0, 0.0)

    def _keys(self, name: str, address: str) -> dict[str, bytes]:
        told = {"pair": f"{folded(name)}\0{address}", "name": folded(name), "address": address}
        return {
            kind: bytes.fromhex(self._seals.seal(f"failure-{kind}", text))
            for kind, text in told.items()
        }


def delay(count: int, free: int) -> float:
    """Return the wait after so many failures, in seconds.

    >>> delay(4, 5), delay(5, 5), delay(7, 5), delay(500, 5)
    (0.0, 5.0, 20.0, 900.0)
    """
    if count < free:
        return 0.0
    return min(FIRST_DELAY_SECONDS * 2.0 ** min(count - free, 30), MAX_DELAY_SECONDS)
