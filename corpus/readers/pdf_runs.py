# SPDX-License-Identifier: EUPL-1.2
"""Which printed lines of a page may be a table together: runs whose parts stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from corpus.readers.layout import is_value
from corpus.readers.pdf_lines import Line

CELL_CHARS = 45
LABEL_CHARS = 110
"""A row that ends in a value may say at this length what it is the value of."""

MAX_COLUMNS = 6
"""Of a row with long cells: more are words set wide apart."""


def runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines that may be a table together, and the others one by one."""
    run: list[Line] = []
    for line, below in zip_longest(lines, lines[1:]):
        row = _is_row(line) or (below is not None and _opens_row(line, below))
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


def parted(run: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part what stands over the first value from the rows: it may be a part of the headers."""
    tops = [line.top for line in run if ends_in_value(line)]
    if not tops:
        return [], run
    head = [line for line in run if line.bottom >= max(tops) - 0.3 * tall(line)]
    return head, [line for line in run if line not in head]


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


def _opens_row(line: Line, below: Line) -> bool:
    """Say whether a short line is the first of a cell whose row stands half a line lower: cells of
    several lines have the others at their middle."""
    alone = len(line.fragments) == 1 and line.top > 0 and len(line.text) <= CELL_CHARS
    beside = line.bottom + 0.3 * tall(line) < below.top < line.top and below.bottom < line.bottom
    return alone and beside and abs(line.left - below.left) < 2 and ends_in_value(below)


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


def _starts_anew(run: Sequence[Line], line: Line) -> bool:
    """Say whether a row of words stands well under rows of values: the next table's headers."""
    gap = run[-1].bottom - line.top
    words = not any(is_value(fragment.text) for fragment in line.fragments)
    return words and ends_in_value(run[-1]) and gap > tall(line)


def _is_beside(run: Sequence[Line], line: Line) -> bool:
    """Say whether a line stands at the height of the last ones; what stands far above does not."""
    above = max(last.top for last in run[-3:])
    return line.top > run[-1].bottom + 0.3 * tall(line) and line.bottom < above


def _is_between(run: Sequence[Line], line: Line) -> bool:
    """Say whether a short line stands close under a table's first column: the rest of a cell."""
    if len(run) < 2:
        return False
    last = run[-1]
    near = last.bottom - line.top < 0.6 * tall(line)
    return near and len(line.fragments) == 1 and abs(line.left - last.left) < 2


def tall(line: Line) -> float:
    return max(1.0, line.top - line.bottom)
