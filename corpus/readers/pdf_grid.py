# SPDX-License-Identifier: EUPL-1.2
"""A table of a page: rows of fragments, and the columns in which they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median, multimode

from corpus.readers.layout import Block, Kind, has_header, is_value, table_blocks
from corpus.readers.pdf_lines import Fragment, Line

TABLE_ROWS = 3


@dataclass(slots=True)
class Table:
    """Rows, top to bottom, of fragments; `edges` are the left and right of each column."""

    lines: list[Line]
    rows: list[list[Fragment]]
    columns: list[Fragment]
    edges: list[tuple[float, float]]
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def take_head_back(self) -> None:
        """Make the lines over the first value rows of the table again."""
        whole = table_of([*self.head, *self.lines])
        if whole is not None:
            self.lines, self.rows = whole.lines, whole.rows
            self.columns, self.edges = whole.columns, whole.edges

    def first_names(self) -> list[str]:
        """Return the first row if it names the columns."""
        rows = [self.cells(row) for row in self.rows]
        return rows[0] if has_header(rows) else []

    @property
    def top(self) -> float:
        return max(f.top for row in self.rows for f in row)

    @property
    def bottom(self) -> float:
        return min(f.bottom for row in self.rows for f in row)

    @property
    def wide(self) -> list[list[Fragment]]:
        return [row for row in self.rows if len(row) > 1]

    @property
    def pitches(self) -> list[float]:
        """Return how far each row is from the next."""
        tops = [max(f.top for f in row) for row in self.wide]
        return [above - below for above, below in pairwise(tops) if above > below]

    @property
    def has_values(self) -> bool:
        """Say whether a row ends in a value."""
        return any(is_value(max(row, key=lambda f: f.left).text) for row in self.wide)

    @property
    def tall(self) -> float:
        return median(max(1.0, f.top - f.bottom) for row in self.rows for f in row)

    def place(self, fragment: Fragment) -> int:
        """Return the column in which a fragment stands, or to which it is nearest."""
        return min(range(len(self.columns)), key=lambda i: _distance(self.columns[i], fragment))

    def over(self, fragment: Fragment) -> list[int]:
        """Return the columns over which a fragment stands."""
        return [
            i
            for i, (left, right) in enumerate(self.edges)
            if min(right, fragment.right) > max(left, fragment.left)
        ]

    def cells(self, fragments: Sequence[Fragment]) -> list[str]:
        cells = [""] * len(self.columns)
        for fragment in sorted(fragments, key=lambda f: (-round(f.top), f.left)):
            place = self.place(fragment)
            cells[place] = f"{cells[place]} {fragment.text}".strip()
        return cells

    def blocks(self) -> list[Block]:
        """Return its titles and its rows, or nothing if this is no table."""
        rows = [self.cells(row) for row in self.rows]
        if self.names:
            blocks = table_blocks([self.names, *rows], headers=1)
        elif len(self.wide) >= TABLE_ROWS or (len(self.columns) > 2 and has_header(rows)):
            blocks = table_blocks(rows)
        else:
            return []
        titles = [Block(title, Kind.TITLE) for title in self.titles]
        said = [*titles, *(replace(block, opens=False) for block in blocks)]
        return [replace(block, opens=not place) for place, block in enumerate(said)]


def table_of(lines: list[Line]) -> Table | None:
    rows = _rows(lines)
    wide = [row for row in rows if len(row) > 1]
    if not wide or not any(line.top > 0 for line in lines):
        return None
    # Two cells too near to be parted, or a value that few rows have: take the usual width.
    cells = [_cells(row) for row in wide]
    usual = max(multimode(len(row) for row in cells))
    columns = next(row for row in cells if len(row) == usual)
    # A row may have a value where the usual ones have none.
    for fragment in (f for row in wide for f in row if is_value(f.text)):
        if all(_distance(column, fragment) > 0 for column in columns):
            columns = sorted([*columns, fragment], key=lambda f: f.left)
    table = Table(lines, rows, columns, [])
    for i, column in enumerate(columns):
        full = [row for row in wide if len(row) >= usual]
        there = [f for row in full for f in row if is_value(f.text) == is_value(column.text)]
        there = [f for f in there if table.place(f) == i] or [column]
        table.edges.append((min(f.left for f in there), max(f.right for f in there)))
    return table


def _cells(row: Sequence[Fragment]) -> list[Fragment]:
    """Return the cells of a row from left to right, those of several lines as one."""
    cells: list[Fragment] = []
    for fragment in sorted(row, key=lambda f: f.left):
        last = cells[-1] if cells else None
        stacked = last is not None and abs(last.top - fragment.top) > (last.top - last.bottom) / 2
        if last is not None and stacked and _distance(last, fragment) < 0:
            cells[-1] = replace(last, right=max(last.right, fragment.right))
        else:
            cells.append(fragment)
    return cells


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
