# SPDX-License-Identifier: EUPL-1.2
"""The time that acts are asked for: a day, a month, years, from, until, between.

"les arrêtés pris entre mars et juin 2024" ─▶ since 2024-03-01, until 2024-06-30
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from corpus.catalogue import ActsQuery
from corpus.french import MONTH_NAMES, MONTHS, WEEKDAYS, fold

_MONTH = f"(?:{'|'.join(MONTH_NAMES)})".replace("é", "[ée]").replace("û", "[ûu]")
_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_LACKING = re.compile(
    rf"\b(?:(1er|\d{{1,2}})(?: ({_MONTH}))?|({_MONTH}))"
    rf"(?= (?:[àa]u?|et|ou|to|and|or) (?:le )?(?:(?:1er|\d{{1,2}}) )?({_MONTH}) (\d{{4}}))",
    re.IGNORECASE,
)
"""A date that takes its year, or its month too, from the next one: « du 3 au 12 juin 2024 »."""

_MOMENT = re.compile(
    rf"\bn[°º] ?\S+|\b(?:rue|place|avenue|boulevard|square|quai|salle) du \S+ {_MONTH} \d{{4}}"
    r"|(?<![\d/.-])(?:"
    rf"(?:(?:{_WEEKDAY} )?(?P<day>\d{{1,2}})(?:er)? )?(?P<month>{_MONTH}) "
    rf"|(?:(?:{_WEEKDAY} )?(?P<d>\d{{1,2}})[/.])?(?P<m>\d{{1,2}})[/.])?"
    r"\b(?P<year>(?:19|20)\d\d)(?: ?[-–/] ?(?P<last>(?:19|20)\d\d))?(?![\d/–-]|\.\d)",
    re.IGNORECASE,
)
"""A day, a month, a year or two; first what looks like one: an act's number, a street."""

_DAYS = r"<([\d-]+) ([\d-]+)>\)?"
"""How a moment that was read is written meanwhile."""

_SMALL = (
    r"l[ae]s?|l|d[eu]s?|d|en|[àa]u?|mois|ann[ée]es?|an|s[ée]ance|r[ée]union|conseil|municipal"
    r"|on|in|the|of"
)
_RELATIVE = (
    r"cette|ce|ci|ans|derni(?:er|[èe]re)|avant-derni(?:er|[èe]re)|pass[ée]e?|prochaine?|qui|vient"
    r"|assembl[ée]e|communautaire|il|y|deux|trois|quatre|cinq|dix|\d{1,2}|hier|demain"
    rf"|aujourd['’]hui|{_WEEKDAY}|this|last|next|years?|month|council|meeting|sitting|ago|two"
    r"|three|five|penultimate|yesterday|today|tomorrow"
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
    left = _MOMENT.sub(_days, _LACKING.sub(_completed, re.sub("[<>]", " ", question)))
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


def _completed(lacking: re.Match[str]) -> str:
    day, month, alone, next_month, year = lacking.groups()
    return f"{day or ''} {month or alone or next_month} {year}".lstrip()


def _days(moment: re.Match[str]) -> str:
    """Write a moment as its first and last day; what is none stays as it is written."""
    if not moment["year"]:
        return moment[0]
    year, last = int(moment["year"]), int(moment["last"] or moment["year"])
    month = MONTHS[fold(moment["month"])] if moment["month"] else int(moment["m"] or 0)
    day = int(moment["day"] or moment["d"] or 0)
    try:
        start = date(year, month or 1, day or 1)
        end = date(last, month or 12, day or monthrange(last, month or 12)[1])
    except ValueError:
        return moment[0]
    return f"<{start} {end}>"


def _days_of(year: str) -> tuple[str, str]:
    return f"{year}-01-01", f"{year}-12-31"


def _moved(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
