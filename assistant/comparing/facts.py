# SPDX-License-Identifier: EUPL-1.2
"""What a line states: each value, with weighted words of what it is the value of.

Read(text, tokens, values) ─┬ sentence, entry ─▶ `worded`: the words around each value
                            ├ « fermé », « gratuit » in the place of a value ─▶ `free`, `content`
                            └ cell ─▶ `cell`: its row and its column
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.comparing.stretches import LABEL_CHARS
from assistant.comparing.tokens import (
    FREE,
    TOLD,
    Token,
    Weights,
    period_in,
    period_of,
    read_values,
    tokens_of,
    weighed,
)
from corpus.sentences import shortened
from guardrails.values import Kind, Value

CONTEXT_WEIGHT, BESIDE_WEIGHT, SUBJECT_WEIGHT = 0.3, 0.25, 0.5
"""How much words of the headings, of the rest of a sentence, and of what it says before its first
value, count in what a value is of."""

A_YEAR = 10_000
"""A date's number less this one's multiples is its day, without the year."""

_CLAUSE = re.compile(r"[^,;:.()]+")
_CUT = re.compile(r"[,;:.()/|–—]|\b(?:et|ou|puis|contre|and|or)\b", re.IGNORECASE)
_AROUND = " :–—.…\t-(),;|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value, or what a cell says without one: `start` to `end` in its page.

    `cell` ties the facts of one cell together and says where the cell stands; `column` is what it
    is called. `in_label` facts belong to what the unit is about.
    """

    start: int
    end: int
    value: Value | None
    label: Weights
    name: str
    kind: Kind | None
    key: str
    period: str = ""
    column: str = ""
    column_words: Weights = field(default_factory=dict)
    cell: tuple[int, int] | None = None
    in_label: bool = False

    def says(self, other: Fact) -> bool:
        """Whether both state the same, however it is written."""
        if self.value and other.value:
            same = same_figure(self.value, other.value)
        else:
            same = self.key == other.key
        periods = {*self.period.split()}, {*other.period.split()}
        return same and (not all(periods) or not periods[0].isdisjoint(periods[1]))


@dataclass(frozen=True, slots=True)
class Read:
    """A text that was read whole, from `start` in its page: its words and what it states."""

    text: str
    start: int
    tokens: Sequence[Token]
    found: Sequence[Value]

    @classmethod
    def of(cls, text: str, start: int, year: int, *, is_label: bool = False) -> Read:
        stated = [value for value in read_values(text) if _is_stated(value, text)]
        return cls(text, start, tokens_of(text, year, is_label=is_label), stated)

    def words(self, start: int, end: int) -> list[Token]:
        """Return the words from `start` to `end` of the page."""
        a, b = start - self.start, end - self.start
        return [token for token in self.tokens if a <= token.start and token.end <= b]

    def values(self, start: int, end: int) -> list[Value]:
        """Return the values from `start` to `end` of the page."""
        a, b = start - self.start, end - self.start
        return [value for value in self.found if a <= value.start and value.end <= b]


def worded(read: Read, context: Weights, label_end: int) -> Iterator[Fact]:
    """Yield the values of a text, with the words that say what each is of; `label_end` is where
    what an entry is about ends, 0 in a sentence. A day or an age beside a price is one of these
    words; « et de 14 h à 18 h » is of what the hours before it are of."""
    if not read.found:
        return
    body, tokens = read.text, read.tokens
    beside = weighed(tokens, BESIDE_WEIGHT)
    subject = weighed((t for t in tokens if t.end <= read.found[0].start), SUBJECT_WEIGHT)
    over = lighter(context) | beside | subject
    told = [value for value in read.found if value.kind in TOLD]
    last = Weights()
    for value in read.found:
        before, after = _around(body, told if value.kind in TOLD else read.found, value)
        near = weighed(
            t
            for t in tokens
            if before <= t.start and t.end <= after and not value.start <= t.start < value.end
        )
        if value.kind in TOLD:
            near = last = near or last
        name = one_line(body[before : value.start]).strip(_AROUND)
        if not re.search(r"[^\W\d_]{2}", name):
            name = one_line(body[value.end : after]).strip(_AROUND)
        yield Fact(
            start=read.start + value.start, end=read.start + value.end, value=value,
            label=over | near, name=shortened(name, LABEL_CHARS), kind=value.kind,
            key=value_key(value), period=period_of(body[value.end : value.end + 30]),
            in_label=value.end <= label_end,
        )  # fmt: skip


def free(read: Read, context: Weights) -> Iterator[Fact]:
    """Yield what a sentence says in the place of a value: « fermée le lundi », « gratuit »."""
    for one in (token for token in read.tokens if token.key in FREE):
        clause = next(c for c in _CLAUSE.finditer(read.text) if c.start() <= one.start < c.end())
        within = range(clause.start(), clause.end())
        if any(value.kind in TOLD and value.start in within for value in read.found):
            continue
        others = (t for t in read.tokens if t.start in within and t is not one)
        yield Fact(
            start=read.start + one.start, end=read.start + one.end, value=None,
            label=lighter(context) | weighed(others), kind=FREE[one.key], key=one.key,
            name=shortened(one_line(clause[0]).strip(_AROUND), LABEL_CHARS),
        )  # fmt: skip


def content(read: Read, label_end: int, label: Weights) -> Iterator[Fact]:
    """Yield what an entry says without a value: « Dimanche : fermé »."""
    said = read.text[label_end:].lstrip(_AROUND)
    start = len(read.text) - len(said)
    tokens = [token for token in read.tokens if token.start >= start]
    if tokens and 0 < label_end < len(read.text):
        key = " ".join(token.key for token in tokens)
        yield Fact(
            start=read.start + start, end=read.start + len(read.text), value=None, label=label,
            name=one_line(read.text[:label_end]).strip(_AROUND), kind=FREE.get(key), key=key,
        )  # fmt: skip


def cell(
    read: Read, place: tuple[int, int], column: tuple[str, Weights], name: str, label: Weights
) -> Iterator[Fact]:
    """Yield the facts of a cell at a place of the page: its values, or its words where it has none;
    `column` is what its column is called, `label` what row and column say."""
    start, end = place
    called, of_column = column
    found, told = read.values(start, end), read.words(start, end)
    for value in found:
        after = read.text[value.end : min(end - read.start, value.end + 30)]
        yield Fact(
            start=read.start + value.start, end=read.start + value.end, value=value,
            label=weighed(told, BESIDE_WEIGHT) | label, name=name, kind=value.kind,
            key=value_key(value), period=period_of(after) or period_in(called),
            column=called, column_words=of_column, cell=place,
        )  # fmt: skip
    if not found and told:
        key = " ".join(token.key for token in told)
        yield Fact(
            start=start, end=end, value=None, label=label, name=name, kind=FREE.get(key),
            key=key, column=called, column_words=of_column, cell=place,
        )  # fmt: skip


def lighter(context: Weights) -> Weights:
    """Return the words of headings as they count in what a value is of."""
    return {word: weight * CONTEXT_WEIGHT for word, weight in context.items()}


def is_bare(value: Value | None) -> bool:
    """Whether a value counts nothing that is said: « les deux premières »."""
    return value is not None and value.kind is Kind.COUNT and not value.unit and value.in_words


def is_unitless(value: Value) -> bool:
    """Whether a number leaves it to a caption, or to its column, to say what it counts."""
    return value.kind is Kind.COUNT and not value.unit and not value.in_words


def same_figure(mine: Value, theirs: Value) -> bool:
    """Whether two values say the same; a number that leaves it open what it counts says what
    another says of the same figure: « 170,00 » under « Montants en euros » and « 170 € ». So does a
    limit of which one side says elsewhere that it is one (« 8 jours au moins »), and a day of which
    one leaves out the year."""
    if mine == theirs or _is_bound(mine) != _is_bound(theirs):
        return mine == theirs or mine.written == theirs.written
    if mine.unit == theirs.unit == "date" and mine.has_year != theirs.has_year:
        return _days(mine) == _days(theirs)
    if not (is_unitless(mine) or is_unitless(theirs)):
        return False
    return (mine.figure, mine.high / mine.scale) == (theirs.figure, theirs.high / theirs.scale)


def _days(date: Value) -> list[tuple[float, float]]:
    """Return the days of a date or of its two ends, without their year."""
    parts = (part for part in date.written if part.unit == date.unit)
    return [(part.low % A_YEAR, part.high % A_YEAR) for part in parts]


def _is_bound(value: Value) -> bool:
    """Whether it is open at one end: « au moins 8 jours »."""
    return len(value.parts) == 1


def value_key(value: Value) -> str:
    """Return a value as one word: equal values have the same."""
    return f"{value.unit}:{value.low:.12g}:{value.high:.12g}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def _is_stated(value: Value, text: str) -> bool:
    """Whether a value states something: not an act's number, not « Quatre-Vents »."""
    glued = value.in_words and text[value.end : value.end + 1] in ("-", "‑")
    return value.kind is not Kind.CODE and not (glued and is_bare(value))


def _around(body: str, found: Sequence[Value], value: Value) -> tuple[int, int]:
    """Return how far the words of a value reach: between two values they are parted at the last
    comma, colon or « et »; without one they are the later value's."""
    before = [other for other in found if other.end <= value.start]
    after = [other for other in found if other.start >= value.end]
    return (
        _parted(body, before[-1].end, value.start) if before else 0,
        _parted(body, value.end, after[0].start) if after else len(body),
    )


def _parted(body: str, start: int, end: int) -> int:
    cuts = list(_CUT.finditer(body, start, end))
    if not cuts:
        return start
    last = cuts[-1]
    if last[0] in ":–—(" and len(cuts) > 1:  # « … €, adulte : »: the colon is the later value's
        last = cuts[-2]
    return start if last[0] in ":–—(" else last.end()
