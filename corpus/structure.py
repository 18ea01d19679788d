# SPDX-License-Identifier: EUPL-1.2
"""A page's lines as its reader knew them: what each is, what it stands under, its table and cells.

    reader ─▶ Line(kind, parent, table, cells)… ─guard─▶ `moved` ─▶ kept beside the page
    page's text, its lines ─▶ Structure ─┬▶ ancestors: headings, the line that opens a list
                                         ├▶ named cells of a row
                                         └▶ parts(start, end): Words │ Items │ Table, to be drawn

A Line holds no word. It points into the page's text as that is kept, so that what a cell says was
hidden where the page was, and goes when the page goes. The guard moves no line break
(`guardrails.spans.in_place_of`): that is how lines are found again behind it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from corpus.sentences import shortened

BETWEEN, NAMES = " ; ", " : "
"""What readers write between two cells of a row, and between a column's name and its cell."""

NAME_CHARS = 60
"""The longest column's name that is believed where no reader told it."""

MOST_COLUMNS = 1_000
ANCESTOR_CHARS = 110
WORD_CHARS = 3
"""What holds no word of so many letters (« A », « 12 ») does not say what a row is about."""


class Kind(StrEnum):
    """What a line is."""

    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row, by characters of the page: its column's name from `start`, where the row
    says it, then what it holds from `value` to `end`. `column` counts from 0."""

    column: int
    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page, from `start` to `end`, blanks around it left out.

    `parent` is the place, among the page's lines, of what it stands under: a heading, the line that
    opens its list, the item that it belongs to, its table's title; always before it. `table` counts
    the tables of a page; a title inside one has its number too. Cells are in the order of their
    columns; an empty one is left out.
    """

    start: int
    end: int
    kind: Kind = Kind.TEXT
    parent: int | None = None
    table: int | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a page that is a line of words: a paragraph or a heading."""

    start: int
    end: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A part of a page that is a list: start and end of each item, and how deep it stands."""

    entries: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: start and end of each column's cell, none where it is empty. A title inside
    the table has no cell."""

    start: int
    end: int
    cells: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A part of a page that is a table: `columns` are their names, empty where they have none;
    `title` is where the line over it stands."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    title: tuple[int, int] | None = None


Part = Words | Items | Table
SayRow = Callable[[Sequence[tuple[str, str]]], str]
"""Says a row from the names of its columns and what they hold."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A page's text and its lines. Of a page that an earlier version read, all lines are text."""

    text: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, text: str, lines: Sequence[Line] = ()) -> Structure:
        """Return a page's structure; without lines, or with another page's, all of it is text."""
        is_of_it = lines and [(x.start, x.end) for x in lines] == list(_spans(text))
        return cls(text, tuple(lines) if is_of_it else plain(text))

    def places(self, start: int, end: int) -> range:
        """Return the places of the lines that a stretch of the page touches."""
        first = bisect_right(self.lines, start, key=lambda line: line.end)
        after = first
        while after < len(self.lines) and self.lines[after].start < end:
            after += 1
        return range(first, after)

    def line(self, start: int) -> Line | None:
        """Return the line in which a character stands."""
        place = next(iter(self.places(start, start + 1)), None)
        return None if place is None else self.lines[place]

    def row(self, start: int) -> Line | None:
        """Return the row of a table in which a character stands, with its cells; None elsewhere."""
        line = self.line(start)
        cells = self.cells(line) if line else ()
        return replace(line, kind=Kind.ROW, cells=cells) if line and cells else None

    def cells(self, line: Line) -> tuple[Cell, ...]:
        """Return a row's cells; read back from its words where no reader told them."""
        if line.kind is Kind.TEXT and line.table is None:
            return read_back(self.text, line.start, line.end)
        return line.cells

    def named_cells(self, row: Line) -> list[tuple[str, str]]:
        """Return what a row holds: of each cell its column's name, empty for none, and its words.

        >>> page = Structure.of("Jour : Mardi ; Matin : fermé")
        >>> page.named_cells(page.row(0))
        [('Jour', 'Mardi'), ('Matin', 'fermé')]
        """
        return [
            (name_of(self.text, cell), self.text[cell.value : cell.end]) for cell in self.cells(row)
        ]

    def said(self, start: int, end: int, row: SayRow | None = None) -> str:
        """Return a stretch of the page in words: rows of tables as somebody says them, or as `row`
        does. A row of which the first cell is empty has an empty one there.

        >>> text = "Ouvert :\\nJour : Mardi ; Matin : fermé ; Après-midi : 13 h 30 – 17 h"
        >>> Structure.of(text).said(0, len(text))
        'Ouvert :\\nMardi — matin : fermé, après-midi : 13 h 30 – 17 h'
        """
        told, at = "", start
        for place in self.places(start, end):
            line = self.lines[place]
            cells = self.named_cells(line)
            if cells and start <= line.start and line.end <= end:
                is_headless = self.cells(line)[0].column > 0
                cells = [("", ""), *cells] if is_headless else cells
                told += self.text[at : line.start] + (row or in_words)(cells)
                at = line.end
        return told + self.text[at:end]

    def ancestors(self, start: int) -> tuple[str, ...]:
        """Return what the line of a character stands under, as short texts, the outermost first:
        headings, the line that opens its list, the item over it, its table's title."""
        line, over = self.line(start), list[str]()
        while line is not None and line.parent is not None:
            line = self.lines[line.parent]
            over.append(shortened(self.text[line.start : line.end], ANCESTOR_CHARS))
        return tuple(reversed(over))

    def siblings(self, start: int) -> list[Line]:
        """Return the lines of the same kind under the same parent as that of a character, itself
        included: the days of a week, the papers to bring."""
        line = self.line(start)
        return [
            one
            for one in self.lines
            if line and (one.kind, one.parent, one.table) == (line.kind, line.parent, line.table)
        ]

    def parts(self, start: int, end: int) -> list[Part]:
        """Return a stretch of the page as what it is to be drawn: whole lines, rows as tables."""
        return self.parts_of([self.lines[place] for place in self.places(start, end)])

    def parts_of(self, some: Sequence[Line]) -> list[Part]:
        """Return some lines of the page, in their order, as what they are to be drawn."""
        found: list[Part] = []
        for key, group in groupby(some, self._run):
            lines = list(group)
            if key[0] is Kind.ROW:
                found.append(self._table(lines))
            elif key[0] is Kind.ITEM:
                found.append(Items(tuple((x.start, x.end, self._depth(x)) for x in lines)))
            else:
                heading = key[0] is Kind.HEADING
                found += [Words(x.start, x.end, heading) for x in lines]
        return found

    def _run(self, line: Line) -> tuple[Kind, object]:
        """Return what lines that are drawn together have in common."""
        if line.table is not None:
            return Kind.ROW, line.table
        cells = self.cells(line)
        if cells:
            return Kind.ROW, [name_of(self.text, cell) for cell in cells]
        return line.kind, None

    def _table(self, lines: Sequence[Line]) -> Table:
        cells = [self.cells(line) for line in lines]
        width = max((cell.column + 1 for row in cells for cell in row), default=0)
        of_table = lines if lines[0].table is None else self._of_table(lines[0].table)
        names = [""] * width
        for cell in (cell for line in of_table for cell in self.cells(line)):
            if cell.column < width and not names[cell.column]:
                names[cell.column] = name_of(self.text, cell)
        rows = [
            Row(line.start, line.end, _laid(row, width))
            for line, row in zip(lines, cells, strict=True)
        ]
        title = None
        if len(rows) > 1 and not rows[0].cells:
            first = rows.pop(0)
            title = (first.start, first.end)
        return Table(tuple(names), tuple(rows), title)

    def _of_table(self, number: int) -> Iterator[Line]:
        return (line for line in self.lines if line.table == number)

    def title_of(self, table: Table) -> tuple[int, int] | None:
        """Return where the title of a table stands: the line over it, not of the whole page."""
        line = self.line(table.rows[0].start) if table.rows else None
        if table.title or line is None or line.parent is None:
            return table.title
        over = self.lines[line.parent]
        return over.start, over.end

    def _depth(self, line: Line) -> int:
        depth = 0
        while line.parent is not None and self.lines[line.parent].kind is Kind.ITEM:
            line, depth = self.lines[line.parent], depth + 1
        return depth


def _laid(cells: Sequence[Cell], width: int) -> tuple[tuple[int, int] | None, ...]:
    held = {cell.column: (cell.value, cell.end) for cell in cells}
    return tuple(held.get(column) for column in range(width)) if held else ()


def name_of(text: str, cell: Cell) -> str:
    """Return the name of a cell's column, as its row says it; nothing where it says none."""
    return text[cell.start : cell.value].removesuffix(NAMES)


def words_of(text: str, row: SayRow | None = None) -> str:
    """Return a text of a page in words, its rows as somebody says them, of which only the words are
    known.

    >>> words_of("Jour : Mardi ; Matin : fermé")
    'Mardi — matin : fermé'
    """
    return Structure.of(text).said(0, len(text), row)


def in_words(cells: Sequence[tuple[str, str]]) -> str:
    """Return a row as somebody says it alone, from the names of its columns and what they hold.

    >>> in_words([("Jour", "Mardi"), ("Matin", "fermé"), ("Après-midi", "13 h 30 – 17 h")])
    'Mardi — matin : fermé, après-midi : 13 h 30 – 17 h'
    >>> in_words([("Tranche", "A"), ("Repas", "1,20 €")]), in_words([("", "Lundi"), ("", "9 h")])
    ('Tranche A — repas : 1,20 €', 'Lundi : 9 h')
    """
    (name, subject), *rest = cells
    about = of_column(name, subject)
    about = about[:1].upper() + about[1:]
    if not rest:
        return about
    if len(rest) == 1 and about and not (name or rest[0][0]):
        return f"{about}{NAMES}{rest[0][1]}"
    rest = [(column, held.rstrip(".")) for column, held in rest]
    told = [f"{within(column)}{NAMES}{held}" if column else held for column, held in rest]
    words = (BETWEEN if any(", " in held for _, held in rest) else ", ").join(told)
    return f"{about} — {words}" if about else words[:1].upper() + words[1:]


def of_column(name: str, subject: str) -> str:
    """Return a row's first cell with its column's name where it says little alone; two numbers are
    never written as one.

    >>> of_column("Tranche", "A"), of_column("Jour", "Mardi"), of_column("2024", "400")
    ('Tranche A', 'Mardi', '2024 : 400')
    """
    if not name or not says_little(subject):
        return subject
    between = NAMES if name[-1:].isdigit() and subject[:1].isdigit() else " "
    return f"{name}{between}{subject}"


def says_little(subject: str) -> bool:
    """Whether a row's first cell does not say what it is about without its column's name.

    >>> says_little("A"), says_little("Mardi")
    (True, False)
    """
    return max(map(len, re.findall(r"[^\W\d_]+", subject)), default=0) < WORD_CHARS


def within(name: str) -> str:
    """Return a column's name as it stands inside a sentence; an acronym keeps its capitals."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def plain(text: str) -> tuple[Line, ...]:
    """Return a page's lines of which nothing is known."""
    return tuple(Line(start=start, end=end) for start, end in _spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line that says something, blanks around left out."""
    start = 0
    for raw in text.split("\n"):
        if raw.strip():
            lead = len(raw) - len(raw.lstrip())
            yield start + lead, start + len(raw.rstrip())
        start += len(raw) + 1


def read_back(text: str, start: int, end: int) -> tuple[Cell, ...]:
    """Return the cells of a row that only its words tell, each under its column's name; nothing for
    what may be no row. Pages that an earlier version read have no other.

    >>> len(read_back("Jour : Mardi ; Matin : fermé", 0, 28)), read_back("Présents : A ; B", 0, 16)
    (2, ())
    """
    cells, at = list[Cell](), start
    segments = text[start:end].split(BETWEEN)
    if not 1 < len(segments) <= MOST_COLUMNS:
        return ()
    for column, segment in enumerate(segments):
        name, colon, _ = segment.partition(NAMES)
        if not colon or len(name) > NAME_CHARS:
            return ()
        cells.append(Cell(column, at, at + len(name) + len(NAMES), at + len(segment)))
        at += len(segment) + len(BETWEEN)
    return tuple(cells)


# -- through the guard


def moved(lines: Sequence[Line], before: str, after: str) -> tuple[Line, ...]:
    """Return the lines of `before` where they stand in `after`, in which words were hidden.

    Each line break is where it was; a line of which nothing is left goes, and what stood under it
    stands under what is over it. Where a break was moved, nothing is known any more.
    """
    if before == after or not lines:
        return tuple(lines)
    old, new = before.split("\n"), after.split("\n")
    if len(old) != len(new):
        return plain(after)
    starts, ends = _starts(old), _starts(new)
    places: dict[int, int] = {}
    kept: list[Line] = []
    for place, line in enumerate(lines):
        number = bisect_right(starts, line.start) - 1
        words = new[number].strip()
        if not words:
            continue
        start = ends[number] + new[number].index(words)
        parent = line.parent
        while parent is not None and parent not in places:
            parent = lines[parent].parent
        places[place] = len(kept)
        kept.append(
            replace(
                line,
                start=start,
                end=start + len(words),
                parent=None if parent is None else places[parent],
                cells=_moved_cells(line, before, words, start),
            )
        )
    return tuple(kept)


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _moved_cells(line: Line, before: str, words: str, start: int) -> tuple[Cell, ...]:
    """Return a row's cells in its words as they are now; what was hidden over two cells is in the
    first of them."""
    if not line.cells:
        return ()
    if words == before[line.start : line.end]:
        return _cells_at(line, start)
    left = list(line.cells)
    sign = before[left[0].end : left[1].start] if len(left) > 1 else BETWEEN
    if sign not in (BETWEEN, NAMES):
        return ()
    segments = words.split(sign)
    found, at = list[Cell](), start
    for number, segment in enumerate(segments):
        is_one_each = len(left) == len(segments) - number
        named = _of_segment(left, segment, before, is_one_each=is_one_each)
        if named is not None:
            cell = left[named]
            del left[: named + 1]
            value = at + _name_chars(segment, name_of(before, cell))
            found.append(Cell(cell.column, at, value, at + len(segment)))
        elif found:
            found[-1] = replace(found[-1], end=at + len(segment))
        at += len(segment) + len(sign)
    return tuple(found)


def _of_segment(
    left: Sequence[Cell], segment: str, before: str, *, is_one_each: bool
) -> int | None:
    """Return which of the cells that are left a part of a row is: by its column's name, or by its
    turn where as many parts are left."""
    for place, cell in enumerate(left):
        name = name_of(before, cell)
        if name and segment.startswith(name + NAMES):
            return place
    return 0 if is_one_each and left else None


def _name_chars(segment: str, name: str) -> int:
    """Return how many characters the column's name takes, of which words may be hidden now."""
    if not name:
        return 0
    parts = segment.split(NAMES)
    count = name.count(NAMES) + 1
    return len(NAMES.join(parts[:count])) + len(NAMES) if len(parts) > count else 0


def joined(parts: Sequence[tuple[str, Sequence[Line]]]) -> tuple[str, tuple[Line, ...]]:
    """Return texts, each with its lines, as one text of which each begins a line."""
    text = "\n".join(part for part, _ in parts)
    lines, at, tables = list[Line](), 0, 0
    for part, known in parts:
        before = len(lines)
        lines += (_shifted(line, at, before, tables) for line in Structure.of(part, known).lines)
        tables += max((x.table + 1 for x in known if x.table is not None), default=0)
        at += len(part) + 1
    return text, tuple(lines)


def _shifted(line: Line, by: int, places: int, tables: int) -> Line:
    return replace(
        line,
        start=line.start + by,
        end=line.end + by,
        parent=None if line.parent is None else line.parent + places,
        table=None if line.table is None else line.table + tables,
        cells=_cells_at(line, line.start + by),
    )


def _cells_at(line: Line, start: int) -> tuple[Cell, ...]:
    """Return the cells of a line that starts there now."""
    by = start - line.start
    return tuple(Cell(c.column, c.start + by, c.value + by, c.end + by) for c in line.cells)


# -- as it is kept: numbers, whose places are those of `_spans`

_CODES = (Kind.TEXT, Kind.HEADING, Kind.ITEM, Kind.ROW)
_COLUMNS = frozenset(range(MOST_COLUMNS))


def encoded(lines: Sequence[Line]) -> str:
    """Return lines as JSON: kind, parent, table, then four numbers a cell, from the line's start;
    what is nothing at the end is left out, -1 stands for it elsewhere."""
    kept = []
    for line in lines:
        told = [_CODES.index(line.kind), _number(line.parent), _number(line.table)]
        for c in line.cells:
            told += [c.column, c.start - line.start, c.value - line.start, c.end - line.start]
        while told and told[-1] == (0 if len(told) == 1 else -1):
            told.pop()
        kept.append(told)
    return json.dumps(kept, separators=(",", ":"))


def decoded(kept: str, text: str) -> tuple[Line, ...]:
    """Return the lines of a page from what is kept of them and its text; all of it is text where
    they are not of it. A parent comes before its line, and cells stand in theirs, or they are
    none: whoever told them may not be trusted."""
    told, spans = json.loads(kept), list(_spans(text))
    if len(told) != len(spans):
        return plain(text)
    return tuple(_line(place, *pair) for place, pair in enumerate(zip(told, spans, strict=True)))


def _line(place: int, told: Sequence[int], span: tuple[int, int]) -> Line:
    start, end = span
    kind, parent, table = [*map(int, told[:3]), *(0, -1, -1)[len(told[:3]) :]]
    flat = [*map(int, told[3:])]
    cells = [
        Cell(flat[i], *(start + by for by in flat[i + 1 : i + 4]))
        for i in range(0, len(flat) - 3, 4)
    ]
    are_its_own = all(start <= c.start <= c.value <= c.end <= end for c in cells)
    are_ranked = [c.column for c in cells] == sorted({c.column for c in cells} & _COLUMNS)
    return Line(
        start=start,
        end=end,
        kind=_CODES[kind] if 0 <= kind < len(_CODES) else Kind.TEXT,
        parent=parent if 0 <= parent < place else None,
        table=None if table < 0 else table,
        cells=tuple(cells) if are_its_own and are_ranked else (),
    )


def _number(value: int | None) -> int:
    return -1 if value is None else value
