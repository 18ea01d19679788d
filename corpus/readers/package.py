# SPDX-License-Identifier: EUPL-1.2
"""Zip packages of XML (DOCX, ODT, XLSX, ODS), opened with a limit on what they unfold to."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from typing import IO

from lxml import etree

from corpus.errors import UnreadableFile

MAX_UNFOLDED_BYTES = 400 * 1024 * 1024
MAX_ENTRIES = 20_000
DOCTYPE = b"<!DOCTYPE"
DOCTYPES = tuple("<!DOCTYPE".encode(form) for form in ("ascii", "utf-16-le", "utf-16-be"))
HEAD_BYTES = 1 << 16
XML_BEGINS = (b"<", b" ", b"\t", b"\r", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")
PICTURES = "/media/"
TORN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
OLE = b"\xd0\xcf\x11\xe0"
"""An Office file with a password is wrapped in this older container."""


class Package:
    """The parts of a zipped document, by name."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE):
            raise UnreadableFile("encrypted")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnreadableFile("broken") from error
        entries = self._zip.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFile("encrypted")
        unfolded = sum(entry.file_size for entry in entries)
        if unfolded > MAX_UNFOLDED_BYTES or len(entries) > MAX_ENTRIES:
            raise UnreadableFile("too_large")
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        """Return a part; the sizes that the directory claims are not trusted."""
        try:
            with self._zip.open(name) as part:
                data = part.read(MAX_UNFOLDED_BYTES + 1)
        except (KeyError, *TORN) as error:
            raise UnreadableFile("broken") from error
        if len(data) > MAX_UNFOLDED_BYTES:
            raise UnreadableFile("too_large")
        return data

    def xml(self, name: str) -> etree._Element:
        """Return a part's root; raise UnreadableFile for one that declares a document type.

        No office program writes one: it is there to name what it would fetch, or to grow.
        """
        data = self.read(name)
        try:
            root = parse_xml(data)
        except UnreadableFile as error:
            raise UnreadableFile("doctype" if DOCTYPE in data else error.reason) from error
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile("doctype")
        return root

    def refuse_types(self) -> None:
        """Raise UnreadableFile if any part that is XML declares a document type, pictures apart:
        drawings (SVG) do, and nobody reads them."""
        for name in sorted(self.names):
            with suppress(*TORN), self._zip.open(name) as part:  # told by who needs the part
                if not _is_picture(name.lower()) and _declares_type(part):
                    raise UnreadableFile("doctype")


def _is_picture(name: str) -> bool:
    return PICTURES in name and not name.endswith((".xml", ".rels"))


def _declares_type(part: IO[bytes]) -> bool:
    """Whether a document type stands before the first element; not for what is no XML."""
    head = part.read(HEAD_BYTES)
    if not head.startswith(XML_BEGINS):
        return False
    parser = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True)
    seen = b""
    try:
        while head:
            seen = seen[-len(DOCTYPES[1]) :] + head
            parser.feed(head)
            for _, root in parser.read_events():
                return bool(root.getroottree().docinfo.doctype)
            if any(one in seen for one in DOCTYPES):
                return True  # it begins a type that it does not end there
            head = part.read(HEAD_BYTES)
    except etree.XMLSyntaxError:
        return any(one in seen for one in DOCTYPES)
    return False


def parse_xml(data: bytes) -> etree._Element:
    """Return the root of XML that nobody vouches for: no entity, no network, bounded depth."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile("broken") from error
