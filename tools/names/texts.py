# SPDX-License-Identifier: EUPL-1.2
"""Marked texts that the learned layer learns from, and each of their words with its answer.

    tests/privacy/dev_*.toml      the passages that the guard may be tuned on
    tools/names/passages_*.txt    passages written to teach: ‹names› are marked, the rest is none
    tools/names/marked_*.txt      passages written to teach the other kinds, marked as the gold set
    benchmarks/readings/          papers without anybody in them: nothing is to be found

All are invented. In a mark of the second kind a word that only leads to a name (`Mme`, `papa`)
is left out, neither a name nor none, as the gold set leaves it out of its marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from guardrails.names.network import OUTPUTS, Floats
from guardrails.names.traits import Kind, tokens
from guardrails.names.words import Words
from tests.markup import Marked, read_marked
from tests.privacy.gold import FOLDER, read_gold

HERE = Path(__file__).parent
PAPERS = HERE.parents[1] / "benchmarks" / "readings"
APART = ("lot_11", "lot_12")
"""Papers that are left out, to tell what is found for nothing."""

NAMES = frozenset(("PERSON", "OFFICIAL"))
"""Who acts in office is a person too: that he stays is decided elsewhere."""

OUTPUT_OF = {
    **dict.fromkeys(NAMES, "PERSON"),
    **{label: label for label in OUTPUTS[1:] if label != "NUMBER"},
    **dict.fromkeys(
        ("FILE_NUMBER", "CAF", "NIR", "SPI", "INE", "CNI", "PASSPORT", "DRIVING_LICENCE",
         "RESIDENCE_PERMIT", "RIB", "IBAN", "BANK_CARD", "SIRET"),
        "NUMBER",
    ),
}  # fmt: skip
"""Which output tells of a label of the gold set."""

_NEITHER = frozenset(("MAY", "IP", "EMAIL"))
_LEFT_OUT = frozenset(("MAY", "EMAIL", "SECRET", "IP", "PASSPORT"))
_KEPT_SHARE, _MARK_SHARE = 1.5, 0.1
_OTHERS_SHARE, _WORD_SHARE, _FOUND_SHARE = 0.3, 0.4, 2.0
"""Of the outputs beside PERSON: what they count, what a word does, and what is to be found."""

_NAME = re.compile(r"‹([^‹›]*)›")
_PIECE = re.compile(r"[^\s,()/]+")
_TITLES, _SMALL_LEADS = (
    frozenset(line.split()) for line in (HERE / "leads.txt").read_text("utf-8").splitlines()
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its marks; `is_whole`: more than names is marked, so that the rest is none."""

    text: str
    marks: tuple[Marked, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Answers:
    """The kinds of token of a text, the word of each or -1, its answers and their shares.

    `answers`, `shares` (how much an answer counts in the sum): (tokens, len(OUTPUTS)).
    """

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
    names = (taught(block) for block in _blocks("passages_*.txt"))
    wholes = (Text(text, tuple(marks)) for text, marks in map(read_marked, _blocks("marked_*.txt")))
    return [*names, *wholes, *papers()]


def papers(*, apart: bool = False) -> list[Text]:
    """Return papers in which a placeholder stands for each person, so that nothing is personal."""
    paths = (path for path in sorted(PAPERS.glob("*.jsonl")) if (path.stem in APART) == apart)
    lines = (line for path in paths for line in path.read_text("utf-8").splitlines())
    return [Text(str(json.loads(line)["text"]), ()) for line in lines]


def _blocks(pattern: str) -> Iterator[str]:
    for path in sorted(HERE.glob(pattern)):
        yield from re.split(r"\n\s*\n", path.read_text("utf-8").strip())


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
    return Text(text, tuple(marks), is_whole=False)


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


def answered(words: Words, text: Text) -> Answers:
    """Return what each token of a text should be called: rows of OUTPUTS."""
    read = list(tokens(words))
    answers = np.zeros((len(read), len(OUTPUTS)), np.float32)
    shares = np.full((len(read), len(OUTPUTS)), _MARK_SHARE, np.float32)
    marks = sorted(text.marks)
    place = 0
    for token, (kind, index, start, end) in enumerate(read):
        if index >= 0:
            shares[token] = 1, *(_WORD_SHARE,) * (len(OUTPUTS) - 1)
        elif _is_read(kind):
            shares[token, 1:] = 1
        elif kind[0][0] == "[":
            shares[token, 1:] = 0
        while place < len(marks) and marks[place].end <= start:
            place += 1
        if place < len(marks) and marks[place].start < end:
            _mark(marks[place].label, index, answers[token], shares[token])
    shares[:, 1:] *= _OTHERS_SHARE if text.is_whole else 0
    return Answers([t[0] for t in read], [t[1] for t in read], answers, shares)


def _mark(label: str, index: int, answers: Floats, shares: Floats) -> None:
    """Write what a mark says of one of its tokens into that token's rows."""
    output = OUTPUTS.index(OUTPUT_OF[label]) if label in OUTPUT_OF else -1
    if output > 0:
        answers[output] = 1
        shares[output] *= _FOUND_SHARE
    elif label in _NEITHER:
        shares[1:] = 0
    elif label == "KEEP":
        shares[1:] *= _KEPT_SHARE
    if index < 0:
        return
    if label in NAMES:
        answers[0] = 1
    elif label in _LEFT_OUT:
        shares[0] = 0
    elif label == "KEEP":
        shares[0] = _KEPT_SHARE


def _is_read(kind: Kind) -> bool:
    """Tell whether a token that is no word holds digits or letters."""
    return len(kind[0]) > 2 and kind[0][1] in "#aA"
