# SPDX-License-Identifier: EUPL-1.2
"""Spreadsheets (XLSX, ODS, CSV): each row a sentence that keeps its headers, each sheet a page.

Hidden sheets, rows and columns are left out, as is all that a reader of the file does not
see. Values are written as the sheet shows them: `3,20 €`, `12 %`, `01/09/2025`.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import groupby

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from corpus.errors import UnreadableFile
from corpus.readers.layout import Block, Kind, Reading, lay_out, table_blocks
from corpus.readers.odt import OFFICE, TABLE, open_document, table_rows
from corpus.readers.package import Package
from corpus.readers.text import decode

DELIMITERS = ";\t,|"
MAX_COLUMNS = 200


def read_xlsx(data: bytes) -> Reading:
    """Read each visible sheet of a workbook."""
    Package(data)  # refuses what is encrypted, broken or unfolds to too much
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise UnreadableFile("broken") from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return _pages((sheet.title, _sheet_rows(sheet)) for sheet in sheets)


def read_ods(data: bytes) -> Reading:
    """Read each sheet of an OpenDocument spreadsheet."""
    body = open_document(data).xml("content.xml").find(f"{OFFICE}body/{OFFICE}spreadsheet")
    tables = body.findall(TABLE + "table") if body is not None else []
    return _pages((table.get(TABLE + "name", ""), table_rows(table)) for table in tables)


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
    return _pages([("", rows)])


def _pages(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> Reading:
    pages: list[tuple[int, str]] = []
    for number, (title, rows) in enumerate(sheets, 1):
        blocks = list(sheet_blocks(rows))
        if blocks:
            named = [Block(title, Kind.HEADING)] if title else []
            pages.append((number, lay_out([*named, *blocks])))
    return Reading(tuple(pages))


def sheet_blocks(rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """Yield a sheet's titles and tables: blank rows part them, one cell alone is a title."""
    for is_blank, group in groupby(rows, key=lambda row: not any(c.strip() for c in row)):
        if is_blank:
            continue
        table = list(group)
        while table and sum(bool(c.strip()) for c in table[0]) == 1 < len(table[0]):
            yield Block(next(c for c in table[0] if c.strip()), Kind.HEADING)
            table.pop(0)
        yield from table_blocks(table)


def _sheet_rows(sheet: Worksheet) -> list[list[str]]:
    hidden = {name for name, found in sheet.column_dimensions.items() if found.hidden}
    return [
        [_shown(c) for c in row[:MAX_COLUMNS] if get_column_letter(c.column) not in hidden]
        for number, row in enumerate(sheet.iter_rows(), 1)
        if not sheet.row_dimensions[number].hidden
    ]


def _shown(cell: Cell | MergedCell) -> str:
    """Return a cell as a French sheet shows it."""
    value = cell.value
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
        return _number(float(value), str(cell.number_format))
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
