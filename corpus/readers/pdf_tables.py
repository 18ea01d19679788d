# SPDX-License-Identifier: EUPL-1.2
"""Tables among the printed lines of a PDF's page, found by where their parts stand.

    lines ─▶ runs whose parts stand side by side ─▶ rows, columns ─┬▶ rest of labels joined
             (pdf_runs.py)                          (pdf_grid.py)  ├▶ headers looked for above
                                                                   │  (pdf_headers.py)
                                                                   └▶ one sentence a row

Three rows or more are a table; fewer are one under headers, or where the first row names columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from corpus.readers.layout import Block
from corpus.readers.pdf_grid import TABLE_ROWS, Table, table_of
from corpus.readers.pdf_headers import name_columns, take_over_names
from corpus.readers.pdf_lines import Fragment, Line
from corpus.readers.pdf_runs import parted, runs

CELL_PITCH = 0.85
"""Lines nearer than this share of the rows' distance are of one cell."""


def with_tables(lines: Sequence[Line]) -> Iterator[Line | list[Block]]:
    """Yield a page's lines in their order, and each table as its titles and rows."""
    parts: list[Line | Table] = []
    for run in runs(lines):
        head, body = parted(run)
        table = table_of(body)
        # One or two rows of words may be the headers of what follows.
        if table is None or (len(table.wide) < TABLE_ROWS and not table.has_values):
            parts += run
        else:
            table.head = head
            parts += [*head, table]
    taken: set[int] = set()
    tables = [part for part in parts if isinstance(part, Table)]
    pitches = [pitch for table in tables for pitch in table.pitches]
    for table in tables:
        plain = [p for p in parts if isinstance(p, Line) and id(p) not in taken]
        used = _join_labels(table, plain, pitches)
        used |= name_columns(table, [p for p in plain if id(p) not in used])
        if not table.names and table.head:
            table.take_head_back()
            head_ids = {id(line) for line in table.head}
            used = head_ids | _join_labels(
                table, [p for p in plain if id(p) not in head_ids], pitches
            )
        table.used = used
        taken |= used
    for above, table in pairwise(tables):
        take_over_names(above, table, parts, taken)
    said = {id(table): table.blocks() for table in tables}
    # What is no table in the end gives back the lines that it took.
    taken -= {line for table in tables if not said[id(table)] for line in table.used}
    for part in parts:
        if isinstance(part, Line):
            if id(part) not in taken:
                yield part
        elif blocks := said[id(part)]:
            yield blocks
        else:
            yield from (line for line in part.lines if line not in part.head)


def _join_labels(table: Table, plain: Sequence[Line], pitches: Sequence[float]) -> set[int]:
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


def _is_near(table: Table, row: Sequence[Fragment], fragment: Fragment, near: float) -> bool:
    labels = [f for f in row if table.place(f) == 0] or row
    return any(
        0 < abs(label.top - fragment.top) <= near and abs(label.left - fragment.left) < 2
        for label in labels
    )
