# SPDX-License-Identifier: EUPL-1.2
"""Failed sign-ins cost time: a delay that doubles, up to a quarter of an hour.

    attempt(name, address) ─▶ seconds to wait, 0 to go on      succeeded(name, address)

Counted three ways: this name from this address, this name, this address. A name that does not
exist is counted like any other, so that nothing tells which ones do. An attempt counts before
the password is looked at, so that a hundred at once are not better than one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network

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
            if wait := self._wait(keys, now):
                return wait
            for kind, key in keys.items():
                of = key if kind == "address" else keys["name"]
                self._store.write(
                    "INSERT INTO failures VALUES (?, ?, 1, ?)"
                    " ON CONFLICT (who) DO UPDATE SET count = count + 1, last = excluded.last",
                    *(key, of, now),
                )
        return 0.0

    def waits(self, name: str, address: str) -> float:
        """Return how long to wait before an attempt, in seconds, and count nothing."""
        return self._wait(self._keys(name, address), self._now())

    def _wait(self, keys: dict[str, bytes], now: float) -> float:
        counts = {kind: self._count(key) for kind, key in keys.items()}
        waits = (last + delay(count, FREE[kind]) - now for kind, (count, last) in counts.items())
        return max(0.0, *waits)

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
        """Forget the failures of a name, wherever they came from."""
        self._store.write("DELETE FROM failures WHERE of = ?", self._keys(name, "")["name"])

    def _count(self, key: bytes) -> tuple[int, float]:
        row = self._store.row("SELECT count, last FROM failures WHERE who = ?", key)
        return (row["count"], row["last"]) if row else (0, 0.0)

    def _keys(self, name: str, address: str) -> dict[str, bytes]:
        place = place_of(address)
        told = {"pair": f"{folded(name)}\0{place}", "name": folded(name), "address": place}
        return {
            kind: bytes.fromhex(self._seals.seal(f"failure-{kind}", text))
            for kind, text in told.items()
        }


def place_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the network of an IPv6 one, of which
    one machine may have as many addresses as it likes.

    >>> place_of("2001:db8::1") == place_of("2001:db8::2"), place_of("::ffff:192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))


def delay(count: int, free: int) -> float:
    """Return the wait after so many failures, in seconds.

    >>> delay(4, 5), delay(5, 5), delay(7, 5), delay(500, 5)
    (0.0, 5.0, 20.0, 900.0)
    """
    if count < free:
        return 0.0
    return min(FIRST_DELAY_SECONDS * 2.0 ** min(count - free, 30), MAX_DELAY_SECONDS)
