# SPDX-License-Identifier: EUPL-1.2
"""The sentences of a letter, told by its lines: some were broken to fit, some ended by who wrote.

lines ─▶ paragraphs, items with the line that leads to them ─▶ Unit, one a sentence
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.leaning import THANKS
from assistant.pieces import marked
from assistant.replying.plain import without_marks
from assistant.replying.signs import ASKING
from corpus.french import flat
from corpus.sentences import sentences
from guardrails.injection import REPLACEMENT

MOST_SENTENCES = 400
MAX_SENTENCE_CHARS = 1_000
"""Who writes a page without a stop is read so many characters at a time."""
WIDEST, FILLED = 130, 0.6
"""Characters of the widest page's lines; what share of the longest line one takes at the least that
was broken to fit: the next word had no place."""
UNSTOPPED_WORDS = 24
"""Who writes as many words without a stop sets none."""

FEW_WORDS = 3
"""« Combien faut-il » asks once."""

_STOPS = re.compile(r"[.,;:!?…()]")
_ITEM = re.compile(
    r"\s*(?:[-–—•*·>▪‣]\s*|\(?\d{1,2}[.)/]\s+|\(?[a-h]\)\s*|\d{1,2}\s?[-–]\s+)(?=\S)"
)
_ENDS = re.compile(r"[.!?:…;]\s*$")
_ENDED = re.compile(
    r"(?<=[?!])\s+(?=\S)|(?<=[\w\])]\.)\s+(?=(?:et|mais|sinon|puis|aussi|est|combien|quand|comment|y|c|vous"
    r"|on|je|j'ai)\b)"
)
"""Where a sentence ends for who writes without capitals."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a letter, and the line that leads to it (« Pourriez-vous me dire : »)."""

    paragraph: int
    text: str
    lead: str = ""


def at_both_ends(each: Sequence[Unit]) -> Sequence[Unit]:
    """Return the sentences, of too many those at both ends: each takes a vector."""
    if len(each) <= MOST_SENTENCES:
        return each
    return [*each[: MOST_SENTENCES // 2], *each[-MOST_SENTENCES // 2 :]]


def units(lines: Sequence[str]) -> Iterator[Unit]:
    """Yield the sentences of a letter's lines; lines that were broken to fit are one again."""
    for number, (paragraph, lead) in enumerate(paragraphs(lines)):
        for sentence in _sentences(paragraph):
            if without_marks(sentence.replace(REPLACEMENT, " ")) and not THANKS.fullmatch(
                flat(sentence)
            ):
                yield Unit(number if not lead else -1 - number, sentence, lead)


def paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each paragraph with the line that leads to it where it is an item of a list."""
    held, lead, last, width = "", "", "", _width(lines)
    for line in [*lines, ""]:
        text = line.replace(REPLACEMENT, " ").strip()
        item = _ITEM.match(line) if text else None
        is_ended = len(last) < width and not last.endswith(",")
        last = line.strip()
        if not text or item or is_ended or not _goes_on(held, text):
            if held:
                is_item = held.startswith("\0")
                yield held.lstrip("\0"), lead if is_item else ""
                if held.rstrip().endswith(":"):
                    lead = held.lstrip("\0")
                elif not is_item:
                    lead = ""
            held = ""
        if text:
            words = line[item.end() :].strip() if item else text
            held = f"{held} {words}" if held else ("\0" if item else "") + words


def _width(lines: Sequence[str]) -> float:
    """Return the characters from which a line was broken to fit; one that is shorter was ended by
    who wrote. Where lines are longer than any page, none was broken to fit."""
    most = max((len(line) for line in lines), default=0)
    return math.inf if most > WIDEST else most * FILLED


def _goes_on(held: str, text: str) -> bool:
    """Whether a line goes on with the sentence before it."""
    if not held:
        return False
    if held.startswith("\0") or not _ENDS.search(held):
        return text[:1].islower() or not text[:1].isalpha() or not _ENDS.search(held)
    return not held.endswith(":")


def _sentences(paragraph: str) -> Iterator[str]:
    """Yield sentences; one ends at each question mark, whatever follows."""
    for start, end in sentences(paragraph):
        each = _ENDED.split(paragraph[start:end])
        for piece in (part for whole in each for part in _unstopped(whole)):
            for held in textwrap.wrap(piece, MAX_SENTENCE_CHARS):
                if held.strip(" ?!."):
                    yield held.strip()


def _unstopped(sentence: str) -> Iterator[str]:
    """Cut what goes on without a stop before each word that asks: its writer sets no marks."""
    runs = _STOPS.split(sentence)
    if _ENDS.search(sentence) or max(len(run.split()) for run in runs) < UNSTOPPED_WORDS:
        yield sentence
        return
    cuts = [0]
    for found in ASKING.finditer(marked(sentence)):
        if len(sentence[cuts[-1] : found.start()].split()) >= FEW_WORDS:
            cuts.append(found.start())
    yield from (sentence[start:end].strip() for start, end in pairwise([*cuts, len(sentence)]))
