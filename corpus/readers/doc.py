# SPDX-License-Identifier: EUPL-1.2
"""Word documents before 2007 (DOC), through antiword, which writes them as DocBook XML.

DocBook keeps paragraphs, lists and tables; the author's name in its head is left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers.compound import compound
from corpus.readers.layout import Block, Flag, Kind, Reading, one_page, table_blocks
from corpus.readers.package import parse_xml
from corpus.readers.programs import Crashed, Need, Overtime, is_there, run

SECONDS = 60
ATTEMPTS = 8
"""antiword reads memory that it did not fill: on one machine it crashed on a sound file in 42 of
120 runs, by where its memory happened to lie."""

ENCRYPTED = 0x01
FLAGS_AT = 11
"""Where the file's head says that it asks for a password."""

UNSEEN = frozenset({"bookinfo", "beginpage", "colspec"})


def read_doc(data: bytes) -> Reading:
    """Read a DOC as one page; raise NotYetReadable where antiword is not installed."""
    with compound(data) as container:
        head = container.read("WordDocument")
        has_macros = any("VBA" in name for name in container.names)
    if len(head) <= FLAGS_AT:
        raise UnreadableFile("broken")
    if head[FLAGS_AT] & ENCRYPTED:
        raise UnreadableFile("encrypted")
    if not is_there(Need.DOC):
        raise NotYetReadable(Need.DOC)
    root = parse_xml(_docbook(data))
    return one_page(_blocks(root), {Flag.MACROS} if has_macros else set())


def _docbook(data: bytes) -> bytes:
    # antiword copies its standard input to a file on disk: a file in memory is not written.
    file = os.memfd_create("document")
    try:
        with os.fdopen(os.dup(file), "wb") as copy:
            copy.write(data)
        said = _said(file)
    except Overtime as error:
        raise UnreadableFile("too_slow") from error
    finally:
        os.close(file)
    # Signs that XML does not allow stand in old documents: page breaks, fields.
    return re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", said)


def _said(file: int) -> bytes:
    command = ["antiword", "-m", "UTF-8.txt", "-x", "db", f"/proc/self/fd/{file}"]
    for _ in range(ATTEMPTS - 1):
        with suppress(Crashed):
            return run(command, b"", seconds=SECONDS, files=(file,))
    return run(command, b"", seconds=SECONDS, files=(file,))


def _blocks(root: etree._Element) -> Iterator[Block]:
    for child in root:
        if child.tag in UNSEEN:
            continue
        if child.tag in ("para", "title"):
            text = "".join(child.itertext())
            listed = root.tag == "listitem"
            depth = sum(1 for _ in child.iterancestors("listitem"))
            kind = Kind.HEADING if child.tag == "title" else Kind.ITEM if listed else Kind.LINE
            yield Block(f"- {text}" if listed else text, kind, depth if listed else 0)
        elif child.tag == "informaltable":
            yield from table_blocks(
                [[_words(cell) for cell in row.iter("entry")] for row in child.iter("row")]
            )
        else:
            yield from _blocks(child)


def _words(cell: etree._Element) -> str:
    return " ".join("".join(cell.itertext()).split())
