# SPDX-License-Identifier: EUPL-1.2
"""Outlook messages (MSG), read from their streams as [MS-OXMSG] lays them out.

A property is a stream `__substg1.0_PPPPTTTT`: PPPP names it, TTTT is how it is written
(001F UTF-16, 001E the message's code page, 0102 bytes). Dates stand in a table of their own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from corpus.acts import date_in_words
from corpus.errors import UnreadableFile
from corpus.readers.compound import Compound, compound
from corpus.readers.html import read_html
from corpus.readers.layout import Reading
from corpus.readers.message import Attachment, told
from corpus.readers.rtf import read_rtf
from corpus.readers.text import decode, read_text

HEADERS = (("0037", "Objet"), ("0C1A", "De"), ("0E04", "À"), ("0E03", "Copie"))
SENDER_ADDRESS = ("5D01", "0C1F")
BODY, HTML, RTF = "1000", "1013", "1009"
SENT = (0x0039, 0x0E06)
PROPERTIES = "__properties_version1.0"
HEAD_BYTES = 32
FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]{8}")
DATA, LONG_NAME, SHORT_NAME, EMBEDDED = "3701", "3707", "3704", "3701000D"

ReadPart = Callable[[bytes, str], Reading]


def read_outlook(data: bytes, read_part: ReadPart) -> Reading:
    """Read a message as one page; `read_part` reads an attachment by its name."""
    with compound(data) as container:
        if PROPERTIES not in container.names:
            raise UnreadableFile("broken")
        lines = list(_head(container))
        body = _body(container)
        attachments = list(_attachments(container))
    if not lines and body is None:
        raise UnreadableFile("empty")
    return told(lines, body, attachments, read_part)


def _head(container: Compound) -> Iterator[str]:
    for name, word in HEADERS:
        text = _text(container, "", name).strip()
        if word == "De":
            address = next(
                (a for p in SENDER_ADDRESS if (a := _text(container, "", p)) and "@" in a), ""
            )
            both = text and address and address != text
            text = f"{text} <{address}>" if both else text or address
        if text:
            yield f"{word} : {text}"
    sent = _sent(container.read(PROPERTIES))
    if sent is not None:
        yield f"Date : {date_in_words(sent.date().isoformat())} à {sent:%H} h {sent:%M}"


def _body(container: Compound) -> Reading | None:
    plain = _text(container, "", BODY)
    if plain.strip():
        return read_text(plain.encode("utf-8", "replace"))
    page = _stream(container, "", HTML, "0102") or _text(container, "", HTML).encode()
    if page.strip():
        return read_html(page)
    packed = _stream(container, "", RTF, "0102")
    return read_rtf(unpacked_rtf(packed)) if packed else None


def _attachments(container: Compound) -> Iterator[Attachment]:
    folders = sorted({m[0] for name in container.names if (m := ATTACHMENT.match(name))})
    for folder in folders:
        name = _text(container, folder, LONG_NAME) or _text(container, folder, SHORT_NAME)
        embedded = f"{folder}/__substg1.0_{EMBEDDED}/{PROPERTIES}"
        inside = None if embedded in container.names else _stream(container, folder, DATA, "0102")
        yield Attachment(name.strip(), inside)


def _stream(container: Compound, folder: str, name: str, kind: str) -> bytes:
    path = f"__substg1.0_{name}{kind}"
    return container.read(f"{folder}/{path}" if folder else path)


def _text(container: Compound, folder: str, name: str) -> str:
    wide = _stream(container, folder, name, "001F")
    text = wide.decode("utf-16-le", "replace") if wide else _narrow(container, folder, name)
    return text.rstrip("\x00")


def _narrow(container: Compound, folder: str, name: str) -> str:
    narrow = _stream(container, folder, name, "001E")
    return decode(narrow.rstrip(b"\x00")) if narrow else ""


def _sent(table: bytes) -> datetime | None:
    """Return when the message was sent, at the hour of Paris."""
    for at in range(HEAD_BYTES, len(table) - 15, 16):
        kind, name = struct.unpack_from("<HH", table, at)
        if name in SENT and kind == 0x0040:
            (ticks,) = struct.unpack_from("<Q", table, at + 8)
            return (FILETIME_EPOCH + timedelta(microseconds=ticks // 10)).astimezone(PARIS)
    return None


_RTF_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
MAX_RTF_BYTES = 50_000_000


def unpacked_rtf(packed: bytes) -> bytes:
    """Unfold compressed RTF as [MS-OXRTFCP] says: runs of 2 to 17 bytes of the last 4,096."""
    size, raw_size, magic = struct.unpack_from("<II4s", packed)
    if magic == b"MELA":
        return packed[16 : 16 + raw_size]
    if magic != b"LZFu" or raw_size > MAX_RTF_BYTES:
        raise UnreadableFile("broken")
    window = bytearray(_RTF_START.ljust(4_096, b"\x00"))
    write, out, at = len(_RTF_START), bytearray(), 16
    end = min(len(packed), size + 4)
    while at < end and len(out) < raw_size:
        control, at = packed[at], at + 1
        for bit in range(8):
            if at >= end:
                break
            if not control >> bit & 1:
                out.append(packed[at])
                window[write], write, at = packed[at], (write + 1) % 4_096, at + 1
                continue
            word = int.from_bytes(packed[at : at + 2], "big")
            offset, length, at = word >> 4, (word & 15) + 2, at + 2
            if offset == write:
                return bytes(out[:raw_size])
            for step in range(length):
                byte = window[(offset + step) % 4_096]
                out.append(byte)
                window[write], write = byte, (write + 1) % 4_096
    return bytes(out[:raw_size])
