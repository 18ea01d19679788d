# SPDX-License-Identifier: EUPL-1.2
"""The facts of a sentence, however they are written: what plain language must not change.

    facts("Le 12/06/2024, 4,20 €") == facts("Le 12 juin 2024, 4,20 euros")

Read with rules of its own, apart from those that rewrite: a slip there must not hide itself here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.french import fold
from guardrails.placeholders import PLACEHOLDER
from guardrails.values import CLOCK, CODE, MINUTE, Value, values

AN_HOUR = 60
"""In minutes."""

_ROMAN = re.compile(
    r"\b(?:titre|chapitre|livre|section|annexe|partie|tome)s? ([ivxlc]+)\b|\b([ivx]+)e siecle\b"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_NEGATION = re.compile(
    r"\b(?:ne|pas|aucune?s?|jamais|ni|sans|non|sauf|hors(?! taxe)|interdi\w+|refus\w+|rejet\w+)\b"
    r"|\bn'"
)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Facts:
    """Values, placeholders and negations, counted; and names."""

    counted: Counter[str] = field(default_factory=Counter)
    names: frozenset[str] = frozenset()


def same_facts(before: str, after: str) -> bool:
    """Whether two texts state the same facts.

    >>> same_facts("Le 12/06/2024 à 10h30, 4,20 €.", "Le 12 juin 2024 à 10 heures 30, 4,20 euros.")
    True
    >>> same_facts("Il ferme à 18 h.", "Il ferme à 19 heures.")
    False
    """
    one, other = facts(before), facts(after)
    # A name may open a sentence on one side only: it must be among the words of the other.
    return (
        one.counted == other.counted
        and one.names <= _words(after)
        and other.names <= _words(before)
    )


def facts(text: str) -> Facts:
    """Return the facts of a text."""
    counted = Counter(f"[{match[0]}]" for match in PLACEHOLDER.finditer(text))
    counted.update(_said(one) for value in values(text) for one in value.written)
    folded = fold(PLACEHOLDER.sub(" ", text))
    counted.update(f" {_roman(match[1] or match[2])}" for match in _ROMAN.finditer(folded))
    counted.update(match[0] for match in _NEGATION.finditer(folded))
    return Facts(counted, _names(text))


def _said(value: Value) -> str:
    """Return what a value says; « 2 h » is a time or a while, as the words around it have it."""
    if value.unit == MINUTE and value.scale == AN_HOUR:
        return f"{CLOCK} {value.low}"
    ends = f"{value.low}" if value.low == value.high else f"{value.low}-{value.high}"
    return f"{'' if value.unit == CODE else value.unit} {ends}"


def _roman(letters: str) -> int:
    values = [_VALUES[letter] for letter in letters] + [0]
    return sum(-a if a < b else a for a, b in pairwise(values))


def _names(text: str) -> frozenset[str]:
    """Return capitalised words that open no sentence and no line, folded."""
    bare = PLACEHOLDER.sub(" ", text)
    found = set()
    for match in _WORD.finditer(bare):
        before = bare[: match.start()].rstrip(" «“\"'(–-:;")
        opens = not before or before[-1] in ".!?\n"
        numeral = re.fullmatch(r"[IVXLC]+(?:e|ème)?", match[0])
        if match[0][0].isupper() and not opens and not numeral and len(match[0]) > 2:
            found.add(fold(match[0]))
    return frozenset(found - {"mme", "mmes", "ttc", "rdv", "tel"})


def _words(text: str) -> set[str]:
    return {fold(match[0]) for match in _WORD.finditer(text)}
