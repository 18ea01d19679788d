# SPDX-License-Identifier: EUPL-1.2
"""A row of a table as one says it aloud: days, prices, several columns, what is closed or empty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.plain import Glossary, PlainLanguage, said_row
from assistant.plain.facts import facts
from corpus.readers import read_data
from corpus.structure import Structure
from tests.table import each

Row = list[tuple[str, str]]

DAYS: list[tuple[Row, str]] = [
    (
        [("Jour", "Mardi"), ("Matin", "fermé"), ("Après-midi", "15 h 30 – 18 h 30")],
        "Le mardi, de 15 h 30 à 18 h 30. Fermé le matin.",
    ),
    (
        [("Jour", "Mercredi"), ("Matin", "9 h – 12 h"), ("Après-midi", "14 h – 18 h")],
        "Le mercredi, de 9 h à 12 h et de 14 h à 18 h.",
    ),
    (  # hours that do not say the part of the day themselves
        [("Jour", "Mercredi"), ("Après-midi", "2 h – 6 h")],
        "Le mercredi, de 2 h à 6 h l’après-midi.",
    ),
    (
        [("Jour", "Lundi au vendredi"), ("Horaires", "8h30-12h / 13h30-17h")],
        "Du lundi au vendredi, de 8h30 à 12h et de 13h30 à 17h.",
    ),
    (
        [("Jours", "Mardi et jeudi"), ("Horaires", "de 16 h à 18 h, sur rendez-vous")],
        "Le mardi et le jeudi : de 16 h à 18 h, sur rendez-vous.",
    ),
    (
        [("Période", "Hiver"), ("Lundi", "9 h – 12 h"), ("Mardi", "fermé"), ("Jeudi", "14 h")],
        "Hiver. Le lundi, de 9 h à 12 h. Le jeudi, 14 h. Fermé le mardi.",
    ),
    ([("", "Lundi"), ("", "9 h")], "Le lundi, 9 h."),
]

PRICES: list[tuple[Row, str]] = [
    ([("Nature", "carte adulte"), ("Tarif", "10,00 €")], "Carte adulte : 10,00 €."),
    ([("Tranche", "A"), ("Repas", "1,20 €")], "Tranche A, repas : 1,20 €."),
    (
        [("Tranche", "A"), ("Repas", "1,20 €"), ("Goûter", "0,60 €")],
        "Tranche A. Repas : 1,20 €. Goûter : 0,60 €.",
    ),
    (
        [("Quotient familial", "Moins de 400"), ("Commune", "1,20 €"), ("Hors commune", "4 €")],
        "Quotient familial moins de 400. Commune : 1,20 €. Hors commune : 4 €.",
    ),
    (
        [("Service", "Urbanisme"), ("Téléphone", "03 53 01 20 30"), ("Bureau", "12")],
        "Urbanisme. Téléphone : 03 53 01 20 30. Bureau : 12.",
    ),
    ([("Usager", "[PERSONNE_1]"), ("Tarif", "3 €")], "[PERSONNE_1] : 3 €."),
]

CLOSED_OR_EMPTY: list[tuple[Row, str]] = [
    ([("Jour", "Lundi"), ("Horaires", "fermé")], "Fermé le lundi."),
    (
        [("Jour", "Lundi"), ("Matin", "fermée"), ("Après-midi", "fermée")],
        "Le lundi, fermée le matin et l’après-midi.",
    ),
    # an empty cell says nothing: neither open nor closed
    ([("Jour", "Lundi"), ("Matin", "fermé"), ("Après-midi", "")], "Le lundi, fermé le matin."),
    ([("Jour", "Samedi"), ("Matin", "9 h – 12 h"), ("Soir", "–")], "Le samedi, de 9 h à 12 h."),
    ([("", ""), ("Matin", "9 h"), ("Soir", "fermé")], "Le matin, 9 h. Fermé le soir."),
    ([("Jour", "Lundi")], "Le lundi."),
    ([("Jour", ""), ("Matin", "")], ""),
    ([], ""),
]  # fmt: skip


@each("row, said", [*DAYS, *PRICES, *CLOSED_OR_EMPTY])
def test_a_row_is_said_in_sentences_of_its_own_words(row: Row, said: str) -> None:
    assert said_row(row) == said


def test_what_is_said_of_a_week_in_plain_language() -> None:
    plain = PlainLanguage(Glossary.read())
    assert (
        plain(said_row(DAYS[0][0])) == "Le mardi, de 15 heures 30 à 18 heures 30. Fermé le matin."
    )


WORDS = st.text("abcdefghéà' ,;:./-–()«»?!\n12h€%", max_size=12)
CELLS = st.sampled_from(
    ["Mardi", "Matin", "Soir", "Midi", "fermé", "9 h – 12 h", "12 €", "A", "", "–", "Tarif", "400"]
)


@given(st.lists(st.tuples(CELLS | WORDS, CELLS | WORDS), min_size=1, max_size=5))
def test_no_value_is_lost_or_made_up(row: Row) -> None:
    told = said_row(row)
    for _, held in row:
        values = facts(held.strip().rstrip(".")).counted
        assert not values - facts(told).counted, (held, told)


def test_a_page_that_is_read_aloud_says_its_rows_so_and_a_row_without_its_first_cell() -> None:
    source = "| Jour | Matin | Soir |\n|---|---|---|\n| Mardi | fermé | 17 h – 19 h |\n| | 9 h | |"
    page = read_data(source.encode(), name="a.md").pages[0]
    known = Structure.of(page.text, page.lines)
    said = known.said(0, len(known.text), said_row)
    assert said.split("\n") == ["Le mardi, de 17 h à 19 h. Fermé le matin.", "Le matin, 9 h."]
    assert known.said(0, len(known.text)).split("\n")[1] == "Matin : 9 h"
