# SPDX-License-Identifier: EUPL-1.2
"""A paper as a PDF with text: letterhead, prefecture box, seal, page numbers.

Only the fourteen standard fonts are used, so that the same source gives the
same file on any machine.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from letterhead import BLUE, TOWN, draw_head, draw_seal
from markup import Block, Paper, runs
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

rl_config.invariant = 1
FAMILIES = {
    "times": ("Times-Roman", "Times-Bold"),
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "hand": ("Times-Italic", "Times-BoldItalic"),
}
WIDTH = A4[0] - 44 * mm


class Seal(Flowable):
    """The town's round seal and a signature, right of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.width, self.height = WIDTH, 26 * mm

    def draw(self) -> None:
        draw_seal(self.canv, WIDTH - 62 * mm, 12 * mm)
        pen = self.canv
        pen.setStrokeColor(colors.HexColor("#20307a"))
        pen.setLineWidth(1.1)
        x, y = WIDTH - 46 * mm, 11 * mm
        path = pen.beginPath()
        path.moveTo(x, y)
        path.curveTo(x + 12, y + 34, x + 20, y - 26, x + 30, y + 12)
        path.curveTo(x + 38, y + 30, x + 34, y - 20, x + 52, y + 6)
        path.curveTo(x + 66, y + 18, x + 70, y - 6, x + 96, y + 8)
        pen.drawPath(path)


class NumberedCanvas(Canvas):
    """A canvas that knows how many pages there are before it writes their numbers."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for state in self._kept:
            self.__dict__.update(state)
            if len(self._kept) > 1:
                self.setFont("Helvetica", 7.5)
                self.setFillColor(colors.grey)
                self.drawRightString(
                    A4[0] - 18 * mm, 9 * mm, f"Page {self._pageNumber} / {len(self._kept)}"
                )
            super().showPage()
        super().save()


def write_pdf(paper: Paper, target: Path) -> None:
    """Lay the paper out and write it."""
    styles = _styles(
        paper.get("font", "times"),
        float(paper.get("size", "10.5")),
        float(paper.get("leading", "1.28")),
    )
    first = 46 if paper.get("head", "town") == "town" else 16
    document = BaseDocTemplate(
        str(target),
        pagesize=A4,
        title=paper.get("title"),
        author=f"Mairie de {TOWN}",
        subject=paper.get("ref"),
        lang="fr-FR",
    )
    bottom, top = 19 * mm, 16 * mm
    frames = [
        Frame(22 * mm, bottom, WIDTH, A4[1] - bottom - first * mm, 0, 0, 0, 0),
        Frame(22 * mm, bottom, WIDTH, A4[1] - bottom - top - 6 * mm, 0, 0, 0, 0),
    ]
    document.addPageTemplates(
        [
            PageTemplate(
                "first",
                [frames[0]],
                lambda c, d: draw_head(c, paper, True),
                autoNextPageTemplate="next",
            ),
            PageTemplate("next", [frames[1]], lambda c, d: draw_head(c, paper, False)),
        ]
    )
    story: list[Flowable] = []
    for block in paper.blocks:
        story.extend(_flow(block, styles))
    document.build(story, canvasmaker=NumberedCanvas)


def _styles(family: str, size: float, leading: float) -> dict[str, ParagraphStyle]:
    plain, bold = FAMILIES[family]
    base = ParagraphStyle(
        "base", fontName=plain, fontSize=size, leading=size * leading, spaceAfter=size * 0.5
    )

    def style(name: str, **options: object) -> ParagraphStyle:
        return ParagraphStyle(name, parent=base, **options)

    return {
        "paragraph": style("paragraph", alignment=TA_JUSTIFY),
        "line": style("line", spaceAfter=0, alignment=TA_LEFT),
        "right": style("right", leftIndent=85 * mm, spaceAfter=1),
        "centre": style("centre", alignment=TA_CENTER),
        "note": style("note", fontSize=size * 0.8, leading=size, spaceAfter=4),
        "item": style("item", leftIndent=6 * mm, bulletIndent=2 * mm, spaceAfter=size * 0.2),
        "frame": style(
            "frame",
            borderWidth=0.7,
            borderColor=colors.black,
            borderPadding=5,
            spaceBefore=7,
            spaceAfter=11,
        ),
        "h1": style(
            "h1",
            fontName=bold,
            fontSize=size * 1.35,
            leading=size * 1.7,
            alignment=TA_CENTER,
            spaceBefore=6,
            spaceAfter=8,
        ),
        "h2": style(
            "h2",
            fontName=bold,
            fontSize=size * 1.12,
            leading=size * 1.45,
            spaceBefore=9,
            spaceAfter=4,
            textColor=BLUE,
            keepWithNext=1,
        ),
        "h3": style("h3", fontName=bold, spaceBefore=5, spaceAfter=3, keepWithNext=1),
        "cell": style("cell", fontSize=size * 0.88, leading=size * 1.06, spaceAfter=0),
        "head": style(
            "head", fontName=bold, fontSize=size * 0.88, leading=size * 1.06, spaceAfter=0
        ),
    }


def _rich(text: str) -> str:
    tag = {"bold": "b", "italic": "i"}
    return "".join(
        f"<{tag[kind]}>{escape(words)}</{tag[kind]}>" if kind else escape(words)
        for kind, words in runs(text)
    )


def _flow(block: Block, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    match block.kind:
        case "page":
            return [PageBreak()]
        case "rule":
            return [HRFlowable(width="100%", thickness=0.6, color=colors.grey, spaceAfter=6)]
        case "stamp":
            return [Seal()]
        case "table":
            return [_table(block, styles), Spacer(1, 7)]
        case "heading":
            return [Paragraph(_rich(block.text), styles[f"h{block.level}"])]
        case "item":
            return [Paragraph(_rich(block.text), styles["item"], bulletText="–")]
        case "line" if not block.text:
            return [Spacer(1, 8)]
        case kind:
            return [Paragraph(_rich(block.text), styles[kind])]


def _table(block: Block, styles: dict[str, ParagraphStyle]) -> Table:
    parts = block.widths or (1.0,) * len(block.rows[0])
    widths = [WIDTH * part / sum(parts) for part in parts]
    cells = [
        [Paragraph(_rich(cell), styles["cell" if number else "head"]) for cell in row]
        for number, row in enumerate(block.rows)
    ]
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#666666")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4e9f2")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 2.2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
            ]
        )
    )
    return table
