# SPDX-License-Identifier: EUPL-1.2
"""Optimal assignment over sparse scores (Kuhn's Hungarian method, part by part).

    {(i, j): score} ─connected parts─▶ a dense matrix each ─shortest augmenting paths─▶ {i: j}

What nobody scored is never assigned; a pair is left out where two others are worth more. A part
too large for the exact method is assigned greedily, best first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

MOST_EXACT = 350
"""Rows of a part up to which the exact method takes well under a second."""

Pair = tuple[int, int]


def assign(scores: Mapping[Pair, float]) -> dict[int, int]:
    """Return which column each row takes, so that the sum of scores is the greatest.

    >>> assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}) == {0: 1, 1: 0}
    True
    """
    found: dict[int, int] = {}
    for part in _parts({pair: score for pair, score in scores.items() if score > 0}):
        rows, columns = sorted({i for i, _ in part}), sorted({j for _, j in part})
        if len(rows) == 1 or len(columns) == 1:
            i, j = max(part, key=lambda pair: (part[pair], -pair[0], -pair[1]))
            found[i] = j
        elif max(len(rows), len(columns)) > MOST_EXACT:
            found |= _greedy(part)
        else:
            found |= _exact(part, rows, columns)
    return found


def _parts(scores: Mapping[Pair, float]) -> Iterator[dict[Pair, float]]:
    """Yield the connected parts of the graph that the scored pairs make."""
    of_row, of_column = defaultdict[int, list[Pair]](list), defaultdict[int, list[Pair]](list)
    for pair in scores:
        of_row[pair[0]].append(pair)
        of_column[pair[1]].append(pair)
    seen: set[Pair] = set()
    for first in scores:
        if first in seen:
            continue
        part, waiting = dict[Pair, float](), [first]
        seen.add(first)
        while waiting:
            pair = waiting.pop()
            part[pair] = scores[pair]
            for other in (*of_row.pop(pair[0], ()), *of_column.pop(pair[1], ())):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        yield part


def _greedy(part: Mapping[Pair, float]) -> dict[int, int]:
    found, taken = dict[int, int](), set[int]()
    for i, j in sorted(part, key=lambda pair: (-part[pair], pair)):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _exact(part: Mapping[Pair, float], rows: list[int], columns: list[int]) -> dict[int, int]:
    size = len(rows)
    row_of = {row: place for place, row in enumerate(rows)}
    column_of = {column: place for place, column in enumerate(columns)}
    # One column more for each row: to stay alone costs what the best score gives.
    costs = np.full((size, len(columns) + size), 1.0)
    costs[:, : len(columns)] = 2.0
    for (i, j), score in part.items():
        costs[row_of[i], column_of[j]] = 1.0 - score
    taken = _least(costs)
    return {
        rows[place]: columns[column]
        for place, column in enumerate(taken)
        if column < len(columns) and (rows[place], columns[column]) in part
    }


def _least(costs: NDArray[np.float64]) -> list[int]:
    """Return the column of each row with the least sum; there are at least as many columns."""
    rows, columns = costs.shape
    of_row, of_column = np.zeros(rows), np.zeros(columns + 1)  # potentials
    row_at = np.full(columns + 1, -1)  # the last column stands for the row that looks for one
    for row in range(rows):
        at, row_at[columns] = columns, row
        least = np.full(columns, np.inf)
        came_from = np.full(columns, columns)
        is_used = np.zeros(columns + 1, bool)
        while row_at[at] >= 0:
            is_used[at] = True
            here = row_at[at]
            free = ~is_used[:columns]
            reduced = costs[here] - of_row[here] - of_column[:columns]
            is_nearer = free & (reduced < least)
            least[is_nearer], came_from[is_nearer] = reduced[is_nearer], at
            next_ = int(np.argmin(np.where(free, least, np.inf)))
            step = least[next_]
            of_row[row_at[is_used]] += step
            of_column[is_used] -= step
            least[free] -= step
            at = next_
        while at != columns:
            row_at[at] = row_at[came_from[at]]
            at = int(came_from[at])
    taken = [0] * rows
    for column in range(columns):
        if row_at[column] >= 0:
            taken[int(row_at[column])] = column
    return taken
