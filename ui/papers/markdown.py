# SPDX-License-Identifier: EUPL-1.2
"""The Markdown of our templates as parts of a file: a title, headings, lists, tables, paragraphs.

text ─parts_of▶ (title, (Paragraph │ Grid)…)

No reader of Markdown at large: it knows what the templates write, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ui.export.content import Grid, Paragraph, Style

_ESCAPED = re.compile(r"\\(.)")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(?: ?-{3,} ?\|)+")

Part = Paragraph | Grid


def parts_of(text: str) -> tuple[str, tuple[Part, ...]]:
    """Return the title, then the parts.

    >>> parts_of("# Un titre\\n\\n- un\\n- deux \\\\| trois\\n")[1][1].text
    'deux | trois'
    """
    first, _, rest = text.partition("\n")
    return plain(first.removeprefix("# ")), tuple(_parts(rest.split("\n")))


def plain(text: str) -> str:
    """Return text without its escapes."""
    return _ESCAPED.sub(r"\1", text)


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    table: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            yield _grid(table)
            table = []
        if line.startswith("## "):
            yield Paragraph(plain(line[3:]), Style.HEADING)
        elif line.startswith("- "):
            yield Paragraph(plain(line[2:]), Style.ITEM)
        elif line.strip():
            yield Paragraph(plain(line))


def _grid(lines: Sequence[str]) -> Grid:
    """Return a table; the rule under its first row says that it names the columns."""
    is_named = len(lines) > 1 and _RULE.fullmatch(lines[1]) is not None
    rows = [line for line in lines if not _RULE.fullmatch(line)]
    return Grid(tuple(tuple(map(_cell, _BAR.split(row)[1:-1])) for row in rows), is_named)


def _cell(text: str) -> str:
    return plain(text.strip())
