# SPDX-License-Identifier: EUPL-1.2
"""Plain text, in whatever encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from corpus.errors import UnreadableFile
from corpus.readers.layout import ITEM, Block, Kind, Reading, one_page, table_blocks
from corpus.readers.text_columns import tables

WRAPPED_CHARS = 55
"""A line at least this long that ends without a stop was broken by the editor."""

COLUMNS = re.compile(r"\t|\S {3,}\S")
UNDERLINE = re.compile(r"\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$")


def read_text(data: bytes) -> Reading:
    """Read plain text as one page, putting together the lines that an editor broke."""
    return one_page(paragraphs(decode(data).split("\n")))


def decode(data: bytes, declared: str = "") -> str:
    """Return the text: its byte order mark, UTF-8, what it declares, then Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\x00" in data[:4_096]:
        raise UnreadableFile("unknown_format")
    for name in ("utf-8", declared, "cp1252"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def paragraphs(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the paragraphs of lines of text, those that an editor broke put together, and the rows
    of tables whose columns are kept apart by blanks."""
    held, indent, after = "", 0, 0
    alone, width = True, _width(lines)
    columns = tables(lines)
    for place, raw in enumerate(lines):
        line = raw.strip()
        if place < after:
            continue
        if table := columns.get(place):
            yield from _paragraph(held, alone, indent)
            yield from table_blocks(table.rows, headers=1 if table.has_head else None)
            held, alone, after = "", True, table.end
        elif not line or UNDERLINE.match(line):
            yield from _paragraph(held, alone, indent)
            held, alone = "", True
        elif held and _is_wrapped(lines[place - 1].strip(), raw, width):
            held, alone = f"{held} {line}", False
        else:
            if held:
                yield from _paragraph(held, False, indent)
                alone = False
            held, indent = line, len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
    yield from _paragraph(held, alone, indent)


def _paragraph(text: str, alone: bool, indent: int) -> Iterator[Block]:
    if text:
        heading = alone and len(text) <= 100 and text[-1] not in ".;,:!?" and not ITEM.match(text)
        yield Block(text, Kind.HEADING if heading else Kind.LINE, 0 if heading else indent)


def _width(lines: Sequence[str]) -> int:
    """Return how far lines go before an editor breaks them: three in four of the long ones go no
    further. Where no editor breaks lines, most go much further than a title."""
    long = sorted(length for line in lines if (length := len(line.strip())) >= WRAPPED_CHARS)
    return long[(len(long) - 1) * 3 // 4] if long else 0


def _is_wrapped(above: str, line: str, width: int) -> bool:
    line = line.strip()
    if ITEM.match(line) or COLUMNS.search(line) or COLUMNS.search(above):
        return False
    if len(above) < WRAPPED_CHARS:
        return False
    has_room = len(above) + 1 + len(line.split(maxsplit=1)[0]) <= width
    is_title = above.isupper() != line.isupper()
    return line[:1].islower() or not (above[-1] in ".;:!?" or has_room or is_title)
