# SPDX-License-Identifier: EUPL-1.2
"""A document's screened pages, cut into passages that can be quoted.

    page ─▶ lines ─▶ sections (heading, article, agenda item) ─▶ units ─▶ Piece…

Readers write one paragraph, list item or table row a line, and a blank line before a
heading. A piece never crosses a page, an article or an agenda item, never cuts a
sentence or a table row unless one alone is too long for the embedder, and knows the
heading it stands under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.minutes import Item
from corpus.sections import HEADING_CHARS, MAX_CHARS, MIN_CHARS, agenda, joined, sections
from corpus.sentences import sentences, shortened

CRUMB_CHARS = 120
"""A last piece shorter than this joins the one before it."""

LABEL_CHARS = 200

SPLIT_VERSION = "split-6"
"""Changes when the same pages would be cut otherwise, or what acts say of themselves read so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a page, by characters, and the heading it stands under.

    `item` is the rank of the agenda item that it belongs to, 0 outside of any.
    """

    page: int
    start: int
    end: int
    heading: str
    item: int = 0


def split(
    pages: Sequence[tuple[int, str]],
    *,
    label: str,
    count_tokens: Callable[[str], int],
    max_tokens: int,
    items: Sequence[Item] = (),
) -> list[Piece]:
    """Cut screened pages into pieces; `label` says which document they belong to.

    In minutes, `items` says where agenda items start: nothing else cuts or leads there.
    """
    pieces: list[Piece] = []
    heading, item = "", 0
    for number, text in pages:
        starts = {i.start: i for i in items if i.page == number}
        found = agenda(text, heading, item, starts) if items else sections(text, heading)
        for section in joined(found):
            heading, item = section.leads, section.item
            shown = headline(label, section.heading)
            for start, end in _packed(section.units, text):
                for a, b in _fitted(text, start, end, shown, count_tokens, max_tokens):
                    piece = Piece(page=number, start=a, end=b, heading=shown, item=section.item)
                    pieces.append(piece)
    return pieces


def headline(label: str, heading: str) -> str:
    """Return the document's label and the section's heading on one short line."""
    if not heading or heading.lower() in label.lower():
        return shortened(label, LABEL_CHARS)
    shown = shortened(heading, HEADING_CHARS)
    return f"{shortened(label, LABEL_CHARS - len(shown))} > {shown}" if label else shown


def indexed_text(heading: str, text: str) -> str:
    """Return what the embedder reads: the heading, then the passage."""
    return f"{heading}\n{text}" if heading else text


def _packed(units: list[tuple[int, int, str]], text: str) -> list[tuple[int, int]]:
    """Pack units into stretches of MIN_CHARS to MAX_CHARS, cutting where the matter changes."""
    packed: list[tuple[int, int]] = []
    last_kind = ""
    for start, end, kind in units:
        turns = kind != last_kind and last_kind != "heading"
        if packed:
            first, until = packed[-1]
            fits = end - first <= MAX_CHARS
            if fits and not (turns and until - first >= MIN_CHARS):
                packed[-1] = (first, end)
                last_kind = kind
                continue
        packed.append((start, end))
        last_kind = kind
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < CRUMB_CHARS:
        crumb = packed.pop()
        packed[-1] = (packed[-1][0], crumb[1])
    return packed


def _fitted(
    text: str,
    start: int,
    end: int,
    heading: str,
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> Iterator[tuple[int, int]]:
    """Yield the stretch whole if the embedder can read it, else in smaller ones."""
    if count_tokens(indexed_text(heading, text[start:end])) <= max_tokens:
        yield start, end
        return
    middle = _cut(text, start, end)
    yield from _fitted(text, start, middle, heading, count_tokens, max_tokens)
    while middle < end and text[middle].isspace():
        middle += 1
    yield from _fitted(text, middle, end, heading, count_tokens, max_tokens)


def _cut(text: str, start: int, end: int) -> int:
    """Return the best place to cut near the middle: a sentence's end, a space, or the middle."""
    middle = (start + end) // 2
    ends = [start + b for _, b in sentences(text[start:end])][:-1]
    if ends:
        return min(ends, key=lambda place: abs(place - middle))
    space = text.rfind(" ", start + 1, middle)
    return space if space > start else middle
