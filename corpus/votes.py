# SPDX-License-Identifier: EUPL-1.2
"""How an assembly voted: counts and outcome, and where the words stand, never who.

    "Vote : pour : 21 – contre : 3 (…) – abstentions : 2"  ─▶  Votes(21, 3, 2, "adopted")

Minutes say a vote in a few words that stand near each other; words further away belong to
another vote, or to the debate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.french import flat
from guardrails.values import IN_WORDS, numeral

Outcome = Literal["adopted", "rejected", ""]

NEAR_CHARS = 140
"""Words of one vote are no further from each other; names between brackets do not count."""

DIGITS = r"(\d{1,3}|neant|aucune?|zero)"
NUMBER = rf"({DIGITS[1:-1]}|{IN_WORDS})"
SIGNS = r"[\s«»\"':.,=-]*"
SIDES = {
    "pour": r"pour|favorables?",
    "contre": r"contre|defavorables?",
    "abstentions": r"abstentions?|abstenu(?:e?s?)|s'abstien(?:t|nent)",
}
COUNT = re.compile(
    "|".join(
        rf"(?P<{side}_after>\b(?:votes?|voix)?\s*(?:{word})\s*(?:\(s\))?{SIGNS}{DIGITS}\b(?![/%€]|\s*(?:%|€|ans|euros)))"
        rf"|(?P<{side}_before>\b{NUMBER}\s*(?:voix|votes?|votants?|membres?|conseillers?)?{SIGNS}"
        rf"(?:se sont |s'est )?(?:{word})\b(?!\s*:|\s*\d))"
        for side, word in SIDES.items()
    )
)
TOLD = re.compile(
    r"(?P<refused>\bcontre,? (?:a l'|l')unanimite\b)"
    r"|(?P<unanimous>(?<!pas )(?:a l'|l'|\b)unanimite\b)"
    r"|(?P<adopted>\b(?:adopte|approuve|accepte|valide)e?s?\b|\ba la majorite\b)"
    r"|(?P<council>\b(?:conseil|assemblee)\W{1,3}(?:municipal\W{1,3})?adopte\b)"
    r"|(?P<rejected>\b(?:rejete|repousse|refuse)e?s?\b|\bn'est pas adopte)"
)
SPEAKS_OF_A_VOTE = re.compile(
    r"\b(?:vot(?:e|es|ant|ants|ee|ees|er)|voix|adopt\w+|approuv\w+|accept\w+|delibere|decid\w+|autoris\w+"
    r"|valid\w+|elu\w*|membres|suffrages|presents|majorite|affecte|emet|donne|fixe|designe)\b"
)
VOTING = re.compile(r"\b(?:votes?|votants?|voix|suffrages|scrutin)\b")
MOST_SEATS = 250
BRACKETS = re.compile(r"\([^()\n]{0,300}(?:\n[^()\n]{0,300})?\)")
AROUND_CHARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """One vote; a count is None where the text does not say it. Places count characters."""

    pour: int | None = None
    contre: int | None = None
    abstentions: int | None = None
    unanimous: bool = False
    outcome: Outcome = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    what: str
    count: int = 0


def read_votes(text: str) -> list[Votes]:
    """Return the votes that a text tells, in order.

    >>> vote, = read_votes("Vote : 13 voix pour, 2 abstentions")
    >>> vote.pour, vote.contre, vote.abstentions
    (13, 0, 2)
    """
    folded = flat(text)
    return [vote for group in _groups(folded) if (vote := _vote(folded, group))]


def _words(folded: str) -> Iterator[_Word]:
    for match in COUNT.finditer(folded):
        kind = next(name for name, value in match.groupdict().items() if value)
        count = _count(match[COUNT.groupindex[kind] + 1])
        if count <= MOST_SEATS:
            yield _Word(match.start(), match.end(), kind.split("_")[0], count)
    for match in TOLD.finditer(folded):
        yield _Word(match.start(), match.end(), str(match.lastgroup))


def _count(number: str) -> int:
    if number.isdigit():
        return int(number)
    return 0 if re.fullmatch(DIGITS, number) else numeral(number, 0, len(number))[0]


def _groups(folded: str) -> Iterator[list[_Word]]:
    """Yield words that tell one vote together."""
    words = sorted(_words(folded), key=lambda word: word.start)
    group: list[_Word] = words[:1]
    for before, word in pairwise(words):
        gap = BRACKETS.sub("", folded[before.end : word.start])
        said_twice = word.what in {w.what for w in group} and word.what in SIDES
        if len(gap) > NEAR_CHARS or said_twice or _turns(folded[before.end : word.start]):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _turns(between: str) -> bool:
    """Say whether an item, a speech or a paragraph starts between two words."""
    return bool(re.search(r"\n\s*\n\s*(?:\d{1,3}\s?[-.)]|article\b)|\n\s*vote\b", between))


def _vote(folded: str, group: list[_Word]) -> Votes | None:
    counts = {word.what: word.count for word in group if word.what in SIDES}
    told = {word.what for word in group}
    start, end = group[0].start, group[-1].end
    around = folded[max(0, start - AROUND_CHARS) : end + AROUND_CHARS]
    unanimous = "unanimous" in told
    if "refused" in told and "pour" not in counts:
        return Votes(pour=0, unanimous=True, outcome="rejected", start=start, end=end)
    is_told = SPEAKS_OF_A_VOTE.search(around) or _is_sentence(folded, start, end)
    if "pour" not in counts and not (unanimous and is_told):
        return Votes(outcome="adopted", start=start, end=end) if "council" in told else None
    if "pour" in counts and not (_says_sides(folded[start:end], told) or VOTING.search(around)):
        return None  # "pour 3 classes"
    if counts.get("pour", 1) == 0 and not counts.get("contre"):
        return None
    zero = 0 if "pour" in counts else None
    contre = counts.get("contre", 0 if unanimous else zero)
    return Votes(
        pour=counts.get("pour"),
        contre=contre,
        abstentions=counts.get("abstentions", zero),
        unanimous=unanimous and not contre,
        outcome=_outcome(counts, told),
        start=start,
        end=end,
    )


def _is_sentence(folded: str, start: int, end: int) -> bool:
    """Say whether words are a sentence of their own: `Unanimité.`"""
    before, after = folded[:start].rstrip()[-1:], folded[end:].lstrip(" ")[:1]
    return before in ("", *".!?:)") and after in ("", *".(\n")


def _says_sides(words: str, told: set[str]) -> bool:
    return len(told) > 1 or bool(re.search(r"\bpour\s*[»\"']?\s*:", words))


def _outcome(counts: dict[str, int], told: set[str]) -> Outcome:
    if "pour" in counts:
        return "rejected" if counts.get("contre", 0) >= counts["pour"] else "adopted"
    return "rejected" if "rejected" in told else "adopted"
