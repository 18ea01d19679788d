# SPDX-License-Identifier: EUPL-1.2
"""From a file to a SourceDocument: one module a format.

    path ──read──▶ checks (size, access) ──kind_of──▶ reader ──▶ Reading ──▶ SourceDocument

Pages hold one paragraph, list item or table row a line, and a blank line before a heading: what
`split` expects; what each line is goes with them (`corpus/structure.py`). Raises UnreadableFile for
what is broken, and NotYetReadable for what waits for a program. `pool` runs all this in other
processes.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BufferedReader
from pathlib import Path

from corpus.documents import Page, SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers.archive import OpenArchive, read_member
from corpus.readers.doc import read_doc
from corpus.readers.docx import read_docx
from corpus.readers.fiche import read_fiche_json, read_fiche_xml
from corpus.readers.html import read_html
from corpus.readers.image import read_image
from corpus.readers.kinds import ENDINGS, Kind, kind_of
from corpus.readers.layout import Reading
from corpus.readers.markdown import read_markdown
from corpus.readers.message import Attachment, read_message, told
from corpus.readers.odt import read_odt
from corpus.readers.outlook import read_outlook
from corpus.readers.pdf import read_pdf
from corpus.readers.programs import Need, is_there
from corpus.readers.rtf import read_rtf
from corpus.readers.slides import read_odp, read_pptx
from corpus.readers.table import read_csv, read_ods, read_xlsx
from corpus.readers.text import read_text
from corpus.readers.xls import read_xls

__all__ = ["ENDINGS", "READERS", "READERS_VERSION", "is_there", "read", "read_data", "read_letter"]

READERS_VERSION = "readers-11"
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
    SyntaxError,  # of XML
    NotImplementedError,  # ways of packing that no library knows
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
"""What libraries raise on files made badly, or on purpose."""


MEDIA_TYPES: Mapping[Kind, str] = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Kind.ODP: "application/vnd.oasis.opendocument.presentation",
    Kind.DOC: "application/msword",
    Kind.XLS: "application/vnd.ms-excel",
    Kind.RTF: "application/rtf",
    Kind.MSG: "application/vnd.ms-outlook",
    Kind.EML: "message/rfc822",
    Kind.HTML: "text/html",
    Kind.TEXT: "text/plain",
    Kind.MARKDOWN: "text/markdown",
    Kind.CSV: "text/csv",
    Kind.FICHE_XML: "application/xml",
    Kind.FICHE_JSON: "application/json",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.TIFF: "image/tiff",
    Kind.ZIP: "application/zip",
    Kind.TAR: "application/x-tar",
}

READERS: dict[Kind, Callable[[bytes], Reading]] = {
    Kind.PDF: read_pdf,
    Kind.DOCX: read_docx,
    Kind.XLSX: read_xlsx,
    Kind.PPTX: read_pptx,
    Kind.ODT: read_odt,
    Kind.ODS: read_ods,
    Kind.ODP: read_odp,
    Kind.DOC: read_doc,
    Kind.XLS: read_xls,
    Kind.RTF: read_rtf,
    Kind.HTML: read_html,
    Kind.TEXT: read_text,
    Kind.MARKDOWN: read_markdown,
    Kind.CSV: read_csv,
    Kind.FICHE_XML: read_fiche_xml,
    Kind.FICHE_JSON: read_fiche_json,
    Kind.PNG: read_image,
    Kind.JPEG: read_image,
    Kind.TIFF: read_image,
    Kind.EML: lambda data: read_message(data, read_part),
    Kind.MSG: lambda data: read_outlook(data, read_part),
    Kind.ZIP: lambda data: _read_archive(data, "a.zip"),
    Kind.TAR: lambda data: _read_archive(data, "a.tar"),
}
"""What reads each kind; old slides (PPT) wait: nothing small and kept well reads them."""

LETTERS: dict[Kind, Callable[[bytes], Reading]] = {
    Kind.EML: lambda data: read_message(data, _unopened, is_guessed=True),
    Kind.MSG: lambda data: read_outlook(data, _unopened),
}
"""What reads a mail alone, without what came with it."""


def read(path: Path, *, name: str, inside: tuple[str, ...] = ()) -> SourceDocument:
    """Read a file, or what `inside` leads to in an archive; `name` is how it is called."""
    return read_data(read_bytes(path, inside), name=name)


def read_letter(data: bytes, *, name: str) -> SourceDocument:
    """Read the bytes of what somebody sent; what came with a mail is named and not opened."""
    return read_data(data, name=name, readers=READERS | LETTERS)


def read_data(
    data: bytes, *, name: str, readers: Mapping[Kind, Callable[[bytes], Reading]] = READERS
) -> SourceDocument:
    """Read a file's bytes, by how they start and by the end of its name."""
    if not data.strip():
        raise UnreadableFile("empty")
    kind = _kind(data, name)
    reading = _read(kind, data, readers)
    texts = [*(text for _, text in reading.pages), *reading.unseen]
    if sum(map(len, texts)) > MAX_CHARS:
        raise UnreadableFile("too_large")
    pages = tuple(
        Page(number=n, text=text, scan=reading.scans.get(n), lines=reading.lines.get(n, ()))
        for n, text in reading.pages
        if text.strip()
    )
    if not pages and not reading.waiting_pages:
        raise UnreadableFile("empty")
    return SourceDocument(
        id=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type=MEDIA_TYPES[kind],
        pages=pages,
        needs=reading.needs,
        waiting_pages=reading.waiting_pages,
        flags=tuple(sorted(reading.flags)),
        unseen=reading.unseen,
    )


def read_part(data: bytes, name: str) -> Reading:
    """Read an attachment's bytes, by its name."""
    return _read(_kind(data, name), data)


def _kind(data: bytes, name: str) -> Kind:
    try:
        return kind_of(name, data)
    except MALFORMED as error:
        raise UnreadableFile("broken") from error


def _unopened(data: bytes, name: str) -> Reading:
    raise UnreadableFile("too_large")  # told as left out, whatever it is


def _read(
    kind: Kind, data: bytes, readers: Mapping[Kind, Callable[[bytes], Reading]] = READERS
) -> Reading:
    reader = readers.get(kind)
    if reader is None:
        raise NotYetReadable(Need.PPT)
    try:
        return reader(data)
    except MALFORMED as error:
        raise UnreadableFile("broken") from error


def _read_archive(data: bytes, name: str) -> Reading:
    """Read an archive that came with a message: each file under its name, on one page."""
    archive = OpenArchive(io.BytesIO(data), name)
    found = (
        Attachment(m.name, None if m.reason else archive.read(m.inside)) for m in archive.members()
    )
    return told([], None, found, read_part)


def read_bytes(path: Path, inside: tuple[str, ...] = ()) -> bytes:
    """Return a file's bytes, or say why they cannot be had."""
    try:
        if not inside:
            with path.open("rb") as file:
                return read_bytes_of(file)
        data = read_member(path, inside)
    except OSError as error:
        raise UnreadableFile("no_access") from error
    if not data.strip():
        raise UnreadableFile("empty")
    return data


def read_bytes_of(file: BufferedReader) -> bytes:
    """Return the bytes of an open file; raise UnreadableFile for one that is too large or empty."""
    if os.fstat(file.fileno()).st_size > MAX_BYTES:
        raise UnreadableFile("too_large")
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:  # it grew
        raise UnreadableFile("too_large")
    if not data.strip():
        raise UnreadableFile("empty")
    return data
