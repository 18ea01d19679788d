# SPDX-License-Identifier: EUPL-1.2
"""How the assistant is used, week by week and collection by collection; no person, no small count.

    Entry… ─used▶ (key, Counts)… ─kept_small▶ rows in which what few people did cannot be read

Who asks little in a small town is known: a count from 1 to 4 is not told, nor another one by which
it could be reckoned from the sum of its row or of its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from assistant.evaluation_kept import asked_by_people
from guardrails.register.records import Entry, Kind
from guardrails.register.selection import text

FEW = 5
"""Counts below it are not told."""

PARTS = ("answered", "led", "refused", "other")
"""How a question ends; `led`: refused, with lines to read. `other`: given up or interrupted."""

K = TypeVar("K")
Row = tuple[int | None, ...]
"""What is told of `asked`, then of each part; None: not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is told of each week (its Monday, the newest first) and of each collection."""

    weeks: tuple[tuple[date, Row], ...]
    collections: tuple[tuple[str, Row], ...]


def used(entries: Iterable[Entry]) -> Use:
    """Count the questions of people; the collection is that of the first source shown."""
    weeks, collections = dict[date, list[int]](), dict[str, list[int]]()
    asked = dict[str, tuple[date, str]]()
    for entry in asked_by_people(entries):
        if entry.erased:
            continue
        if entry.kind is Kind.INTENT:
            day = entry.at.astimezone().date()
            asked[entry.exchange] = day - timedelta(days=day.weekday()), _collection(entry)
        elif entry.kind is Kind.OUTCOME and entry.exchange in asked:
            week, collection = asked.pop(entry.exchange)
            place = PARTS.index(_end(entry))
            weeks.setdefault(week, [0] * len(PARTS))[place] += 1
            if collection:
                collections.setdefault(collection, [0] * len(PARTS))[place] += 1
    return Use(
        weeks=_told(dict(sorted(weeks.items(), reverse=True))),
        collections=_told(dict(sorted(collections.items(), key=lambda one: -sum(one[1])))),
    )


def _collection(entry: Entry) -> str:
    passages = entry.payload.get("passages")
    first = passages[0] if isinstance(passages, Sequence) and passages else None
    return text(first, "collection") if isinstance(first, Mapping) else ""


def _end(entry: Entry) -> str:
    status = text(entry.payload, "status")
    if status == "refusal":
        return "led" if entry.payload.get("leads") else "refused"
    return "answered" if status == "answer" else "other"


def _told(counted: Mapping[K, Sequence[int]]) -> tuple[tuple[K, Row], ...]:
    rows = kept_small([[sum(row), *row] for row in counted.values()])
    return tuple(zip(counted, rows, strict=True))


def kept_small(rows: Sequence[Sequence[int]]) -> list[Row]:
    """Return the rows (a sum, then its parts) without what few did, and without a second one in
    each row and each column where a single one would follow from the sum.

    >>> kept_small([[40, 20, 17, 3]])
    [(40, 20, None, None)]
    >>> kept_small([[4, 4, 0, 0]])
    [(None, None, None, None)]
    """
    shut = [[0 < count < FEW for count in row] for row in rows]
    for place, row in enumerate(rows):
        if shut[place][0]:
            shut[place] = [True] * len(row)
    lines = [[(r, c) for c in range(1, len(row))] for r, row in enumerate(rows)]
    lines += [[(r, c) for r in range(len(rows))] for c in range(len(rows[0]) if rows else 0)]
    is_stable = False
    while not is_stable:
        is_stable = True
        for line in lines:
            if sum(shut[r][c] for r, c in line) != 1:
                continue
            left = [(rows[r][c], r, c) for r, c in line if not shut[r][c]]
            if left:
                _, r, c = min(left, key=lambda one: (not one[0], one))  # the smallest, zeros last
                shut[r][c] = True
                is_stable = False
    return [
        tuple(None if is_shut else count for count, is_shut in zip(row, line, strict=True))
        for row, line in zip(rows, shut, strict=True)
    ]
