# SPDX-License-Identifier: EUPL-1.2
"""Whether the desk is open on a day, from the town's settings.

Town.week, Town.closed, public holidays ──on──▶ "8:30-12:00"… ; ──next_open──▶ the day after
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from assistant.settings import Day, Town

DAYS: tuple[Day, ...] = get_args(Day)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)
"""Days from Easter to its Monday, to Ascension and to Whit Monday."""


def on(town: Town, day: date) -> tuple[str, ...]:
    """Return the openings of a day, none if the desk is closed."""
    if day in town.closed or is_holiday(day):
        return ()
    return town.week.get(DAYS[day.weekday()], ())


def next_open(town: Town, day: date) -> date | None:
    """Return the first day after `day` when the desk opens, within a fortnight."""
    coming = (day + timedelta(days) for days in range(1, 15))
    return next((date_ for date_ in coming if on(town, date_)), None)


def is_holiday(day: date) -> bool:
    """Whether it is a public holiday in all of France (Code du travail, L3133-1).

    >>> is_holiday(date(2026, 5, 14)), is_holiday(date(2026, 5, 13))
    (True, False)
    """
    return (day.month, day.day) in FIXED or (day - easter(day.year)).days in AFTER_EASTER


def easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian computus).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
