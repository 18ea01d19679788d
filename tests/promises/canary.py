# SPDX-License-Identifier: EUPL-1.2
"""One invented person, planted in every corner of every format, and the search for them.

Nobody bears this name; the numbers have valid keys in ranges that are not given out.
"""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
from openpyxl.comments import Comment
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

NIR_BODY = "2690599588157"
NIR = f"{NIR_BODY}{97 - int(NIR_BODY) % 97:02d}"
IBAN_BODY = "99999999999999999999999"
IBAN = f"FR{98 - int(IBAN_BODY + '152700') % 97:02d}{IBAN_BODY}"
FIRST, LAST = "Zéphyrine", "Quervaldin"
NAME = f"{FIRST} {LAST.upper()}"
EMAIL = "oiseau.bleu.2690@courriel.example"
PHONE = "06 39 98 47 12"
STREET = "Tourterelles-Bleues"
PLATE = "ZX-738-QW"

LETTER = f"""Madame {NAME}
27 rue des {STREET}, 52960 Mirelande-sur-Auvelle

Madame le Maire,

Je soussignée {FIRST} {LAST}, née le 14 mai 1969, demande une place de stationnement.
Mon véhicule est immatriculé {PLATE}. Mon numéro de sécurité sociale est {NIR}.
Vous pouvez me joindre au {PHONE} ou à {EMAIL}. Mon IBAN est {IBAN}.

Veuillez agréer, Madame le Maire, mes salutations distinguées.
{NAME}
"""
HARDSHIP = f"{LETTER}\nJe perçois le RSA et mon fils est hospitalisé.\n"
"""A paper that waits in quarantine."""

QUESTION = f"Mme {NAME}, {PHONE}, {EMAIL}, demande où mettre sa voiture {PLATE}, NIR {NIR} ?"

TOKENS = (LAST, NIR, IBAN, EMAIL, STREET, PLATE, PHONE)
"""What must be found nowhere, whatever its case, spaces and signs."""

AUTHOR = {"author": NAME, "last_modified_by": NAME, "keywords": EMAIL, "comments": PHONE}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EXIF_ARTIST, EXIF_DESCRIPTION = 0x013B, 0x010E
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def plant(town: Path) -> int:
    """Write the canary's papers into a folder, and return how many can be read."""
    (town / LAST.upper()).mkdir(parents=True)
    readable = {
        f"courrier {LAST.upper()} {FIRST}.txt": LETTER.encode(),
        "note.md": f"# Note\n\n<!-- vu avec {NAME}, {PHONE} -->\n\n{LETTER}".encode(),
        "page.html": _html().encode(),
        f"{LAST.upper()}/demande.docx": _docx(),
        "demande.odt": _odt(),
        "demande.pdf": _pdf(),
        "demandes.csv": f"NOM;PRÉNOM;TÉLÉPHONE\n{LAST.upper()};{FIRST};{PHONE}\n".encode(),
        "message.eml": _email(),
        "aide.txt": HARDSHIP.encode(),
        "tableau.xlsx": _xlsx(),
    }
    broken = {
        f"{LAST.upper()}_{FIRST}_scan.pdf": b"%PDF-1.7\n" + LETTER.encode(),
        f"vide {LAST.upper()} {FIRST}.txt": b"",
        f"photo de {FIRST} {LAST}.png": b"\x89PNG" + LETTER.encode(),
        "photo.jpg": _jpeg(),
    }
    for name, data in {**readable, **broken}.items():
        (town / name).write_bytes(data)
    return len(readable)


def _html() -> str:
    return (
        f'<html><head><title>Demande de {NAME}</title><meta name="author" content="{NAME}">'
        f"</head><body><!-- {NAME} {EMAIL} --><main><h1>Demande</h1>"
        f'<p title="{NAME}">{LETTER}</p><a href="mailto:{EMAIL}">{NAME}</a></main></body></html>'
    )


def _docx() -> bytes:
    document = docx.Document()
    for name, value in AUTHOR.items():
        setattr(document.core_properties, name, value)
    document.sections[0].header.paragraphs[0].text = f"Dossier de Mme {NAME}"
    document.sections[0].footer.paragraphs[0].text = f"Contact : {EMAIL}, tél. {PHONE}"
    for line in LETTER.splitlines():
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    removed = (
        f'<w:p><w:del w:id="7" w:author="{NAME}"><w:r><w:delText>{LETTER}</w:delText></w:r></w:del>'
        f'<w:ins w:id="8" w:author="{NAME}"><w:r><w:t>Demande de Mme {NAME}.</w:t></w:r></w:ins>'
        "</w:p>"
    )
    comments = (
        f'<w:comments xmlns:w="{WORD}"><w:comment w:id="0" w:author="{NAME}"><w:p><w:r><w:t>'
        f"Rappeler {NAME} au {PHONE}</w:t></w:r></w:p></w:comment></w:comments>"
    )
    edited = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(edited, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part == "word/document.xml":
                data = data.replace(b"<w:sectPr", removed.encode() + b"<w:sectPr", 1)
            new.writestr(part, data)
        new.writestr("word/comments.xml", comments)
    return edited.getvalue()


def _odt() -> bytes:
    spaces = (
        " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "text", "meta"))
        + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    lines = "".join(f"<text:p>{line}</text:p>" for line in LETTER.splitlines())
    note = (
        f"<text:p>Stationnement<office:annotation><dc:creator>{NAME}</dc:creator>"
        f"<text:p>Rappeler {NAME}</text:p></office:annotation></text:p>"
    )
    gone = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        f"<text:p>{NAME}, {PHONE}</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:text>{gone}{note}{lines}"
            "</office:text></office:body></office:document-content>",
        )
        package.writestr(
            "meta.xml",
            f"<office:document-meta {spaces}><office:meta><meta:initial-creator>{NAME}"
            f"</meta:initial-creator><dc:creator>{NAME}</dc:creator></office:meta>"
            "</office:document-meta>",
        )
    return written.getvalue()


def _pdf() -> bytes:
    written = io.BytesIO()
    page = Canvas(written)
    page.setAuthor(NAME)
    page.setTitle(f"Demande de {NAME}")
    page.setSubject(LETTER)
    page.setKeywords([EMAIL, PHONE, NIR])
    for number, line in enumerate(LETTER.splitlines()):
        page.drawString(60, 780 - 16 * number, line)
    page.save()
    return written.getvalue()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.title = NAME
    shown = book.active
    shown.title = "Demandes"
    shown["A1"], shown["A2"], shown["B2"] = "Objet", "stationnement", NAME
    shown["A2"].comment = Comment(f"Rappeler {NAME} au {PHONE}", NAME)
    apart = book.create_sheet(LAST)
    apart.sheet_state = "hidden"
    for row, line in enumerate(LETTER.splitlines(), start=1):
        apart.cell(row=row, column=1, value=line)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _jpeg() -> bytes:
    picture, exif = Image.new("RGB", (40, 40), "white"), Image.Exif()
    exif[EXIF_ARTIST], exif[EXIF_DESCRIPTION] = NAME, LETTER
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif, comment=f"{NAME} {PHONE}".encode())
    return written.getvalue()


def _email() -> bytes:
    message = EmailMessage()
    message["From"] = f"{FIRST} {LAST} <{EMAIL}>"
    message["To"] = "mairie@mirelande.example"
    message["Subject"] = f"Demande de {NAME}"
    message.set_content(LETTER)
    message.add_attachment(LETTER.encode(), maintype="text", subtype="plain",
                           filename=f"{LAST}.txt")  # fmt: skip
    return message.as_bytes()


# -- the search

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def hits(data: bytes) -> set[str]:
    """Return the tokens that stand in some bytes, in any of the usual encodings."""
    found: set[str] = set()
    for encoding in ENCODINGS:
        for shift in (0, 1) if encoding != "utf-8" else (0,):
            found |= _hits(data[shift:].decode(encoding, "ignore"))
    return found


def _hits(text: str) -> set[str]:
    folded = _folded(text)
    return {token for token in TOKENS if _folded(token) in folded}


def _folded(text: str) -> str:
    """Letters and digits only, so that no space or sign can hide a token."""
    return re.sub(r"[\s.\-_/()]+", "", text).casefold()


def everywhere(*folders: Path) -> dict[str, set[str]]:
    """Search every byte under the folders, names and packed forms included."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            seen = hits(path.relative_to(folder).as_posix().encode())
            if path.is_file():
                seen = seen.union(*map(hits, _forms(path)))
            if seen:
                found[path.relative_to(folder.parent).as_posix()] = seen
    return found


def _forms(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, what is packed in it, and a database's rows whole."""
    data = path.read_bytes()
    yield data
    if data.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            database.text_factory = bytes
            yield from _rows(database)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(path) as package:
            yield from map(package.read, package.namelist())
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    for start in re.finditer(rb"\x78[\x01\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[start.start() :], 1_000_000)
        except zlib.error:
            continue


def _rows(database: sqlite3.Connection) -> Iterator[bytes]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in database.execute(f'SELECT * FROM "{table.decode()}"'):
            yield b"\n".join(
                value if isinstance(value, bytes) else str(value).encode() for value in row
            )
