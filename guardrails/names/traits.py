# SPDX-License-Identifier: EUPL-1.2
"""What the learned layer reads of a text: its tokens, and the traits of each kind of token.

    Words ──tokens──▶ kinds of token, in order ──traits──▶ rows of tables, facts, a word vector

A token is a word, a mark of punctuation, a number, a letter inside a code, a line's end, a wide
blank or a placeholder (`pieces.py` reads what is no word). Tokens that look the same are of one
kind, whose traits are worked out once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from guardrails.names.leads import (
    CALLERS,
    FILES,
    GREETINGS,
    NAMED,
    PERSON_NOUNS,
    RELATIONS,
)
from guardrails.names.lexicons import Lexicons, read_lines, read_words
from guardrails.names.pieces import FACTS as PIECE_FACTS
from guardrails.names.pieces import MARKS, facts_of, pieces, strings_of
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import PLACEHOLDER

ROWS = 4096
"""Rows of each table: a string falls on one by its CRC-32."""

MOST_TRIGRAMS = 14
_SHAPES = (Shape.INITIAL, Shape.UPPER, Shape.CAPITAL, Shape.LOWER, Shape.ODD)
_LENGTHS = (1, 2, 4, 6, 9)
_RANKS = 8

_LISTS: tuple[frozenset[str], ...] = (
    CALLERS, FILES, RELATIONS, NAMED, PERSON_NOUNS, GREETINGS,
    read_words("subject_verbs.txt"),
    read_words("street_types.txt"),
    read_words("after_named_places.txt"),
    read_words("everyday_first_names.txt"),
    frozenset(word.lower() for word in read_words("firm_words.txt")),
    *(frozenset(line.split()) for line in read_lines("word_classes.txt")),
)  # fmt: skip
_OF_MARKS = 56 + len(_LISTS)
_OF_PIECES = _OF_MARKS + len(MARKS)
FACTS = _OF_PIECES + PIECE_FACTS
"""How many yes-or-no facts the traits of a token hold."""


@dataclass(frozen=True, slots=True)
class Traits:
    """Rows of the three tables, the facts that hold, and the word whose vector to read."""

    whole: int
    affixes: tuple[int, int, int, int, int]
    trigrams: tuple[int, ...]
    facts: tuple[int, ...]
    word: str


Kind = tuple[str, bool, bool, int]
"""A token as it looks: its text, never a name, a commune, magnitude; `=` opens what is no word."""

Token = tuple[Kind, int, int, int]
"""A kind, the number of its word or -1, where it starts and ends (exclusive) in the text."""


def tokens(words: Words) -> Iterator[Token]:
    """Yield the tokens of a text, in order."""
    hidden = [(m.start(), m.end(), m["label"]) for m in PLACEHOLDER.finditer(words.text)]
    hidden.append((len(words.text), len(words.text), ""))
    position, place = 0, 0
    for index, word in enumerate(words):
        while word.start >= hidden[place][1] and hidden[place][2]:
            yield from _until(words.text, position, hidden[place])
            position = hidden[place][1]
            place += 1
        if word.start < hidden[place][0]:
            yield from _between(words.text, position, word.start)
            kind = (word.text, word.is_never, word.is_commune, word.magnitude)
            yield kind, index, word.start, word.end
            position = word.end
    while hidden[place][2]:
        yield from _until(words.text, position, hidden[place])
        position = hidden[place][1]
        place += 1
    yield from _between(words.text, position, len(words.text))


def _until(text: str, start: int, hidden: tuple[int, int, str]) -> Iterator[Token]:
    """Yield what leads to a placeholder, and the placeholder."""
    yield from _between(text, start, hidden[0])
    yield ("[" + hidden[2], False, False, -1), -1, hidden[0], hidden[1]


def _between(text: str, start: int, end: int) -> Iterator[Token]:
    for look, first, last in pieces(text, start, end):
        yield ("=" + look, False, False, -1), -1, first, last


class TraitsOf:
    """Works out the traits of a kind of token, with what the lexicons know of its word."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons

    def mark(self, kind: Kind) -> Traits:
        """Return the traits of what is no word: `kind[0]` opens with `=` or `[`."""
        text = kind[0][1:]
        facts = [_OF_MARKS + MARKS.index(text)] if text in MARKS else []
        if kind[0][0] == "=":
            facts += [_OF_PIECES + fact for fact in facts_of(text)]
        one, two, three, four, five = map(_row, (f"p={shared}" for shared in strings_of(text)))
        return Traits(
            _row(kind[0]), (one, two, three, four, five), (_row("t=" + text),), tuple(facts), ""
        )

    def word(self, word: Word) -> Traits:
        """Return the traits of a word."""
        low, folded = word.text.lower(), word.fold
        padded = f"^{folded}$"
        rank = self._lexicons.rank(folded)
        holds = (
            word.is_ambiguous, word.is_common, word.is_commune, word.is_never, word.is_role,
            word.is_thing, word.is_noun, word.is_particle, "-" in word.text, word.is_strong_first,
            word.is_unusual, word.is_nameable, not word.text.isascii(), True,
        )  # fmt: skip
        facts = [
            4 + _SHAPES.index(word.shape),
            9 + sum(len(low) > length for length in _LENGTHS),
            15 + min(max(word.magnitude + 1, 0), 8),
            24 + word.surname,
            27 + (0 if rank < 0 else 1 + min(_RANKS - 2, int(math.log2(rank / 100 + 1) / 1.6))),
            *(36 + n for n, fact in enumerate(holds) if fact),
            *(56 + n for n, known in enumerate(_LISTS) if folded in known),
        ]
        return Traits(
            _row("n" + low),
            (
                _row("a" + low[:2]),
                _row("b" + low[:3]),
                _row("c" + low[-2:]),
                _row("d" + low[-3:]),
                _row("e" + _outline(word.text)),
            ),
            tuple(_row("t" + padded[i : i + 3]) for i in range(len(padded) - 2))[:MOST_TRIGRAMS],
            tuple(facts),
            word.text,
        )


def _outline(written: str) -> str:
    """`Le-Gall` reads `Xx-Xxx`."""
    outline = "".join("X" if c.isupper() else "x" if c.isalpha() else c for c in written)
    return re.sub(r"(.)\1{2,}", r"\1\1", outline)


def _row(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) % ROWS
