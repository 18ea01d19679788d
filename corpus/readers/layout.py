# SPDX-License-Identifier: EUPL-1.2
"""The one layout that every reader gives its pages.

One paragraph, list item or table row a line; a blank line before a heading. A table
row carries its headers with it: `Tarif : Enfant ; Prix : 3,20 €`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from corpus.documents import Scan

SPACES = re.compile(r"[^\S\n]+")
HEADER_CHARS = 60
UNIT = re.compile(
    r"\([^()]{1,30}\)|(?:en )?(?:euros?|francs?|€|k€|m€|%|m²|m2|m³|ml|m|km|kg|h|heures?|jours?)"
    r"(?: ?/ ?\w{1,8}²?)?(?: (?:HT|TTC))?|HT|TTC",
    re.IGNORECASE,
)
YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-/]\s?(?:19|20)?\d\d)?")
NAMED_YEAR = re.compile(rf"[^\W\d_][^\d]*[^\W\d_]\.?\s+{YEARS.pattern}")


class Kind(Enum):
    """What a block of text is."""

    HEADING = "heading"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item, a row or a heading; it never holds a line break once laid out."""

    text: str
    kind: Kind = Kind.LINE


class Flag(StrEnum):
    """What an administrator should know of a file that was read (words: `texts/`)."""

    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_TEXT = "hidden_text"
    TRACKED_CHANGES = "tracked_changes"
    COMMENTS = "comments"
    MACROS = "macros"
    POOR_SCAN = "poor_scan"
    LEFT_OUT = "left_out"
    PERSONAL_UNSEEN = "personal_unseen"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: text of each page by its number from 1, what waits, what to flag.

    `scans` has an entry for each page whose text came from its picture. `unseen` is what the
    file holds and its reader does not see (deletions, comments, hidden rows): it is screened, so
    that one is told what is in it, and goes no further.
    """

    pages: tuple[tuple[int, str], ...]
    needs: str = ""
    waiting_pages: tuple[int, ...] = ()
    scans: Mapping[int, Scan] = field(default_factory=dict)
    flags: frozenset[Flag] = frozenset()
    unseen: tuple[str, ...] = ()


def one_page(
    blocks: Iterable[Block], flags: Collection[Flag] = (), unseen: Iterable[str] = ()
) -> Reading:
    """Return a reading of a format without pages."""
    told = tuple(said for text in unseen if (said := clean(text).strip()))
    return Reading(((1, lay_out(blocks)),), flags=frozenset(flags), unseen=told)


def lay_out(blocks: Iterable[Block]) -> str:
    """Return blocks as a page's text."""
    lines: list[str] = []
    for block in blocks:
        text = clean(block.text).replace("\n", " ").strip()
        if not text:
            continue
        if block.kind is Kind.HEADING and lines:
            lines.append("")
        lines.append(SPACES.sub(" ", text))
    return "\n".join(lines)


def clean(text: str) -> str:
    """Return the text composed (NFC), with plain spaces, and without control signs."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_plain(c) for c in composed)


def _plain(char: str) -> str:
    if char == "\n" or " " < char < "\x7f":
        return char
    category = unicodedata.category(char)
    if category == "Zs" or char in "\t\v\f\x85\u2028\u2029":
        return " "
    # Soft hyphens, zero-width signs, private use: invisible, they would split words.
    return "" if category in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def table_blocks(rows: Sequence[Sequence[str]], *, headers: int | None = None) -> list[Block]:
    """Return a table as one line a row, each value under its header's name.

    `headers` is how many rows are known to name the columns; None if nothing says it.
    """
    kept = _filled([[_cell(c) for c in row] for row in rows])
    titles: list[Block] = []
    while headers != 1 and len(kept) > 1 and _is_title(kept[0]):
        titles.append(Block(next(c for c in kept.pop(0) if c)))
        headers = headers - 1 if headers else headers
    if not kept:
        return titles
    if headers is None:
        headers = header_depth(kept)
    width = len(kept[0])
    if width == 1:
        return [*titles, *(Block(row[0]) for row in kept)]
    if headers:
        names = column_names(kept[:headers])
        return [*titles, *([_row(names, row) for row in kept[headers:]] or [_row([], names)])]
    if width == 2:
        return [*titles, *(Block(" : ".join(c.rstrip(" :") for c in row if c)) for row in kept)]
    return [*titles, *(_row([], row) for row in kept)]


def _filled(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows of one width, without the rows and columns in which nothing stands."""
    columns = sorted({i for row in rows for i, cell in enumerate(row) if cell})
    return [[row[i] if i < len(row) else "" for i in columns] for row in rows if any(row)]


def _is_title(row: Sequence[str]) -> bool:
    """Say whether a row over a table is its title: one cell, and not a lone column's name."""
    return sum(bool(c) for c in row) == 1 < len(row) and (len(row) > 2 or bool(row[0]))


def column_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the name of each column, from the rows over it: `Été – Semaine`, `Prix (en €)`."""
    names = list(rows[0])
    for row in rows[1:]:
        if _are_units(row):
            names = [f"{name} {cell}".strip() for name, cell in zip(names, row, strict=True)]
            continue
        wide = ""
        for i, cell in enumerate(row):
            # A name that stands over several columns is written in the first of them.
            wide = names[i] or wide
            over = names[i] or (wide if cell else "")
            parts = (over, cell) if cell != over else (over,)
            names[i] = " – ".join(part for part in parts if part)
    return names


def header_depth(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows name the columns: none, one or two."""
    if not rows or not has_header(rows):
        return 0
    width = max(len(row) for row in rows)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    return 2 if len(rows) > 2 and _goes_on(rows[0], rows[1], rows[2:]) else 1


def _goes_on(first: Sequence[str], second: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Say whether the second row says more of the columns: units, or parts of wide names."""
    if _are_units(second):
        return True
    if any(len(c) > HEADER_CHARS or is_value(c) for c in second):
        return False
    shared = [
        i
        for i, cell in enumerate(second)
        if i and cell and first[i] != cell and first[i] in ("", first[i - 1])
    ]
    # A first row of values has words in its first column, and so has its header.
    starts = not first[0] or second[0] in ("", first[0])
    return bool(shared) and starts and any(is_value(row[i]) for row in rest for i in shared)


def _are_units(row: Sequence[str]) -> bool:
    return not row[0] and any(row) and all(UNIT.fullmatch(c) for c in row if c)


def _row(headers: Sequence[str], cells: Sequence[str]) -> Block:
    named = [
        f"{headers[i]} : {cell}" if i < len(headers) and headers[i] else cell
        for i, cell in enumerate(cells)
        if cell
    ]
    filled = [cell for cell in cells if cell]
    # A row with one value and room for more is a title inside the table; a number is none.
    title = len(filled) == 1 < len(cells) and (bool(cells[0]) or not is_value(filled[0]))
    return Block(filled[0] if title else " ; ".join(named))


def _cell(text: str) -> str:
    return SPACES.sub(" ", clean(text).replace("\n", " ")).replace(" ; ", ", ").strip()


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names columns: words only, above values that hold digits."""
    first, rest = rows[0], rows[1:]
    if not rest or sum(bool(c) for c in first) < 2:
        return False
    if any(len(c) > HEADER_CHARS or is_value(c) for c in first):
        return False
    if len(first) > 2:
        return True
    return any(is_value(row[1]) for row in rest if len(row) > 1) and not first[1].endswith(":")


def is_value(cell: str) -> bool:
    """Say whether a cell holds a number more than words.

    >>> [is_value(cell) for cell in ("41,27 %", "15 mars 2024", "Taux 2024", "BP 2023-2024")]
    [True, True, False, False]
    """
    if YEARS.fullmatch(cell) or NAMED_YEAR.fullmatch(cell):
        return False  # `2024`, `2024-2025`, `Taux 2024` name a column
    digits = sum(c.isdigit() for c in cell)
    return digits > 0 and digits >= sum(c.isalpha() for c in cell)
