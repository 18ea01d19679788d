# SPDX-License-Identifier: EUPL-1.2
"""Plain text and Markdown."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from corpus.errors import UnreadableFile
from corpus.readers.layout import Block, Kind, Reading, one_page, table_blocks

WRAPPED_CHARS = 55
"""A line at least this long that ends without a stop was broken by the editor."""

ITEM = re.compile(r"\s*(?:[-*+•–—]|\d{1,3}[.)]|[a-z]\))\s+")
COLUMNS = re.compile(r"\t|\S {3,}\S")
ATX_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
UNDERLINE = re.compile(r"\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$")
TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
EMPHASIS = re.compile(r"(?<!\w)(\*\*\*|\*\*|\*|__|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def read_text(data: bytes) -> Reading:
    """Read plain text as one page, putting together the lines that an editor broke."""
    return one_page(_paragraphs(decode(data).split("\n")))


def read_markdown(data: bytes) -> Reading:
    """Read Markdown as one page, without its signs."""
    text = TAG.sub("", COMMENT.sub("", decode(data)))
    return one_page(_markdown_blocks(text.split("\n")))


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


def _paragraphs(lines: Sequence[str]) -> Iterator[Block]:
    held = ""
    alone = True
    for place, raw in enumerate(lines):
        line = raw.strip()
        if not line or UNDERLINE.match(line):
            yield from _paragraph(held, alone)
            held, alone = "", True
        elif held and _is_wrapped(lines[place - 1].strip(), raw):
            held, alone = f"{held} {line}", False
        else:
            if held:
                yield from _paragraph(held, alone=False)
                alone = False
            held = line
    yield from _paragraph(held, alone)


def _paragraph(text: str, alone: bool) -> Iterator[Block]:
    if text:
        heading = alone and len(text) <= 100 and text[-1] not in ".;,:!?" and not ITEM.match(text)
        yield Block(text, Kind.HEADING if heading else Kind.LINE)


def _is_wrapped(above: str, line: str) -> bool:
    if ITEM.match(line) or COLUMNS.search(line.strip()) or COLUMNS.search(above):
        return False
    return len(above) >= WRAPPED_CHARS and (above[-1] not in ".;:!?" or line.strip()[:1].islower())


def _markdown_blocks(lines: Sequence[str]) -> Iterator[Block]:
    plain: list[str] = []
    table: list[list[str]] = []
    for line in lines:
        heading = ATX_HEADING.match(line)
        cells = _cells(line)
        if cells and (table or line.lstrip().startswith("|")):
            yield from _flushed(plain)
            if not TABLE_RULE.match(line):
                table.append(cells)
            continue
        yield from table_blocks(table, named=True) if len(table) > 1 else table_blocks(table)
        table = []
        if heading:
            yield from _flushed(plain)
            yield Block(_bare(heading.group(1)), Kind.HEADING)
        else:
            plain.append(_bare(line.rstrip()) + ("\n" if line.endswith("  ") else ""))
    yield from table_blocks(table, named=len(table) > 1)
    yield from _flushed(plain)


def _flushed(plain: list[str]) -> Iterator[Block]:
    # A single line between blank lines is a paragraph here: headings have their own sign.
    yield from (Block(block.text) for block in _paragraphs(plain))
    plain.clear()


def _cells(line: str) -> list[str]:
    if "|" not in line:
        return []
    return [_bare(cell.strip()) for cell in line.strip().strip("|").split("|")]


def _bare(line: str) -> str:
    bare = LINK.sub(r"\1", line.lstrip("> ") if line.startswith(">") else line)
    bare = re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", bare)
    return EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", bare))
