# SPDX-License-Identifier: EUPL-1.2
"""PDF, by ReportLab (the only file that imports it), with the font that it carries.

Not tagged for screen readers: the page that offers it says that DOCX and ODT are.
"""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import cm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfdoc import XMP  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    Flowable,
    SimpleDocTemplate,
    Spacer,
    Table,
)
from reportlab.platypus import Paragraph as Printed

from ui.export.content import Content, Grid, Paragraph, Style
from ui.export.xmp import xmp_packet

UNKNOWN = "\N{WHITE SQUARE}"
"""Stands for a letter that the font does not have; never left out in silence."""

_STEP = 2_000  # characters a flowable: a longer one would have to fit one page


def write_pdf(content: Content) -> bytes:
    """Return the content as the bytes of a PDF file."""
    styles, _ = _looks()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, margin=2 * cm, lang=content.language,
        title=content.title, author=content.producer, subject=content.mark,
        keywords=content.keywords, creator=content.producer,
    )  # fmt: skip
    packet = xmp_packet(
        content.provenance, title=content.title, words=content.mark, tool=content.producer
    )
    icon = f"<font backColor='#e4f0ee'>&nbsp;{_markup(content.icon)}&nbsp;</font>&nbsp; "
    story: list[Flowable] = []
    for part in content.whole:
        if isinstance(part, Grid):
            story += [_table(part, document.width), Spacer(1, 8)]
            continue
        sign = {Style.SIGN: icon, Style.ITEM: "•&nbsp; "}.get(part.style, "")
        story += [Printed(sign + _markup(piece), styles[part.style]) for piece in _pieces(part)]

    def described(canvas: Any, _: object) -> None:
        canvas._doc.Catalog.Metadata = XMP(creator=lambda _: packet)

    document.build(story, onFirstPage=described)
    return buffer.getvalue()


def _table(grid: Grid, width: float) -> Flowable:
    """Return a table as wide as the text, its names repeated on each page."""
    styles, _ = _looks()
    body = styles[Style.BODY]
    rows = [[Printed(_markup(cell[:_STEP]), body) for cell in row] for row in grid.rows]
    table = Table(
        rows, [width / len(rows[0])] * len(rows[0]), repeatRows=int(grid.is_named), splitInRow=1
    )
    edge = HexColor("#8a929e")
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, edge), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    if grid.is_named:
        table.setStyle([("BACKGROUND", (0, 0), (-1, 0), HexColor("#e4f0ee"))])
    return table


@cache
def _looks() -> tuple[dict[Style, ParagraphStyle], frozenset[int]]:
    fonts = {"Vera": "Vera.ttf", "Vera-Bold": "VeraBd.ttf", "Vera-Italic": "VeraIt.ttf"}
    for name, file in fonts.items():
        pdfmetrics.registerFont(TTFont(name, file))
    known = frozenset(pdfmetrics.getFont("Vera").face.charToGlyph)
    body = ParagraphStyle("body", fontName="Vera", fontSize=10, leading=15, spaceAfter=7)
    quiet, accent = HexColor("#545d6b"), HexColor("#175e5b")
    return {
        Style.BODY: body,
        Style.TITLE: ParagraphStyle("title", body, fontName="Vera-Bold", fontSize=15, leading=20),
        Style.HEADING: ParagraphStyle(
            "heading", body, fontName="Vera-Bold", fontSize=12, spaceBefore=10, keepWithNext=1
        ),
        Style.QUOTE: ParagraphStyle(
            "quote", body, fontName="Vera-Italic", leftIndent=14, textColor=accent
        ),
        Style.ITEM: ParagraphStyle("item", body, leftIndent=14, firstLineIndent=-10, spaceAfter=3),
        Style.SIGN: ParagraphStyle("sign", body, fontName="Vera-Bold"),
        Style.MARK: ParagraphStyle("mark", body, textColor=quiet, spaceAfter=12),
    }, known


def _pieces(paragraph: Paragraph) -> list[str]:
    """Cut a paragraph that is too long for a page, between two lines or words."""
    text = "\n".join(paragraph.lines)
    pieces = []
    while len(text) > _STEP:
        cut = max(text.rfind("\n", 0, _STEP), text.rfind(" ", 0, _STEP))
        cut = cut if cut > 0 else _STEP
        pieces.append(text[:cut])
        text = text[cut:].lstrip(" \n")
    return [*pieces, text]


def _markup(text: str) -> str:
    _, known = _looks()
    return escape("".join(_printable(c, known) for c in text)).replace("\n", "<br/>")


def _printable(letter: str, known: frozenset[int]) -> str:
    """Return a letter that the font has: itself, without its accent, or a square."""
    if letter in "\n\t" or ord(letter) in known:
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    kept = "".join(c for c in plain if ord(c) in known)
    is_space = letter.isspace() or unicodedata.category(letter) in {"Cf", "Mn"}
    return kept or (" " if letter.isspace() else "" if is_space else _square(known))


def _square(known: frozenset[int]) -> str:
    return UNKNOWN if ord(UNKNOWN) in known else "?"
