# SPDX-License-Identifier: EUPL-1.2
"""Workbooks of Excel before 2007 (XLS): the one door of xlrd."""

from __future__ import annotations

import io
import struct
from datetime import datetime, time

import xlrd
from xlrd.book import Book
from xlrd.compdoc import CompDocError
from xlrd.sheet import Cell, Sheet

from corpus.errors import UnreadableFile
from corpus.readers.layout import Flag, Reading
from corpus.readers.table import MAX_COLUMNS, SheetRows, sheets_reading, shown_value

_BROKEN = (
    *(AssertionError, LookupError, ValueError, TypeError, struct.error, OSError),
    CompDocError,
)


def read_xls(data: bytes) -> Reading:
    """Read each sheet of an old workbook."""
    log = io.StringIO()  # xlrd prints its warnings, cells included
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=log
        )
        sheets = [
            SheetRows(sheet.name, _rows(book, sheet), is_hidden=sheet.visibility != 0)
            for sheet in book.sheets()
        ]
    except xlrd.XLRDError as error:
        raise UnreadableFile("encrypted" if "ncrypted" in str(error) else "broken") from error
    except _BROKEN as error:
        raise UnreadableFile("broken") from error
    flags = {Flag.MACROS} if _VBA in data else set()
    return sheets_reading(sheets, flags)


_VBA = "_VBA_PROJECT".encode("utf-16-le")


def _rows(book: Book, sheet: Sheet) -> list[list[str]]:
    hidden = {number for number, info in sheet.colinfo_map.items() if info.hidden}
    return [
        [
            _shown(book, cell)
            for column, cell in enumerate(sheet.row(number)[:MAX_COLUMNS])
            if column not in hidden
        ]
        for number in range(sheet.nrows)
        if not (number in sheet.rowinfo_map and sheet.rowinfo_map[number].hidden)
    ]


def _shown(book: Book, cell: Cell) -> str:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown_value(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown_value(_moment(float(cell.value), book.datemode))
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        pattern = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return shown_value(float(cell.value), str(pattern))
    return str(cell.value)


def _moment(value: float, datemode: int) -> datetime | time | float:
    try:
        if value < 1:
            return time(*xlrd.xldate_as_tuple(value, datemode)[3:])
        return datetime(*xlrd.xldate_as_tuple(value, datemode))
    except (xlrd.XLDateError, ValueError):
        return value
