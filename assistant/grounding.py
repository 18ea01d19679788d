# SPDX-License-Identifier: EUPL-1.2
"""Whether a sentence rests on its quotes: by string match, never by a model's opinion.

    sentence, quotes ──unsupported──▶ what the quotes do not say ("" if all stands)

Numbers, dates, amounts, names and negations of the sentence must stand in its
quotes; most of its other words must too, or come from the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from corpus.french import MONTHS, WEEKDAYS, fold, stem, terms, words

NEAR_MATCH = 85.0
"""Percent of likeness from which a quote counts as the source's, shown as the source has it."""

MIN_SHARED_WORDS = 0.6

_NUMBER = re.compile(r"\d+(?:[\s\u00a0\u202f.]\d{3}(?!\d))*(?:,\d+|\.\d{1,2}(?![\d.]))?")
_SPELLED = {
    # « un », « une » are articles far more often than numbers
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100,
    "mille": 1000,
    # « one » is a pronoun as often; « six » is in both
    "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100,
    "thousand": 1000,
}  # fmt: skip
_CALENDAR = frozenset({*MONTHS, *WEEKDAYS})
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

_CLOCK = re.compile(r"\b([01]?\d|2[0-4])\s?(?:h|heures?)\s?([0-5]\d)?\b")
_UNIT = re.compile(r"(\d[\d\s\u00a0\u202f.,]*)(€|euros?\b|%|ans\b|m2\b|m²|jours?\b|mois\b)")
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
    """Return the numbers of a text, in digits, whatever their spaces and points; a time is one.

    >>> sorted(numbers("1 450 000 euros, 12,50 €, deux repas, two meals at 4.20"))
    ['12,5', '1450000', '2', '4,2']
    >>> sorted(numbers("de 8 h 30 à 12 heures, 9h00"))
    ['12h', '8h30', '9h']
    """
    found = {
        f"{int(hour)}h{minutes.strip('0') and minutes}" for hour, minutes in _CLOCK.findall(text)
    }
    for match in _NUMBER.findall(_CLOCK.sub(" ", text)):
        english = re.sub(r"\.(?=\d{1,2}$)", ",", match)  # 4.20
        whole, _, cents = re.sub(r"[^\d,]", "", english).partition(",")
        cents = cents.rstrip("0")
        found.add((whole.lstrip("0") or "0") + (f",{cents}" if cents else ""))
    found |= {str(_SPELLED[w]) for w in re.findall(r"[a-z]+", fold(text)) if w in _SPELLED}
    return found


def picks(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence takes some of several figures of one unit, and leaves others out.

    What tells the child's price from the adult's is a small model's weak side: the source speaks.

    >>> picks("C'est 12 € pour un enfant.", ["Adultes : 12 € ; enfants : 4 €"])
    True
    >>> picks("C'est 4 € par jour.", ["Enfants : 4 €, 2 jours par semaine"])
    False
    """
    said = numbers(sentence)
    by_unit: dict[str, set[str]] = {}
    for figure, unit in _UNIT.findall(" ".join(quotes)):
        by_unit.setdefault(unit[:4].rstrip("s"), set()).update(numbers(figure))
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
    french = {
        word.removesuffix("s") if word.endswith("dis") else word
        for word in re.findall(r"[a-z]+", fold(text))
        if word.removesuffix("s") in _CALENDAR or word in _CALENDAR
    }
    return french | {word for word in english if word}
