# SPDX-License-Identifier: EUPL-1.2
"""From the printed lines of PDF pages to their text: running lines, tables, paragraphs.

What runs at the top or foot of most pages is kept once, on the first page where it stands.
Tables are found by `pdf_tables`: each row carries its headers. Other lines are joined into the
paragraphs that they were broken from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.readers.layout import SPACES, Block, clean, outlined
from corpus.readers.pdf_lines import Line
from corpus.readers.pdf_runs import are_rows
from corpus.readers.pdf_tables import with_tables
from corpus.structure import Line as Outlined

RUNNING_SHARE = 0.6
HYPHEN_AT_END = re.compile(r"(?<=[a-zà-ÿ])(?:[\x02\ufffe\xad]|-)$")
STARTS_ANEW = re.compile(
    r"""\s*(?:[-–—−•▪◦*o]\s|[\uf000-\uf0ff]|\d{1,2}(?:\.\d{1,2})*\s?[.)–-]\s|\d{1,2}\.\d{1,2}\s
    |[a-z]\)\s|[IVX]{1,5}\s?[.)–-]\s|l['’]an\s+deux\smille
    |(?:vu|considérant|article|art\.|titre|chapitre|section|annexe|décide|délibère|arrête|objet|fait\sà
    |vote|présents?|absents?|pouvoirs?)\b
    |[A-ZÀ-Þ][^.:]{0,40}\s:\s|_{3,})""",
    re.VERBOSE | re.IGNORECASE,
)
PAGE_NUMBER = re.compile(
    r"\s*(?:page|p\.)?\s*[-–]?\s*\d{1,4}\s*(?:(?:/|sur)\s*\d{1,4})?\s*[-–]?\s*", re.IGNORECASE
)
BULLET = re.compile(r"^[\uf000-\uf0ff▪◦•−]\s*")


def without_running_lines(pages: dict[int, list[Line]]) -> dict[int, list[Line]]:
    """Return the pages with what runs over most of them kept once, and no page numbers."""
    shapes = Counter(
        shape
        for lines in pages.values()
        for shape in {line.shape for line in lines if line.is_at_edge}
    )
    least = max(2.0, RUNNING_SHARE * len(pages))
    running = {shape for shape, count in shapes.items() if count >= least}
    met: set[str] = set()
    kept: dict[int, list[Line]] = {}
    for number, lines in pages.items():
        kept[number] = []
        for line in lines:
            again = line.is_at_edge and line.shape in running & met
            alone = line.is_at_edge and PAGE_NUMBER.fullmatch(line.text)
            if not again and not alone:
                kept[number].append(line)
            met.add(line.shape)
    return kept


def page_text(lines: Sequence[Line]) -> tuple[str, tuple[Outlined, ...]]:
    """Return a page's text, one paragraph, item or table row a line, and its lines."""
    # What stands at the foot is often drawn first.
    ordered = [x for x in lines if not x.is_at_foot] + [x for x in lines if x.is_at_foot]
    if not ordered:
        return "", ()
    margin = _Margin(ordered)
    parts: list[Block] = []
    held: list[Line] = []
    for part in with_tables(ordered):
        if isinstance(part, Line):
            held.append(part)
        else:
            parts += [Block(_paragraphs(held, margin)), *part]
            held = []
    parts.append(Block(_paragraphs(held, margin)))
    text = clean("\n".join(part.text for part in parts if part.text)).strip()
    return text, outlined(text, [line for part in parts for line in _lines(part)])


def _lines(part: Block) -> list[Block]:
    """Return the lines of a part, each as a block; a row is one already."""
    return [replace(part, text=line) for line in part.text.split("\n") if clean(line).strip()]


class _Margin:
    """How wide the page's text is, and how far apart its lines are."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.right = max(line.right for line in lines)
        pitches = [a.top - b.top for a, b in pairwise(lines) if a.top > b.top]
        self.pitch = median(pitches) if pitches else 0.0
        self._longest = max(len(line.text) for line in lines)

    def is_far(self, above: Line, line: Line) -> bool:
        return bool(self.pitch) and above.top - line.top > 1.35 * self.pitch

    def had_room(self, above: Line, line: Line) -> bool:
        """Say whether the line's first word could have stood on the line above: then it
        starts a paragraph of its own."""
        first = line.text.split(" ", 1)[0]
        if not above.right:
            return len(above.text) + len(first) + 1 < 0.85 * self._longest
        letter = (above.right - above.left) / max(1, len(above.text))
        return above.right + 1.2 * letter * (len(first) + 3) < self.right


def _paragraphs(lines: Sequence[Line], margin: _Margin) -> str:
    """Join the lines that a paragraph was broken into; mark wide gaps by a blank line."""
    if not lines:
        return ""
    text = _tidy(lines[0].text)
    for above, line in pairwise(lines):
        far = margin.is_far(above, line)
        goes_on = _continues(above.text, line.text)
        goes_on = goes_on and not are_rows(above, line)
        if far or not goes_on or (margin.had_room(above, line) and not line.text[0].islower()):
            text += ("\n\n" if far else "\n") + _tidy(line.text)
        elif HYPHEN_AT_END.search(above.text):
            text = HYPHEN_AT_END.sub("", text.rstrip()) + _tidy(line.text)
        else:
            text += " " + _tidy(line.text)
    return text


def _continues(above: str, line: str) -> bool:
    if STARTS_ANEW.match(line):
        return False
    if above.endswith((".", ":", ";", "!", "?")):
        return above.endswith(".") and not line[:1].isupper()
    shouted = above.isupper() != line.isupper() and (above.isupper() or line.isupper())
    return not shouted or len(line) < 4


def _tidy(line: str) -> str:
    return SPACES.sub(" ", BULLET.sub("- ", line.strip()))
