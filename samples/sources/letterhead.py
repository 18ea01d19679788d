# SPDX-License-Identifier: EUPL-1.2
"""What stands around a town's paper: letterhead, prefecture box, seal, foot of page."""

from __future__ import annotations

from markup import Paper
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

BLUE = colors.HexColor("#1f3f77")
TOWN = "Mirelande-sur-Auvelle"
FOOT = (
    "Mairie de Mirelande-sur-Auvelle – 2, place Aristide-Morvange – 52960 Mirelande-sur-Auvelle"
    " – Tél. 03 53 01 20 00 – mairie@mirelande.example"
)


def draw_head(pen: Canvas, paper: Paper, first: bool) -> None:
    pen.saveState()
    pen.setFillColor(colors.grey)
    pen.setFont("Helvetica", 7)
    if paper.get("head", "town") == "town":
        pen.drawCentredString(A4[0] / 2, 13 * mm, FOOT)
        if first:
            _letterhead(pen, paper)
        else:
            pen.drawString(
                22 * mm, A4[1] - 12 * mm, f"{TOWN} – {paper.get('short', paper.get('title'))}"
            )
        if paper.get("sent"):
            _prefecture(pen, paper)
    pen.restoreState()


def _letterhead(pen: Canvas, paper: Paper) -> None:
    top = A4[1] - 14 * mm
    pen.setFillColor(BLUE)
    pen.setStrokeColor(BLUE)
    pen.rect(22 * mm, top - 18 * mm, 15 * mm, 18 * mm)
    pen.setLineWidth(1.4)
    for x in (24, 29.5):
        pen.arc(x * mm, top - 13 * mm, (x + 5) * mm, top - 7 * mm, 0, 180)
    for y in (14, 15.6):
        pen.line(23.5 * mm, top - y * mm, 35.5 * mm, top - y * mm)
    pen.rect(27.5 * mm, top - 7 * mm, 4 * mm, 5 * mm, fill=1)
    pen.setFont("Helvetica-Bold", 12)
    pen.drawString(40 * mm, top - 5 * mm, "COMMUNE DE MIRELANDE-SUR-AUVELLE")
    pen.setFont("Helvetica", 8.5)
    pen.setFillColor(colors.black)
    pen.drawString(
        40 * mm, top - 10 * mm, "Département de la Haute-Auvelle – Canton du Val d’Auvelle"
    )
    pen.drawString(40 * mm, top - 14.5 * mm, paper.get("service", "République française"))
    pen.setLineWidth(0.6)
    pen.line(22 * mm, top - 22 * mm, A4[0] - 22 * mm, top - 22 * mm)


def _prefecture(pen: Canvas, paper: Paper) -> None:
    x, y = A4[0] - 66 * mm, A4[1] - 6 * mm
    pen.setStrokeColor(colors.HexColor("#4b6fb5"))
    pen.setFillColor(colors.HexColor("#4b6fb5"))
    pen.setLineWidth(0.5)
    pen.rect(x, y - 11.5 * mm, 60 * mm, 11.5 * mm)
    pen.setFont("Helvetica", 5.6)
    lines = (
        f"Envoyé en préfecture le {paper.get('sent')}",
        f"Reçu en préfecture le {paper.get('received', paper.get('sent'))}",
        f"Publié le {paper.get('published', paper.get('sent'))}",
        f"ID : 052-215299991-{paper.get('acte')}",
    )
    for number, line in enumerate(lines):
        pen.drawString(x + 2 * mm, y - (2.8 + 2.6 * number) * mm, line)


def draw_seal(pen: Canvas, x: float, y: float) -> None:
    """Draw the seal, centred on (x, y): two rings, a bridge over the river."""
    pen.saveState()
    pen.setStrokeColor(colors.HexColor("#3a4a9a"))
    pen.setFillColor(colors.HexColor("#3a4a9a"))
    pen.setLineWidth(1.2)
    pen.circle(x, y, 12 * mm)
    pen.circle(x, y, 8.2 * mm)
    pen.setFont("Helvetica-Bold", 5.2)
    pen.drawCentredString(x, y + 9.4 * mm, "MAIRIE DE")
    pen.drawCentredString(x, y - 10.6 * mm, "MIRELANDE")
    pen.setLineWidth(0.9)
    for shift in (-3.6, 0.6):
        pen.arc(x + (shift - 1.6) * mm, y - 3 * mm, x + (shift + 3.8) * mm, y + 2.4 * mm, 0, 180)
    pen.line(x - 7 * mm, y + 2.8 * mm, x + 7 * mm, y + 2.8 * mm)
    pen.line(x - 6 * mm, y - 3 * mm, x + 6 * mm, y - 3 * mm)
    pen.line(x - 5 * mm, y - 4.4 * mm, x + 5 * mm, y - 4.4 * mm)
    pen.restoreState()
