# SPDX-License-Identifier: EUPL-1.2
"""The headers of a table: looked for above it, or taken over from the one above.

Headers of several lines are drawn cell by cell, before or after the rows: their place tells, not
their turn.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.readers.layout import HEADER_CHARS, is_value
from corpus.readers.pdf_grid import Table
from corpus.readers.pdf_lines import Fragment, Line
from corpus.readers.pdf_runs import tall

AMOUNT = re.compile(r"\d\s?[€%]")
HEADER_GAP = 0.6
TABLE_GAP = 1.6
"""The widest gaps within a header, and between it and its rows, in heights of a line."""

MAX_TITLES = 3
"""Lines that may stand between headers and rows, or between two parts of a table."""


def name_columns(table: Table, plain: Sequence[Line]) -> set[int]:
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


def take_over_names(
    above: Table, table: Table, parts: Sequence[Line | Table], taken: Collection[int]
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
    near = min(f.bottom for f in heads) - line.top < 0.5 * tall(line)
    return near and wide <= 1.1 * (head.right - head.left) and 2 * shared > wide


def _ends_in_values(table: Table) -> bool:
    """Say whether most of a table's rows end in a value: others may be text in columns."""
    ends = [is_value(max(row, key=lambda f: f.left).text) for row in table.wide]
    return 2 * sum(ends) > len(ends)


def _may_name(table: Table, line: Line) -> bool:
    return line.top > 0 and all(
        len(f.text) <= HEADER_CHARS
        and len(table.over(f)) <= 1
        and not f.text.rstrip().endswith((".", ";"))
        and any(c.isalnum() for c in f.text)
        for f in line.fragments
    )
