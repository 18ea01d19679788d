# SPDX-License-Identifier: EUPL-1.2
"""French dates, in digits or in words, as ISO dates, and back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath

from corpus.french import MONTH_NAMES, MONTHS, NUMBERS_IN_WORDS, fold

DATE = (
    r"(\d{1,2}(?:er)?\s+(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre"
    r"|novembre|d[ée]cembre)\s+\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
DAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di\s+|dimanche\s+)?"
YEAR_IN_WORDS = re.compile(
    rf"deux[ -]mille?([a-z -]*?),? +(?:et )?le {DAY}([a-z-]+|\d{{1,2}}(?:er)?) ({'|'.join(MONTHS)})"
)
DAY_IN_WORDS = re.compile(rf"\ble {DAY}([a-z-]+) ({'|'.join(MONTHS)}) deux[ -]mille?([a-z -]*)")


def read_date(words: str) -> str:
    """Return the ISO form of a French date, or nothing if it is none.

    >>> read_date("1er février 2024"), read_date("12/06/2024"), read_date("30 février 2024")
    ('2024-02-01', '2024-06-12', '')
    """
    folded = fold(words)
    spelled = re.search(rf"(\d{{1,2}})(?:er)?\s+({'|'.join(MONTHS)})\s+(\d{{4}})", folded)
    digits = re.search(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", folded)
    turned = re.search(r"(?<!\d)(\d{4})[-_ ](\d{2})[-_ ](\d{2})(?!\d)", folded)
    if spelled:
        return _iso(spelled[3], MONTHS[spelled[2]], spelled[1])
    if digits:
        return _iso(digits[3], digits[2], digits[1])
    return _iso(turned[1], turned[2], turned[3]) if turned else ""


def read_file_date(file: str) -> str:
    """Return the date that the name of a file tells, or nothing.

    >>> read_file_date("a/PV_15112023.pdf"), read_file_date("20240612-cantine.pdf")
    ('2023-11-15', '2024-06-12')
    >>> read_file_date("2024/compte-rendu-12-06-2024.pdf"), read_file_date("0000070899.pdf")
    ('2024-06-12', '')
    """
    stem = PurePosixPath(file).stem
    if found := read_date(stem):
        return found
    run = re.search(r"(?<!\d)(\d{2})(\d{2})(\d{2})(\d{2})(?!\d)", stem)
    if run is None:
        return ""
    one, two, three, four = run.groups()
    day_first = _iso(three + four, two, one) if three in ("19", "20") else ""
    return day_first or (_iso(one + two, three, four) if one in ("19", "20") else "")


def read_date_in_words(text: str) -> str:
    """Return the ISO form of `l'an deux mille vingt-quatre, le douze juin`, or nothing."""
    folded = " ".join(fold(text).split())
    if found := YEAR_IN_WORDS.search(folded):
        year, day, month = found[1], found[2], found[3]
    elif found := DAY_IN_WORDS.search(folded):
        day, month, year = found[1], found[2], found[3]
    else:
        return ""
    years = [word for word in re.split(r"[ ,.]+", year.strip(" -")) if word]
    tail = NUMBERS_IN_WORDS.get("-".join(years[:3])) or NUMBERS_IN_WORDS.get(
        years[0] if years else ""
    )
    number = re.match(r"\d+", day)
    day_number = int(number[0]) if number else NUMBERS_IN_WORDS.get(day, 0)
    return _iso(2000 + tail, MONTHS[month], day_number) if tail else ""


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
