# SPDX-License-Identifier: EUPL-1.2
"""The value that stands in a field, whatever marks it: a form, a table, XML or JSON.

    Adresse : Le Pigeonnier     <adresse>La Grange</adresse>     "adresse": "La Grange"
    adresse;cp;ville            | Adresse      |                 ne="1985-04-17"
    La Grange;99001;Fontclaire  | La Grange    |

`values_of` yields where values start and end; what they are is for the recogniser to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

MARK = r"""(?: [^\S\n]{0,3} ["'*]? [^\S\n]{0,2} (?: [:=]["'\s]{0,3} | > ) )"""
"""What stands between a label and its value."""

_VALUE = re.compile(r"[^\S\n]{0,8}(?P<value>[^\s<>\"|;][^<>\"|;\n]{0,140})")
_NEXT_LABEL = re.compile(r"[^\S\n]{2,}|[^\S\n]*[,–-]?[^\S\n]+[^\W\d_][\w.'’ ]{1,24}[^\S\n]?:(?!//)")
_CELLS = re.compile(r"[;|\t]")
_MAX_HEADING_CHARS = 400
_MAX_ROWS = 5_000


def values_of(text: str, label: str) -> Iterator[tuple[int, int]]:
    """Yield the values of fields whose label the pattern (verbose, any case) reads."""
    for match in _labels(label).finditer(text):
        value = _VALUE.match(text, match.end())
        if value:
            start, end = value.span("value")
            following = _NEXT_LABEL.search(text, start, end)
            end = following.start() if following else end
            yield start, start + len(text[start:end].rstrip(" ,.-–'*"))


def cells_under(text: str, heading: str) -> Iterator[tuple[int, int]]:
    """Yield the cells that stand under a heading, where a separator cuts the lines."""
    for match in _headings(heading).finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        line_end = text.find("\n", match.end())
        separators = _CELLS.findall(text, line_start, line_end)
        if line_end < 0 or line_end - line_start > _MAX_HEADING_CHARS or not separators:
            continue
        column = len(_CELLS.findall(text, line_start, match.end()))
        for start, end in _rows(text, line_end + 1):
            cut = [start - 1, *(m.start() for m in _CELLS.finditer(text, start, end)), end]
            cells = [(left + 1, right) for left, right in pairwise(cut)]
            if len(cells) == len(separators) + 1:
                yield _stripped(text, *cells[column])


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


def _labels(label: str) -> re.Pattern[str]:
    # `re` keeps compiled patterns by itself.
    return re.compile(rf"(?<![\w/]) (?:{label}) {MARK}", re.VERBOSE | re.IGNORECASE)


def _headings(heading: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[;|\t]|\A)[^\S\n]{{0,40}}(?:{heading})[^\S\n]{{0,40}}(?=[;|\t\n])",
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )
