# SPDX-License-Identifier: EUPL-1.2
"""A marked text written again: with other names, in other letters, partly hidden already.

What stays the same is all that tells a name from another word where the name is unknown. Names
are drawn from the guard's own lists, frequent and rare, or made of two halves; those of streets,
schools and firms are changed too, so that no surname is known to be a street's. Codes and dates
are drawn as `numbers.py` has it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from guardrails.findings import Entity
from guardrails.names.lexicons import Lexicons, read_lines
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import LABELS
from tests.markup import Marked
from tools.names.numbers import drawn_code, drawn_place, is_code, rewritten_date
from tools.names.texts import NAMES, Text

_FREQUENT = 10_000
_SHORTEST = 3
_KEPT_CODES = 0.3
_MOST_YEARS = 26
_YEAR = re.compile(r"(?<!\d)(?:19[3-9]|20[0-3])\d(?!\d)")
_MOST_NOISE = 0.25
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_MISREAD = {"o": "0", "O": "0", "l": "1", "I": "l", "i": "1", "e": "c", "s": "§", "n": "u"}


@dataclass(frozen=True, slots=True)
class Rates:
    """How often what is changed, from 0 to 1."""

    names: float = 0.6
    kept: float = 0.3
    numbers: float = 0.4
    hidden: float = 0.25
    scanned: float = 0.1
    upper: float = 0.06
    lower: float = 0.07


class Variations:
    """Draws variations of texts; the same seed draws the same ones."""

    def __init__(self, lexicons: Lexicons, *, seed: int, rates: Rates | None = None) -> None:
        self._lexicons = lexicons
        self._draw = random.Random(seed)
        self._rates = rates or Rates()
        self._firsts = lexicons.first_names()
        self._births = list(accumulate(10 ** max(m, 0) for m in self._firsts.values()))
        self._first = list(self._firsts)
        self._surnames = lexicons.surnames()
        self._communes = read_lines("communes.txt")
        self._everyday = [n for n in self._surnames[:_FREQUENT] if lexicons.about(n)[3]]

    def vary(self, text: Text) -> Text:
        """Return the text with some of its names replaced, and perhaps in other letters."""
        varied = self._renumbered(self._renamed(text))
        if self._draw.random() < self._rates.hidden:
            varied = self._partly_hidden(varied)
        if self._draw.random() < self._rates.scanned:
            varied = self._scanned(varied)
        return self._recased(varied)

    def _renamed(self, text: Text) -> Text:
        words = Words(text.text, self._lexicons)
        new: dict[str, str] = {}
        edits = []
        for mark in text.marks:
            is_name = mark.label in NAMES
            if not (is_name or mark.label in ("KEEP", "ADDRESS")):
                continue
            rate = self._rates.names if is_name else self._rates.kept
            inside = [w for w in words if mark.start <= w.start and w.end <= mark.end]
            for word in inside:
                if not _may_change(word) or not (is_name or _is_borne(word)):
                    continue
                if word.fold not in new and self._draw.random() > rate:
                    new[word.fold] = ""  # the same word stays everywhere, or goes everywhere
                elif word.fold not in new:
                    is_given = word.magnitude >= 2 and (
                        word is inside[0] or word.magnitude >= 4 or word.surname < 2
                    )
                    new[word.fold] = self._given() if is_given else self._surname()
                if new[word.fold]:
                    edits.append((word.start, word.end, _written(new[word.fold], word)))
        return edited(text, edits)

    def _renumbered(self, text: Text) -> Text:
        """Draw codes and birth places anew; write dates in other ways."""
        edits = []
        text = self._of_another_time(text)
        for mark in text.marks:
            written = text.text[mark.start : mark.end]
            if self._draw.random() >= self._rates.numbers:
                continue
            new = None
            if mark.label == "FILE_NUMBER":
                new = drawn_code(self._draw)
            elif mark.label == "KEEP" and is_code(written):  # `DP 082 …` mostly stays as it is
                new = drawn_code(self._draw) if self._draw.random() < _KEPT_CODES else None
            elif mark.label in ("BIRTH_DATE", "KEEP"):
                new = rewritten_date(written, self._draw)
            elif mark.label == "BIRTH_PLACE" and written.replace("-", "").isalpha():
                new = drawn_place(self._communes, self._draw)
            if new:
                edits.append((mark.start, mark.end, new))
        return edited(text, edits)

    def _of_another_time(self, text: Text) -> Text:
        """Move all years of a text by as many: papers of 2003 are read too."""
        if self._draw.random() >= self._rates.numbers:
            return text
        years = self._draw.randint(1, _MOST_YEARS)
        edits = [
            (match.start(), match.end(), str(int(match[0]) - years))
            for match in _YEAR.finditer(text.text)
        ]
        return edited(text, edits)

    def _partly_hidden(self, text: Text) -> Text:
        """Write placeholders over some marks: what the guard's second look reads."""
        share = self._draw.random()
        edits = [
            (mark.start, mark.end, f"[{LABELS[entity]}_{self._draw.randint(1, 9)}]")
            for mark in text.marks
            if (entity := _entity(mark)) and self._draw.random() < share
        ]
        return edited(text, edits)

    def _scanned(self, text: Text) -> Text:
        """Write what a scanner makes of a page: letters read as others, words cut in two."""
        share = self._draw.random() * _MOST_NOISE
        edits = []
        for match in _LONG_WORD.finditer(text.text):
            if self._draw.random() < share:
                cut = self._draw.randint(match.start() + 2, match.end() - 2)
                edits.append((cut, cut, self._draw.choice((" ", " ", "- "))))
        for position, letter in enumerate(text.text):
            if letter in _MISREAD and self._draw.random() < share:
                edits.append((position, position + 1, _MISREAD[letter]))
        return edited(text, edits)

    def _recased(self, text: Text) -> Text:
        drawn = self._draw.random()
        changed = text.text
        if "[" not in changed and drawn < self._rates.upper:
            changed = changed.upper()
        elif "[" not in changed and drawn < self._rates.upper + self._rates.lower:
            changed = changed.lower()
        return replace(text, text=changed) if len(changed) == len(text.text) else text

    def _given(self) -> str:
        drawn = self._draw.random()
        if drawn < 0.45:
            return self._draw.choices(self._first, cum_weights=self._births)[0]
        return self._draw.choice(self._first) if drawn < 0.9 else self._made(self._first)

    def _surname(self) -> str:
        drawn = self._draw.random()
        if drawn < 0.35:
            return self._surnames[int(_FREQUENT * self._draw.random() ** 2)]
        if drawn < 0.7:
            return self._draw.choice(self._surnames)
        if drawn < 0.8:
            return self._draw.choice(self._everyday)
        if drawn < 0.9:
            return f"{self._draw.choice(self._surnames)}-{self._draw.choice(self._surnames)}"
        return self._made(self._surnames)

    def _made(self, names: Sequence[str]) -> str:
        """Make a name of no list: the first half of one, the last of another."""
        one, other = self._draw.choice(names), self._draw.choice(names)
        return (one[: max(2, len(one) // 2)] + other[len(other) // 2 :]).replace(" ", "")


def edited(text: Text, edits: Sequence[tuple[int, int, str]]) -> Text:
    """Return the text with stretches replaced, marks moved along."""
    pieces, position, moved = [], 0, list[tuple[int, int]]()
    for start, end, new in sorted(edits):
        if start < position:
            continue
        pieces += [text.text[position:start], new]
        moved.append((end, len(new) - (end - start)))
        position = end
    pieces.append(text.text[position:])

    def place(old: int) -> int:
        return old + sum(by for end, by in moved if end <= old)

    marks = tuple(Marked(place(m.start), place(m.end), m.label) for m in text.marks)
    return replace(text, text="".join(pieces), marks=marks)


def _may_change(word: Word) -> bool:
    return not (
        word.shape in (Shape.INITIAL, Shape.ODD) or word.is_particle or len(word.text) < _SHORTEST
    )


def _is_borne(word: Word) -> bool:
    """A word of a street's or a school's name that is a person's too, and no other word."""
    return (
        (word.surname > 0 or word.magnitude >= 2)
        and word.shape is not Shape.LOWER
        and not (word.is_common or word.is_never or word.is_thing or word.is_commune)
    )


def _written(new: str, like: Word) -> str:
    if like.shape is Shape.UPPER:
        return new.upper()
    if like.shape is Shape.CAPITAL:
        return "-".join(part[:1].upper() + part[1:] for part in new.split("-"))
    return new


def _entity(mark: Marked) -> Entity | None:
    try:
        return Entity(mark.label)
    except ValueError:
        return None
