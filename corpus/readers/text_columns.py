# SPDX-License-Identifier: EUPL-1.2
"""Tables of plain text: columns that blanks keep apart, line after line.

    lines ─the same blank columns in each─▶ cells ─one column tells values─▶ rows │ nothing

A letter's head and justified text have gaps as well; in a table they stand under each other, and
what stands there tells hours, prices or days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from guardrails.values import values

LEAST_ROWS, MOST_CHARS, MOST_LOOKED_AT = 3, 400, 200
"""Of a table, of a line of one, and the rows in which values are looked for."""

FILLED = 0.6
"""Share of rows from which on all of a table's columns are filled."""

_LEADERS = re.compile(r"[.…·_]{4,}")
"""Dots that lead from a name to its price."""

_AROUND = " \t:"
"""Around a cell: colons under each other stand between a name and what it is."""

_GAP = re.compile(r"\S {2,}\S")
RULE = re.compile(r"\s*[-=_*+|]{3,}[-=_*+|\s]*")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one width; `end` is the line after it, `has_head` says that a line is drawn under
    the first row."""

    rows: list[list[str]]
    end: int
    has_head: bool


def tables(lines: Sequence[str]) -> dict[int, Table]:
    """Return the tables of some lines by the line at which each begins."""
    found, at = dict[int, Table](), 0
    while at < len(lines):
        held, end, ruled = list[str](), at, False
        while end < len(lines):
            if held and RULE.fullmatch(lines[end]):
                ruled = ruled or len(held) == 1
            elif (shown := _parted(lines[end])) is not None:
                held.append(shown)
            else:
                break
            end += 1
        if len(held) >= LEAST_ROWS:
            edges = _columns(held)
            rows = [[line[start:stop].strip(_AROUND) for start, stop in edges] for line in held]
            if _tells(rows):
                found[at] = Table(rows, end, ruled)
        at = max(end, at + 1)
    return found


def _parted(line: str) -> str | None:
    """Return a line that has a gap, what leads over it left out; None for another."""
    if len(line) > MOST_CHARS:
        return None
    shown = _LEADERS.sub(lambda dots: " " * len(dots[0]), line.expandtabs(8)).rstrip()
    return shown if _GAP.search(shown) else None


def _columns(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return from where to where each column goes: what two blanks or more part in every line."""
    width = max(map(len, lines))
    blank = "".join(
        " " if all(not line[x : x + 1].strip() for line in lines) else "x" for x in range(width)
    )
    edges = [0, *(gap.end() for gap in re.finditer(r"(?<=x) {2,}(?=x)", blank)), width]
    return [*pairwise(edges)]


def _tells(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are a table: most of them full, and values in one of the later columns."""
    if len(rows[0]) < 2 or sum(all(row) for row in rows) < FILLED * len(rows):
        return False
    looked_at = rows[1 : MOST_LOOKED_AT + 1]
    later = [*zip(*looked_at, strict=True)][1:]
    return any(2 * sum(bool(values(one)) for one in column) >= len(column) for column in later)
