# SPDX-License-Identifier: EUPL-1.2
"""Documents that say nearly the same: MinHash over groups of five words.

    text ─▶ groups of five words ─▶ 64 least hashes ─▶ bands ─▶ pairs to compare ─▶ pairs

Two texts share a least hash as often as they share groups of words (Jaccard). Bands find
pairs without comparing all of them; those found are then compared on all their hashes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from corpus.french import WORD, fold

GROUP_WORDS = 5
HASHES = 64
BANDS = 16
NEAR = 0.8
MOST_IN_BAND = 50
"""A band that more documents share is a common letterhead: it proves nothing."""

PRIME = np.uint64((1 << 31) - 1)
_DRAWN = np.random.default_rng(2024)
_A = _DRAWN.integers(1, int(PRIME), HASHES, dtype=np.uint64)
_B = _DRAWN.integers(0, int(PRIME), HASHES, dtype=np.uint64)

Sketch = NDArray[np.uint64]


def sketch(text: str) -> Sketch | None:
    """Return the least hashes of a text, or nothing if it is too short to compare."""
    words = WORD.findall(fold(text))
    groups = {" ".join(words[i : i + GROUP_WORDS]) for i in range(len(words) - GROUP_WORDS + 1)}
    if not groups:
        return None
    digests = (hashlib.blake2b(group.encode(), digest_size=4).digest() for group in groups)
    hashes = np.fromiter((int.from_bytes(d, "big") for d in digests), np.uint64, len(groups))
    least = np.full(HASHES, PRIME, np.uint64)
    for start in range(0, len(hashes), 4_096):
        some = hashes[start : start + 4_096, None] % PRIME
        least = np.minimum(least, ((some * _A + _B) % PRIME).min(axis=0))
    return least


def near_pairs(sketches: Mapping[str, Sketch]) -> Iterator[tuple[str, str, float]]:
    """Yield pairs of names whose texts are alike, and how much (0 to 1)."""
    rows = HASHES // BANDS
    seen: set[tuple[str, str]] = set()
    for band in range(BANDS):
        same: dict[bytes, list[str]] = defaultdict(list)
        for name, least in sketches.items():
            same[least[band * rows : (band + 1) * rows].tobytes()].append(name)
        for names in same.values():
            if len(names) <= MOST_IN_BAND:
                seen |= set(combinations(sorted(names), 2))
    for a, b in sorted(seen):
        likeness = float((sketches[a] == sketches[b]).mean())
        if likeness >= NEAR:
            yield a, b, round(likeness, 2)
