# SPDX-License-Identifier: EUPL-1.2
"""The one layout that every reader gives its pages.

One paragraph, list item or table row a line; a blank line before a heading. A table
row carries its headers with it: `Tarif : Enfant ; Prix : 3,20 €`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from itertools import zip_longest

from corpus.documents import Scan
from corpus.sections import is_heading
from corpus.structure import BETWEEN, NAMES, Cell, Line, plain
from corpus.structure import Kind as LineKind

SPACES = re.compile(r"[^\S\n]+")
HEADER_CHARS = 60
UNIT = re.compile(
    r"\([^()]{1,30}\)|(?:en )?(?:euros?|francs?|€|k€|m€|%|m²|m2|m³|ml|m|km|kg|h|heures?|jours?)"
    r"(?: ?/ ?\w{1,8}²?)?(?: (?:HT|TTC))?|HT|TTC",
    re.IGNORECASE,
)
YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-/]\s?(?:19|20)?\d\d)?")
NAMED_YEAR = re.compile(rf"[^\W\d_][^\d]*[^\W\d_]\.?\s+{YEARS.pattern}")


class Kind(Enum):
    """What a block of text is. A title heads a table, or a part of one, and stands close to it."""

    HEADING = "heading"
    TITLE = "title"
    LINE = "line"
    ITEM = "item"
    ROW = "row"


CAPTION = 8
"""The level of a heading over one table: what comes after that stands under it no more."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item, a row or a heading; it never holds a line break once laid out.

    `level` says how deep a heading or an item stands, 0 where nothing tells; `cells` are those of a
    row, by characters of its text; `opens`: a table begins here.
    """

    text: str
    kind: Kind = Kind.LINE
    level: int = 0
    cells: tuple[Cell, ...] = ()
    opens: bool = False


ITEM = re.compile(r"\s*(?:[-*+•–—]|\d{1,3}[.)]|[a-z]\))\s+")
"""How an item of a list begins."""

TITLE_CHARS = 100
"""Length of a line that may open a list or a table without a colon."""


class Flag(StrEnum):
    """What an administrator should know of a file that was read (words: `texts/`)."""

    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_TEXT = "hidden_text"
    TRACKED_CHANGES = "tracked_changes"
    COMMENTS = "comments"
    MACROS = "macros"
    POOR_SCAN = "poor_scan"
    LEFT_OUT = "left_out"
    PERSONAL_UNSEEN = "personal_unseen"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: text of each page by its number from 1, what waits, what to flag.

    `scans` has an entry for each page whose text came from its picture, `lines` for each of which
    the lines are known. `unseen` is what the file holds and its reader does not see (deletions,
    comments, hidden rows): it is screened, so that one is told what is in it, and goes no further.
    """

    pages: tuple[tuple[int, str], ...]
    lines: Mapping[int, tuple[Line, ...]] = field(default_factory=dict)
    needs: str = ""
    waiting_pages: tuple[int, ...] = ()
    scans: Mapping[int, Scan] = field(default_factory=dict)
    flags: frozenset[Flag] = frozenset()
    unseen: tuple[str, ...] = ()


def one_page(
    blocks: Iterable[Block], flags: Collection[Flag] = (), unseen: Iterable[str] = ()
) -> Reading:
    """Return a reading of a format without pages."""
    told = tuple(said for text in unseen if (said := clean(text).strip()))
    text, lines = lay_out(blocks)
    return Reading(((1, text),), {1: lines}, flags=frozenset(flags), unseen=told)


Laid = tuple[str, tuple[Line, ...]]
"""A page as it is laid out: its text, and its lines."""


def laid_pages(
    pages: Mapping[int, Laid],
) -> tuple[tuple[tuple[int, str], ...], dict[int, tuple[Line, ...]]]:
    """Return the texts and the lines of pages that hold something, as a Reading has them."""
    kept = {number: page for number, page in pages.items() if page[0]}
    return tuple((n, text) for n, (text, _) in kept.items()), {n: x for n, (_, x) in kept.items()}


def lay_out(blocks: Iterable[Block]) -> Laid:
    """Return blocks as a page's text, and its lines."""
    lines: list[str] = []
    shown: list[Block] = []
    for block in blocks:
        text = SPACES.sub(" ", clean(block.text).replace("\n", " ").strip())
        if not text:
            continue
        if block.kind is Kind.HEADING and lines:
            lines.append("")
        lines.append(text)
        shown.append(block)
    text = "\n".join(lines)
    return text, outlined(text, shown)


def clean(text: str) -> str:
    """Return the text composed (NFC), with plain spaces, and without control signs."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_plain(c) for c in composed)


def _plain(char: str) -> str:
    if char == "\n" or " " < char < "\x7f":
        return char
    category = unicodedata.category(char)
    if category == "Zs" or char in "\t\v\f\x85\u2028\u2029":
        return " "
    # Soft hyphens, zero-width signs, private use: invisible, they would split words.
    return "" if category in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def table_blocks(rows: Sequence[Sequence[str]], *, headers: int | None = None) -> list[Block]:
    """Return a table as one line a row, each value under its header's name.

    `headers` is how many rows are known to name the columns; None if nothing says it.
    """
    kept = _filled([[_cell(c) for c in row] for row in rows])
    titles: list[Block] = []
    while headers != 1 and len(kept) > 1 and _is_title(kept[0]):
        titles.append(Block(next(c for c in kept.pop(0) if c), Kind.TITLE))
        headers = headers - 1 if headers else headers
    if not kept:
        return titles
    if headers is None:
        headers = header_depth(kept)
    width = len(kept[0])
    if width == 1:
        return [Block(row[0]) for row in kept]
    if headers:
        names = column_names(kept[:headers])
        said = [_row(names, row) for row in kept[headers:]] or [_row([], names)]
    elif width == 2:
        said = [_joined([("", cell.rstrip(" :")) for cell in row], NAMES) for row in kept]
    else:
        said = [_row([], row) for row in kept]
    return [replace(block, opens=not place) for place, block in enumerate([*titles, *said])]


def _filled(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows of one width, without the rows and columns in which nothing stands."""
    columns = sorted({i for row in rows for i, cell in enumerate(row) if cell})
    return [[row[i] if i < len(row) else "" for i in columns] for row in rows if any(row)]


def _is_title(row: Sequence[str]) -> bool:
    """Say whether a row over a table is its title: one cell, and not a lone column's name."""
    return sum(bool(c) for c in row) == 1 < len(row) and (len(row) > 2 or bool(row[0]))


def column_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the name of each column, from the rows over it: `Été – Semaine`, `Prix (en €)`."""
    names = list(rows[0])
    for row in rows[1:]:
        if _are_units(row):
            names = [f"{name} {cell}".strip() for name, cell in zip(names, row, strict=True)]
            continue
        wide = ""
        for i, cell in enumerate(row):
            # A name that stands over several columns is written in the first of them.
            wide = names[i] or wide
            over = names[i] or (wide if cell else "")
            parts = (over, cell) if cell != over else (over,)
            names[i] = " – ".join(part for part in parts if part)
    return names


def header_depth(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows name the columns: none, one or two."""
    if not rows or not has_header(rows):
        return 0
    width = max(len(row) for row in rows)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    return 2 if len(rows) > 2 and _goes_on(rows[0], rows[1], rows[2:]) else 1


def _goes_on(first: Sequence[str], second: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Say whether the second row says more of the columns: units, or parts of wide names."""
    if _are_units(second):
        return True
    if any(len(c) > HEADER_CHARS or is_value(c) for c in second):
        return False
    shared = [
        i
        for i, cell in enumerate(second)
        if i and cell and first[i] != cell and first[i] in ("", first[i - 1])
    ]
    # A first row of values has words in its first column, and so has its header.
    starts = not first[0] or second[0] in ("", first[0])
    return bool(shared) and starts and any(is_value(row[i]) for row in rest for i in shared)


def _are_units(row: Sequence[str]) -> bool:
    return not row[0] and any(row) and all(UNIT.fullmatch(c) for c in row if c)


def _row(headers: Sequence[str], cells: Sequence[str]) -> Block:
    filled = [cell for cell in cells if cell]
    # A row with one value and room for more is a title inside the table; a number is none.
    if len(filled) == 1 < len(cells) and (bool(cells[0]) or not is_value(filled[0])):
        return Block(filled[0], Kind.TITLE)
    return _joined(list(zip_longest(headers[: len(cells)], cells, fillvalue="")), BETWEEN)


def _joined(cells: Sequence[tuple[str, str]], sign: str) -> Block:
    """Return the cells of a row, each with its column's name, as one line."""
    text, places = "", list[Cell]()
    for column, (name, cell) in enumerate(cells):
        if cell:
            text += sign if text else ""
            start = len(text)
            text += f"{name}{NAMES}" if name else ""
            places.append(Cell(column, start, len(text), len(text) + len(cell)))
            text += cell
    return Block(text, Kind.ROW, cells=tuple(places))


def _cell(text: str) -> str:
    return SPACES.sub(" ", clean(text).replace("\n", " ")).replace(" ; ", ", ").strip()


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names columns: words only, above values that hold digits."""
    first, rest = rows[0], rows[1:]
    if not rest or sum(bool(c) for c in first) < 2:
        return False
    if any(len(c) > HEADER_CHARS or is_value(c) for c in first):
        return False
    if len(first) > 2:
        return True
    return any(is_value(row[1]) for row in rest if len(row) > 1) and not first[1].endswith(":")


def is_value(cell: str) -> bool:
    """Say whether a cell holds a number more than words.

    >>> [is_value(cell) for cell in ("41,27 %", "15 mars 2024", "Taux 2024", "BP 2023-2024")]
    [True, True, False, False]
    """
    if YEARS.fullmatch(cell) or NAMED_YEAR.fullmatch(cell):
        return False  # `2024`, `2024-2025`, `Taux 2024` name a column
    digits = sum(c.isdigit() for c in cell)
    return digits > 0 and digits >= sum(c.isalpha() for c in cell)


# -- from blocks to lines

PRINTED = 7
"""The level of a heading that its words alone tell: under all that have a sign."""


def outlined(text: str, blocks: Sequence[Block]) -> tuple[Line, ...]:
    """Return the lines of a page's text, one for each block that is shown, in their order."""
    lines = plain(text)
    if len(lines) != len(blocks):
        return lines
    outline = _Outline()
    after_blank = {0, *(i for i in range(len(lines)) if _is_apart(text, lines, i))}
    for place, (line, block) in enumerate(zip(lines, blocks, strict=True)):
        words = text[line.start : line.end]
        outline.add(line, _as_printed(block, words, place in after_blank), words)
    return tuple(outline.lines)


def _is_apart(text: str, lines: Sequence[Line], place: int) -> bool:
    between = text[lines[place - 1].end : lines[place].start] if place else ""
    return between.count("\n") > 1


def _as_printed(block: Block, words: str, after_blank: bool) -> Block:
    """Return a line of words as what it reads as, where its reader had no sign for it."""
    if block.kind is not Kind.LINE:
        return block
    if is_heading(words, after_blank=after_blank):
        return replace(block, kind=Kind.HEADING, level=PRINTED)
    if mark := ITEM.match(words):
        # numbers stand over letters, letters over signs
        sign = mark[0].strip()[0]
        return replace(block, kind=Kind.ITEM, level=0 if sign.isdigit() else 1 + sign.isalpha())
    return block


class _Outline:
    """What the next line stands under."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._headings: list[tuple[int, int]] = []  # level and place, the outermost first
        self._items: list[tuple[int, int]] = []
        self._opener: int | None = None  # the line right above, if it may open a list or a table
        self._over: int | None = None  # the line that opened the one at hand
        self._title: int | None = None  # the title of this part of the table
        self._table = -1

    def add(self, line: Line, block: Block, words: str) -> None:
        """Place the next line of the page."""
        is_of_table = block.kind in (Kind.ROW, Kind.TITLE)
        if block.opens or (block.kind is Kind.ITEM and not self._items):
            self._over = self._opener
        if block.opens:
            self._table, self._title = self._table + 1, None
        if not is_of_table and self.lines and self.lines[-1].table is not None:
            _close(self._headings, CAPTION)
        if block.kind is not Kind.ITEM:
            self._items.clear()
        kind, under = self._under(block, len(self.lines))
        is_open = words.endswith(":") or (len(words) <= TITLE_CHARS and words[-1] not in ".;,!…")
        self._opener = len(self.lines) if kind is LineKind.TEXT and is_open else None
        at = line.start
        cells = block.cells if words == block.text else ()
        self.lines.append(
            replace(
                line,
                kind=kind,
                parent=under,
                table=self._table if is_of_table else None,
                cells=tuple(Cell(c.column, c.start + at, c.value + at, c.end + at) for c in cells),
            )
        )

    def _under(self, block: Block, place: int) -> tuple[LineKind, int | None]:
        """Return what a line is and what it stands under; note what stands under it."""
        match block.kind:
            case Kind.HEADING:
                level = block.level or PRINTED
                _close(self._headings, level)
                over = _last(self._headings)
                self._headings.append((level, place))
                return LineKind.HEADING, over
            case Kind.TITLE:
                self._title = place
                return LineKind.HEADING, _first(self._over, _last(self._headings))
            case Kind.ROW:
                return LineKind.ROW, _first(self._title, self._over, _last(self._headings))
            case Kind.ITEM:
                _close(self._items, block.level)
                over = _first(_last(self._items), self._over, _last(self._headings))
                self._items.append((block.level, place))
                return LineKind.ITEM, over
            case _:
                return LineKind.TEXT, _last(self._headings)


def _last(stack: Sequence[tuple[int, int]]) -> int | None:
    return stack[-1][1] if stack else None


def _first(*places: int | None) -> int | None:
    return next((place for place in places if place is not None), None)


def _close(stack: list[tuple[int, int]], level: int) -> None:
    while stack and stack[-1][0] >= level:
        stack.pop()
