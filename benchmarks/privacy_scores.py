# SPDX-License-Identifier: EUPL-1.2
"""What a system hid of what it should have, and what it hid beside.

    Sample + hidden spans ──measure──▶ Outcome ──add──▶ Scores

An entity is hidden only if every letter and digit of it is; spaces and punctuation identify
nobody, so they do not count either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.markup import Marked

KEEP, OFFICIAL, MAY = "KEEP", "OFFICIAL", "MAY"
STAYS = frozenset({KEEP, OFFICIAL})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A text with marks, and the roster that goes with it."""

    id: str
    text: str
    marks: tuple[Marked, ...]
    roster: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sample's marks, and the spans hidden where nothing was personal."""

    leaks: tuple[Marked, ...]
    touched: tuple[Marked, ...]
    beside: tuple[Span, ...]
    chars_beside: int
    chars_plain: int


@dataclass(slots=True)
class Scores:
    """Counts over a set of samples, for one system."""

    entities: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    stays: Counter[str] = field(default_factory=Counter)
    touched: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    clean: int = 0
    chars_beside: int = 0
    chars_plain: int = 0

    def add(self, sample: Sample, outcome: Outcome) -> None:
        """Count one sample; a document with nothing to hide is clean by itself and not counted."""
        personal = [m for m in sample.marks if m.label not in STAYS and m.label != MAY]
        self.entities.update(m.label for m in personal)
        self.leaks.update(m.label for m in outcome.leaks)
        self.stays.update(m.label for m in sample.marks if m.label in STAYS)
        self.touched.update(m.label for m in outcome.touched)
        self.documents += bool(personal)
        self.clean += bool(personal) and not outcome.leaks
        self.chars_beside += outcome.chars_beside
        self.chars_plain += outcome.chars_plain


def measure(sample: Sample, hidden: Iterable[Span]) -> Outcome:
    """Compare what was hidden with the marks, letter by letter."""
    text = sample.text
    counts = [c.isalnum() for c in text]
    is_hidden = _painted(len(text), hidden)
    spared = _painted(len(text), [(m.start, m.end) for m in sample.marks if m.label not in STAYS])
    beside = [h and c and not s for h, c, s in zip(is_hidden, counts, spared, strict=True)]
    return Outcome(
        leaks=tuple(
            m
            for m in sample.marks
            if m.label not in STAYS
            and m.label != MAY
            and any(counts[i] and not is_hidden[i] for i in range(m.start, m.end))
        ),
        touched=tuple(
            m
            for m in sample.marks
            if m.label in STAYS and any(beside[i] for i in range(m.start, m.end))
        ),
        beside=tuple(_runs(beside, counts)),
        chars_beside=sum(beside),
        chars_plain=sum(c and not s for c, s in zip(counts, spared, strict=True)),
    )


def _painted(length: int, spans: Iterable[Span]) -> list[bool]:
    paint = [False] * length
    for start, end in spans:
        paint[start:end] = [True] * (min(end, length) - start)
    return paint


def _runs(beside: Sequence[bool], counts: Sequence[bool]) -> Iterable[Span]:
    """Yield stretches hidden for nothing; separators inside one do not cut it."""
    start = last = -1
    for i, (hit, counted) in enumerate(zip(beside, counts, strict=True)):
        if hit:
            start = i if start < 0 else start
            last = i
        elif counted and start >= 0:
            yield start, last + 1
            start = -1
    if start >= 0:
        yield start, last + 1
