# SPDX-License-Identifier: EUPL-1.2
"""Tables among the printed lines of a PDF's page, found by where their parts stand.

    lines ─▶ runs whose parts stand side by side ─▶ rows, columns ─┬▶ rest of labels joined
                                                                   ├▶ headers looked for above
                                                                   └▶ one sentence a row

Three rows or more are a table; fewer are one under headers, or where the first row names columns.
Headers of several lines are drawn cell by cell, before or after the rows: their place tells, not
their turn.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median, multimode

from corpus.readers.layout import HEADER_CHARS, has_header, is_value, table_blocks
from corpus.readers.pdf_lines import Fragment, Line

AMOUNT = re.compile(r"\d\s?[€%]")
TABLE_ROWS = 3
CELL_CHARS = 45
LABEL_CHARS = 110
"""A row that ends in a value may say at this length what it is the value of."""

MAX_COLUMNS = 6
"""Of a row with long cells: more are words set wide apart."""

CELL_PITCH = 0.85
"""Lines nearer than this share of the rows' distance are of one cell."""

HEADER_GAP = 0.6
TABLE_GAP = 1.6
"""The widest gaps within a header, and between it and its rows, in heights of a line."""

MAX_TITLES = 3
"""Lines that may stand between headers and rows, or between two parts of a table."""


@dataclass(slots=True)
class _Table:
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
        whole = _table([*self.head, *self.lines])
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

    def sentences(self) -> list[str]:
        """Return one sentence a row, or nothing if this is no table."""
        rows = [self.cells(row) for row in self.rows]
        if self.names:
            blocks = table_blocks([self.names, *rows], headers=1)
        elif len(self.wide) >= TABLE_ROWS or (len(self.columns) > 2 and has_header(rows)):
            blocks = table_blocks(rows)
        else:
            return []
        return [*self.titles, *(block.text for block in blocks)]


def with_tables(lines: Sequence[Line]) -> Iterator[Line | list[str]]:
    """Yield a page's lines in their order, and each table as its rows in words."""
    parts: list[Line | _Table] = []
    for run in _runs(lines):
        head, body = _parted(run)
        table = _table(body)
        # One or two rows of words may be the headers of what follows.
        if table is None or (len(table.wide) < TABLE_ROWS and not table.has_values):
            parts += run
        else:
            table.head = head
            parts += [*head, table]
    taken: set[int] = set()
    tables = [part for part in parts if isinstance(part, _Table)]
    pitches = [pitch for table in tables for pitch in table.pitches]
    for table in tables:
        plain = [p for p in parts if isinstance(p, Line) and id(p) not in taken]
        used = _join_labels(table, plain, pitches)
        used |= _name_columns(table, [p for p in plain if id(p) not in used])
        if not table.names and table.head:
            table.take_head_back()
            head_ids = {id(line) for line in table.head}
            used = head_ids | _join_labels(
                table, [p for p in plain if id(p) not in head_ids], pitches
            )
        table.used = used
        taken |= used
    for above, table in pairwise(tables):
        _take_over_names(above, table, parts, taken)
    said = {id(table): table.sentences() for table in tables}
    # What is no table in the end gives back the lines that it took.
    taken -= {line for table in tables if not said[id(table)] for line in table.used}
    for part in parts:
        if isinstance(part, Line):
            if id(part) not in taken:
                yield part
        elif sentences := said[id(part)]:
            yield sentences
        else:
            yield from (line for line in part.lines if line not in part.head)


def are_rows(above: Line, line: Line) -> bool:
    """Say whether a line starts anew since it, or the one above, is a label and its value."""
    both = len(above.fragments) > 1 and ends_in_value(line)
    return both or ends_in_value(above)


def ends_in_value(line: Line) -> bool:
    """Say whether a line is a label and its value, some way apart."""
    return len(line.fragments) > 1 and is_value(line.fragments[-1].text.strip())


def _is_row(line: Line) -> bool:
    texts = [fragment.text.strip() for fragment in line.fragments]
    # A bullet stands apart from its item too.
    if len(texts) < 2 or not any(c.isalnum() for c in texts[0]):
        return False
    longest = LABEL_CHARS if is_value(texts[-1]) else CELL_CHARS
    return all(len(text) <= longest for text in texts)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines that may be a table together, and the others one by one."""
    run: list[Line] = []
    for line in lines:
        row = _is_row(line)
        overlaps = bool(run) and line.top > 0 and _is_beside(run, line)
        short = line.top > 0 and len(line.text) <= CELL_CHARS
        if row and run and _starts_anew(run, line):
            yield run
            run = []
        if row or _goes_on(run, line) or (short and (overlaps or _is_between(run, line))):
            run.append(line)
        else:
            if run:
                yield run
            run = []
            yield [line]
    if run:
        yield run


def _goes_on(run: Sequence[Line], line: Line) -> bool:
    """Say whether a line with longer cells stands in the very columns of the row above it."""
    if not run or line.top <= 0 or not 1 < len(line.fragments) <= MAX_COLUMNS:
        return False
    above, own = run[-1].fragments, line.fragments
    aligned = len(above) == len(own) and all(
        abs(one.left - other.left) < 2 for one, other in zip(above, own, strict=True)
    )
    label = own[0].text
    # « o » or « 4. » before an item is a mark
    is_named = sum(c.isalpha() for c in label) > 1
    return aligned and is_named and max(len(f.text) for f in own) <= LABEL_CHARS


def _parted(run: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part what stands over the first value from the rows: it may be a part of the headers."""
    tops = [line.top for line in run if ends_in_value(line)]
    if not tops:
        return [], run
    head = [line for line in run if line.bottom >= max(tops) - 0.3 * _tall(line)]
    return head, [line for line in run if line not in head]


def _starts_anew(run: Sequence[Line], line: Line) -> bool:
    """Say whether a row of words stands well under rows of values: the next table's headers."""
    gap = run[-1].bottom - line.top
    words = not any(is_value(fragment.text) for fragment in line.fragments)
    return words and ends_in_value(run[-1]) and gap > _tall(line)


def _is_beside(run: Sequence[Line], line: Line) -> bool:
    """Say whether a line stands at the height of the last ones; what stands far above does not."""
    above = max(last.top for last in run[-3:])
    return line.top > run[-1].bottom + 0.3 * _tall(line) and line.bottom < above


def _is_between(run: Sequence[Line], line: Line) -> bool:
    """Say whether a short line stands close under a table's first column: the rest of a cell."""
    if len(run) < 2:
        return False
    last = run[-1]
    near = last.bottom - line.top < 0.6 * _tall(line)
    return near and len(line.fragments) == 1 and abs(line.left - last.left) < 2


def _tall(line: Line) -> float:
    return max(1.0, line.top - line.bottom)


def _table(lines: list[Line]) -> _Table | None:
    rows = _rows(lines)
    wide = [row for row in rows if len(row) > 1]
    if not wide or not any(line.top > 0 for line in lines):
        return None
    # A cell of several lines makes a row look wider than it is: take the usual width.
    usual = max(multimode(len(row) for row in wide))
    columns = sorted(next(row for row in wide if len(row) == usual), key=lambda f: f.left)
    # A row may have a value where the usual ones have none.
    for fragment in (f for row in wide for f in row if is_value(f.text)):
        if all(_distance(column, fragment) > 0 for column in columns):
            columns = sorted([*columns, fragment], key=lambda f: f.left)
    table = _Table(lines, rows, columns, [])
    for i, column in enumerate(columns):
        full = [row for row in wide if len(row) >= usual]
        there = [f for row in full for f in row if is_value(f.text) == is_value(column.text)]
        there = [f for f in there if table.place(f) == i] or [column]
        table.edges.append((min(f.left for f in there), max(f.right for f in there)))
    return table


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


def _join_labels(table: _Table, plain: Sequence[Line], pitches: Sequence[float]) -> set[int]:
    """Put the lines of a label that is broken over several into its row; return the lines used.

    `pitches` are how far rows are apart on the page, for a table of one row.
    """
    near = CELL_PITCH * median(table.pitches or pitches or [0.0])
    alone = [(row, row[0], 0) for row in table.rows if len(row) == 1]
    alone += [
        ([], line.fragments[0], id(line))
        for line in plain
        if len(line.fragments) == 1 and line.top > 0
    ]
    used: set[int] = set()
    going = True
    while going:
        going = False
        for held in list(alone):
            row, fragment, key = held
            # What announces the next rows is no part of the last one.
            if fragment.text.rstrip().endswith(":"):
                continue
            if table.over(fragment) not in ([], [0]) or table.place(fragment) != 0:
                continue
            whole = next((w for w in table.wide if _is_near(table, w, fragment, near)), None)
            if whole is None:
                continue
            whole.append(fragment)
            table.rows = [r for r in table.rows if r is not row]
            used |= {key} if key else set()
            alone.remove(held)
            going = True
    return used


def _is_near(table: _Table, row: Sequence[Fragment], fragment: Fragment, near: float) -> bool:
    labels = [f for f in row if table.place(f) == 0] or row
    return any(
        0 < abs(label.top - fragment.top) <= near and abs(label.left - fragment.left) < 2
        for label in labels
    )


def _name_columns(table: _Table, plain: Sequence[Line]) -> set[int]:
    """Look for headers over a table that has none; return the lines that were used."""
    if table.first_names() or not _ends_in_values(table):
        return set()
    tall = table.tall
    edge, room = table.top, TABLE_GAP * tall
    titles: list[Line] = []
    heads: list[Line] = []
    for band in _bands(plain, table.top - 0.6 * tall):
        fragments = [f for line in band for f in line.fragments]
        if min(f.bottom for f in fragments) - edge > room:
            break
        named = all(_may_name(table, line) for line in band)
        if len(fragments) > 1 and not named:
            break
        if len(fragments) > 1 or (named and heads):
            # A word under the headers, and under one of them, is the rest of it.
            while not heads and titles and _is_rest(titles[-1], fragments):
                heads.append(titles.pop())
            heads += band
            room = HEADER_GAP * tall
        elif heads or len(band[0].text) > HEADER_CHARS or len(titles) == MAX_TITLES:
            break
        else:
            titles += band
        edge = max(f.top for f in fragments)
    names = table.cells([f for line in heads for f in line.fragments])
    amounts = any(is_value(name) or AMOUNT.search(name) for name in names)
    if not heads or not all(names[1:]) or amounts:
        return set()
    table.names = names
    table.titles = [line.text for line in reversed(titles)]
    return {id(line) for line in (*heads, *titles)}


def _bands(lines: Sequence[Line], bottom: float) -> list[list[Line]]:
    """Group the lines that stand side by side, from `bottom` up."""
    bands: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.bottom):
        if line.bottom < bottom or line.top <= 0:
            continue
        if bands and line.bottom < max(above.top for above in bands[-1]):
            bands[-1].append(line)
        else:
            bands.append([line])
    return bands


def _is_rest(line: Line, heads: Sequence[Fragment]) -> bool:
    """Say whether a line goes on with the header under which it stands, and is no wider."""
    over = [f for f in heads if min(f.right, line.right) > max(f.left, line.left)]
    if len(over) != 1 or len(line.fragments) != 1:
        return False
    head, wide = over[0], line.right - line.left
    shared = min(head.right, line.right) - max(head.left, line.left)
    near = min(f.bottom for f in heads) - line.top < 0.5 * _tall(line)
    return near and wide <= 1.1 * (head.right - head.left) and 2 * shared > wide


def _ends_in_values(table: _Table) -> bool:
    """Say whether most of a table's rows end in a value: others may be text in columns."""
    ends = [is_value(max(row, key=lambda f: f.left).text) for row in table.wide]
    return 2 * sum(ends) > len(ends)


def _may_name(table: _Table, line: Line) -> bool:
    return line.top > 0 and all(
        len(f.text) <= HEADER_CHARS
        and len(table.over(f)) <= 1
        and not f.text.rstrip().endswith((".", ";"))
        and any(c.isalnum() for c in f.text)
        for f in line.fragments
    )


def _take_over_names(
    above: _Table, table: _Table, parts: Sequence[Line | _Table], taken: Collection[int]
) -> None:
    """Give a table the headers of the one above, if both stand in the same columns."""
    names = above.names or above.first_names()
    if not names or table.names or table.first_names() or not _ends_in_values(table):
        return
    between = parts[parts.index(above) + 1 : parts.index(table)]
    between = [part for part in between if id(part) not in taken]
    if table.top >= above.bottom or len(between) > MAX_TITLES:
        return
    same = [
        [i for i, (left, right) in enumerate(above.edges) if min(right, b) > max(left, a)]
        for a, b in table.edges
    ]
    # From the right: each value column under one of the other; what is left of them are labels.
    given: list[int] = []
    while len(given) < len(same) and len(same[-1 - len(given)]) == 1:
        at = same[-1 - len(given)][0]
        if at in given:
            break
        given.append(at)
    labels = same[: len(same) - len(given)]
    if len(given) < 2 or len(labels) > 2 or len(same) < 3:
        return
    first = [""] * len(labels)
    if labels:
        first[-1] = next((names[i] for i in reversed(labels[-1]) if i not in given), "")
    table.names = [*first, *(names[i] for i in reversed(given))]


def _distance(column: Fragment, fragment: Fragment) -> float:
    """Return how far a fragment is from a column: none where they overlap most."""
    overlap = min(column.right, fragment.right) - max(column.left, fragment.left)
    return -overlap if overlap > 0 else 1_000.0 - overlap
