# SPDX-License-Identifier: EUPL-1.2
"""From a file to a SourceDocument: one module a format.

    path ──read──▶ checks (size, access, first bytes) ──▶ reader ──▶ SourceDocument

Pages hold one paragraph, list item or table row a line, and a blank line before a
heading: what `split` expects. Raises UnreadableFile for what is broken, and
NotYetReadable for what waits for a reader or a program.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.documents import Page, SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers.docx import read_docx
from corpus.readers.html import read_html
from corpus.readers.layout import Reading
from corpus.readers.message import read_message
from corpus.readers.odt import read_odt
from corpus.readers.pdf import read_pdf
from corpus.readers.table import read_csv, read_ods, read_xlsx
from corpus.readers.text import read_markdown, read_text

READERS_VERSION = "readers-2"
"""Changes when the same file would be read otherwise."""

MAX_BYTES = 200 * 1024 * 1024
MAX_CHARS = 20_000_000


MALFORMED = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What libraries raise on files made badly, or on purpose."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what reads it, and how its bytes must start (anything, if empty)."""

    media_type: str
    reader: Callable[[bytes], Reading]
    starts: tuple[bytes, ...] = ()


PDF = Format("application/pdf", read_pdf, (b"%PDF-",))
DOCX = Format(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    read_docx,
    (b"PK", b"\xd0\xcf\x11\xe0"),
)
ODT = Format("application/vnd.oasis.opendocument.text", read_odt, (b"PK",))
HTML = Format("text/html", read_html)
TEXT = Format("text/plain", read_text)
MARKDOWN = Format("text/markdown", read_markdown)
XLSX = Format(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    read_xlsx,
    (b"PK", b"\xd0\xcf\x11\xe0"),
)
ODS = Format("application/vnd.oasis.opendocument.spreadsheet", read_ods, (b"PK",))
CSV = Format("text/csv", read_csv)
EML = Format("message/rfc822", lambda data: read_message(data, read_part))

FORMATS: Mapping[str, Format] = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".odt": ODT,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".ods": ODS,
    ".csv": CSV,
    ".tsv": CSV,
    ".eml": EML,
}

WAITING: Mapping[str, str] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), "ocr"),
    **dict.fromkeys((".pptx", ".odp"), "slides_reader"),
    **dict.fromkeys((".doc", ".rtf", ".xls"), "libreoffice"),
    ".msg": "email_reader",
    ".zip": "archive_reader",
}
"""Formats that a mairie has and that no reader handles yet, and what each waits for."""


def read(path: Path, *, name: str) -> SourceDocument:
    """Read a file; `name` is its path relative to the folder that was added."""
    return read_data(read_bytes(path), name=name)


def read_data(data: bytes, *, name: str) -> SourceDocument:
    """Read a file's bytes, by the end of its name and by how they start."""
    chosen = _format(PurePosixPath(name).suffix.lower(), data)
    reading = read_part(data, name)
    if sum(len(text) for _, text in reading.pages) > MAX_CHARS:
        raise UnreadableFile("too_large")
    pages = tuple(Page(number=n, text=text) for n, text in reading.pages if text.strip())
    if not pages and not reading.waiting_pages:
        raise UnreadableFile("empty")
    return SourceDocument(
        id=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type=chosen.media_type,
        pages=pages,
        needs=reading.needs,
        waiting_pages=reading.waiting_pages,
    )


def read_part(data: bytes, name: str) -> Reading:
    """Read a file's bytes, or those of an attachment, by its name."""
    chosen = _format(PurePosixPath(name).suffix.lower(), data)
    try:
        return chosen.reader(data)
    except MALFORMED as error:
        raise UnreadableFile("broken") from error


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, or say why they cannot be had."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile("too_large")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile("no_access") from error
    if not data.strip():
        raise UnreadableFile("empty")
    return data


def _format(suffix: str, data: bytes) -> Format:
    """Choose by the name's end, and by the first bytes where the name is wrong."""
    chosen = FORMATS.get(suffix)
    if data[:1_024].lstrip().startswith(b"%PDF-"):
        return PDF
    if chosen is None:
        if suffix in WAITING:
            raise NotYetReadable(WAITING[suffix])
        raise UnreadableFile("unknown_format")
    if chosen.starts and not data.startswith(chosen.starts):
        raise UnreadableFile("broken")
    return chosen
