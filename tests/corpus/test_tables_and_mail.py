# SPDX-License-Identifier: EUPL-1.2
"""Spreadsheets and e-mail: rows with their headers, messages with what is attached."""

from __future__ import annotations

import io
from datetime import date
from email.message import EmailMessage

import openpyxl
import pytest
from PIL import Image

from corpus.errors import UnreadableFile
from corpus.readers import read_data
from tests.corpus.test_readers import docx, p, text_of, zipped
from tests.table import each


def workbook(**sheets: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_each_sheet_is_a_page_and_rows_keep_their_headers() -> None:
    book = workbook(
        Salles=[["Tarifs 2025", None], [None, None], ["Salle", "Prix"], ["Lavoir", 45]],
        Halle=[["Jour", "Tarif"], [date(2025, 9, 1), 0.125]],
    )
    book["Salles"]["B4"].number_format = '#,##0.00 "€"'
    book["Halle"]["B2"].number_format = "0.0%"
    pages = read_data(saved(book), name="tarifs.xlsx").pages
    assert [(page.number, page.text) for page in pages] == [
        (1, "Salles\n\nTarifs 2025\nSalle : Lavoir ; Prix : 45,00 €"),
        (2, "Halle\nJour : 01/09/2025 ; Tarif : 12,5 %"),
    ]


def test_a_hidden_sheet_says_so_and_hidden_rows_are_left_out() -> None:
    book = workbook(
        Visible=[["Nom", "Code", "Prix"], ["a", "secret", 3], ["b", "caché", 4]],
        Cachee=[["Nom"], ["invisible"]],
    )
    book["Cachee"].sheet_state = "hidden"
    book["Visible"].column_dimensions["B"].hidden = True
    book["Visible"].row_dimensions[3].hidden = True
    book["Cachee"].append(["une ligne"])
    document = read_data(saved(book), name="a.xlsx")
    assert [page.text.split("\n")[0] for page in document.pages] == [
        "Visible",
        "Feuille masquée : Cachee",
    ]
    assert document.pages[0].text == "Visible\nNom : a ; Prix : 3"
    assert document.flags == ("hidden_sheet", "hidden_text")
    assert document.unseen == ("Code", "secret", "b ; caché ; 4")


def test_merged_cells_and_formulas_without_value_do_no_harm() -> None:
    book = workbook(Feuille=[["Titre", None], ["Objet", "Prix"], ["Banc", "=1+1"], ["Arbre", 12]])
    book["Feuille"].merge_cells("A1:B1")
    assert text_of(saved(book), "a.xlsx").split("\n")[2:] == [
        "Titre",
        "Banc",
        "Objet : Arbre ; Prix : 12",
    ]


@pytest.mark.parametrize(
    "table",
    ["Lieu;Prix\nHalle;3,20\n", "Lieu\tPrix\nHalle\t3,20\n", 'Lieu,Prix\nHalle,"3,20"\n'],
    ids=["semicolon", "tab", "comma"],
)
def test_csv_is_read_whatever_parts_its_values(table: str) -> None:
    assert text_of(table.encode("cp1252"), "a.csv") == "Lieu : Halle ; Prix : 3,20"


def test_ods_rows_keep_their_headers() -> None:
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "text", "table")
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in (("Lieu", "Prix"), ("Halle", "3,20 €"))
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Tarifs">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    data = zipped({"content.xml": content})
    assert text_of(data, "a.ods") == "Tarifs\nLieu : Halle ; Prix : 3,20 €"


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Demande d'éclairage"
    mail["From"] = "Service voirie <voirie@brumeval.example>"
    mail["To"] = "mairie@brumeval.example"
    mail["Date"] = "Thu, 03 Apr 2025 19:42:11 +0200"
    mail.set_content("Bonjour,\nLe lampadaire de la rue Haute est éteint.\n")
    return mail


def test_a_message_is_read_with_its_headers() -> None:
    assert text_of(message().as_bytes(), "a.eml").split("\n") == [
        "Objet : Demande d'éclairage",
        "De : Service voirie <voirie@brumeval.example>",
        "À : mairie@brumeval.example",
        "Date : 3 avril 2025 à 19 h 42",
        "Bonjour,",
        "Le lampadaire de la rue Haute est éteint.",
    ]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 40), 255).save(out, "PNG")
    return out.getvalue()


def test_attachments_are_read_and_those_that_wait_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mail = message()
    mail.add_attachment(
        docx(p("Devis de 300 euros.")), maintype="application", subtype="zip", filename="devis.docx"
    )
    mail.add_attachment(b"???", maintype="application", subtype="x", filename="x.bin")
    monkeypatch.setattr("corpus.readers.image.is_there", lambda need: False)
    mail.add_attachment(picture(), maintype="image", subtype="png", filename="photo.png")
    document = read_data(mail.as_bytes(), name="a.eml")
    assert document.flags == ("left_out",)
    assert "Pièce jointe : devis.docx\nDevis de 300 euros." in document.pages[0].text
    assert document.needs == "ocr"


def test_a_message_in_html_loses_its_signs() -> None:
    mail = message()
    mail.set_content("<p>Merci <b>beaucoup</b></p><script>x</script>", subtype="html")
    assert text_of(mail.as_bytes(), "a.eml").endswith("\nMerci beaucoup")


@each(
    "name, data",
    [
        ("a.xlsx", zipped({"xl/workbook.xml": "<a/>"})),
        ("a.xlsx", b"PK\x03\x04 cut"),
        ("a.ods", zipped({"autre.xml": "<a/>"})),
        ("a.eml", b"pas un message\n\ndu tout"),
        ("a.html", b"<div>" * 30_000 + b"x"),
    ],
    ids=["empty workbook", "cut", "not a sheet", "no headers", "nested without end"],
)
def test_what_is_malformed_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_data(data, name=name)
    assert refused.value.reason == "broken"
