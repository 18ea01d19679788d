# SPDX-License-Identifier: EUPL-1.2
"""A paper as PDF, always the same bytes for the same source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import cm  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from benchmarks.towns.papers import Block, Paper

WIDTH, HEIGHT = A4
SIDE, TOP, FOOT, GUTTER = 2.2 * cm, 2.4 * cm, 2.0 * cm, 0.8 * cm
LINE, SHADE = HexColor("#7a8790"), HexColor("#e6ecef")
FACES = {"serif": ("Times-Roman", "Times-Bold"), "sans": ("Helvetica", "Helvetica-Bold")}
TOGETHER = re.compile(r"(?<=\d) (?=\d{3}\b|[€%]|h\b)|(?<=\d h) (?=\d)")
WIDEST = 48  # letters of a cell beyond which its column grows no more


def write_pdf(paper: Paper, target: Path) -> None:
    """Write the paper on A4 pages with its running head and page numbers."""
    columns = int(paper.get("columns", "1"))
    width = (WIDTH - 2 * SIDE - (columns - 1) * GUTTER) / columns
    frames = [
        Frame(SIDE + n * (width + GUTTER), FOOT, width, HEIGHT - TOP - FOOT, 0, 0, 0, 0)
        for n in range(columns)
    ]
    document = BaseDocTemplate(
        str(target),
        pagesize=A4,
        title=paper.get("title"),
        author=paper.get("author"),
        invariant=1,
    )
    document.addPageTemplates(PageTemplate(frames=frames, onPage=_furniture(paper)))
    styles = _styles(paper, width)
    document.build([flow for block in paper.blocks for flow in _flows(block, styles, width)])


def _furniture(paper: Paper) -> partial[None]:
    face, _ = FACES[paper.get("face", "serif")]
    return partial(_draw, face, paper.get("header"), paper.get("footer"))


def _draw(face: str, header: str, footer: str, canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont(face, 8.5)
    canvas.drawString(SIDE, HEIGHT - 1.4 * cm, header)
    canvas.setStrokeColor(LINE)
    canvas.line(SIDE, HEIGHT - 1.6 * cm, WIDTH - SIDE, HEIGHT - 1.6 * cm)
    canvas.drawString(SIDE, 1.1 * cm, footer)
    canvas.drawRightString(WIDTH - SIDE, 1.1 * cm, f"page {document.page}")


def _styles(paper: Paper, width: float) -> dict[str, ParagraphStyle]:
    plain, bold = FACES[paper.get("face", "serif")]
    size = float(paper.get("size", "11"))
    text = ParagraphStyle(
        "text",
        fontName=plain,
        fontSize=size,
        leading=size * 1.36,
        alignment=4,
        spaceAfter=7,
        splitLongWords=0,
    )
    heads = {
        name: ParagraphStyle(
            name, text, fontName=bold, fontSize=size + more, leading=(size + more) * 1.25,
            alignment=centred, spaceBefore=before, spaceAfter=6, keepWithNext=1,
        )
        for name, more, centred, before in (
            ("h1", 4, 1, 4), ("h2", 1.5, 0, 8), ("h3", 0, 0, 4)
        )
    }  # fmt: skip
    small = size - 1.5
    return heads | {
        "text": text,
        "item": ParagraphStyle("item", text, leftIndent=14, bulletIndent=4, spaceAfter=3),
        "centre": ParagraphStyle("centre", text, alignment=1),
        "right": ParagraphStyle("right", text, alignment=0, leftIndent=width / 2, spaceBefore=6),
        "cell": ParagraphStyle("cell", text, fontSize=small, leading=small * 1.2, alignment=0),
        "top": ParagraphStyle(
            "top", text, fontName=bold, fontSize=small, leading=small * 1.2, alignment=0
        ),
    }


def _flows(block: Block, styles: dict[str, ParagraphStyle], width: float) -> Iterator[Flowable]:
    match block.kind:
        case "page":
            yield PageBreak()
        case "table":
            yield _table(block.rows, styles, width)
            yield Spacer(1, 9)
        case "item":
            yield Paragraph(_held(block.text), styles["item"], bulletText="–")
        case kind:
            yield Paragraph(_held(block.text), styles[kind])


def _held(text: str) -> str:
    """The text with no-break spaces inside its numbers and hours, ready for `Paragraph`."""
    return escape(TOGETHER.sub("\N{NO-BREAK SPACE}", text))


def _table(
    rows: tuple[tuple[str, ...], ...], styles: dict[str, ParagraphStyle], width: float
) -> Table:
    floors, needs = [], []
    for column in zip(*rows, strict=True):
        words = [word for cell in column for word in _held(cell).split(" ")]
        top = styles["top"]
        floors.append(14 + max(stringWidth(word, top.fontName, top.fontSize) for word in words))
        needs.append(max(6, *(min(len(cell), WIDEST) for cell in column)))
    spare = width - sum(floors)
    cells = [
        [Paragraph(_held(cell), styles["cell" if number else "top"]) for cell in row]
        for number, row in enumerate(rows)
    ]
    return Table(
        cells,
        colWidths=[
            floor + spare * need / sum(needs) for floor, need in zip(floors, needs, strict=True)
        ],
        repeatRows=1,
        style=[
            ("GRID", (0, 0), (-1, -1), 0.5, LINE),
            ("BACKGROUND", (0, 0), (-1, 0), SHADE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ],
    )
