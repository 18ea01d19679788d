# SPDX-License-Identifier: EUPL-1.2
"""The day that a question names, in six languages: `samedi`, `tomorrow`, `14 de mayo`.

words, today ──named_day──▶ NamedDay, and the places of its words
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from assistant.sheet.facts import NamedDay, Tongue
from assistant.sheet.said import table
from assistant.sheet.words import forms_of, words_of

ENDINGS = frozenset({"er", "st", "nd", "rd", "th"})
"""What stands after the number of a day: `1er`, `3rd`."""

DIGITS, FAR, AHEAD = 2, 2, 365
"""Digits of a day's number, words that it may be from its month, days ahead that count."""


def named_day(
    said: Sequence[str], language: Tongue, today: date
) -> tuple[NamedDay | None, frozenset[int]]:
    """Return the day that words name, and where they stand; None where they name none, or two."""
    found = [*_by_date(said, language, today), *_by_word(said, language, today)]
    if not found:
        return None, frozenset()
    days = {one.day for one, _ in found}
    places = frozenset(place for _, some in found for place in some)
    given = next((one for one, _ in found if one.is_given), found[0][0])
    return (given if len(days) == 1 else None), places


def _by_word(
    said: Sequence[str], language: Tongue, today: date
) -> list[tuple[NamedDay, tuple[int, ...]]]:
    names, found = table(language), list[tuple[NamedDay, tuple[int, ...]]]()
    for number, written in enumerate(names["weekdays"]):
        for place in _places(said, written):
            after = (number - today.weekday()) % 7
            found.append((NamedDay(today + timedelta(after), weekday=number), place))
    for key, after in (("today", 0), ("tomorrow", 1)):
        for place in _places(said, names[key]):
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


def _by_date(
    said: Sequence[str], language: Tongue, today: date
) -> list[tuple[NamedDay, tuple[int, ...]]]:
    """Return a day that is given by its month and its number, a word between them at most."""
    months = {words_of(name)[0]: number for number, name in enumerate(table(language)["months"], 1)}
    numbers = [place for place, word in enumerate(said) if word.isdigit() and len(word) <= DIGITS]
    for at in (place for place, word in enumerate(said) if word in months):
        beside = [place for place in numbers if abs(place - at) <= FAR]
        if len(beside) != 1:
            continue
        years = [place for place, word in enumerate(said) if word.isdigit() and len(word) > DIGITS]
        day = _next(today, int(said[beside[0]]), months[said[at]], [int(said[y]) for y in years])
        if day is None:
            continue
        ends = [p for p in (beside[0] + 1,) if p < len(said) and said[p] in ENDINGS]
        between = range(min(at, *beside), max(at, *beside) + 1)
        return [(NamedDay(day, is_given=True), (*between, *years, *ends))]
    return []


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
