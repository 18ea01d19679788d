# SPDX-License-Identifier: EUPL-1.2
"""The day that a question names, in six languages: `samedi`, `tomorrow`, `14 de mayo`.

words, today ──named_day──▶ NamedDay, and the places of its words
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from assistant.sheet.facts import NamedDay, Tongue
from assistant.sheet.said import table
from assistant.sheet.words import forms_of, words_of

ENDINGS = frozenset({"er", "st", "nd", "rd", "th"})
"""What stands after the number of a day: `1er`, `3rd`."""

DIGITS, YEAR, FAR, AHEAD = 2, 4, 2, 365
"""Digits of a day's number and of a year, words that a number may be from its month, days ahead."""

_NUMERIC = re.compile(r"(?<![\d/.])(\d{1,2})\s?[/.]\s?(\d{1,2})(?:\s?[/.]\s?(\d{4}))?(?![\d/])")
"""« 25/12 », « 25.12.2026 »."""

Named = tuple[NamedDay | None, tuple[int, ...]]
"""A day, None for one that is past, or of which nothing is settled, and where its words stand."""


def named_day(
    said: Sequence[str], language: Tongue, today: date, text: str = ""
) -> tuple[NamedDay | None, frozenset[int]]:
    """Return the day that words name, and where they stand; None where they name none, two, one
    that is past, or a holiday. `text`: as it was written, where dates in digits are looked for."""
    given = [*_by_date(said, language, today), *_by_digits(said, text, today)]
    found = [*given, *_by_word(said, language, today)]
    places = frozenset(place for _, some in found for place in some)
    days = [one for one, _ in found]
    dated = [one for one, _ in given if one]
    if not days or None in days or len({one.day for one in dated}) > 1:
        return None, places
    if dated:  # « jeudi 24 décembre »: the same day, by another name
        day = dated[0]
        others = [one for one, _ in found[len(given) :] if one]
        is_same = all(one.day == day.day or one.weekday == day.day.weekday() for one in others)
        return (day if is_same else None), places
    known = [one for one in days if one]
    return (known[0] if len({one.day for one in known}) == 1 else None), places


def _by_word(said: Sequence[str], language: Tongue, today: date) -> list[Named]:
    names, found = table(language), list[Named]()
    for place in (some for one in names["unsettled"] for some in _places(said, [one])):
        found.append((None, place))
    for number, written in enumerate(names["weekdays"]):
        for place in _places(said, written):
            after = (number - today.weekday()) % 7
            found.append((NamedDay(today + timedelta(after), weekday=number), place))
    none = {at for one in names.get("no_day", ()) for place in _places(said, [one]) for at in place}
    said = ["" if place in none else word for place, word in enumerate(said)]
    for key, after in (("overmorrow", 2), ("today", 0), ("tomorrow", 1)):
        for place in _places(said, names[key]):
            if not any({*place} <= {*other} for _, other in found):
                found.append((NamedDay(today + timedelta(after)), place))
    return found


def _places(said: Sequence[str], written: Sequence[str]) -> list[tuple[int, ...]]:
    """Return where one of several ways to name a day stands."""
    for wanted in filter(None, map(_written, written)):
        first, *rest = wanted
        for start in range(len(said) - len(rest)):
            if _is(said[start], first) and all(map(_is, said[start + 1 :], rest)):
                return [tuple(range(start, start + len(wanted)))]
    return []


@lru_cache(maxsize=1_024)
def _written(name: str) -> list[str]:
    return words_of(name)


def _is(word: str, wanted: str) -> bool:
    return wanted in word and wanted in forms_of(word)


def _by_date(said: Sequence[str], language: Tongue, today: date) -> list[Named]:
    """Return each day that is given by its month and its number, a word between them at most."""
    months = {words_of(name)[0]: number for number, name in enumerate(table(language)["months"], 1)}
    numbers = [place for place, word in enumerate(said) if _is_number(word, DIGITS)]
    years = [place for place, word in enumerate(said) if len(word) == YEAR and _is_number(word)]
    found = list[Named]()
    for at in (place for place, word in enumerate(said) if word in months):
        beside = [place for place in numbers if abs(place - at) <= FAR]
        if len(beside) != 1:
            continue
        day = _next(today, int(said[beside[0]]), months[said[at]], [int(said[y]) for y in years])
        ends = [p for p in (beside[0] + 1,) if p < len(said) and said[p] in ENDINGS]
        between = range(min(at, *beside), max(at, *beside) + 1)
        found.append((_given(day), (*between, *years, *ends)))
    return found


def _by_digits(said: Sequence[str], text: str, today: date) -> list[Named]:
    """Return each day that is given in digits."""
    found = list[Named]()
    for one in _NUMERIC.finditer(text):
        number, month, year = one.groups()
        day = _next(today, int(number), int(month), [int(year)] if year else [])
        parts = [part for part in (number, month, year) if part]
        starts = (p for p in range(len(said)) if [*said[p : p + len(parts)]] == parts)
        start = next(starts, None)
        if start is not None:
            places = tuple(range(start, start + len(parts)))
            found.append((_given(day), places))
    return found


def _given(day: date | None) -> NamedDay | None:
    return NamedDay(day, is_given=True) if day else None


def _is_number(word: str, most: int = 9) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= most


def _next(today: date, day: int, month: int, years: Sequence[int]) -> date | None:
    """Return the next such day, none that is past or more than a year ahead."""
    for year in years or (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if today <= found <= today + timedelta(days=AHEAD):
            return found
    return None
