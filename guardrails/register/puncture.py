# SPDX-License-Identifier: EUPL-1.2
"""One key for each payload from one seed, and the means to forget some of them for good.

    seed ─┬─0─┬─0─▶ key 0          forget(1): drop the seed and every node above
          │   └─1─▶ key 1  ✗       key 1; keep the siblings on the way, from
          └─1─┬─0─▶ key 2          which all other keys still come
              └─1─▶ key 3

A puncturable pseudo-random function (Goldreich, Goldwasser, Micali) with HMAC-SHA-256:
nothing is written when a key is used, so an append costs one disk sync, not two,
and no crash can come between a payload and its key. A key whose ancestors are all
gone can be computed by nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

DEPTH = 40  # 10**12 keys
KEY_BYTES = 32
CACHE_LEVEL = 10  # 1,024 neighbours share one remembered ancestor


class KeyForgotten(LookupError):
    """This key was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seed:
    """What all keys from `start` to `start + 2**level` come from."""

    start: int
    level: int
    secret: bytes

    @property
    def stop(self) -> int:
        """The first key that does not come from this seed."""
        return self.start + (1 << self.level)

    def child(self, side: int) -> Seed:
        """Return the left (0) or right (1) half."""
        level = self.level - 1
        secret = hmac.digest(self.secret, bytes([side]), "sha256")
        return Seed(start=self.start + (side << level), level=level, secret=secret)

    def towards(self, number: int, level: int) -> Seed:
        """Walk down to the seed of that level from which `number` comes."""
        seed = self
        while seed.level > level:
            seed = seed.child(number >> (seed.level - 1) & 1)
        return seed


class SeedTree:
    """The seeds that are left, sorted; a key comes from exactly one of them or from none."""

    def __init__(self, seeds: Iterable[Seed]) -> None:
        self.seeds = tuple(sorted(seeds))
        self._near: Seed | None = None

    @classmethod
    def planted(cls, secret: bytes) -> SeedTree:
        """Start with one seed for all keys."""
        return cls([Seed(start=0, level=DEPTH, secret=secret)])

    def key(self, number: int) -> bytes:
        """Return a key of 32 bytes; KeyForgotten if it was destroyed."""
        near = self._near
        if near is None or not near.start <= number < near.stop:
            seed = self._seed_of(number)
            near = seed.towards(number, min(CACHE_LEVEL, seed.level))
            self._near = near
        return near.towards(number, 0).secret

    def forget(self, start: int, stop: int) -> SeedTree:
        """Return a tree from which keys start to stop (exclusive) cannot be computed."""
        kept: list[Seed] = []
        waiting = list(self.seeds)
        while waiting:
            seed = waiting.pop()
            if seed.stop <= start or stop <= seed.start:
                kept.append(seed)
            elif not (start <= seed.start and seed.stop <= stop):
                waiting += [seed.child(0), seed.child(1)]
        return SeedTree(kept)

    def _seed_of(self, number: int) -> Seed:
        low, high = 0, len(self.seeds)
        while low < high:
            middle = (low + high) // 2
            if self.seeds[middle].stop <= number:
                low = middle + 1
            else:
                high = middle
        if low == len(self.seeds) or self.seeds[low].start > number:
            raise KeyForgotten(f"key {number} was destroyed")
        return self.seeds[low]
