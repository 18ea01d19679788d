# SPDX-License-Identifier: EUPL-1.2
"""Words for a time, made a date that documents hold.

    "Qui a parlé à la dernière séance ?"  ─▶ "… à la dernière séance (12 juin 2025) ?"
    "Quel est le budget de cette année ?" ─▶ "… de cette année (2026) ?"

The words stay, so that the person knows the question again; search and the model read the date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from corpus.dates import date_in_words
from guardrails.values import IN_WORDS, MONTH_NAMES, WEEKDAYS, numeral

_ADDED = "\u00a0"
"""The space before a date that was added: nobody asked about that year in so many words."""

Sitting = Callable[[date], date | None]
"""The council's last sitting until a day, or its first one after it, if one is known."""

_ADDITION = re.compile(rf"{_ADDED}\([^()]*\)")
_MEETING = r"(?:séance|seance|réunion|reunion|assemblée|assemblee)"
_OF_COUNCIL = r"(?:\s(?:du\sconseil\s)?(?:municipal|communautaire))?"


def _sittings(french: str, council: str, english: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!avant-)(?<!avant\s)\b(?:(?:{french})\s{_MEETING}|(?:{council})\sconseil){_OF_COUNCIL}"
        rf"|\b(?:{english})\s(?:council\smeeting|meeting|sitting)\b",
        re.IGNORECASE,
    )


_LAST = _sittings("derni[èe]re", "dernier", "last")
_ONE_BEFORE = _sittings("avant-derni[èe]re", "avant-dernier", "penultimate")
_NEXT = _sittings("prochaine", "prochain", "next")
_YEARS_AGO = re.compile(
    rf"\bil\sy\sa\s({IN_WORDS}|\d{{1,2}})\sans\b|\b({IN_WORDS}|\d{{1,2}})\syears\sago\b",
    re.IGNORECASE,
)
_DAY = timedelta(days=1)
_WEEKDAY = re.compile(
    rf"\b({'|'.join(WEEKDAYS)})\s(prochain|qui\svient|dernier|pass[ée])\b", re.IGNORECASE
)
_TIMES: tuple[tuple[re.Pattern[str], Callable[[date], str]], ...] = tuple(
    (re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE), said)
    for words, said in (
        (r"cette\sann[ée]e|this\syear", lambda day: f"{day.year}"),
        (
            r"l['’]an(?:n[ée]e)?\s(?:derni(?:er|ère|ere)|pass[ée]e?)|last\syear",
            lambda day: f"{day.year - 1}",
        ),
        (
            r"l['’]an(?:n[ée]e)?\s(?:prochaine?|qui\svient)|next\syear",
            lambda day: f"{day.year + 1}",
        ),
        (r"ce\smois(?:-ci)?|this\smonth", lambda day: _month(day)),
        (
            r"mois\s(?:dernier|pass[ée])|last\smonth",
            lambda day: _month(day.replace(day=1) - timedelta(days=1)),
        ),
        (
            r"mois\s(?:prochain|qui\svient)|next\smonth",
            lambda day: _month(day.replace(day=28) + timedelta(days=4)),
        ),
        (r"aujourd['’]hui|today", lambda day: _written(day)),
        (r"demain|tomorrow", lambda day: _written(day + timedelta(days=1))),
        (r"hier|yesterday", lambda day: _written(day - timedelta(days=1))),
    )
)


def absolute(
    question: str, *, today: date, last_sitting: Sitting, next_sitting: Sitting = lambda _: None
) -> str:
    r"""Add the date that the words for a time stand for; a sitting is looked for if it is asked.

    >>> absolute("Et cette année ?", today=date(2026, 3, 2), last_sitting=lambda _: None)
    'Et cette année\xa0(2026) ?'
    """
    if _LAST.search(question) and (sitting := last_sitting(today)):
        question = _dated(question, _LAST, _written(sitting))
    if (
        _ONE_BEFORE.search(question)
        and (last := last_sitting(today))
        and (before := last_sitting(last - _DAY))
    ):
        question = _dated(question, _ONE_BEFORE, _written(before))
    if _NEXT.search(question) and (sitting := next_sitting(today)):
        question = _dated(question, _NEXT, _written(sitting))
    if ago := _YEARS_AGO.search(question):
        said = (ago[1] or ago[2]).lower()
        count = int(said) if said.isdigit() else numeral(said, 0, len(said))[0]
        question = _dated(question, _YEARS_AGO, str(today.year - count))
    if named := _WEEKDAY.search(question):
        question = _dated(question, _WEEKDAY, _written(_weekday(named, today)))
    for pattern, said in _TIMES:
        question = _dated(question, pattern, said(today))
    return question


def without_dates(question: str) -> str:
    """Return a question without the dates that were added to it.

    >>> dated = absolute("Cette année ?", today=date(2026, 3, 2), last_sitting=lambda _: None)
    >>> without_dates(dated), without_dates("Le budget (2026) ?")
    ('Cette année ?', 'Le budget (2026) ?')
    """
    return _ADDITION.sub("", question)


def _weekday(named: re.Match[str], today: date) -> date:
    """The next such day after today, or the last one before."""
    ahead = (WEEKDAYS.index(named[1].lower()) - today.weekday()) % 7
    if named[2].lower().startswith(("prochain", "qui")):
        return today + _DAY * (ahead or 7)
    return today - _DAY * (7 - ahead)


def _written(day: date) -> str:
    return date_in_words(day.isoformat())


def _month(day: date) -> str:
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def _dated(question: str, pattern: re.Pattern[str], said: str) -> str:
    match = pattern.search(question)
    if match is None or said in question:
        return question
    return f"{question[: match.end()]}{_ADDED}({said}){question[match.end() :]}"
