# SPDX-License-Identifier: EUPL-1.2
"""Slides (PPTX, ODP), read from their XML: each slide a page, its speaker's notes at its end."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.readers.layout import (
    Block,
    Flag,
    Kind,
    Laid,
    Reading,
    laid_pages,
    lay_out,
    table_blocks,
)
from corpus.readers.odt import (
    DRAW,
    OFFICE,
    STYLE,
    blocks,
    document_flags,
    document_unseen,
    open_document,
)
from corpus.readers.package import Package

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
TITLES = frozenset({"title", "ctrTitle"})
FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
HIDDEN = "Diapositive masquée"
NOTES = "Notes"


def read_pptx(data: bytes) -> Reading:
    """Read the slides in the order in which they are shown."""
    package = Package(data)
    main = "ppt/presentation.xml"
    targets = _targets(package, main)
    flags: set[Flag] = set()
    comments = [n for n in package.names if n.startswith(("ppt/comments/", "ppt/modernComment"))]
    flags |= {Flag.COMMENTS} if comments else set()
    unseen = [" ".join(package.xml(name).itertext()).strip() for name in sorted(comments)]
    if "ppt/vbaProject.bin" in package.names:
        flags.add(Flag.MACROS)
    pages: dict[int, Laid] = {}
    slides = package.xml(main).iterfind(f"{P}sldIdLst/{P}sldId")
    for number, slide in enumerate(slides, 1):
        name = targets.get(slide.get(R + "id", ""), "")
        if name not in package.names:
            raise UnreadableFile("broken")
        root = package.xml(name)
        shown = [Block(HIDDEN)] if root.get("show") == "0" else []
        flags |= {Flag.HIDDEN_SHEET} if shown else set()
        notes = next((n for n in _targets(package, name).values() if "/notesSlides/" in n), "")
        spoken = list(_shapes(package.xml(notes))) if notes in package.names else []
        pages[number] = lay_out([*_shapes(root), *shown, *_noted(spoken)])
    return Reading(*laid_pages(pages), flags=frozenset(flags), unseen=tuple(filter(None, unseen)))


def _targets(package: Package, name: str) -> dict[str, str]:
    """Return the parts that a part names, by the id that it gives them."""
    folder, base = posixpath.split(name)
    rels = f"{folder}/_rels/{base}.rels"
    if rels not in package.names:
        return {}
    return {
        rel.get("Id", ""): posixpath.normpath(posixpath.join(folder, rel.get("Target", "")))
        for rel in package.xml(rels)
        if rel.get("TargetMode") != "External"
    }


def _shapes(root: etree._Element) -> Iterator[Block]:
    """Yield the words of a slide, title first, then in the order drawn."""
    shapes = list(root.iter(P + "sp", A + "tbl"))
    shapes.sort(key=lambda shape: _placeholder(shape) not in TITLES)
    for shape in shapes:
        if shape.tag == A + "tbl":
            yield from _table(shape)
        elif _placeholder(shape) not in FURNITURE:
            title = _placeholder(shape) in TITLES
            for paragraph in shape.iter(A + "p"):
                yield Block(_words(paragraph), Kind.HEADING if title else Kind.LINE)


def _placeholder(shape: etree._Element) -> str:
    found = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return "" if found is None else found.get("type", "body")


def _words(paragraph: etree._Element) -> str:
    return "".join(
        (child.text or "") if child.tag == A + "t" else " "
        for child in paragraph.iter(A + "t", A + "br")
    )


def _table(table: etree._Element) -> list[Block]:
    rows = [
        [" ".join(_words(p) for p in cell.iter(A + "p")) for cell in row.iterfind(A + "tc")]
        for row in table.iterfind(A + "tr")
    ]
    properties = table.find(A + "tblPr")
    named = properties is not None and properties.get("firstRow") == "1" and len(rows) > 1
    return table_blocks(rows, headers=1 if named else None)


def _noted(spoken: list[Block]) -> list[Block]:
    words = [block for block in spoken if block.text.strip()]
    return [Block(f"{NOTES} : {words[0].text}"), *words[1:]] if words else []


def read_odp(data: bytes) -> Reading:
    """Read the slides of an OpenDocument presentation."""
    package = open_document(data)
    content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}presentation")
    hidden = {
        style.get(STYLE + "name")
        for style in content.iter(STYLE + "style")
        for properties in style.iter(STYLE + "drawing-page-properties")
        if properties.get(PRESENTATION + "visibility") == "hidden"
    }
    flags = document_flags(package, content)
    pages: dict[int, Laid] = {}
    for number, page in enumerate(body.findall(DRAW + "page") if body is not None else [], 1):
        shown: list[Block] = []
        if page.get(DRAW + "style-name") in hidden:
            flags |= {Flag.HIDDEN_SHEET}
            shown = [Block(HIDDEN)]
        notes = page.find(PRESENTATION + "notes")
        spoken = list(blocks(notes)) if notes is not None else []
        if notes is not None:
            page.remove(notes)
        pages[number] = lay_out([*_frames(page), *shown, *_noted(spoken)])
    unseen = tuple(filter(None, document_unseen(content)))
    return Reading(*laid_pages(pages), flags=frozenset(flags), unseen=unseen)


def _frames(page: etree._Element) -> Iterator[Block]:
    frames = sorted(page, key=lambda frame: frame.get(PRESENTATION + "class") != "title")
    for frame in frames:
        if frame.get(PRESENTATION + "class") == "title":
            yield from (Block(block.text, Kind.HEADING) for block in blocks(frame))
        else:
            yield from blocks(frame)
