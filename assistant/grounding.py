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

from corpus.french import fold, stem, words

NEAR_MATCH = 85.0
"""Percent of likeness from which a quote counts as the source's, shown as the source has it."""

MIN_SHARED_WORDS = 0.6

_NUMBER = re.compile(r"\d+(?:[\s\u00a0\u202f.]\d{3})*(?:,\d+)?")
_SPELLED = {
    # « un », « une » are articles far more often than numbers
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100,
    "mille": 1000,
}  # fmt: skip
_CALENDAR = frozenset(
    {
        *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre"),
        *("octobre", "novembre", "decembre"),
        *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    }
)
_NEGATION = re.compile(
    r"""\b(?:ne|pas|aucune?|jamais|ni|sans|non|sauf|hors|hormis|excepte\w*|interdi\w+|refus\w+
    |rejet\w+|not|no|never|without|except)\b|\bn'""",
    re.VERBOSE,
)
_NAME = re.compile(r"(?<![.!?«\"“]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][\w'’-]+")
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
    if not _days_and_months(said) <= _days_and_months(held):
        return "date"
    if not set(_PLACEHOLDER.findall(sentence)) <= set(_PLACEHOLDER.findall(source)):
        return "name"
    held_stems = {stem(word) for word in words(source)}
    names = {stem(word) for name in _NAME.findall(sentence) for word in words(name)}
    if not names <= held_stems:
        return "name"
    if bool(_NEGATION.search(said)) != bool(_NEGATION.search(held)):
        return "negation"
    said_stems = [stem(word) for word in words(sentence)]
    known = held_stems | {stem(word) for word in words(question)}
    shared = sum(word in known for word in said_stems)
    if not said_stems or shared < MIN_SHARED_WORDS * len(said_stems):
        return "words"
    return ""


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, in digits, whatever their spaces and points.

    >>> sorted(numbers("1 450 000 euros, 12,50 €, deux repas"))
    ['12,5', '1450000', '2']
    """
    found = set()
    for match in _NUMBER.findall(text):
        whole, _, cents = re.sub(r"[^\d,]", "", match).partition(",")
        cents = cents.rstrip("0")
        found.add((whole.lstrip("0") or "0") + (f",{cents}" if cents else ""))
    found |= {str(_SPELLED[w]) for w in re.findall(r"[a-z]+", fold(text)) if w in _SPELLED}
    return found


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


def _days_and_months(folded: str) -> set[str]:
    return {
        word.removesuffix("s") if word.endswith("dis") else word
        for word in re.findall(r"[a-z]+", folded)
        if word.removesuffix("s") in _CALENDAR or word in _CALENDAR
    }
