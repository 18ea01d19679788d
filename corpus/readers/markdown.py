# SPDX-License-Identifier: EUPL-1.2
"""Markdown, without its signs; the HTML in it goes through the reader of web pages.

    text ─▶ comments and unseen elements out ─┬▶ HTML blocks ─▶ `html` ──────────────┐
                                              └▶ Markdown ─▶ headings, tables, lines ┴▶ page

An HTML block with blank lines in it holds Markdown again, unless it is a table or a list.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from corpus.readers.html import BLOCKS, html_part, is_unseen
from corpus.readers.layout import ITEM, Block, Flag, Kind, Reading, one_page, table_blocks
from corpus.readers.text import decode, paragraphs

ATX_HEADING = re.compile(r" {0,3}(#{1,6})\s++(.*)$")
TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
LINK = re.compile(r"!?\[([^\[\]]*+)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
EMPHASIS = re.compile(r"(?<!\w)(\*\*\*|\*\*|\*|__|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
COMMENT = re.compile(r"<!--.*?-->|^ {0,3}<!--.*\Z", re.DOTALL | re.MULTILINE)
TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*+)(?:(?:"[^"<>]*+"|'[^'<>]*+'|[^<>"'])*+|[^<>]{0,2000})>"""
)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
ENTITY = re.compile(r"&#?\w{1,31};")
BLANK = re.compile(r"\n[ \t]*\n")

VOID = frozenset({"br", "hr", "img", "input", "col", "link", "meta", "wbr", "area", "source"})
WHOLE = frozenset({"table", "ul", "ol", "dl", "pre"})
"""What is HTML to its end, blank lines included."""


def read_markdown(data: bytes) -> Reading:
    """Read Markdown as one page, without its signs."""
    blocks: list[Block] = []
    flags: set[Flag] = set()
    for is_html, part in _parts(COMMENT.sub("", decode(data)), flags):
        if is_html:
            read, hides = html_part(part)
            blocks += read
            flags |= {Flag.HIDDEN_TEXT} if hides else set()
        else:
            blocks += _markdown_blocks(TAG.sub(_space, _broken(part)).split("\n"))
    return one_page(blocks, flags)


def _parts(text: str, flags: set[Flag]) -> Iterator[tuple[bool, str]]:
    """Yield HTML blocks (True) and the Markdown between, without what nobody sees in it."""
    at = 0
    plain = ""
    for name, tag, start, after, closed in _elements(text):
        if start < at:
            continue
        if is_unseen(tag):
            end = _end(text, closed, after)
            hidden = is_unseen(tag, by_style=True) and TAG.sub("", text[after:end]).strip()
            flags |= {Flag.HIDDEN_TEXT} if hidden else set()
            plain += text[at:start]
            at = end
        elif _is_block(text, name, start):
            end = _end(text, closed, after) if name in WHOLE else closed
            if not end or (name not in WHOLE and BLANK.search(text, after, end)):
                continue
            yield False, plain + text[at:start]
            yield True, text[start:end]
            plain, at = "", end
    yield False, plain + text[at:]


def _is_block(text: str, name: str, start: int) -> bool:
    before = text[max(text.rfind("\n", 0, start) + 1, start - 1_000) : start].strip(" \t>")
    return name in BLOCKS and (not before or (name == "table" and before[-1] != "`"))


def _broken(part: str) -> str:
    """Return Markdown with a line's break as a paragraph's, or as a space in a table's row."""
    return "\n".join(
        BREAK.sub(" " if line.lstrip().startswith("|") else "\n\n", line)
        for line in part.split("\n")
    )


def _space(tag: re.Match[str]) -> str:
    return " " if tag[2].lower() in BLOCKS else ""


def _elements(text: str) -> Iterator[tuple[str, str, int, int, int]]:
    """Yield elements in their order: name, first tag, where it starts, and both its ends."""
    tags = list(TAG.finditer(text))
    ends: dict[int, int] = {}
    still_open: dict[str, list[int]] = {}
    for tag in tags:
        name = tag[2].lower()
        if not tag[1]:
            still_open.setdefault(name, []).append(tag.start())
        elif still_open.get(name):
            ends[still_open[name].pop()] = tag.end()
    for tag in tags:
        name = tag[2].lower()
        if not tag[1] and name not in VOID:
            yield name, tag[0], tag.start(), tag.end(), ends.get(tag.start(), 0)


def _end(text: str, end: int, after: int) -> int:
    """Return where an element ends: with its paragraph if nothing closes it."""
    blank = None if end else BLANK.search(text, after)
    return end or (blank.start() if blank else len(text))


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
        yield from _rows(table)
        table = []
        if heading:
            yield from _flushed(plain)
            title = heading[2].rstrip().rstrip("#").rstrip()  # signs that close it
            yield Block(_bare(title), Kind.HEADING, len(heading[1]))
        else:
            plain.append(_bare(line.rstrip()) + ("\n" if line.endswith("  ") else ""))
    yield from _rows(table)
    yield from _flushed(plain)


def _flushed(plain: list[str]) -> Iterator[Block]:
    # A single line between blank lines is a paragraph here: headings have their own sign.
    for block in paragraphs(plain):
        kind = Kind.ITEM if ITEM.match(block.text) else Kind.LINE
        yield Block(block.text, kind, block.level)
    plain.clear()


def _rows(table: Sequence[Sequence[str]]) -> list[Block]:
    return table_blocks(table, headers=1 if len(table) > 1 else None)


def _cells(line: str) -> list[str]:
    if "|" not in line:
        return []
    return [_bare(cell.strip()) for cell in line.strip().strip("|").split("|")]


def _bare(line: str) -> str:
    line = ENTITY.sub(lambda found: html.unescape(found[0]), line)
    bare = LINK.sub(r"\1", line.lstrip("> ") if line.startswith(">") else line)
    bare = re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", bare)
    return EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", bare))
