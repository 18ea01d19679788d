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

from corpus.french import MONTH_NAMES

_SITTING = re.compile(
    r"\b(?:derni(?:ère|ere)\s(?:séance|seance|réunion|reunion|assemblée|assemblee)|dernier\sconseil)"
    r"(?:\s(?:du\sconseil\s)?(?:municipal|communautaire))?"
    r"|\blast\s(?:council\smeeting|meeting|sitting)\b",
    re.IGNORECASE,
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
        (r"ce\smois(?:-ci)?|this\smonth", lambda day: f"{MONTH_NAMES[day.month - 1]} {day.year}"),
        (r"aujourd['’]hui|today", lambda day: written(day)),
        (r"demain|tomorrow", lambda day: written(day + timedelta(days=1))),
        (r"hier|yesterday", lambda day: written(day - timedelta(days=1))),
    )
)


def absolute(question: str, *, today: date, last_sitting: Callable[[], date | None]) -> str:
    """Add the date that the words for a time stand for; the sitting is looked for if it is asked.

    >>> absolute("Et cette année ?", today=date(2026, 3, 2), last_sitting=lambda: None)
    'Et cette année (2026) ?'
    """
    if _SITTING.search(question) and (sitting := last_sitting()):
        question = _dated(question, _SITTING, written(sitting))
    for pattern, said in _TIMES:
        question = _dated(question, pattern, said(today))
    return question


def written(day: date) -> str:
    """Write a date as acts do.

    >>> written(date(2025, 5, 1))
    '1er mai 2025'
    """
    return f"{'1er' if day.day == 1 else day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _dated(question: str, pattern: re.Pattern[str], said: str) -> str:
    match = pattern.search(question)
    if match is None or said in question:
        return question
    return f"{question[: match.end()]} ({said}){question[match.end() :]}"
