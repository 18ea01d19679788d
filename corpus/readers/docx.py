# SPDX-License-Identifier: EUPL-1.2
"""Word documents (DOCX), read from their XML.

Read: paragraphs, headings, lists, tables, text boxes, content controls, tracked
insertions, headers and footers, footnotes. Apart and flagged: what a reader of the final
text does not see (tracked deletions, hidden, white or tiny text, comments), so that it is
screened and reaches neither the index nor the screen. Left out: field codes. A paragraph's text
as python-docx gives it misses tracked insertions, text boxes and content controls: hence the XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.readers.layout import Block, Flag, Kind, Reading, one_page, table_blocks
from corpus.readers.package import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAIN = "word/document.xml"
COMMENTS = "word/comments.xml"
TINY_HALF_POINTS = 4
WHITE = frozenset({"FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC"})
HEADING_STYLE = re.compile(r"(?:heading|titre|title)\s*(\d*)", re.IGNORECASE)
SIDE_PART = re.compile(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml")

UNSEEN = frozenset(
    {W + name for name in ("del", "moveFrom", "instrText", "delText", "pPr", "sectPr")}
    | {MC + "Fallback"}
)


def read_docx(data: bytes) -> Reading:
    """Read a DOCX as one page, headers before and footnotes after the text."""
    package = Package(data)
    if MAIN not in package.names:
        raise UnreadableFile("broken")
    styles = _heading_styles(package)
    before: list[Block] = []
    after: list[Block] = []
    for name in sorted(filter(SIDE_PART.fullmatch, package.names)):
        blocks = list(_blocks(package.xml(name), styles))
        (before if name.startswith("word/header") else after).extend(blocks)
    body = list(_blocks(package.xml(MAIN), styles))
    # The first line of the text is its title; a header (letterhead) would take its place.
    said = {block.text.strip() for block in body}
    sides = [b for b in dict.fromkeys((*before, *after)) if b.text.strip() not in said]
    return one_page([*body, *sides], _flags(package), _unseen(package))


def _flags(package: Package) -> set[Flag]:
    """Return what the document holds that its reader does not see."""
    root = package.xml(MAIN)
    changes = root.iter(W + "ins", W + "del", W + "moveFrom", W + "moveTo")
    flags = {Flag.TRACKED_CHANGES} if next(changes, None) is not None else set()
    if COMMENTS in package.names and package.xml(COMMENTS).find(W + "comment") is not None:
        flags.add(Flag.COMMENTS)
    if "word/vbaProject.bin" in package.names:
        flags.add(Flag.MACROS)
    if any(_is_hidden(run) for run in root.iter(W + "r")):
        flags.add(Flag.HIDDEN_TEXT)
    return flags


def _unseen(package: Package) -> Iterator[str]:
    """Yield what the document holds that its reader does not see, a stretch a text."""
    root = package.xml(MAIN)
    for gone in root.iter(W + "del", W + "moveFrom"):
        yield "".join(found.text or "" for found in gone.iter(W + "delText", W + "t"))
    for run in root.iter(W + "r"):
        if _is_hidden(run):
            yield "".join(found.text or "" for found in run.iter(W + "t"))
    if COMMENTS in package.names:
        for comment in package.xml(COMMENTS).iter(W + "comment"):
            yield "".join(found.text or "" for found in comment.iter(W + "t"))


def _heading_styles(package: Package) -> dict[str, int]:
    """Return the styles of headings, each with its level from 1; the document's title has 1 too."""
    if "word/styles.xml" not in package.names:
        return {}
    found = dict[str, int]()
    for style in package.xml("word/styles.xml").iter(W + "style"):
        name = style.find(W + "name")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        named = name is not None and HEADING_STYLE.fullmatch(name.get(W + "val", ""))
        if outline is not None or named:
            number = named[1] if named and named[1] else ""
            level = int(outline.get(W + "val", "0")) + 1 if outline is not None else number or 1
            found[style.get(W + "styleId", "")] = min(int(level), 6)
    return found


def _blocks(root: etree._Element, styles: Mapping[str, int]) -> Iterator[Block]:
    for child in root:
        if child.tag in UNSEEN:
            continue
        if child.tag == W + "p":
            yield from _paragraph(child, styles)
        elif child.tag == W + "tbl":
            yield from _table(child, styles)
        else:
            yield from _blocks(child, styles)


def _paragraph(paragraph: etree._Element, styles: Mapping[str, int]) -> Iterator[Block]:
    boxes: list[etree._Element] = []
    text = "".join(_text(paragraph, boxes))
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    heading = styles.get(style.get(W + "val", ""), 0) if style is not None else 0
    numbered = paragraph.find(f"{W}pPr/{W}numPr")
    if text.strip() and heading:
        yield Block(text, Kind.HEADING, heading)
    elif text.strip() and numbered is not None:
        depth = numbered.find(W + "ilvl")
        yield Block(
            f"- {text}", Kind.ITEM, int(depth.get(W + "val", "0")) if depth is not None else 0
        )
    elif text.strip():
        yield Block(text)
    for box in boxes:
        yield from _blocks(box, styles)


def _text(element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """Yield the words that a reader sees; text boxes are put aside, they are blocks."""
    for child in element:
        if child.tag in UNSEEN or (child.tag == W + "r" and _is_hidden(child)):
            continue
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in (W + "tab", W + "br", W + "cr"):
            yield " "
        elif child.tag == W + "noBreakHyphen":
            yield "-"
        elif child.tag == W + "txbxContent":
            boxes.append(child)
        else:
            yield from _text(child, boxes)


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find(W + "rPr")
    if properties is None:
        return False
    vanish = properties.find(W + "vanish")
    if vanish is not None and vanish.get(W + "val", "1") not in ("0", "false"):
        return True
    size = properties.find(W + "sz")
    if size is not None and 0 < int(size.get(W + "val", "20")) <= TINY_HALF_POINTS:
        return True
    colour = properties.find(W + "color")
    if colour is None or colour.get(W + "val", "").upper() not in WHITE:
        return False
    return not _has_ground(run)


def _has_ground(run: etree._Element) -> bool:
    """Say whether something dark may lie behind a run: shading, a table's style, a shape."""
    if run.find(f"{W}rPr/{W}shd") is not None or run.find(f"{W}rPr/{W}highlight") is not None:
        return True
    return any(
        element.tag in (W + "tbl", W + "txbxContent")
        or (element.tag == W + "p" and element.find(f"{W}pPr/{W}shd") is not None)
        for element in run.iterancestors()
    )


def _table(table: etree._Element, styles: Mapping[str, int]) -> Iterator[Block]:
    rows: list[list[str]] = []
    headers = 0
    for row in _rows(table):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        if headers == len(rows) and row.find(f"{W}trPr/{W}tblHeader") is not None:
            headers += 1
        cells: list[str] = []
        for cell in _cells(row):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = int(span.get(W + "val", "1")) if span is not None else 1
            text = " ".join(block.text for block in _blocks(cell, styles))
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(W + "val") != "restart" and rows and width == 1:
                # What goes down over rows is said in each: rows stand alone in a passage.
                text = text or (rows[-1][len(cells)] if len(cells) < len(rows[-1]) else "")
            cells.append(text)
            cells += [""] * (min(width, 64) - 1)
        rows.append(cells)
    yield from table_blocks(rows, headers=headers if 0 < headers < len(rows) else None)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == W + "tr":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins"):
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == W + "tc":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent"):
            yield from _cells(child)
