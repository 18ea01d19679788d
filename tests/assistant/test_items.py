# SPDX-License-Identifier: EUPL-1.2
"""A line that misleads alone is quoted with those around it; others are left as they are."""

from __future__ import annotations

import pytest

from assistant.items import with_neighbours
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


def test_a_short_table_is_quoted_whole_unless_the_question_names_a_row() -> None:
    rows = TIP.splitlines()[1:3]
    assert quoted(TIP, 1) == rows
    assert quoted(TIP, 1, asked="Quels sont les horaires en été ?") == rows[:1]
    assert quoted(TIP, 3) == ["Les dépôts sont gratuits."]


def test_the_hours_of_a_week_are_quoted_whole_unless_the_question_names_a_day() -> None:
    rows = WEEK.splitlines()[1:5]
    assert quoted(WEEK, 2) == rows
    assert quoted(WEEK, 3, asked="Et le jeudi ?") == rows[2:3]
