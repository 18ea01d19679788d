# SPDX-License-Identifier: EUPL-1.2
"""Tables whose cells go over several columns or rows, put back into plain rows.

    cells with their spans ──place──▶ rows of one width ──▶ `layout.table_blocks`

Rows stand alone in a passage: what goes down over rows is said in each, and a value that goes
across is said under each of its headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.layout import Block, header_depth, table_blocks

MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, and how many columns and rows it takes."""

    text: str
    wide: int = 1
    tall: int = 1


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands in one column of a row, and the column in which its cell starts."""

    cell: Cell
    start: int


def grid_blocks(rows: Sequence[Sequence[Cell]], *, headers: int | None = None) -> list[Block]:
    """Return a table as one line a row; `headers` as `table_blocks` takes it."""
    return table_blocks(grid_rows(rows, headers=headers), headers=headers)


def grid_rows(rows: Sequence[Sequence[Cell]], *, headers: int | None = None) -> list[list[str]]:
    """Return the text of each column, row by row."""
    lines = _placed(rows)
    over = headers
    if over is None:
        first = next((i for i, line in enumerate(lines) if not _goes_all_across(line)), 0)
        named = header_depth([_texts(line, everywhere=True) for line in lines[first:]])
        over = first + 1 if named else 0
    return [
        [lines[i][0].cell.text, *[""] * (len(lines[i]) - 1)]
        if _goes_all_across(line)
        else _texts(line, everywhere=i < over, under_headers=over > 0)
        for i, line in enumerate(lines)
    ]


def _placed(rows: Sequence[Sequence[Cell]]) -> list[list[_Place]]:
    lines: list[list[_Place]] = []
    held: dict[int, tuple[_Place, int]] = {}  # by column, with the rows that it still takes
    for row in rows:
        line: list[_Place] = []
        below: dict[int, tuple[_Place, int]] = {}
        given = iter(row)
        following = next(given, None)
        while following is not None or any(column >= len(line) for column in held):
            at = len(line)
            if at in held:
                place, left = held[at]
                line.append(place)
                if left > 1:
                    below[at] = (place, left - 1)
            elif following is None:
                line.append(_Place(Cell(""), at))
            else:
                place = _Place(following, at)
                wide = max(1, min(following.wide, MAX_COLUMNS - at))
                for column in range(at, at + wide):
                    if column in held:
                        break
                    line.append(place)
                    if following.tall > 1:
                        below[column] = (place, following.tall - 1)
                following = next(given, None)
        held = below
        lines.append(line)
    return lines


def _goes_all_across(line: Sequence[_Place]) -> bool:
    return len(line) > 1 and all(place.start == 0 for place in line)


def _texts(line: Sequence[_Place], *, everywhere: bool, under_headers: bool = True) -> list[str]:
    """Return a row's texts: headers everywhere, a label once, a value under each header."""
    return [
        place.cell.text
        if column == place.start or everywhere or (place.start > 0 and under_headers)
        else ""
        for column, place in enumerate(line)
    ]
