# SPDX-License-Identifier: EUPL-1.2
"""Intervals of a share that was counted: what a benchmark states beside it."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson's score; no continuity correction).

    >>> [round(bound, 4) for bound in wilson(0, 100)]
    [0.0, 0.037]
    """
    if total == 0:
        return 0.0, 1.0
    z = 1.96
    share = hits / total
    middle = share + z * z / (2 * total)
    reach = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def clopper_pearson(hits: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share.

    >>> [round(bound, 4) for bound in clopper_pearson(0, 100)]
    [0.0, 0.0362]
    """
    tail = (1 - level) / 2

    def at_most(k: int, share: float) -> float:
        if share <= 0.0 or share >= 1.0:
            return float(share <= 0.0 or k >= total)
        ways = (lgamma(total + 1) - lgamma(i + 1) - lgamma(total - i + 1) for i in range(k + 1))
        return sum(
            exp(way + i * log(share) + (total - i) * log(1 - share)) for i, way in enumerate(ways)
        )

    def solved(k: int, wanted: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if at_most(k, middle) > wanted else (low, middle)
        return (low + high) / 2

    low = 0.0 if hits == 0 else solved(hits - 1, 1 - tail)
    high = 1.0 if hits == total else solved(hits, tail)
    return low, high
