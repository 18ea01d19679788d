# SPDX-License-Identifier: EUPL-1.2
"""Whether the sentence that answers still holds, and whether another source says otherwise.

    best, candidates ──standing──▶ the one to quote │ OUT_OF_DATE │ CONTRADICTION

Two sentences that say the same words with other figures, in two documents, cannot both be
right: the later act is quoted where both are dated, else both are shown and neither is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from assistant.answers import Reason
from assistant.evidence import Candidate
from assistant.grounding import numbers
from assistant.moments import without_dates
from assistant.understanding.questions import years_in
from corpus.dates import DATE
from corpus.french import fold, terms
from guardrails.values import Kind, Value, values

SAME_WORDS = 0.75
"""Share of common words, figures left out, from which two sentences say the same thing."""

_NEXT = re.compile(
    r"\b(?:prochaine?s?|a venir|en ce moment|ces jours-ci|next|upcoming|right now)\b"
)
_GOES_ON = re.compile(
    r"\b(?:chaque|tou(?:te)?s les|jusqu'a nouvel ordre|depuis|a compter d|a partir d|des le)\b"
    r"|\d/\d\d?/\d\d\b(?!\d)"
)
"""What a day that is over does not end, or a year in two digits, which is not read."""

_OF_AN_ACT = re.compile(
    rf"(?:arrêté|délibération|décision|règlement|loi|décret|ordonnance)[^.;]{{0,40}}?\sdu\s{DATE}",
    re.IGNORECASE,
)
_IN_PARTS = re.compile(r"\d+[/-]\d")
_NUMBERS = frozenset({Kind.CODE, Kind.COUNT, Kind.DATE})
_ALWAYS = re.compile(r"\b(?:24[/-]24|7[/-]7)\b")

AS_MUCH = 0.95
"""Share of what the sentence's passage holds of the question that a rival's must hold."""


def standing(
    question: str, best: int, candidates: Sequence[Candidate]
) -> tuple[int, Reason | None, tuple[Candidate, ...]]:
    """Return which candidate to quote, why none may be, and the sources that disagree.

    A question that names a year or an act gets what was true then.
    """
    chosen = candidates[best]
    if _names_a_time(_ALWAYS.sub(" ", without_dates(question))):
        return best, None, ()
    rivals = [i for i, other in enumerate(candidates) if i != best and _disagree(chosen, other)]
    for index in rivals:
        mine, other = chosen.passage.dated, candidates[index].passage.dated
        if not mine or not other or mine == other:
            return best, Reason.CONTRADICTION, (chosen, candidates[index])
        if other > mine:
            best, chosen = index, candidates[index]
    if chosen.passage.superseded_by or is_over(question, chosen.text):
        return best, Reason.OUT_OF_DATE, (chosen,)
    return best, None, ()


def is_over(question: str, text: str, *, today: date | None = None) -> bool:
    """Whether a question asks what is or comes next, and a text only tells of days that are over.

    >>> told = "Prochaine séance : mercredi 24 septembre 2025 à 19 heures."
    >>> is_over("Quand est le prochain conseil ?", told, today=date(2025, 11, 27))
    True
    >>> is_over("Quand est le prochain conseil ?", told, today=date(2025, 9, 1))
    False
    """
    if not _NEXT.search(fold(question)) or _GOES_ON.search(fold(text)):
        return False
    told = _OF_AN_ACT.sub(" ", text)
    days = [one.days[1] for value in values(told) for one in value.written if _is_a_day(one)]
    now = today or datetime.now().astimezone().date()
    return bool(days) and max(days) < now.isoformat()


def _is_a_day(value: Value) -> bool:
    return value.has_year and value.low == value.high


def _names_a_time(question: str) -> bool:
    """Whether it names a year, a day or an act's number: « n° 2024-17 », « 12/06 »."""
    return bool(years_in(question)) or any(
        one.kind in _NUMBERS and _IN_PARTS.match(question, one.start)
        for value in values(question)
        for one in value.written
    )


def _disagree(one: Candidate, other: Candidate) -> bool:
    if one.passage.document == other.passage.document or not (one.fits and other.fits):
        return False
    if other.passage.superseded_by or other.reach < AS_MUCH * one.reach:
        return False  # it holds no more, or tells of another matter (the cinema's price)
    if numbers(one.text) == numbers(other.text):
        return False
    mine, theirs = _words(one.text), _words(other.text)
    return bool(mine) and len(mine & theirs) >= SAME_WORDS * len(mine | theirs)


def _words(text: str) -> set[str]:
    return {stem for stem in terms(text) if not any(char.isdigit() for char in stem)}
