# SPDX-License-Identifier: EUPL-1.2
"""How far the machine's clock is believed, where something is destroyed on its word.

    rows of the last days on which anything was written ─▶ believed(reader, now) ≤ now

A clock that is ahead for a minute makes every payload look outlived at once. It is believed as
far as some days past the entries of three days that agree: each after the one before, as they were
written, and within a step of it. One wrong day, two around a midnight, three of which each says
something else or between which the right one stands move nothing. Three days that agree are
believed, as is a person who confirms.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from guardrails.register.leaves import moment_of
from guardrails.register.store import StoreReader, length

AGREEING_DAYS = 3
STEP = timedelta(days=7)  # a week in which nobody asks is ordinary
PAGE_ROWS = 500
MAX_ROWS = 100_000
"""Entries looked back through for days that agree; without any, the earliest of them counts."""


def believed(reader: StoreReader, now: datetime) -> datetime:
    """Return the moment up to which time may count as passed: the clock's own, or earlier."""
    days = list[datetime]()  # the last entry of each, from one day to the one before it in the file
    for at in _moments_back(reader):
        if days and at.date() == days[-1].date():
            continue
        days.append(at)
        if _agree(days[-AGREEING_DAYS:]):
            break
    return min([now, *(at + STEP for at in days)])


def _agree(days: list[datetime]) -> bool:
    """Whether enough days (the last first) follow one another as days do."""
    steps = [after - before for after, before in pairwise(days)]
    return len(days) == AGREEING_DAYS and all(timedelta() < step <= STEP for step in steps)


def _moments_back(reader: StoreReader) -> Iterator[datetime]:
    whole = length(reader)
    for stop in range(whole, max(0, whole - MAX_ROWS), -PAGE_ROWS):
        for row in reversed(reader.rows(max(0, stop - PAGE_ROWS), stop)):
            yield moment_of(row.at)
