# SPDX-License-Identifier: EUPL-1.2
"""Marked texts that the learned layer learns from, and each of their words with its answer.

    tests/privacy/dev_*.toml      the passages that the guard may be tuned on
    tools/names/passages_*.txt    passages written to teach: ‹names› are marked, the rest is none

All are invented. In a mark of the second kind a word that only leads to a name (`Mme`, `papa`)
is left out, neither a name nor none, as the gold set leaves it out of its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from guardrails.names.network import Floats
from guardrails.names.traits import Kind, tokens
from guardrails.names.words import Words
from tests.markup import Marked
from tests.privacy.gold import FOLDER, read_gold

HERE = Path(__file__).parent
NAMES = frozenset(("PERSON", "OFFICIAL"))
"""Who acts in office is a person too: that he stays is decided elsewhere."""

_LEFT_OUT = frozenset(("MAY", "EMAIL", "SECRET", "IP", "PASSPORT"))
_KEPT_SHARE, _MARK_SHARE = 1.5, 0.1
_NAME = re.compile(r"‹([^‹›]*)›")
_PIECE = re.compile(r"[^\s,()/]+")
_TITLES, _SMALL_LEADS = (
    frozenset(line.split()) for line in (HERE / "leads.txt").read_text("utf-8").splitlines()
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its marks."""

    text: str
    marks: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The kinds of token of a text, the word of each or -1, its answer and its share in the sum."""

    kinds: list[Kind]
    words: list[int]
    answers: Floats
    shares: Floats


def gold_texts(*, without: Sequence[str] = ()) -> list[Text]:
    """Return the passages of the gold set's dev part, some files left out by their stem."""
    paths = (path for path in sorted(FOLDER.glob("dev_*.toml")) if path.stem not in without)
    return [Text(p.text, p.marks) for path in paths for p in read_gold(path)]


def taught_texts() -> list[Text]:
    """Return the passages that were written to teach."""
    blocks = (
        block
        for path in sorted(HERE.glob("passages_*.txt"))
        for block in re.split(r"\n\s*\n", path.read_text("utf-8").strip())
    )
    return [taught(block) for block in blocks]


def taught(block: str) -> Text:
    """Return a passage without its marks.

    >>> taught("Vu ‹Mme Le Goff› hier.").marks
    (Marked(start=3, end=6, label='MAY'), Marked(start=7, end=14, label='PERSON'))
    """
    text, marks, position = "", list[Marked](), 0
    for match in _NAME.finditer(block):
        text += block[position : match.start()]
        marks.extend(_marks(match[1], len(text)))
        text += match[1]
        position = match.end()
    text += block[position:]
    if "‹" in text or "›" in text:
        raise ValueError(f"unbalanced mark in: {block!r}")
    return Text(text, tuple(marks))


def _marks(words: str, start: int) -> Iterator[Marked]:
    """Yield the name in a mark, without what leads to it; particles inside belong to it."""
    first = None
    last = 0
    for piece in _PIECE.finditer(words):
        low = piece[0].lower().rstrip(".:")
        if low in _TITLES or (low in _SMALL_LEADS and piece[0][0].islower()):
            if first is None or not _goes_on(words, last, piece):
                if first is not None:
                    yield Marked(start + first, start + last, "PERSON")
                    first = None
                yield Marked(start + piece.start(), start + piece.end(), "MAY")
            continue
        if first is not None and words[last : piece.start()].strip():
            yield Marked(start + first, start + last, "PERSON")
            first = None
        first = piece.start() if first is None else first
        last = piece.end()
    if first is not None:
        yield Marked(start + first, start + last, "PERSON")


def _goes_on(words: str, last: int, piece: re.Match[str]) -> bool:
    """`Aymar de La Rochebrune`: a particle between two words of one name."""
    return (
        piece[0] in ("de", "du", "le", "la")
        and words[last : piece.start()] == " "
        and words[piece.end() : piece.end() + 2].strip()[:1].isupper()
    )


def answered(words: Words, marks: Sequence[Marked]) -> Answers:
    """Return what each token of a text should be called."""
    kinds, places = [], []
    for kind, index in tokens(words):
        kinds.append(kind)
        places.append(index)
    answers = np.zeros(len(kinds), np.float32)
    shares = np.full(len(kinds), _MARK_SHARE, np.float32)
    for token, index in enumerate(places):
        if index < 0:
            continue
        word = words[index]
        shares[token] = 1
        for mark in marks:
            if mark.start < word.end and word.start < mark.end:
                if mark.label in NAMES:
                    answers[token] = 1
                elif mark.label in _LEFT_OUT:
                    shares[token] = 0
                elif mark.label == "KEEP":
                    shares[token] = _KEPT_SHARE
    return Answers(kinds, places, answers, shares)
