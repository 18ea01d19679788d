# SPDX-License-Identifier: EUPL-1.2
"""The town's spreadsheets, written by openpyxl with one fixed clock."""

from __future__ import annotations

from pathlib import Path

from office import WRITTEN, freeze_zip
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

HALLS = (
    ("Salle", "Durée", "Habitant", "Association", "Extérieur", "Acompte 30 % (habitant)"),
    ("Tilleuls", "journée en semaine", 165, 60, 320, "=C{row}*0.3"),
    ("Tilleuls", "week-end", 310, 110, 590, "=C{row}*0.3"),
    ("Halle aux Grains", "journée en semaine", 240, 95, 450, "=C{row}*0.3"),
    ("Halle aux Grains", "week-end", 460, 180, 840, "=C{row}*0.3"),
    ("Lavoir", "demi-journée", 45, 0, 90, "=C{row}*0.3"),
    ("Lavoir", "journée", 70, 0, 135, "=C{row}*0.3"),
)
CANTEEN = (
    ("Tranche", "Quotient familial", "2023-2024", "2024-2025", "2025-2026"),
    ("A", "jusqu’à 400", 1.00, 1.00, 1.00),
    ("B", "401 à 700", 2.10, 2.15, 2.15),
    ("C", "701 à 1 000", 3.05, 3.25, 3.40),
    ("D", "1 001 à 1 400", 3.95, 4.20, 4.35),
    ("E", "1 401 à 1 800", 4.60, 4.90, 5.10),
    ("F", "plus de 1 800", 4.60, 5.55, 5.80),
)
CAUTIONS = (
    ("Caution", "Habitant", "Association", "Extérieur"),
    ("Dégâts", 800, 400, 1000),
    ("Ménage", 150, 150, 150),
)


def write_sheets(target: Path) -> int:
    """Write the spreadsheets under `target`; return how many."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in (
        ("Salles 2025", HALLS),
        ("Restaurant scolaire", CANTEEN),
        ("Cautions", CAUTIONS),
    ):
        _fill(book, title, rows)
    book.properties.creator = "Mairie de Mirelande-sur-Auvelle"
    book.properties.created = book.properties.modified = WRITTEN
    file = target / "tarifs" / "grille-des-tarifs-2025.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    book.save(file)
    freeze_zip(file)
    return 1


def _fill(book: Workbook, title: str, rows: tuple[tuple[object, ...], ...]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(("Commune de Mirelande-sur-Auvelle",))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    sheet["A1"].font = Font(bold=True, size=13)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for row in rows:
        number = sheet.max_row + 1
        sheet.append([c.format(row=number) if isinstance(c, str) else c for c in row])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4E9F2")
    for column in "ABCDEF":
        sheet.column_dimensions[column].width = 24
    sheet.freeze_panes = "A3"
