# SPDX-License-Identifier: EUPL-1.2
"""What kind of file some bytes are: by how they start and what they hold, then by their name.

The end of a name is only believed for what looks like text: a PDF named `.doc`, a web page
named `.xls` and an RTF named `.doc` are common in a town hall, and a program named `.pdf`
must not reach the PDF reader.
"""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from corpus.errors import UnreadableFile
from corpus.readers.compound import OLE, compound

HEAD_BYTES = 4_096


class Kind(StrEnum):
    """A kind of file that is known, by its usual ending."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    DOC = "doc"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    PPTX = "pptx"
    PPT = "ppt"
    ODP = "odp"
    HTML = "html"
    EML = "eml"
    MSG = "msg"
    TEXT = "txt"
    MARKDOWN = "md"
    FICHE_XML = "xml"
    FICHE_JSON = "json"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    ZIP = "zip"
    TAR = "tar"


ENDINGS = {"." + kind.value: kind for kind in Kind} | {
    ".docm": Kind.DOCX,
    ".dotx": Kind.DOCX,
    ".dot": Kind.DOC,
    ".ott": Kind.ODT,
    ".xlsm": Kind.XLSX,
    ".tsv": Kind.CSV,
    ".pptm": Kind.PPTX,
    ".ppsx": Kind.PPTX,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".text": Kind.TEXT,
    ".markdown": Kind.MARKDOWN,
    ".jpg": Kind.JPEG,
    ".tif": Kind.TIFF,
    ".tgz": Kind.TAR,
    ".gz": Kind.TAR,
}

TEXTUAL = frozenset({Kind.CSV, Kind.HTML, Kind.EML, Kind.TEXT, Kind.MARKDOWN})
"""Kinds whose bytes say nothing: the name's ending decides."""

_STARTS = (
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"\x1f\x8b", Kind.TAR),
)
_PARTS = (
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("ppt/presentation.xml", Kind.PPTX),
)
_OPEN_DOCUMENTS = {
    "text": Kind.ODT,
    "text-template": Kind.ODT,
    "spreadsheet": Kind.ODS,
    "presentation": Kind.ODP,
}
_STREAMS = {
    "WordDocument": Kind.DOC,
    "Workbook": Kind.XLS,
    "Book": Kind.XLS,
    "PowerPoint Document": Kind.PPT,
    "__properties_version1.0": Kind.MSG,
}
_FICHE_XML = re.compile(rb"<(?:Publication|ServiceComplementaire)\b[^>]*\bID\s*=")
_FICHE_JSON = re.compile(rb'"name"\s*:\s*"(?:Publication|ServiceComplementaire)"')
_WEB_PAGE = re.compile(
    rb"(?>(?:<\?xml[^>]*>|<!--(?:(?!-->).)*+-->|\s++)*)<(?:!doctype\s+html|html)\b", re.I | re.S
)


def kind_of(name: str, data: bytes) -> Kind:
    """Return the kind of a file; raise UnreadableFile if it is none or not what it says."""
    named = ENDINGS.get(PurePosixPath(name).suffix.lower())
    seen = _seen(data, named)
    if seen is not None:
        return seen
    if named is None:
        raise UnreadableFile("unknown_format")
    if named not in TEXTUAL:
        raise UnreadableFile("broken")
    return named


def _seen(data: bytes, named: Kind | None) -> Kind | None:
    """Return what the bytes show by themselves, if anything."""
    head = data[:HEAD_BYTES]
    if b"%PDF-" in head[:1_024]:
        return Kind.PDF
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK"):
        return _zipped(data, named)
    if head.startswith(OLE):
        return _compound(data, named)
    if _FICHE_XML.search(head):
        return Kind.FICHE_XML
    if head.lstrip()[:1] in (b"{", b"[") and _FICHE_JSON.search(head):
        return Kind.FICHE_JSON
    if _WEB_PAGE.match(head) and named is not None and named not in (Kind.TEXT, Kind.MARKDOWN):
        return Kind.HTML
    return None


def _zipped(data: bytes, named: Kind | None) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "mimetype" in names and package.getinfo("mimetype").file_size < 100:
                media = package.read("mimetype").decode("ascii", "replace").strip()
                kind = _OPEN_DOCUMENTS.get(media.rpartition("opendocument.")[2])
                if kind is not None:
                    return kind
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise UnreadableFile("broken") from error
    for part, kind in _PARTS:
        if part in names:
            return kind
    if "content.xml" in names and named in (Kind.ODT, Kind.ODS, Kind.ODP):
        return named
    # A package that lacks its main part is broken; any other zip is an archive.
    return Kind.ZIP if named in (None, Kind.ZIP) else None


def _compound(data: bytes, named: Kind | None) -> Kind | None:
    # A newer Office file with a password is wrapped in this container, whole or cut short.
    if named in (Kind.DOCX, Kind.XLSX, Kind.PPTX) and b"W\0o\0r\0d\0D\0" not in data:
        raise UnreadableFile("encrypted")
    with compound(data) as container:
        if container.exists("EncryptedPackage"):
            raise UnreadableFile("encrypted")
        return next((kind for stream, kind in _STREAMS.items() if container.exists(stream)), None)
