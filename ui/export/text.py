# SPDX-License-Identifier: EUPL-1.2
"""Plain text: what pastes anywhere, tables as Markdown has them. It has no properties: the marks
stand in its lines, those for programs in the last one."""

from __future__ import annotations

from ui.export.content import Content, Grid, Style


def write_text(content: Content) -> bytes:
    """Return the content as UTF-8 text, one empty line between paragraphs."""
    return (as_text(content) + "\n").encode()


def as_text(content: Content) -> str:
    """Return the content as text."""
    shown = (
        _table(part) if isinstance(part, Grid) else _shown(words, part.style, content.icon)
        for part in content.whole
        if isinstance(part, Grid) or (words := "\n".join(part.lines).strip())
    )
    told = {name: value for name, value in content.properties.items() if value != content.mark}
    last = "; ".join(f"{name}: {_plain(value)}" for name, value in told.items())
    return "\n\n".join((*shown, last))


def _shown(words: str, style: Style, icon: str) -> str:
    match style:
        case Style.QUOTE:
            return f"« {words} »"
        case Style.ITEM:
            return f"- {words}"
        case Style.SIGN:
            return f"[{icon}] {words}"
        case _:
            return words


def _table(grid: Grid) -> str:
    """Return a table as lines with bars, its first row parted from the others as names are.

    >>> print(_table(Grid((("Jour", "Matin"), ("Mardi", "fermé")), is_named=True)))
    | Jour | Matin |
    | --- | --- |
    | Mardi | fermé |
    """
    rows = [[cell.replace("|", "\\|") for cell in row] for row in grid.rows]
    width = len(rows[0])
    named = rows if grid.is_named else [[""] * width, *rows]
    named.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(row)} |" for row in named)


def _plain(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value
