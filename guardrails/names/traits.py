# SPDX-License-Identifier: EUPL-1.2
"""What the learned layer reads of a text: its tokens, and the traits of each kind of token.

    Words ──tokens──▶ kinds of token, in order ──traits──▶ rows of tables, facts, a word vector

A token is a word, a mark of punctuation, a number, a line's end, a wide blank or a placeholder.
Tokens that look the same are of one kind, whose traits are worked out once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
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
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import PLACEHOLDER

ROWS = 4096
"""Rows of each table: a string falls on one by its CRC-32."""

MOST_TRIGRAMS = 14
_SHAPES = (Shape.INITIAL, Shape.UPPER, Shape.CAPITAL, Shape.LOWER, Shape.ODD)
_LENGTHS = (1, 2, 4, 6, 9)
_RANKS = 8
_MARKS = ".,;:!?()[]«»\"'’-–—/|•*&@+=°€%<>_#…"
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_DIGITS = 6
_GAP = re.compile(r"\d+|\n|[^\S\n]{2,}|\t|[^\w\s]|[^\W\d]|_")

_LISTS: tuple[frozenset[str], ...] = (
    CALLERS, FILES, RELATIONS, NAMED, PERSON_NOUNS, GREETINGS,
    read_words("subject_verbs.txt"),
    read_words("street_types.txt"),
    read_words("after_named_places.txt"),
    read_words("everyday_first_names.txt"),
    frozenset(word.lower() for word in read_words("firm_words.txt")),
    *(frozenset(line.split()) for line in read_lines("word_classes.txt")),
)  # fmt: skip
FACTS = 56 + len(_LISTS) + len(_MARKS)
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
"""A token as it looks: its text, never a name, a commune, magnitude; a mark or number as text."""


def tokens(words: Words) -> Iterator[tuple[Kind, int]]:
    """Yield the kind of each token of a text, with the number of its word or -1."""
    hidden = [(m.start(), m.end(), m["label"]) for m in PLACEHOLDER.finditer(words.text)]
    hidden.append((len(words.text), len(words.text), ""))
    position, place = 0, 0
    for index, word in enumerate(words):
        while word.start >= hidden[place][1] and hidden[place][2]:
            yield from _between(words.text, position, hidden[place][0])
            yield ("[" + hidden[place][2], False, False, -1), -1
            position = hidden[place][1]
            place += 1
        if word.start < hidden[place][0]:
            yield from _between(words.text, position, word.start)
            yield (word.text, word.is_never, word.is_commune, word.magnitude), index
            position = word.end
    while hidden[place][2]:
        yield from _between(words.text, position, hidden[place][0])
        yield ("[" + hidden[place][2], False, False, -1), -1
        position = hidden[place][1]
        place += 1
    yield from _between(words.text, position, len(words.text))


def _between(text: str, start: int, end: int) -> Iterator[tuple[Kind, int]]:
    gap = text[start:end]
    if gap in ("", " "):
        return
    for piece in _GAP.findall(gap):
        if piece.isdigit():
            piece = "2000" if _YEAR.fullmatch(piece) else "0" * min(len(piece), _MOST_DIGITS)
        elif piece.isspace():
            piece = "\n" if piece == "\n" else "  "
        yield ("=" + piece, False, False, -1), -1


class TraitsOf:
    """Works out the traits of a kind of token, with what the lexicons know of its word."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons

    def mark(self, kind: Kind) -> Traits:
        """Return the traits of what is no word: `kind[0]` opens with `=` or `[`."""
        text = kind[0][1:]
        facts = [56 + len(_LISTS) + _MARKS.index(text)] if text in _MARKS else []
        facts += [
            n for n, holds in enumerate((text == "\n", text == "  ", text[0].isdigit())) if holds
        ]
        return Traits(
            _row(kind[0]),
            (_row("p=" + text),) * 5,
            (_row("t=" + text),),
            tuple(facts),
            "",
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


def rows_of(each: Sequence[Traits]) -> int:
    """Return the most trigrams that one of these has."""
    return max((len(traits.trigrams) for traits in each), default=1)
