# SPDX-License-Identifier: EUPL-1.2
"""A paper as DOCX or ODT, always the same bytes for the same source."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import odfdo
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from benchmarks.towns.papers import WRITTEN, Block, Paper

CLOCK = re.compile(rb"(<(?:meta:creation-date|dc:date)[^>]*>)[^<]*(</)")
LEVELS = {"h1": 1, "h2": 2, "h3": 3}


def write_docx(paper: Paper, target: Path) -> None:
    """Write the paper as a Word document."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = paper.get("header")
    properties = document.core_properties
    properties.title, properties.author = paper.get("title"), paper.get("author")
    properties.created = properties.modified = WRITTEN
    for block in paper.blocks:
        match block.kind:
            case "page":
                document.add_page_break()  # type: ignore[no-untyped-call]
            case "table":
                table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
                for row in block.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
                document.add_paragraph()
            case "h1" | "h2" | "h3":
                document.add_heading(block.text, level=LEVELS[block.kind])
            case "item":
                document.add_paragraph(block.text, style="List Bullet")
            case kind:
                paragraph = document.add_paragraph(block.text)
                if kind != "text":
                    paragraph.alignment = (
                        WD_ALIGN_PARAGRAPH.CENTER if kind == "centre" else WD_ALIGN_PARAGRAPH.RIGHT
                    )
    document.save(str(target))
    _freeze(target)


def write_odt(paper: Paper, target: Path) -> None:
    """Write the paper as an OpenDocument text."""
    document = odfdo.Document("text")
    document.body.clear()
    document.meta.title, document.meta.creator = paper.get("title"), paper.get("author")
    for block in paper.blocks:
        document.body.append(_element(block))
    document.save(str(target))
    _freeze(target)


def _element(block: Block) -> odfdo.Element:
    match block.kind:
        case "table":
            table = odfdo.Table("Tableau", width=len(block.rows[0]), height=len(block.rows))
            for y, row in enumerate(block.rows):
                for x, text in enumerate(row):
                    table.set_value((x, y), text)
            return table
        case "h1" | "h2" | "h3":
            return odfdo.Header(LEVELS[block.kind], block.text)
        case "item":
            return odfdo.List([block.text])
        case _:
            return odfdo.Paragraph(block.text)


def _freeze(path: Path) -> None:
    """Write a zipped paper again with one fixed clock, in and around its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = [(item, archive.read(item)) for item in archive.infolist()]
    stamp = WRITTEN.isoformat().encode()
    with zipfile.ZipFile(path, "w") as archive:
        for item, content in parts:
            info = zipfile.ZipInfo(item.filename, WRITTEN.timetuple()[:6])
            info.compress_type = item.compress_type
            if item.filename == "meta.xml":
                content = CLOCK.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            archive.writestr(info, content)
