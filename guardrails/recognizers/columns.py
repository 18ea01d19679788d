# SPDX-License-Identifier: EUPL-1.2
"""Birth dates in a table: the dates that stand in the column of a birth heading.

    Nom et prénom        Né le        Indice         Nom;Date de naissance;Commune
    …                    05/09/1970   590            …;05/09/1970;…

Where a separator cuts the lines, cells are counted; where only spaces do, the date nearest
to the heading's place is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.recognizers.dates import NUMERIC_DATE

_HEADING = re.compile(
    r"(?<!\w)(?:n[ée](?:\(?e\)?)?(?:\s|_)le | (?:date|dt)[\s_]{1,2}(?:de[\s_])?naiss(?:ance"
    r"|\.)? | naissance | DDN)(?![\w]|\s?\d)",
    re.VERBOSE | re.IGNORECASE,
)
_DATE = re.compile(rf"(?<!\w){NUMERIC_DATE}(?!\w)", re.VERBOSE)
_CELLS = re.compile(r"[;|\t]")
_MAX_ROWS = 5_000
_MAX_HEADING_CHARS = 400
_DRIFT_CHARS = 25


def dates_under(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the dates of birth columns start and end."""
    for heading in _HEADING.finditer(text):
        line_start = text.rfind("\n", 0, heading.start()) + 1
        line_end = text.find("\n", heading.end())
        if line_end < 0 or line_end - line_start > _MAX_HEADING_CHARS:
            continue
        if text[heading.end() : heading.end() + 3].strip().startswith(("[", ":")):
            continue  # `né le [DATE_DE_NAISSANCE_1]`: no heading, nor `né le :`
        separator = _CELLS.search(text, line_start, line_end)
        if not separator and "  " not in text[line_start:line_end]:
            continue
        column = heading.start() - line_start
        for start, end in _rows(text, line_end + 1):
            date = (
                _date_in_cell(
                    text,
                    start,
                    end,
                    separator[0],
                    text.count(separator[0], line_start, heading.start()),
                )
                if separator
                else _date_at(text, start, end, column)
            )
            if date:
                yield date.span()


def _rows(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines after a heading start and end, until a blank one."""
    for _ in range(_MAX_ROWS):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if not text[start:end].strip():
            return
        yield start, end
        start = end + 1


def _date_in_cell(
    text: str, start: int, end: int, separator: str, cell: int
) -> re.Match[str] | None:
    for _ in range(cell):
        start = text.find(separator, start, end) + 1
        if not start:
            return None
    cell_end = text.find(separator, start, end)
    return _DATE.search(text, start, cell_end if cell_end >= 0 else end)


def _date_at(text: str, start: int, end: int, column: int) -> re.Match[str] | None:
    dates = list(_DATE.finditer(text, start, end))
    nearest = min(dates, key=lambda d: abs(d.start() - start - column), default=None)
    if nearest and (len(dates) == 1 or abs(nearest.start() - start - column) <= _DRIFT_CHARS):
        return nearest
    return None
