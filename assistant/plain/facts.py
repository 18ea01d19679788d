# SPDX-License-Identifier: EUPL-1.2
"""The facts of a sentence, however they are written: what plain language must not change.

    facts("Le 12/06/2024, 4,20 €") == facts("Le 12 juin 2024, 4,20 euros")

Read with rules of its own, apart from those that rewrite: a slip there must not hide itself here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.french import MONTHS, fold
from guardrails.placeholders import PLACEHOLDER

_WORDED = re.compile(rf"\b(\d{{1,2}}|1er)\s+({'|'.join(MONTHS)})(?:\s+(\d{{4}}))?\b")
_DIGITS = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_TIME = re.compile(r"\b(\d{1,2})\s?(?:heures?|h)\b(?:\s?(\d{2})\b)?|\b(\d{1,2})h(\d{2})\b")
_PERCENT = re.compile(r"%|\bpour\s?cent\b")
_MONEY = re.compile(r"€|\beuros?\b")
_NUMBER = re.compile(r"\d+(?:[ .]\d{3})*(?!\d)(?:[.,]\d+)?|\d+")
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
    """Dates, times, numbers, percents, euros, placeholders and negations, counted; and names."""

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
    rest = " ".join(fold(PLACEHOLDER.sub(" ", text)).replace("\u00a0", " ").split())
    rest = re.sub(
        r"(?<![a-z])m[23]\b|\bmetres? (?:carre|cube)s?\b", " square ", rest.replace("\u202f", " ")
    )

    def take(pattern: re.Pattern[str], said: Callable[[re.Match[str]], str]) -> None:
        nonlocal rest
        counted.update(said(match) for match in pattern.finditer(rest))
        rest = pattern.sub(" | ", rest)

    take(_DIGITS, lambda m: f"date {int(m[1])} {int(m[2])} {m[3]}")
    take(_ISO, lambda m: f"date {int(m[3])} {int(m[2])} {m[1]}")
    take(_WORDED, lambda m: f"date {m[1].replace('er', '')} {MONTHS[m[2]]} {m[3] or ''}".strip())
    take(_TIME, lambda m: f"time {int(m[1] or m[3])} {int(m[2] or m[4] or 0)}")
    take(_ROMAN, lambda m: f"number {_roman(m[1] or m[2])}")
    take(_PERCENT, lambda _: "percent")
    take(_MONEY, lambda _: "euros")
    counted.update(match[0] for match in _NEGATION.finditer(rest))
    take(_NUMBER, lambda m: f"number {_number(m[0])}")
    return Facts(counted, _names(text))


def _number(written: str) -> str:
    """Return a number in one way: `1 450 000`, `42 077.50`, `4,20`."""
    grouped = re.fullmatch(r"(\d{1,3}(?:[ .]\d{3})+)(?:,(\d+))?", written)
    if grouped:
        whole, cents = re.sub(r"\D", "", grouped[1]), grouped[2] or ""
    else:
        whole, _, cents = written.replace(" ", "").replace(",", ".").partition(".")
    cents = cents.rstrip("0")
    return str(int(whole)) + (f",{cents}" if cents else "")


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
