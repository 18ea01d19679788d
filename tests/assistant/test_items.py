# SPDX-License-Identifier: EUPL-1.2
"""A line that misleads alone is quoted with those around it; others are left as they are."""

from __future__ import annotations

import pytest

from assistant.items import misleads_alone, with_neighbours
from tests.assistant.test_reading import candidates

CEMETERY = """Le cimetière est clos la nuit.
Il est ouvert tous les jours :
— du 1er avril au 2 novembre, de 8 heures à 19 heures ;
— du 3 novembre au 31 mars, de 8 heures à 17 heures 30.
Les chiens n'y entrent pas."""
FINES = """Sont interdits dans le parc :
- les feux ;
- les chiens sans laisse ;
- les drones ;
- les tentes ;
- le camping."""


ORDER = """Article 4 – Les travaux bruyants ne sont autorisés que :
les jours ouvrables, de 8 h 30 à 12 h et de 13 h 30 à 19 h ;
les samedis, de 9 h à 12 h.
Ils sont interdits les dimanches."""
TIP = """Ouverture de la déchèterie
Période : Été ; Lundi : 9 h – 12 h ; Mardi : fermé
Période : Hiver ; Lundi : 10 h – 12 h ; Mardi : fermé
Les dépôts sont gratuits."""


WEEK = """Horaires de la mairie
Jour : Lundi ; Matin : 8 h 30 – 12 h ; Après-midi : fermé
Jour : Mardi ; Matin : 8 h 30 – 12 h ; Après-midi : fermé
Jour : Jeudi ; Matin : fermé ; Après-midi : 13 h 30 – 19 h
Jour : Samedi ; Matin : 9 h – 11 h 30 ; Après-midi : fermé
Les autres jours, sur rendez-vous."""


def quoted(text: str, *places: int, asked: str = "Quels sont les horaires ?") -> list[str]:
    lines = candidates(text)
    return [one.text for one in with_neighbours([lines[n] for n in places], asked)]


def test_a_short_list_is_quoted_whole_under_its_opening_line() -> None:
    assert quoted(CEMETERY, 3) == CEMETERY.splitlines()[1:4]
    assert quoted(CEMETERY, 2, 3) == CEMETERY.splitlines()[1:4]


def test_of_a_long_list_only_what_answers_comes_under_the_opening_line() -> None:
    lines = FINES.splitlines()
    assert quoted(FINES, 3) == [lines[0], lines[3]]
    assert quoted(FINES, 2, asked="Puis-je promener mon chien ?") == [lines[0], lines[2]]
    assert quoted(FINES, 1, 3, 4) == [lines[0], lines[1], lines[3]]


@pytest.mark.parametrize("places", [(0,), (1,), (4,), (0, 3)])
def test_what_is_no_item_is_left_as_it_is(places: tuple[int, ...]) -> None:
    assert quoted(CEMETERY, *places) == [CEMETERY.splitlines()[n] for n in places]


def test_items_without_an_opening_line_are_left_as_they_are() -> None:
    assert quoted("- les feux ;\n- les drones.", 1) == ["- les drones."]
    assert quoted("Le parc ferme à 19 heures.\n- les feux ;\n- les drones.", 2) == ["- les drones."]


def test_items_without_a_mark_are_known_by_their_semicolons() -> None:
    assert quoted(ORDER, 1) == ORDER.splitlines()[:3]
    assert quoted(ORDER, 3) == [ORDER.splitlines()[3]]


def test_reasons_of_an_act_are_no_list() -> None:
    reasons = "Le maire,\nVu le code général ;\nVu la demande de la commune ;\nARRÊTE"
    assert quoted(reasons, 2) == ["Vu la demande de la commune ;"]


def test_an_item_that_the_question_names_is_quoted_without_the_others() -> None:
    lines = ORDER.splitlines()
    assert quoted(ORDER, 2, asked="Et le samedi ?") == [lines[0], lines[2]]


def test_a_short_table_is_quoted_whole_unless_the_question_names_a_row() -> None:
    rows = TIP.splitlines()[1:3]
    assert quoted(TIP, 1) == rows
    assert quoted(TIP, 1, asked="Quels sont les horaires en été ?") == rows[:1]
    assert quoted(TIP, 3) == ["Les dépôts sont gratuits."]


PRICES = """Restauration scolaire
Tranche : A ; Quotient : jusqu’à 400 ; Repas : 1,00 €
Tranche : B ; Quotient : de 401 à 700 ; Repas : 2,15 €
Tranche : C ; Quotient : plus de 700 ; Repas : 3,40 €"""


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ("Combien coûte un repas ?", (1, 2, 3)),
        ("Combien coûte un repas en tranche B ?", (2,)),
        ("Combien coûte un repas avec un quotient de 500 ?", (2,)),
    ],
)
def test_rows_between_which_a_question_does_not_choose_are_all_quoted(
    asked: str, places: tuple[int, ...]
) -> None:
    assert quoted(PRICES, 2, asked=asked) == [PRICES.splitlines()[n] for n in places]


def test_of_a_long_table_only_the_rows_of_the_answer_are_quoted() -> None:
    rows = [f"Nature : objet {n} ; Unité : l'unité ; Tarif : {n},50 €" for n in range(1, 12)]
    assert quoted("\n".join(rows), 4, asked="Quel est le tarif ?") == [rows[4]]


def test_what_stands_beside_an_answer_and_says_otherwise_misleads_when_left_out() -> None:
    lines = candidates(CEMETERY)
    assert misleads_alone([lines[3]], with_neighbours([lines[3]], "Quand est-il ouvert ?"))
    assert not misleads_alone([lines[3]], with_neighbours([lines[3]], "Et le 3 novembre ?"))
    assert not misleads_alone([lines[0]], with_neighbours([lines[0]], "Et la nuit ?"))


def test_the_hours_of_a_week_are_quoted_whole_unless_the_question_names_a_day() -> None:
    rows = WEEK.splitlines()[1:5]
    assert quoted(WEEK, 2) == rows
    assert quoted(WEEK, 3, asked="Et le jeudi ?") == rows[2:3]
