# SPDX-License-Identifier: EUPL-1.2
"""From the printed lines of PDF pages to their text: running lines, tables, paragraphs.

What runs at the top or foot of most pages is kept once, on the first page where it stands.
Lines whose parts stand in columns, three rows or more, are a table: each row carries its
headers. Other lines are joined into the paragraphs that they were broken from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, mode

from corpus.readers.layout import SPACES, clean, has_header, table_blocks

RUNNING_SHARE = 0.6
EDGE = 0.13
"""The share of a page's height, at its top and at its foot, where running lines stand."""

TABLE_ROWS = 3
CELL_CHARS = 45

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


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a line without a wide gap; zeros if its place is unknown."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    page_height: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line, as one part or as several with wide gaps between."""

    fragments: tuple[Fragment, ...]

    @property
    def text(self) -> str:
        return " ".join(fragment.text for fragment in self.fragments)

    @property
    def left(self) -> float:
        return self.fragments[0].left

    @property
    def right(self) -> float:
        return self.fragments[-1].right

    @property
    def bottom(self) -> float:
        return min(fragment.bottom for fragment in self.fragments)

    @property
    def top(self) -> float:
        return max(fragment.top for fragment in self.fragments)

    @property
    def is_at_edge(self) -> bool:
        height = self.fragments[0].page_height
        return self.top > 0 and not EDGE < self.bottom / height < self.top / height < 1 - EDGE

    @property
    def is_at_foot(self) -> bool:
        return 0 < self.top < EDGE / 2 * self.fragments[0].page_height

    @property
    def shape(self) -> str:
        """Return its words, but for the page's number at its end, and its height on the page.

        The height tells a running foot from `Vote : pour à l'unanimité` at many pages' end.
        """
        words = SPACES.sub(" ", self.text).strip().lower()
        return f"{round(self.top / 4)} " + re.sub(r"\d+(?:\s*(?:/|sur)\s*\d+)?$", "0", words)


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


def page_text(lines: Sequence[Line]) -> str:
    """Return a page's text: one paragraph, item or table row a line."""
    # What stands at the foot is often drawn first.
    ordered = [x for x in lines if not x.is_at_foot] + [x for x in lines if x.is_at_foot]
    if not ordered:
        return ""
    margin = _Margin(ordered)
    parts: list[str] = []
    held: list[Line] = []
    for rows in _blocks(ordered):
        table = _table(rows)
        if table:
            parts.append(_paragraphs(held, margin))
            parts += table
            held = []
        else:
            held += rows
    parts.append(_paragraphs(held, margin))
    return clean("\n".join(part for part in parts if part)).strip()


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


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines that may be a table together, and the others one by one."""
    run: list[Line] = []
    for line in lines:
        overlaps = bool(run) and line.top > 0 and line.top > run[-1].bottom + 0.3 * _tall(line)
        cells = len(line.fragments) > 1 and all(len(f.text) <= CELL_CHARS for f in line.fragments)
        short = line.top > 0 and len(line.text) <= CELL_CHARS
        if cells or (short and (overlaps or _is_between(run, line))):
            run.append(line)
        else:
            if run:
                yield run
            run = []
            yield [line]
    if run:
        yield run


def _is_between(run: Sequence[Line], line: Line) -> bool:
    """Say whether a short line stands close under a table's first column: the rest of a cell."""
    if len(run) < 2:
        return False
    last = run[-1]
    near = last.bottom - line.top < 0.6 * _tall(line)
    return near and len(line.fragments) == 1 and abs(line.left - last.left) < 2


def _tall(line: Line) -> float:
    return max(1.0, line.top - line.bottom)


def _table(lines: Sequence[Line]) -> list[str]:
    """Return a table's rows as sentences, or nothing if the lines are no table."""
    rows = _rows(lines)
    wide = [row for row in rows if len(row) > 1]
    if not wide:
        return []
    # A cell of several lines makes a row look wider than it is: take the usual width.
    usual = mode(len(row) for row in wide)
    columns = sorted(next(row for row in wide if len(row) == usual), key=lambda f: f.left)
    table: list[list[str]] = []
    for row in rows:
        cells = [""] * len(columns)
        for fragment in sorted(row, key=lambda f: (-f.top, f.left)):
            place = min(range(len(columns)), key=lambda i: _distance(columns[i], fragment))
            cells[place] = f"{cells[place]} {fragment.text}".strip()
        table.append(cells)
    if len(wide) < TABLE_ROWS and not (len(columns) > 2 and has_header(table)):
        return []
    return [block.text for block in table_blocks(table)]


def _rows(lines: Sequence[Line]) -> list[list[Fragment]]:
    """Group fragments that stand side by side, cells of several lines included."""
    rows: list[list[Fragment]] = []
    for fragment in sorted((f for line in lines for f in line.fragments), key=lambda f: -f.top):
        tall = max(1.0, fragment.top - fragment.bottom)
        last = rows[-1] if rows else []
        if last and fragment.top - min(f.bottom for f in last) > 0.3 * tall:
            last.append(fragment)
        else:
            rows.append([fragment])
    return rows


def _distance(column: Fragment, fragment: Fragment) -> float:
    """Return how far a fragment is from a column: none where they overlap most."""
    overlap = min(column.right, fragment.right) - max(column.left, fragment.left)
    return -overlap if overlap > 0 else 1_000.0 - overlap


def _paragraphs(lines: Sequence[Line], margin: _Margin) -> str:
    """Join the lines that a paragraph was broken into; mark wide gaps by a blank line."""
    if not lines:
        return ""
    text = _tidy(lines[0].text)
    for above, line in pairwise(lines):
        far = margin.is_far(above, line)
        goes_on = _continues(above.text, line.text)
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
