# SPDX-License-Identifier: EUPL-1.2
"""Spreadsheets (XLSX, ODS, CSV): each row a sentence that keeps its headers, each sheet a page.

A hidden sheet is read, says so in its title and is flagged; hidden rows and columns, and comments,
are apart: flagged, screened, never kept. Values are written as the sheet shows them: `3,20 €`,
`12 %`, `01/09/2025`.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from corpus.errors import UnreadableFile
from corpus.readers.layout import (
    Block,
    Flag,
    Kind,
    Laid,
    Reading,
    column_names,
    header_depth,
    is_value,
    laid_pages,
    lay_out,
    table_blocks,
)
from corpus.readers.odt import (
    OFFICE,
    STYLE,
    TABLE,
    document_flags,
    document_unseen,
    open_document,
    table_rows,
)
from corpus.readers.package import Package
from corpus.readers.text import decode

DELIMITERS = ";\t,|"
MAX_COLUMNS = 200
MAX_MERGED = 1_000
HIDDEN = "Feuille masquée"
SHEET = 1
"""The level of a sheet's title; those in it stand under it."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet as text: its title and its rows."""

    title: str
    rows: Sequence[Sequence[str]]
    is_hidden: bool = False


def read_xlsx(data: bytes) -> Reading:
    """Read each visible sheet of a workbook."""
    package = Package(data)  # refuses what is encrypted, broken or unfolds to too much
    try:
        package.refuse_types()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise UnreadableFile("broken") from error
    sheets = [
        SheetRows(sheet.title, _sheet_rows(sheet), is_hidden=sheet.sheet_state != "visible")
        for sheet in book.worksheets
    ]
    flags = {Flag.MACROS} if "xl/vbaProject.bin" in package.names else set()
    if any("/comments" in name or "/threadedComments" in name for name in package.names):
        flags.add(Flag.COMMENTS)
    hidden = [text for sheet in book.worksheets for text in _hidden_cells(sheet)]
    flags |= {Flag.HIDDEN_TEXT} if hidden else set()
    comments = [
        c.comment.text for s in book.worksheets for r in s.iter_rows() for c in r if c.comment
    ]
    return sheets_reading(sheets, flags, [*hidden, *comments])


def read_ods(data: bytes) -> Reading:
    """Read each sheet of an OpenDocument spreadsheet."""
    package = open_document(data)
    content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    unseen = {
        style.get(STYLE + "name")
        for style in content.iter(STYLE + "style")
        for properties in style.iter(STYLE + "table-properties")
        if properties.get(TABLE + "display") == "false"
    }
    sheets = [
        SheetRows(
            table.get(TABLE + "name", ""),
            table_rows(table),
            is_hidden=table.get(TABLE + "style-name") in unseen,
        )
        for table in (body.findall(TABLE + "table") if body is not None else [])
    ]
    flags = document_flags(package, content)
    return sheets_reading(sheets, flags, document_unseen(content))


def read_csv(data: bytes) -> Reading:
    """Read a table of separated values, whatever separates them."""
    text = decode(data)
    sample = "\n".join(text.splitlines()[:20])
    # csv.Sniffer takes decimal commas for separators: count instead.
    counts = {mark: sample.count(mark) for mark in DELIMITERS}
    mark = ";" if counts[";"] else max(DELIMITERS, key=lambda d: counts[d])
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as error:
        raise UnreadableFile("broken") from error
    return sheets_reading([SheetRows("", rows)])


def sheets_reading(
    sheets: Iterable[SheetRows], flags: Collection[Flag] = (), unseen: Iterable[str] = ()
) -> Reading:
    """Return each sheet as a page; one that is hidden says so in its title."""
    pages: dict[int, Laid] = {}
    found = set(flags)
    for number, sheet in enumerate(sheets, 1):
        blocks = list(sheet_blocks(sheet.rows))
        title = f"{HIDDEN} : {sheet.title}" if sheet.is_hidden else sheet.title
        if blocks:
            found |= {Flag.HIDDEN_SHEET} if sheet.is_hidden else set()
            named = [Block(title, Kind.HEADING, SHEET)] if title else []
            pages[number] = lay_out([*named, *blocks])
    kept = tuple(text for text in unseen if text.strip())
    return Reading(*laid_pages(pages), flags=frozenset(found), unseen=kept)


def sheet_blocks(rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """Yield a sheet's titles and tables: blank rows part them, one cell alone is a title."""
    names: list[str] = []
    for is_blank, group in groupby(rows, key=lambda row: not any(c.strip() for c in row)):
        if is_blank:
            continue
        table = list(group)
        while table and sum(bool(c.strip()) for c in table[0]) == 1 < len(table[0]):
            if names and is_value(next(c for c in table[0] if c.strip())):
                break
            yield Block(next(c for c in table[0] if c.strip()), Kind.HEADING, SHEET + 1)
            table.pop(0)
        width = max((len(row) for row in table), default=0)
        table = [[*row, *[""] * (width - len(row))] for row in table]
        if header_depth(table):
            names = column_names(table[: header_depth(table)])
        elif table and _goes_under(names, table):
            # A blank row only parts the rows of one table, unless what follows has its own names.
            yield from table_blocks([names, *table], headers=1)
            continue
        yield from table_blocks(table)


def _goes_under(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Say whether rows fill the columns that were named above, more than two, and no other."""
    filled = {i for row in rows for i, cell in enumerate(row) if cell.strip()}
    named = {i for i, name in enumerate(names) if name}
    return len(filled) > 2 and filled == named


def _hidden_cells(sheet: Worksheet) -> Iterator[str]:
    """Yield what hidden rows and columns hold, row by row."""
    hidden = {name for name, found in sheet.column_dimensions.items() if found.hidden}
    for number, row in enumerate(sheet.iter_rows(), 1):
        row_hides = sheet.row_dimensions[number].hidden
        out = [c for c in row[:MAX_COLUMNS] if row_hides or get_column_letter(c.column) in hidden]
        if said := " ; ".join(shown for cell in out if (shown := _shown(cell))):
            yield said


def _sheet_rows(sheet: Worksheet) -> list[list[str]]:
    hidden = {name for name, found in sheet.column_dimensions.items() if found.hidden}
    below = _merged_below(sheet)
    return [
        [
            below.get((number, c.column)) or _shown(c)
            for c in row[:MAX_COLUMNS]
            if get_column_letter(c.column) not in hidden
        ]
        for number, row in enumerate(sheet.iter_rows(), 1)
        if not sheet.row_dimensions[number].hidden
    ]


def _merged_below(sheet: Worksheet) -> dict[tuple[int, int], str]:
    """Return what merged cells of one column say in each row after their first."""
    below: dict[tuple[int, int], str] = {}
    for merged in sheet.merged_cells.ranges:
        first, last = merged.min_row, min(merged.max_row, merged.min_row + MAX_MERGED)
        if merged.min_col != merged.max_col or sheet.row_dimensions[first].hidden:
            continue
        text = _shown(sheet.cell(first, merged.min_col))
        below.update({(row, merged.min_col): text for row in range(first + 1, last + 1)})
    return below


def _shown(cell: Cell | MergedCell) -> str:
    return shown_value(cell.value, str(cell.number_format))


def shown_value(value: object, pattern: str = "") -> str:
    """Return a value as a French sheet shows it; `pattern` is the cell's number format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y" if value.time() == time.min else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        return _number(float(value), pattern)
    return str(value)


def _number(value: float, pattern: str) -> str:
    if "%" in pattern:
        return f"{value * 100:.10g} %".replace(".", ",")
    places = re.search(r"\.([0#]+)", pattern.split(";", 1)[0])
    decimals = len(places[1]) if places else 0
    money = "€" in pattern
    if decimals or (money and value != int(value)):
        shown = f"{value:,.{decimals or 2}f}"
    else:
        shown = f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"
    shown = shown.replace(",", " ").replace(".", ",")
    return f"{shown} €" if money else shown
