# SPDX-License-Identifier: EUPL-1.2
"""Whether a sentence rests on its quotes: by string match, never by a model's opinion.

    sentence, quotes ──unsupported──▶ what the quotes do not say ("" if all stands)

Numbers, dates, amounts, names and negations of the sentence must stand in its
quotes; most of its other words must too, or come from the question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from corpus.french import fold, stem, terms, words
from guardrails.values import CLOCK, DATE, MINUTE, MONTHS, WEEKDAYS, Kind, Value, values

NEAR_MATCH = 85.0
"""Percent of likeness from which a quote counts as the source's, shown as the source has it."""

MIN_SHARED_WORDS = 0.6

_MONTH_WORDS = (*MONTHS,)
_ENGLISH_CALENDAR = {
    "January": "janvier", "February": "fevrier", "March": "mars", "April": "avril", "May": "mai",
    "June": "juin", "July": "juillet", "August": "aout", "September": "septembre",
    "October": "octobre", "November": "novembre", "December": "decembre", "Monday": "lundi",
    "Tuesday": "mardi", "Wednesday": "mercredi", "Thursday": "jeudi", "Friday": "vendredi",
    "Saturday": "samedi", "Sunday": "dimanche",
}  # fmt: skip
_DENIALS = tuple(
    re.compile(denies)
    for denies in (
        r"\b(?:ne|pas|aucune?|jamais|ni|non|not|no|never)\b|\bn'",
        r"\b(?:interdi\w+|refus\w+|rejet\w+|forbid\w*|refuse\w*)\b",
        r"\b(?:sans|sauf|hors|hormis|excepte\w*|without|except)\b",
    )
)
"""Each kind stands in both or in neither: « pas interdit » is no « interdit »."""

AN_HOUR = 60
"""In minutes."""

_PICKED = frozenset({Kind.AMOUNT, Kind.PERCENT, Kind.MEASURE, Kind.DURATION, Kind.AGE})
_CAPITAL = re.compile(r"\b[A-Z][a-z]+")
_NAME = re.compile(r"(?<![.!?«\"“]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][\w'’-]+")
_FIRST = re.compile(r"(?:(?<=[.!?«\"“]\s)|^)([A-ZÀ-ÖØ-Þ][\w'’-]+)")
"""The first word of a sentence has its capital for nothing, or is a name."""

_ELIDED = re.compile(r"^(?:[LDNSC]|Qu|Jusqu|Lorsqu)['’](?![A-ZÀ-ÖØ-Þ])")
_OPENERS = frozenset(
    terms(
        "selon tout toute tous toutes chaque lorsque quand depuis seul seule seuls seules aucun"
        " aucune plusieurs certains certaines voici voilà ainsi enfin sauf hors sans afin oui non"
        " toutefois cependant the this these there when where you your it if in on at for from to"
        " an any all only each every no yes"
    )
)
"""What opens a sentence and names nothing."""

_PLACEHOLDER = re.compile(r"\[[A-ZÉ_]+_\d+\]")


def unsupported(sentence: str, quotes: Sequence[str], question: str = "") -> str:
    """Return what the quotes do not carry: `number`, `date`, `name`, `negation`, `words`, or "".

    >>> unsupported("Le repas coûte 4,20 €.", ["Le repas est fixé à 4,20 €."])
    ''
    >>> unsupported("Le repas coûte 4,30 €.", ["Le repas est fixé à 4,20 €."])
    'number'
    """
    source = " ".join(quotes)
    said, held = fold(sentence), fold(source)
    if not numbers(sentence) <= numbers(source):
        return "number"
    if not _days_and_months(sentence) <= _days_and_months(source):
        return "date"
    if not set(_PLACEHOLDER.findall(sentence)) <= set(_PLACEHOLDER.findall(source)):
        return "name"
    held_stems = {stem(word) for word in words(source)}
    names = [*_NAME.findall(sentence), *_first_names(sentence, question)]
    names = [name for name in names if name.removesuffix("s") not in _ENGLISH_CALENDAR]
    if not {stem(word) for name in names for word in words(name)} <= held_stems:
        return "name"
    if any(bool(denies.search(said)) != bool(denies.search(held)) for denies in _DENIALS):
        return "negation"
    said_stems = [stem(word) for word in words(sentence)]
    known = held_stems | {stem(word) for word in words(question)}
    shared = sum(word in known for word in said_stems)
    if not said_stems or shared < MIN_SHARED_WORDS * len(said_stems):
        return "words"
    return ""


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, in digits, however they are written; a time is one.

    >>> sorted(numbers("1 450 000 euros, 12,50 €, vingt-deux repas, two meals at 4.20"))
    ['12,5', '1450000', '2', '22', '4,2']
    >>> sorted(numbers("de 8 h 30 à 12 heures, 9h00, le 3 mai 2024"))
    ['12h', '2024', '3', '8h30', '9h']
    """
    return {
        number
        for value in values(text)
        for one in value.written
        if not one.is_article
        for number in _numbers(one)
    }


def _numbers(value: Value) -> Iterator[str]:
    if value.unit == DATE:
        if value.low == value.high:
            yield str(int(value.low) % 100)
        if value.has_year:
            yield value.days[0][:4]
    elif value.unit == CLOCK or (value.unit == MINUTE and value.scale == AN_HOUR):
        hours, minutes = divmod(int(value.low), AN_HOUR)
        written = f"{hours}h{minutes:02}" if minutes else f"{hours}h"
        yield written if hours <= 24 else str(hours)
    elif value.kind is not Kind.WEEKDAY:
        yield f"{value.low if value.kind is Kind.AMOUNT else value.figure}".replace(".", ",")


def picks(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence takes some of several figures of one unit, and leaves others out.

    What tells the child's price from the adult's is a small model's weak side: the source speaks.

    >>> picks("C'est 12 € pour un enfant.", ["Adultes : 12 € ; enfants : 4 €"])
    True
    >>> picks("C'est 4 € par jour.", ["Enfants : 4 €, 2 jours par semaine"])
    False
    """
    said = numbers(sentence)
    by_unit = defaultdict[tuple[str, float], set[str]](set)
    for value in values(" ".join(quotes)):
        for one in value.written:
            if one.kind in _PICKED:
                by_unit[one.unit, one.scale].update(_numbers(one))
    return any(said & figures and not figures <= said for figures in by_unit.values())


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Find a quote in a text: exactly, else but for white space and case, else nearly.

    Returns start and end in `text`, so that the quote is shown as the source has it.
    """
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    loose = r"\s+".join(re.escape(word) for word in quote.split())
    if loose and (match := re.search(loose, text, re.IGNORECASE)):
        return match.span()
    near = fuzz.partial_ratio_alignment(quote, text, score_cutoff=NEAR_MATCH)
    if (
        near is None
        or near.score < NEAR_MATCH
        or numbers(quote) != numbers(text[near.dest_start : near.dest_end])
    ):
        return None
    return near.dest_start, near.dest_end


def _first_names(sentence: str, question: str) -> list[str]:
    """First words of sentences that may be names; those that the question writes small are none."""
    asked = set(re.findall(r"[a-zà-öø-ÿ][\w-]+", question))
    return [
        word
        for word in _FIRST.findall(sentence)
        if not _ELIDED.match(word) and word.lower() not in asked and not _opens(word)
    ]


def _opens(word: str) -> bool:
    return set(terms(word)) <= _OPENERS


def _days_and_months(text: str) -> set[str]:
    english = (_ENGLISH_CALENDAR.get(word.removesuffix("s")) for word in _CAPITAL.findall(text))
    return {word for word in english if word} | {
        said for value in values(text) for one in value.written for said in _calendar(one)
    }


def _calendar(value: Value) -> Iterator[str]:
    if value.kind is Kind.WEEKDAY:
        yield WEEKDAYS[int(value.low)]
    elif value.unit == DATE and value.low // 100 == value.high // 100:
        yield _MONTH_WORDS[int(value.low) // 100 % 100 - 1]
