# SPDX-License-Identifier: EUPL-1.2
"""One small paper of each format that the texts beside do not make: slides, pictures, old
workbooks and an old Word document, rich text, an Outlook message, an archive, guides as the DILA
writes them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import reportlab
import xlwt
from compound import message, old_word
from odfdo import Document, DrawPage, Frame, Table
from office import WRITTEN, freeze_zip
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation

CLOCK = (2025, 10, 1, 9, 0, 0)
FONT = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 32)

EQUIPMENT = (
    ("Matériel", "Association", "Particulier", "Caution"),
    ("Table de huit places", 0, 4.5, 50),
    ("Banc", 0, 2, 30),
    ("Barnum de trois mètres sur six", 15, 60, 400),
    ("Sonorisation portative", 10, 45, 500),
)
BIKES = (
    ("Vélo", "Journée", "Mois"),
    ("Vélo à assistance électrique", "12,00 €", "90,00 €"),
    ("Remorque pour deux enfants", "5,00 €", "30,00 €"),
)
VERMIN = """Pièges à frelons asiatiques : mode d'emploi

Le service technique prête un piège par foyer, du 15 février au 15 mai.
Le piège se pose à un mètre cinquante du sol, à l'abri de la pluie.
Relevez-le chaque semaine et relâchez les autres insectes.
Un nid se signale au service technique : n'y touchez pas.
"""
POSTER = (
    "VILLE DE MIRELANDE-SUR-AUVELLE",
    "Vide-grenier de printemps",
    "Dimanche 26 avril 2026, de 8 heures à 17 heures",
    "Esplanade de la Halle aux Grains",
    "Emplacement de trois mètres : 9 euros",
    "Inscription au service des associations avant le 10 avril",
)
RECEIPT = (
    "VILLE DE MIRELANDE-SUR-AUVELLE",
    "Registre des objets trouvés, octobre 2025",
    "Un vélo d'enfant rouge, trouvé au stade le 4 octobre",
    "Un trousseau de cinq clés, trouvé au marché le 8 octobre",
    "Les objets sont gardés un an et un jour au poste de police municipale.",
)
SECOND = (
    "Objets rendus en octobre 2025",
    "Un parapluie noir, rendu le 15 octobre",
    "Une veste bleue, rendue le 21 octobre",
)
MEETING = (
    ("Réunion publique : les haies bocagères", ("Salle des Tilleuls, 18 novembre 2025",)),
    (
        "Ce que propose la commune",
        (
            "Deux kilomètres de haies replantées d'ici 2028",
            "Un plant offert à chaque école pour la Sainte-Catherine",
        ),
    ),
)
SORTING = (
    ("Atelier de compostage", ("Jardin partagé des Essarts, samedi 15 novembre 2025 à 10 heures",)),
    ("Ce qui va au composteur", ("Épluchures, marc de café, feuilles mortes", "Jamais de viande")),
)
CONVOCATION = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times New Roman;}}
\f0\fs24 Commission des associations\par
Convocation \'e0 la r\'e9union du mardi 2 d\'e9cembre 2025 \'e0 18 h 30, salle du Lavoir\par
\trowd\cellx4000\cellx8000 Point\cell Rapporteur\cell\row
\trowd\cellx4000\cellx8000 1. Calendrier des f\'eates 2026\cell adjoint \'e0 la vie associative\cell\row
\trowd\cellx4000\cellx8000 2. Pr\'eat de mat\'e9riel\cell service technique\cell\row
}
"""
GUIDE = """<?xml version="1.0" encoding="UTF-8"?>
<Publication xmlns:dc="http://purl.org/dc/elements/1.1/" ID="F90001" type="Fiche d'information">
<dc:title>Déclarer une ruche</dc:title>
<dc:date>modified 2025-09-01</dc:date>
<Introduction><Texte><Paragraphe>Toute personne qui garde des abeilles déclare ses ruches chaque
 année.</Paragraphe></Texte></Introduction>
<Texte><Chapitre><Titre><Paragraphe>Quand déclarer ?</Paragraphe></Titre>
<Paragraphe>La déclaration se fait entre le <Valeur>1er septembre</Valeur> et le
 <Valeur>31 décembre</Valeur>.</Paragraphe></Chapitre>
<Chapitre><Titre><Paragraphe>À quelle distance ?</Paragraphe></Titre>
<Tableau><Rangée type="header"><Cellule><Paragraphe>Voisinage</Paragraphe></Cellule>
<Cellule><Paragraphe>Distance</Paragraphe></Cellule></Rangée>
<Rangée><Cellule><Paragraphe>Chemin</Paragraphe></Cellule>
<Cellule><Paragraphe>20 mètres</Paragraphe></Cellule></Rangée>
<Rangée><Cellule><Paragraphe>École</Paragraphe></Cellule>
<Cellule><Paragraphe>100 mètres</Paragraphe></Cellule></Rangée></Tableau></Chapitre></Texte>
<OuSAdresser><Titre>Mairie</Titre></OuSAdresser>
</Publication>
"""


def write_others(target: Path) -> int:
    """Write these papers under `target`; return how many."""
    made = (
        ("numerisations/affiche-vide-grenier-2026.png", _picture(POSTER, "PNG")),
        ("numerisations/affiche-vide-grenier-2026.jpg", _picture(POSTER[1:5], "JPEG")),
        ("numerisations/objets-trouves-octobre-2025.tif", _tiff()),
        ("tarifs/pret-de-materiel-2025.xls", _workbook()),
        ("tarifs/location-de-velos-2025.ods", _bikes()),
        ("securite/pieges-a-frelons.doc", old_word(VERMIN)),
        ("vie-municipale/convocation-commission-associations.rtf", CONVOCATION.encode("ascii")),
        ("vie-municipale/reunion-publique-haies.pptx", _pptx()),
        ("dechets/atelier-compostage.odp", _odp()),
        ("courriers/2025-10-20-lampadaire-rue-des-essarts.msg", _outlook()),
        ("marches/dossier-entretien-des-haies.zip", _archive()),
        ("service-public/F90001.xml", GUIDE.encode()),
        ("service-public/F90002.json", _guide_as_json()),
    )
    for name, data in made:
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if file.suffix in (".pptx", ".odp", ".ods"):
            freeze_zip(file)
    return len(made)


def _page(lines: tuple[str, ...]) -> Image.Image:
    page = Image.new("L", (1_240, 900), 255)
    drawn = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        drawn.text((90, 90 + 110 * number), line, fill=20, font=FONT)
    return page


def _picture(lines: tuple[str, ...], form: str) -> bytes:
    out = io.BytesIO()
    _page(lines).save(out, form, dpi=(150, 150))
    return out.getvalue()


def _tiff() -> bytes:
    out = io.BytesIO()
    first, second = (_page(lines).convert("1") for lines in (RECEIPT, SECOND))
    first.save(
        out, "TIFF", save_all=True, append_images=[second], compression="group4", dpi=(150, 150)
    )
    return out.getvalue()


def _workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Prêt de matériel")
    money = xlwt.easyxf(num_format_str='#,##0.00 "€"')
    for number, row in enumerate(EQUIPMENT):
        for column, value in enumerate(row):
            style = money if number and column else xlwt.Style.default_style
            sheet.write(number, column, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pptx() -> bytes:
    show = Presentation()
    for title, points in MEETING:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(points)
    show.slides[1].notes_slide.notes_text_frame.text = "Rappeler que la plantation est bénévole."
    show.core_properties.created = show.core_properties.modified = WRITTEN
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _odp() -> bytes:
    show = Document("presentation")
    show.body.clear()
    for number, (title, points) in enumerate(SORTING, 1):
        page = DrawPage(f"page{number}", name=f"Diapositive {number}")
        for place, text in enumerate((title, *points)):
            frame = Frame.text_frame(
                text, size=("20cm", "2cm"), position=("2cm", f"{2 + 3 * place}cm")
            )
            if place == 0:
                frame.set_attribute("presentation:class", "title")
            page.append(frame)
        show.body.append(page)
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _bikes() -> bytes:
    book = Document("spreadsheet")
    book.body.clear()
    sheet = Table("Location de vélos")
    sheet.set_values([list(row) for row in BIKES])
    book.body.append(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _outlook() -> bytes:
    return message(
        subject="Lampadaire éteint rue des Essarts",
        body="Bonjour,\r\nLe troisième lampadaire de la rue des Essarts est éteint depuis lundi."
        "\r\nPouvez-vous prévenir le service technique ?\r\nMme Solveig Aubrevoie\r\n06 39 98 41 07",
        sender="Solveig Aubrevoie",
        sent=datetime(2025, 10, 20, 7, 12, tzinfo=UTC),
    )


def _archive() -> bytes:
    out = io.BytesIO()
    entries = {
        "cahier-des-charges.md": "# Entretien des haies communales\n\n| Lot | Secteur |\n|---|---|\n"
        "| 1 | Les Essarts |\n| 2 | Vaudresel |\n\nLa taille est interdite du 16 mars au 15 août.\n",
        "bordereau/prix.csv": "Prestation;Unité\nTaille d'une haie;mètre\nÉvacuation;tonne\n",
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(zipfile.ZipInfo(name, CLOCK), text)
    return out.getvalue()


def _guide_as_json() -> bytes:
    def text(words: str) -> dict[str, object]:
        return {"type": "text", "text": words}

    def element(name: str, *children: dict[str, object]) -> dict[str, object]:
        return {"type": "element", "name": name, "attributes": {}, "children": list(children)}

    page = element(
        "Publication",
        element("dc:title", text("Récupérer un essaim d'abeilles")),
        element("dc:date", text("modified 2025-09-01")),
        element(
            "Texte",
            element("Paragraphe", text("Un essaim ne se détruit pas : un apiculteur le recueille.")),
        ),
    )
    tree = {"id": "F90002", "children": [page]}
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()
