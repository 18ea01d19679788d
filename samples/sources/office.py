# SPDX-License-Identifier: EUPL-1.2
"""A paper as DOCX (python-docx) or ODT (odfdo), always the same bytes for the same source."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path

import odfdo
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from letterhead import FOOT
from markup import Block, Paper, runs

WRITTEN = datetime(2025, 10, 1, 9, 0, 0)
CLOCK = re.compile(
    rb"(<(?:dcterms:created|dcterms:modified|meta:creation-date|dc:date)[^>]*>)[^<]*(</)"
)


def write_docx(paper: Paper, target: Path) -> None:
    """Write the paper as a Word document."""
    document = Document()
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(2.2)
    document.styles["Normal"].font.name = paper.get("face", "Calibri")
    document.styles["Normal"].font.size = Pt(10.5)
    if paper.get("head", "town") == "town":
        header = section.header.paragraphs[0]
        header.add_run("COMMUNE DE MIRELANDE-SUR-AUVELLE\n").bold = True
        header.add_run("Département de la Haute-Auvelle\n" + paper.get("service", ""))
        section.footer.paragraphs[0].text = FOOT
    properties = document.core_properties
    properties.title = paper.get("title")
    properties.author = paper.get("author", "Mairie de Mirelande-sur-Auvelle")
    properties.created = properties.modified = WRITTEN
    for block in paper.blocks:
        _add_docx(document, block)
    document.save(str(target))
    freeze_zip(target)


def _add_docx(document: WordDocument, block: Block) -> None:
    match block.kind:
        case "page":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case "rule":
            document.add_paragraph("_" * 60)
        case "stamp":
            run = document.add_paragraph().add_run("[cachet de la mairie]")
            run.italic = True
            run.font.color.rgb = RGBColor(0x3A, 0x4A, 0x9A)
        case "table":
            _docx_table(document, block)
        case "heading":
            document.add_heading(block.text, level=block.level)
        case "item":
            _write_runs(document.add_paragraph(style="List Bullet"), block.text)
        case kind:
            paragraph = document.add_paragraph()
            _write_runs(paragraph, block.text, small=kind == "note")
            if kind == "right":
                paragraph.paragraph_format.left_indent = Cm(8.5)
            if kind == "centre":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if kind in {"right", "line"}:
                paragraph.paragraph_format.space_after = Pt(0)


def _docx_table(document: WordDocument, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
    for number, row in enumerate(block.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write_runs(cell.paragraphs[0], f"**{text}**" if number == 0 and text else text)
    document.add_paragraph()


def _write_runs(paragraph: Paragraph, text: str, *, small: bool = False) -> None:
    for kind, words in runs(text):
        run = paragraph.add_run(words)
        run.bold = kind == "bold" or None
        run.italic = kind == "italic" or None
        if small:
            run.font.size = Pt(8.5)


def write_odt(paper: Paper, target: Path) -> None:
    """Write the paper as an OpenDocument text."""
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    for style in (
        odfdo.Style("text", name="GBold", area="text", bold=True),
        odfdo.Style("text", name="GItalic", area="text", italic=True),
    ):
        document.insert_style(style, automatic=True)
    for name, align in {"GCentre": "center", "GRight": "end"}.items():
        style = odfdo.Style("paragraph", name=name)
        style.set_properties({"fo:text-align": align}, area="paragraph")
        document.insert_style(style, automatic=True)
    if paper.get("head", "town") == "town":
        body.append(_odt_paragraph("**COMMUNE DE MIRELANDE-SUR-AUVELLE**", "GCentre"))
        body.append(
            _odt_paragraph(paper.get("service", "Département de la Haute-Auvelle"), "GCentre")
        )
    for block in paper.blocks:
        for element in _odt_elements(block):
            body.append(element)
    meta = document.meta
    meta.title = paper.get("title")
    meta.creator = paper.get("author", "Mairie de Mirelande-sur-Auvelle")
    document.save(str(target))
    freeze_zip(target)


def _odt_elements(block: Block) -> list[odfdo.Element]:
    match block.kind:
        case "page" | "rule":
            return [odfdo.Paragraph("")]
        case "stamp":
            return [_odt_paragraph("*[cachet de la mairie]*", "GRight")]
        case "table":
            return [_odt_table(block), odfdo.Paragraph("")]
        case "heading":
            return [odfdo.Header(block.level, block.text)]
        case "item":
            items = odfdo.List()
            item = odfdo.ListItem()
            item.append(_odt_paragraph(block.text))
            items.append(item)
            return [items]
        case kind:
            style = {"right": "GRight", "centre": "GCentre"}.get(kind)
            return [_odt_paragraph(block.text, style)]


def _odt_table(block: Block) -> odfdo.Table:
    table = odfdo.Table("Tableau", width=len(block.rows[0]), height=len(block.rows))
    for y, row in enumerate(block.rows):
        for x, text in enumerate(row):
            table.set_value((x, y), text)
    return table


def _odt_paragraph(text: str, style: str | None = None) -> odfdo.Paragraph:
    paragraph = odfdo.Paragraph("", style=style)
    for kind, words in runs(text):
        if kind:
            paragraph.append(odfdo.Span(words, style=f"G{kind.title()}"))
        else:
            paragraph.append(words)
    return paragraph


def freeze_zip(path: Path) -> None:
    """Write a zipped document again with one fixed clock, in and around its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = [
            (item.filename, archive.read(item), item.compress_type) for item in archive.infolist()
        ]
    stamp = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, compression in parts:
            if name.endswith((".xml", ".rdf")):
                content = CLOCK.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            info = zipfile.ZipInfo(name, date_time=(2025, 10, 1, 9, 0, 0))
            info.compress_type = compression
            archive.writestr(info, content)
