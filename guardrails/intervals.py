# SPDX-License-Identifier: EUPL-1.2
"""Intervals of a share that was counted, and how many must be drawn for a narrow one."""

from __future__ import annotations

from math import ceil, exp, lgamma, log, sqrt

Z = 1.96
"""Of the normal law: 95 % of it lies within so many standard deviations."""


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson's score; no continuity correction).

    >>> [round(bound, 4) for bound in wilson(0, 100)]
    [0.0, 0.037]
    """
    if total == 0:
        return 0.0, 1.0
    z = Z
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


def wanted(population: int, half_width: float) -> int:
    """Return how many of a population to draw so that a share is known to within `half_width`
    (between 0 and 1), 95 times in 100, whatever the share is (Cochran, finite population).

    >>> [wanted(population, 0.1) for population in (20, 100, 500, 1_000_000)]
    [17, 50, 81, 97]
    """
    without_end = Z * Z / (4 * half_width * half_width)
    return ceil(without_end / (1 + (without_end - 1) / population)) if population else 0


def half_width(population: int, drawn: int) -> float:
    """Return to within what a share is known once so many of a population were drawn: `wanted`
    the other way round. 1 where nothing is known.

    >>> [round(half_width(100, drawn), 2) for drawn in (0, 1, 50, 100)]
    [1.0, 0.98, 0.1, 0.0]
    """
    if not 0 < drawn < population:
        return 0.0 if drawn > 0 else 1.0
    return min(1.0, Z * sqrt((population - drawn) / (4 * drawn * (population - 1))))
