# SPDX-License-Identifier: EUPL-1.2
"""French dates, in digits or in words, as ISO dates, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from guardrails.values import MONTH_NAMES, Value, values

_MONTH = "|".join(MONTH_NAMES).replace("é", "[ée]").replace("û", "[ûu]")
DATE = rf"(\d{{1,2}}(?:er)?\s+(?:{_MONTH})\s+\d{{4}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}})"
"""A date where a phrase has its place for one: `read_date` tells which."""

DAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di\s+|dimanche\s+)?"


def read_date(words: str) -> str:
    """Return the ISO form of the first French date, or nothing if there is none.

    >>> read_date("1er février 2024"), read_date("12/06/2024"), read_date("30 février 2024")
    ('2024-02-01', '2024-06-12', '')
    """
    return next((day.days[0] for day in _days(words)), "")


def _days(text: str) -> Iterator[Value]:
    for value in values(text):
        yield from (one for one in value.written if one.has_year and one.low == one.high)


def read_file_date(file: str) -> str:
    """Return the date that the name of a file tells, or nothing.

    >>> read_file_date("a/PV_15112023.pdf"), read_file_date("20240612-cantine.pdf")
    ('2023-11-15', '2024-06-12')
    >>> read_file_date("2024/compte-rendu-12-06-2024.pdf"), read_file_date("0000070899.pdf")
    ('2024-06-12', '')
    >>> read_file_date("2025-06-11-04-tarifs.pdf")
    '2025-06-11'
    """
    stem = PurePosixPath(file).stem
    if found := read_date(stem):
        return found
    if turned := re.search(r"(?<!\d)(\d{4})[-_ ](\d{2})[-_ ](\d{2})(?!\d)", stem):
        return _iso(turned[1], turned[2], turned[3])
    run = re.search(r"(?<!\d)(\d{2})(\d{2})(\d{2})(\d{2})(?!\d)", stem)
    if run is None:
        return ""
    one, two, three, four = run.groups()
    day_first = _iso(three + four, two, one) if three in ("19", "20") else ""
    return day_first or (_iso(one + two, three, four) if one in ("19", "20") else "")


def read_date_in_words(text: str) -> str:
    """Return the ISO form of a date whose year is in words, or nothing.

    >>> read_date_in_words("L'an deux mille vingt-quatre, le douze juin, à 20 heures")
    '2024-06-12'
    """
    return next((day.days[0] for day in _days(text) if day.in_words), "")


def date_in_words(iso: str) -> str:
    """Return an ISO date as a French reader says it.

    >>> date_in_words("2024-02-01")
    '1er février 2024'
    """
    day = date.fromisoformat(iso)
    return f"{'1er' if day.day == 1 else day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _iso(year: int | str, month: int | str, day: int | str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
