# SPDX-License-Identifier: EUPL-1.2
"""The time that acts are asked for: a day, a month, years, from, until, between.

"les arrêtés pris entre mars et juin 2024" ─▶ since 2024-03-01, until 2024-06-30
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from corpus.catalogue import ActsQuery
from guardrails.normalise import flat
from guardrails.values import WEEKDAYS, Value, values

_NAMES_ANOTHER = re.compile(r"[-/.]$|\b(?:rue|place|avenue|boulevard|square|quai|salle) du $")
"""Before a day that is a street's, or a part of a file's name."""

_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)}) $", re.IGNORECASE)
_DAYS = r"<([\d-]+) ([\d-]+)>\)?"
"""How a moment that was read is written meanwhile."""

_SMALL = (
    r"l[ae]s?|l|d[eu]s?|d|en|[àa]u?|mois|ann[ée]es?|an|s[ée]ance|r[ée]union|conseil|municipal"
    r"|on|in|the|of"
)
_RELATIVE = (
    r"cette|ce|ci|ans|derni(?:er|[èe]re)|avant-derni(?:er|[èe]re)|pass[ée]e?|prochaine?|qui|vient"
    r"|assembl[ée]e|communautaire|il|y|deux|trois|quatre|cinq|dix|\d{1,2}|hier|demain"
    rf"|aujourd['’]hui|{'|'.join(WEEKDAYS)}|this|last|next|years?|month|council|meeting|sitting"
    r"|ago|two|three|five|penultimate|yesterday|today|tomorrow"
)
_THE = rf"(?:(?:(?:{_SMALL}|{_RELATIVE})[ '’-]+){{1,12}}\(|(?:(?:{_SMALL})[ '’]+){{0,8}})"
"""Small words before a date; more of them before one that `moments.py` wrote in brackets."""

_SINCE = (
    r"(?:depuis|since|dès|des(?= l[ea]? ?['’]?| <\d{4}-01-01 \d{4}-12-31>)|[àa] (?:partir|compter))"
)
_BEGINS = r"(?:d[ée]but (?:d[eu] )?)?"
_TO = r"(?:[àa]u?|jusqu['’](?:[àa]u?|en)|to|until)"
_BOUNDS: tuple[tuple[re.Pattern[str], Callable[[Sequence[str]], tuple[str, str]]], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE), bounds)
    for words, bounds in (
        (
            rf"(?:entre|between) {_THE}{_DAYS} (?:et|and) {_THE}{_DAYS}",
            lambda days: (min(days), max(days)),
        ),
        (
            rf"(?:(?:{_SINCE}|from) )?{_THE}{_DAYS} (?:et )?{_TO} {_THE}{_DAYS}",
            lambda days: (min(days), max(days)),
        ),
        (rf"{_SINCE} {_THE}{_BEGINS}{_THE}{_DAYS}", lambda days: (days[0], "")),
        (rf"(?:apr[èe]s|after) {_THE}{_DAYS}", lambda days: (_moved(days[1], 1), "")),
        (rf"(?:avant|before) {_THE}{_BEGINS}{_DAYS}", lambda days: ("", _moved(days[0], -1))),
        (rf"(?:jusqu['’]|until |up to ){_THE}{_DAYS}", lambda days: ("", days[1])),
    )
)
_ON = re.compile(rf"(?<!\w){_THE}{_DAYS}", re.IGNORECASE)


def asked_span(question: str) -> tuple[ActsQuery, str]:
    """Return the time that a question asks for, and its other words.

    >>> query, left = asked_span("Les arrêtés pris en juin 2024")
    >>> query.since, query.until, left
    ('2024-06-01', '2024-06-30', 'Les arrêtés pris  ')
    """
    left = _with_days(re.sub("[<>]", " ", question))
    told = list[tuple[str, str]]()
    for pattern, bounds in _BOUNDS:
        told += [bounds(found.groups()) for found in pattern.finditer(left)]
        left = pattern.sub(" ", left)
    on = _ON.findall(left)
    years = frozenset(int(day[:4]) for day, last in on if (day, last) == _days_of(day[:4]))
    if len(set(on)) > len(years):  # days and months: an act is of them all
        told, years = told + on, frozenset()
    return ActsQuery(
        years=years,
        since=max((first for first, _ in told), default=""),
        until=min((last for _, last in told if last), default=""),
    ), _ON.sub(" ", left)


def _with_days(question: str) -> str:
    """Write each date of a question as its first and last day."""
    pieces, end, folded = list[str](), 0, flat(question)
    for value in values(question):
        for one in _moments(question, value):
            if one.has_year and not _NAMES_ANOTHER.search(folded, 0, one.start):
                before = _WEEKDAY.sub("", question[end : one.start])
                pieces += [before, "<{} {}>".format(*one.days)]
                end = one.end
    return "".join([*pieces, question[end:]])


def _moments(question: str, value: Value) -> tuple[Value, ...]:
    """Return the dates of a value: « 2024-2025 » is one, « de mars à juin 2024 » are two."""
    first, *_, last = [*value.written, *value.written]
    if question[first.end : last.start].strip() in ("-", "–", "/"):
        return (replace(first, high=last.high, end=last.end),)
    return value.written


def _days_of(year: str) -> tuple[str, str]:
    return f"{year}-01-01", f"{year}-12-31"


def _moved(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
