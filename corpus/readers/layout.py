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
YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-/]\s?(?:19|20)?\d\d)?")


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


def table_blocks(rows: Sequence[Sequence[str]], *, named: bool = False) -> list[Block]:
    """Return a table as one line a row, each value under its header's name.

    `named` says that the first row is known to name the columns.
    """
    kept = [[_cell(c) for c in row] for row in rows if any(c.strip() for c in row)]
    if not kept:
        return []
    width = max(len(row) for row in kept)
    if width == 1:
        return [Block(row[0]) for row in kept]
    if named or has_header(kept):
        return [_row(kept[0], row) for row in kept[1:]] or [_row([], kept[0])]
    if width == 2:
        return [Block(" : ".join(c.rstrip(" :") for c in row if c)) for row in kept]
    return [_row([], row) for row in kept]


def _row(headers: Sequence[str], cells: Sequence[str]) -> Block:
    named = [
        f"{headers[i]} : {cell}" if i < len(headers) and headers[i] else cell
        for i, cell in enumerate(cells)
        if cell
    ]
    filled = [cell for cell in cells if cell]
    # A row with one value and room for more is a title inside the table.
    return Block(filled[0]) if len(filled) == 1 < len(cells) else Block(" ; ".join(named))


def _cell(text: str) -> str:
    return SPACES.sub(" ", clean(text).replace("\n", " ")).replace(" ; ", ", ").strip()


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names columns: words only, above values that hold digits."""
    first, rest = rows[0], rows[1:]
    if not rest or sum(bool(c) for c in first) < 2:
        return False
    if any(len(c) > HEADER_CHARS or _is_value(c) for c in first):
        return False
    if len(first) > 2:
        return True
    return any(_is_value(row[1]) for row in rest if len(row) > 1) and not first[1].endswith(":")


def _is_value(cell: str) -> bool:
    if YEARS.fullmatch(cell):
        return False  # `2024`, `2024-2025` name a column
    digits = sum(c.isdigit() for c in cell)
    return digits > 0 and digits >= sum(c.isalpha() for c in cell)
