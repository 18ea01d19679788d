# SPDX-License-Identifier: EUPL-1.2
"""How far the machine's clock is believed, where something is destroyed on its word.

    rows of the last days on which anything was written ─▶ believed(reader, now) ≤ now

A clock that is ahead for a minute makes every payload look outlived at once. It is believed as
far as some days past the entries of three different days: one wrong day, or two around a
midnight, move nothing. Three days that agree are believed, as is a person who confirms.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from guardrails.register.leaves import moment_of
from guardrails.register.store import StoreReader, length

AGREEING_DAYS = 3
STEP = timedelta(days=7)  # a week in which nobody asks is ordinary
PAGE_ROWS = 500


def believed(reader: StoreReader, now: datetime) -> datetime:
    """Return the moment up to which time may count as passed: the clock's own, or earlier."""
    days: dict[date, datetime] = {}
    for stop in range(length(reader), 0, -PAGE_ROWS):
        for row in reversed(reader.rows(max(0, stop - PAGE_ROWS), stop)):
            at = moment_of(row.at)
            if len(days) == AGREEING_DAYS and at.date() not in days:
                return min(now, min(days.values()) + STEP)
            days.setdefault(at.date(), at)
    return min([now, *(at + STEP for at in days.values())])
