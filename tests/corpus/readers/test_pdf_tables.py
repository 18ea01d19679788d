# SPDX-License-Identifier: EUPL-1.2
"""Tables of PDFs: rows found by the place of their parts, with headers of several lines."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfgen import canvas

from tests.corpus.test_readers import text_of

LEFT, FIRST, SECOND = 40, 330, 440

Part = tuple[float, float, str]


def printed(parts: Sequence[Part]) -> list[str]:
    """Return the lines read from a page on which these words are printed at these places."""
    out = io.BytesIO()
    drawn = canvas.Canvas(out)
    drawn.setFont("Helvetica", 9)
    for x, y, words in parts:
        drawn.drawString(x, y, words)
    drawn.save()
    return text_of(out.getvalue(), "a.pdf").split("\n")


def row(y: float, *cells: str) -> list[Part]:
    places = (LEFT, FIRST, SECOND)
    return [(x, y, cell) for x, cell in zip(places, cells, strict=True) if cell]


def test_a_header_of_two_lines_is_one_name_whenever_it_is_drawn() -> None:
    rows = [
        *row(600, "Halle couverte", "300,00", "150,00"),
        *row(585, "Lavoir", "200,00", "100,00"),
        *row(570, "Préau", "90,00", "45,00"),
    ]
    header = [
        (FIRST, 626, "PLEIN"),
        (FIRST, 615, "TARIF"),
        (SECOND, 626, "DEMI"),
        (SECOND, 615, "TARIF"),
        (LEFT, 620, "Lieux"),
    ]
    wanted = [
        "Lieux : Halle couverte ; PLEIN TARIF : 300,00 ; DEMI TARIF : 150,00",
        "Lieux : Lavoir ; PLEIN TARIF : 200,00 ; DEMI TARIF : 100,00",
        "Lieux : Préau ; PLEIN TARIF : 90,00 ; DEMI TARIF : 45,00",
    ]
    assert printed([*header, *rows]) == wanted
    assert printed([*rows, *header]) == wanted


def test_long_labels_do_not_glue_rows_together() -> None:
    long = "Salle des Rencontres du premier étage (réunions et assemblées)"
    parts = [
        *row(600, "Lieux", "Semaine", "Dimanche"),
        *row(585, long, "300,00", "150,00"),
        *row(570, "Lavoir", "200,00", "100,00"),
    ]
    assert printed(parts) == [
        f"Lieux : {long} ; Semaine : 300,00 ; Dimanche : 150,00",
        "Lieux : Lavoir ; Semaine : 200,00 ; Dimanche : 100,00",
    ]


def test_a_lone_line_that_ends_in_a_value_is_not_joined_to_the_next() -> None:
    parts = [
        *row(600, "Caution demandée à tous pour la salle", "450,00 €", ""),
        *row(588, "Elle est rendue le lendemain", "", ""),
    ]
    assert printed(parts) == [
        "Caution demandée à tous pour la salle 450,00 €",
        "Elle est rendue le lendemain",
    ]


def test_titles_under_the_headers_are_no_part_of_them() -> None:
    parts = [
        *row(640, "Chapitres", "Budget", "Réalisé"),
        (220, 626, "DÉPENSES"),
        *row(612, "Charges", "300,00", "150,00"),
        *row(598, "Personnel", "200,00", "100,00"),
        (220, 584, "RECETTES"),
        *row(570, "Ventes", "20,00", "10,00"),
    ]
    assert printed(parts) == [
        "DÉPENSES",
        "Chapitres : Charges ; Budget : 300,00 ; Réalisé : 150,00",
        "Chapitres : Personnel ; Budget : 200,00 ; Réalisé : 100,00",
        "RECETTES",
        "Chapitres : Ventes ; Budget : 20,00 ; Réalisé : 10,00",
    ]


def test_a_value_where_usual_rows_have_none_has_its_own_column() -> None:
    header = [*row(640, "Chapitres", "Budget", "Réalisé"), (520, 640, "Reste")]
    parts = [
        *header,
        *row(626, "Charges", "300,00", "150,00"),
        *row(612, "Personnel", "200,00", "100,00"),
        *row(598, "Travaux", "90,00", ""),
        (520, 598, "12,00"),
    ]
    assert printed(parts)[2] == "Chapitres : Travaux ; Budget : 90,00 ; Reste : 12,00"


def test_a_label_of_two_lines_stays_with_its_values() -> None:
    parts = [
        *row(600, "Repas", "Midi", "Soir"),
        *row(580, "Enfant", "3,00", "4,00"),
        *row(560, "Agent", "5,00", "6,00"),
        (LEFT, 541, "Personne de passage dont"),
        *row(530, "le dossier est en cours", "1,00", "2,00"),
        *row(510, "Élu", "7,00", "8,00"),
    ]
    assert printed(parts)[2:] == [
        "Repas : Personne de passage dont le dossier est en cours ; Midi : 1,00 ; Soir : 2,00",
        "Repas : Élu ; Midi : 7,00 ; Soir : 8,00",
    ]


def test_the_next_tables_headers_start_a_table() -> None:
    parts = [
        *row(640, "Repas", "Midi", "Soir"),
        *row(626, "Enfant", "3,00", "4,00"),
        *row(590, "Salles", "Jour", "Nuit"),
        *row(576, "Halle", "30,00", "40,00"),
    ]
    assert printed(parts) == [
        "Repas : Enfant ; Midi : 3,00 ; Soir : 4,00",
        "Salles : Halle ; Jour : 30,00 ; Nuit : 40,00",
    ]


def test_items_with_their_bullets_apart_are_no_table() -> None:
    parts = [part for y in (600, 588, 576) for part in ((40, y, "-"), (70, y, f"au lavoir {y}"))]
    assert printed(parts) == ["- au lavoir 600", "- au lavoir 588", "- au lavoir 576"]


def test_no_word_is_lost_where_one_row_with_a_long_label_is_no_table() -> None:
    parts = [
        *row(680, "Repas", "Midi", "Soir"),
        *row(660, "Enfant", "3,00", "4,00"),
        *row(640, "Agent", "5,00", "6,00"),
        (LEFT, 500, "Tarif des écoles dans le cadre du dispositif de la commune et des"),
        *row(489, "collèges du canton", "2,50", ""),
        (LEFT, 400, "La mairie ferme le samedi."),
    ]
    text = " ".join(printed(parts))
    assert "commune et des collèges du canton 2,50" in text
    assert text.endswith("La mairie ferme le samedi.")


def test_a_table_that_goes_on_keeps_its_headers_though_its_title_is_drawn_late() -> None:
    parts = [
        *row(640, "Salles", "Jour", "Nuit"),
        (320, 627, "DANS LA COMMUNE"),
        *row(612, "Halle", "30,00", "40,00"),
        *row(598, "Lavoir", "50,00", "60,00"),
        *row(584, "Préau", "5,00", "6,00"),
        (LEFT, 560, "Caution et nettoyage"),
        *row(546, "Caution", "70,00", "80,00"),
        (SECOND, 665, "TARIFS"),
    ]
    read = printed(parts)
    assert "Salles : Halle ; Jour : 30,00 ; Nuit : 40,00" in read
    assert "Salles : Caution ; Jour : 70,00 ; Nuit : 80,00" in read
    assert {"DANS LA COMMUNE", "Caution et nettoyage", "TARIFS"} <= set(read)


def test_a_row_of_amounts_is_no_header() -> None:
    parts = [
        *row(600, "Réduction à partir du sixième soir", "remise de 25 %", ""),
        *row(588, "Caution", "450,00 €", ""),
    ]
    assert printed(parts) == [
        "Réduction à partir du sixième soir remise de 25 %",
        "Caution 450,00 €",
    ]


def test_cells_of_two_lines_have_their_values_at_their_middle() -> None:
    lines = printed(
        [
            *row(620, "Salle", "Habitant", "Autre"),
            *[(LEFT, 604, "Grande salle"), (LEFT, 593, "(280 personnes)")],
            *row(598.5, "", "240 €", "480 €"),
            *[(LEFT, 577, "Grande salle"), (LEFT, 566, "et cuisine")],
            *row(571.5, "", "490 €", "940 €"),
            *row(550, "Petite salle", "95 €", "190 €"),
        ]
    )
    assert lines == [
        "Salle : Grande salle (280 personnes) ; Habitant : 240 € ; Autre : 480 €",
        "Salle : Grande salle et cuisine ; Habitant : 490 € ; Autre : 940 €",
        "Salle : Petite salle ; Habitant : 95 € ; Autre : 190 €",
    ]
