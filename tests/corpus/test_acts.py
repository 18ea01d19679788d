# SPDX-License-Identifier: EUPL-1.2
"""What an act says of itself: kind, number, its own date, object."""

from __future__ import annotations

import pytest

from corpus.acts import Act, date_in_words, read_act, read_date
from corpus.readers import read_data
from tests.table import each

LETTERHEAD = "COMMUNE DE BRUMEVAL\nDépartement de la Haute-Auvelle\nMairie – Tél. 01\n"
STAMP = "Envoyé en préfecture le 17/06/2024\nPublié le 18/06/2024\n"


@each(
    "page, label",
    [
        (
            LETTERHEAD + "EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS\nObjet : prix de l'eau\n"
            "L'an mil neuf cent quatre-vingt-onze et le quatorze juin à vingt heures trente,",
            "Délibération du 14 juin 1991 – Prix de l'eau",
        ),
        (
            LETTERHEAD + STAMP + "DÉLIBÉRATION N° 2024-06-12-03\nObjet : tarifs de la cantine\n"
            "L’an deux mille vingt-quatre, le douze juin, convoqué le 5 juin 2024,",
            "Délibération n° 2024-06-12-03 du 12 juin 2024 – Tarifs de la cantine",
        ),
        (
            LETTERHEAD + "ARRÊTÉ MUNICIPAL N° 2024-087\nportant réglementation des bruits\n"
            "Vu l’arrêté du 4 avril 2016 ;\nARRÊTE\nFait à Brumeval, le 21 mai 2024",
            "Arrêté n° 2024-087 du 21 mai 2024 – Portant réglementation des bruits",
        ),
        (
            "PROCÈS-VERBAL DE LA SÉANCE DU CONSEIL MUNICIPAL DU MERCREDI 11 JUIN 2025\n"
            "légalement convoqué le 4 juin 2025",
            "Procès-verbal du 11 juin 2025",
        ),
        (
            "SÉANCE PUBLIQUE DU LUNDI 3 MARS 2025\nPROCÈS-VERBAL\nSous la présidence du maire",
            "Procès-verbal du 3 mars 2025",
        ),
        (
            LETTERHEAD
            + "COMPTE-RENDU DE LA RÉUNION\nDU CONSEIL MUNICIPAL DU 3 MARS 2025\nPrésents",
            "Procès-verbal du 3 mars 2025",
        ),
        (
            LETTERHEAD + "# RÈGLEMENT INTÉRIEUR\n\n# de la cantine\nAdopté le 3 mars 2025",
            "Règlement du 3 mars 2025 – RÈGLEMENT INTÉRIEUR de la cantine",
        ),
        (
            LETTERHEAD + "RÈGLEMENT DU CIMETIÈRE\nAdopté le 13 décembre 2022",
            "Règlement du 13 décembre 2022 – RÈGLEMENT DU CIMETIÈRE",
        ),
        ("Bibliothèque : le programme\nDu 1er au 30 mai", "Bibliothèque : le programme"),
        (LETTERHEAD, "note de service"),
    ],
    ids=[
        "in old words",
        "deliberation",
        "order",
        "minutes",
        "minutes by their kind alone",
        "minutes in two lines",
        "rules in two lines",
        "rules",
        "no act",
        "file name",
    ],
)
def test_an_act_is_labelled_by_what_it_says(page: str, label: str) -> None:
    assert read_act([(1, page)], "dossier/note_de-service.pdf").label == label


@each(
    "file, page, label, date",
    [
        (
            "vente.pdf",
            LETTERHEAD + "DÉLIBÉRATION N° 2025-09-24-03\nObjet : vente d'une parcelle\n"
            "Le vingt-quatre septembre deux mille vingt-cinq, le conseil s'est réuni",
            "Délibération n° 2025-09-24-03 du 24 septembre 2025 – Vente d'une parcelle",
            "2025-09-24",
        ),
        (
            "avis.pdf",
            "AVIS D’APPEL PUBLIC À LA CONCURRENCE\nMarché de travaux n° 2025-T-02\n"
            "2. Objet. Toiture de l’école, 40 m².\n4. Durée. À affermir avant le 31 janvier 2026.\n"
            "5. Visite le mercredi 23 avril 2025.\n13. Date d’envoi de l’avis. 4 avril 2025.",
            "Marché public n° 2025-T-02 du 4 avril 2025 – Toiture de l’école, 40 m²",
            "2025-04-04",
        ),
        (
            "convention.pdf",
            "CONVENTION D’OCCUPATION\nEntre la commune, autorisée par délibération du 26 mars 2025,"
            " et la société\nFait en deux exemplaires, à Brumeval, le 12 mai 2025",
            "Convention du 12 mai 2025 – CONVENTION D’OCCUPATION",
            "2025-05-12",
        ),
        (
            "convention.pdf",
            "CONVENTION D’OCCUPATION\nEntre la commune, autorisée par délibération du 26 mars 2025",
            "CONVENTION D’OCCUPATION",
            "",
        ),
        (
            "facture.eml",
            "Objet : Facture de juin\nDe : Ana <a@b.example>\nÀ : mairie@b.example\n"
            "Date : 27 août 2025 à 08 h 05\nBonjour,",
            "Facture de juin",
            "",
        ),
        (
            "bon.pdf",
            "COMMUNE DE BRUMEVAL\n—— | Services techniques\n\nBON DE COMMANDE N° 2025-118\n"
            "Date : 2 octobre 2025",
            "BON DE COMMANDE N° 2025-118",
            "",
        ),
        (
            "risques.pdf",
            LETTERHEAD + "Sécurité et prévention\n\nLES RISQUES MAJEURS",
            "LES RISQUES MAJEURS",
            "",
        ),
    ],
    ids=["preamble", "notice", "convention", "unsigned", "mail", "order form", "service"],
)
def test_no_preamble_is_an_object_and_no_other_day_a_date(
    file: str, page: str, label: str, date: str
) -> None:
    act = read_act([(1, page)], file)
    assert (act.label, act.date) == (label, date)


def test_a_workbook_is_called_as_its_file_and_not_as_its_first_sheet() -> None:
    pages = [(1, "Salles 2025\nSalle : Tilleuls ; Prix : 165"), (2, "Cautions\nDégâts : 800")]
    assert read_act(pages, "tarifs/grille-des-tarifs.xlsx").title == "grille des tarifs"


def test_a_date_may_stand_in_the_file_name_only() -> None:
    act = read_act([(1, "Conseil municipal\nPrésents : vingt")], "compte-rendu-26-04-2018.pdf")
    assert (act.kind, act.date) == ("procès-verbal", "2018-04-26")


@each(
    "title, file, date",
    [
        ("Procès-verbal de la réunion du conseil – 5 octobre 2023", "a.pdf", "2023-10-05"),
        ("Compte rendu du 5 octobre 2023", "PV_31122023.pdf", "2023-10-05"),
        ("Procès-verbal du conseil municipal", "PV_05102023.pdf", "2023-10-05"),
        ("Ordre du jour (jeudi 5 octobre 2023)", "a.pdf", "2023-10-05"),
        ("Convocation du 28 septembre 2023 à la réunion du 5 octobre 2023", "a.pdf", "2023-10-05"),
    ],
)
def test_minutes_are_of_the_day_that_their_title_says(title: str, file: str, date: str) -> None:
    page = f"{title}\n\nOrdre du jour :\n1. Voirie\nLa fête se tiendra le 31 décembre 2023."
    assert read_act([(1, page)], file).date == date


def test_the_date_of_an_act_that_is_cited_is_not_taken() -> None:
    page = "ARRÊTÉ N° 12\nVu le décret du 3 mars 1999 ;\nConsidérant la séance"
    assert read_act([(1, page)], "a.pdf").date == ""


@each(
    "words, iso",
    [
        ("1er février 2024", "2024-02-01"),
        ("3 AOÛT 2023", "2023-08-03"),
        ("12/06/2024", "2024-06-12"),
        ("pv_2024_06_12", "2024-06-12"),
        ("31 juin 2024", ""),
        ("12 brumaire 2024", ""),
    ],
)
def test_dates_are_read_in_their_usual_forms(words: str, iso: str) -> None:
    assert read_date(words) == iso


def test_a_date_is_said_as_a_reader_says_it() -> None:
    assert date_in_words("2024-08-01") == "1er août 2024"


def test_an_empty_document_has_a_label_all_the_same() -> None:
    assert read_act([], "plan.pdf") == Act(title="plan")


@each(
    "name, data, label",
    [
        (
            "horaires.md",
            "# Mairie de Vaux-en-Bar — horaires et contacts\n\n## Ouverture au public\n\nLundi.",
            "Mairie de Vaux-en-Bar — horaires et contacts",
        ),
        (
            "bulletin.html",
            "<h1>Le Fil de Vaux, automne</h1><h2>Le mot</h2><p>Merci.</p>"
            "<h2>Budget participatif</h2><p>C'est parti.</p>",
            "Le Fil de Vaux, automne",
        ),
        ("prix.csv", "Salle;Prix\nSalle des fêtes;180 €\nTarifs de la halle;90 €\n", "prix"),
        (
            "bruit.txt",
            "COMMUNE DE VAUX\nARRÊTÉ MUNICIPAL N° 2025-09 RELATIF AUX BRUITS DE VOISINAGE\n"
            "Le maire, vu le code général des collectivités territoriales et les plaintes reçues,\n"
            "ARRÊTE",
            "Arrêté n° 2025-09 – RELATIF AUX BRUITS DE VOISINAGE",
        ),
        (
            "marche.md",
            "# Règlement du marché de Vaux\n\nArrêté n° 2025-096 du 14 avril 2025. Il abroge tout.",
            "Règlement du 14 avril 2025 – Règlement du marché de Vaux",
        ),
    ],
    ids=["town before a dash", "deeper heading", "row", "line of its own", "heading of a kind"],
)
def test_a_paper_is_called_by_its_headings(name: str, data: str, label: str) -> None:
    source = read_data(data.encode(), name=name)
    pages = [(page.number, page.text) for page in source.pages]
    assert read_act(pages, name, source.pages[0].lines).label == label


def test_lines_that_an_editor_broke_are_put_together() -> None:
    text = (
        "Les dossiers sont déposés du 2 juin au 11 juillet, au quai C de la\n"
        "gare routière de Vaux, ou bien envoyés par courrier avant le lundi\n"
        "14 juillet au plus tard ; passé ce jour, seules les places libres de\n"
        "Vaux et de Bar sont données."
    )
    assert read_data(text.encode(), name="a.txt").pages[0].text == text.replace("\n", " ")


@each(
    "name, data, label",
    [
        (
            "a.txt",
            "Vaux-en-Bar, le 3 mai 2025\n\nConvocation du conseil municipal.\n\nOrdre du jour :",
            "Convocation du 3 mai 2025 – Convocation du conseil municipal",
        ),
        (
            "a.md",
            "# Vaux\n\nDélibération du 3 mai 2025\n\nLe conseil",
            "Délibération du 3 mai 2025",
        ),
        (
            "a.html",
            "<h1>Menu principal</h1><p>Règlement du cimetière</p>",
            "Règlement du cimetière",
        ),
        (
            "a.md",
            "# Commune de Vaux – Département de l'Orne\n\nRèglement du cimetière",
            "Règlement du cimetière",
        ),
        ("a.md", "# Mairie de Vaux - 12 rue Haute\n\nTarifs de l'eau", "Tarifs de l'eau"),
        (
            "a.html",
            "<table><tr><td>MAIRIE DE VAUX</td><td>ARRÊTÉ N° 2025-12 du 3 mars 2025</td></tr>"
            "</table><p>Le maire de Vaux,</p>",
            "Arrêté n° 2025-12 du 3 mars 2025",
        ),
        (
            "a.txt",
            "DÉLIBÉRATION N° 2025-12 DU CONSEIL MUNICIPAL\nSéance du 3 mai 2025\nPrix de l'eau",
            "Délibération n° 2025-12 du 3 mai 2025",
        ),
    ],
    ids=["letter", "town", "menu", "letterhead", "address", "cells", "author"],
)
def test_a_heading_that_names_nothing_hides_no_act(name: str, data: str, label: str) -> None:
    source = read_data(data.encode(), name=name)
    pages = [(page.number, page.text) for page in source.pages]
    assert read_act(pages, name, source.pages[0].lines).label == label


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "ARRÊTÉ MUNICIPAL N° 2025-09 RELATIF AUX BRUITS DE VOISINAGE ET DE CHANTIER\n"
            "Le maire de Vaux, vu le code général des collectivités,\nARRÊTE",
            3,
        ),
        (
            "        Les dossiers sont déposés du 2 juin au 11 juillet chez madame\n"
            "        Lambert, 3 rue des Lilas, ou bien envoyés par courrier avant le\n"
            "        14 juillet au plus tard ; passé ce jour on les porte à la\n"
            "        Maison des jeunes, comme il est dit plus haut.",
            1,
        ),
    ],
    ids=["capitals", "indented"],
)
def test_what_was_not_broken_is_not_joined(text: str, lines: int) -> None:
    assert read_data(text.encode(), name="a.txt").pages[0].text.count("\n") + 1 == lines
