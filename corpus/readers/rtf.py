# SPDX-License-Identifier: EUPL-1.2
"""Rich text (RTF): the one door of striprtf, which writes a table's row as `cell|cell|`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from corpus.errors import UnreadableFile
from corpus.readers.layout import Block, Flag, Reading, one_page, table_blocks

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_HIDDEN = re.compile(rb"\\v(?:1)?[ \\]")
_REVISED = re.compile(rb"\\(?:deleted|revised)\b")
_COMMENT = re.compile(rb"\{\\\*\\annotation\b")
_PICTURE = re.compile(rb"\\bin\d+")


def read_rtf(data: bytes) -> Reading:
    """Read an RTF as one page; a document cut short is broken."""
    if _PICTURE.search(data) is None and data.rstrip(b"\x00\r\n ")[-1:] != b"}":
        raise UnreadableFile("broken")
    page = _CODE_PAGE.search(data)
    encoding = f"cp{page[1].decode('ascii')}" if page else "cp1252"
    source = _seen(data).decode("latin-1")
    try:
        text = str(rtf_to_text(source, encoding, "replace"))  # type: ignore[no-untyped-call]
    except LookupError:
        text = str(rtf_to_text(source, "cp1252", "replace"))  # type: ignore[no-untyped-call]
    flags = {
        flag
        for flag, sign in (
            (Flag.HIDDEN_TEXT, _HIDDEN),
            (Flag.TRACKED_CHANGES, _REVISED),
            (Flag.COMMENTS, _COMMENT),
        )
        if sign.search(data)
    }
    return one_page(_blocks(text.split("\n")), flags)


def _seen(data: bytes) -> bytes:
    """Leave out deleted and hidden runs, and comments, as far as their group is simple."""
    return re.sub(rb"\{\\\*\\annotation[^{}]*\}|\{[^{}]*\\(?:deleted|v)\b[^{}]*\}", b"", data)


def _blocks(lines: list[str]) -> Iterator[Block]:
    rows: list[list[str]] = []
    for line in lines:
        if line.endswith("|"):
            rows.append(line[:-1].split("|"))
            continue
        yield from table_blocks(rows)
        rows = []
        yield Block(line)
    yield from table_blocks(rows)
