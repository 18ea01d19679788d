# SPDX-License-Identifier: EUPL-1.2
"""The value that stands in a field, whatever marks it: a form, a table, XML or JSON.

    Adresse : Le Pigeonnier     <adresse>La Grange</adresse>     "adresse": "La Grange"
    adresse;cp;ville            | Adresse      |                 ne="1985-04-17"
    La Grange;99001;Fontclaire  | La Grange    |

`cells_under` and `cells_below` yield where values stand; what they are, the recogniser says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = r"""(?: [^\S\n]{0,3} ["'*]? [^\S\n]{0,2} (?: [:=]["'\s]{0,3} | > ) )"""
"""What stands between a label and its value."""

NEXT_LABEL = re.compile(
    r"""[^\S\n]{3,} | [^\S\n]*[,–-]?[^\S\n]+ (?: [^\W\d_a-zà-ÿ] [\w.'’°]{0,14}
      (?: [^\S\n] [a-zà-ÿ°'’.]{1,12} ){0,3} | t[ée]l[\w.]{0,8} | fax | e?-?mail | port(?:able)?
      | courriel | n[ée]e?\sle ) [^\S\n]? : (?!//)""",
    re.VERBOSE,
)
"""Where a value ends: a wide gap, or the label of the next one."""

_CELLS = re.compile(r"[;|\t]")
_SEPARATORS = ("|", ";", "\t")
_MAX_HEADING_CHARS = 400
_MAX_ROWS = 5_000
_APART = re.compile(r"[^\s;|](?:[^\S\n]?[^\s;|]){0,140}")
"""Words with one space between them at most."""
_MIN_COLUMNS = 2
_DRIFT_CHARS = 12


def cells_under(text: str, heading: str) -> Iterator[tuple[int, int]]:
    """Yield the cells that stand under a heading, where a separator cuts the lines."""
    read: dict[tuple[int, int], int] = {}  # how far the rows of such a table were read
    for match in _headings(heading).finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        line_end = text.find("\n", match.end())
        found = _CELLS.findall(text, line_start, line_end)
        if line_end < 0 or line_end - line_start > _MAX_HEADING_CHARS or not found:
            continue
        separator = max(_SEPARATORS, key=found.count)  # a cell may hold a list: `B 12;B 13`
        count = found.count(separator)
        column = text.count(separator, line_start, match.end())
        table = (column, count)
        if line_start < read.get(table, 0):  # a cell that reads like a heading, not a new table
            continue
        for start, end in _rows(text, line_end + 1):
            read[table] = end
            if text.count(separator, start, end) == count:
                yield _stripped(text, *_cell(text, start, end, separator, column))


def cells_below(text: str, heading: str) -> Iterator[tuple[int, int]]:
    """Yield what stands below a heading, where wide gaps make the columns."""
    read: dict[int, int] = {}
    for match in _headings_apart(heading).finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        line_end = text.find("\n", match.end())
        if line_end < 0 or line_end - line_start > _MAX_HEADING_CHARS:
            continue
        column = match.start("heading") - line_start
        start = line_end + 1
        if line_start < read.get(column, 0):
            continue
        for _ in range(_MAX_ROWS):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            cells = list(_APART.finditer(text, start, end))
            if len(cells) < _MIN_COLUMNS:
                break
            near = min(cells, key=lambda cell: abs(cell.start() - start - column))
            if abs(near.start() - start - column) <= _DRIFT_CHARS:
                yield near.span()
            read[column] = end
            start = end + 1


def _cell(text: str, start: int, end: int, separator: str, column: int) -> tuple[int, int]:
    """Return where a cell of a row starts and ends, the first one being 0."""
    for _ in range(column):
        start = text.index(separator, start, end) + 1
    following = text.find(separator, start, end)
    return start, following if following >= 0 else end


def _rows(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the lines after a heading that are cut too, until one that is not."""
    for _ in range(_MAX_ROWS):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if not _CELLS.search(text, start, end):
            return
        yield start, end
        start = end + 1


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _headings(heading: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[;|\t]|\A)[^\S\n]{{0,40}}(?:{heading})[^\S\n]{{0,40}}(?=[;|\t\n])",
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )


def _headings_apart(heading: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[^\S\n]{{2}})(?P<heading>{heading})(?=[^\S\n]{{2}}|[^\S\n]?$)",
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )
