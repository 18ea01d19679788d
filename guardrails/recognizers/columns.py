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

from guardrails.normalise import CAPITAL
from guardrails.recognizers.dates import FULL_DATE, MONTH

_HEADING = re.compile(
    r"(?<!\w)(?:n[ée](?:\(?e\)?)?(?:\s|_)le | (?:date|dt)[\s_]{1,2}(?:de[\s_])?naiss(?:ance"
    r"|\.)? | naiss(?:ance\b|\.) | n[ée]{1,2}\s?\(e?s?\)(?=\s{0,20}[|;\t\n]|\s{2}) | DDN)(?![\w]"
    r"|\s?\d)",
    re.VERBOSE | re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?<!\w)(?: {FULL_DATE} | {MONTH} \s ['’]?\d\d(?:\d\d)? | (?:19\d\d|20[0-2]\d) )(?!\w)",
    re.VERBOSE | re.IGNORECASE,
)
# `1927, Fontclaire`: the place that stands in the same cell.
_PLACE = re.compile(
    rf"(?:(?:,|[^\S\n](?:à|a))[^\S\n]{{1,2}}"
    rf"|[^\S\n]{{1,2}}(?=[{CAPITAL}][^\n|;\t\d]{{2,40}}[|;\t]))"
    rf"(?P<place>[{CAPITAL}][\w'’-]{{1,30}}(?:[^\S\n](?:\([^()\n]{{1,20}}\)"
    rf"|[{CAPITAL}a-z][\w'’-]{{0,30}})){{0,3}})"
)
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
            dates = (
                _dates_in_cell(
                    text,
                    start,
                    end,
                    separator[0],
                    text.count(separator[0], line_start, heading.start()),
                )
                if separator
                else _date_at(text, start, end, column)
            )
            yield from (date.span() for date in dates)


def places_under(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the places that follow those dates start and end."""
    for _, end in dates_under(text):
        if place := _PLACE.match(text, end):
            yield place.span("place")


def _rows(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines after a heading start and end, until a blank one."""
    for _ in range(_MAX_ROWS):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if not text[start:end].strip():
            return
        yield start, end
        start = end + 1


def _dates_in_cell(
    text: str, start: int, end: int, separator: str, cell: int
) -> list[re.Match[str]]:
    for _ in range(cell):
        start = text.find(separator, start, end) + 1
        if not start:
            return []
    cell_end = text.find(separator, start, end)
    return list(_DATE.finditer(text, start, cell_end if cell_end >= 0 else end))


def _date_at(text: str, start: int, end: int, column: int) -> list[re.Match[str]]:
    dates = list(_DATE.finditer(text, start, end))
    nearest = min(dates, key=lambda d: abs(d.start() - start - column), default=None)
    if nearest and (len(dates) == 1 or abs(nearest.start() - start - column) <= _DRIFT_CHARS):
        return [nearest]
    return []
