# SPDX-License-Identifier: EUPL-1.2
"""A line that misleads alone is quoted with those around it; others are left as they are."""

from __future__ import annotations

import pytest

from assistant.items import misleads_alone, with_neighbours
from tests.assistant.test_reading import candidates
from tests.table import each

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


def test_a_list_of_which_half_the_items_answer_is_quoted_whole() -> None:
    assert quoted(FINES, 1, 3, 4) == FINES.splitlines()
    longer = [*FINES.splitlines()[:-1], *(f"- les jeux {n} ;" for n in "ABCDE")]
    assert quoted("\n".join(longer), 1, 3, 4) == [longer[n] for n in (0, 1, 3, 4)]


DAYS = """Horaires de la mairie
Lundi : 8 h 30 – 12 h
Mardi : 8 h 30 – 12 h et 14 h – 17 h
Mercredi : fermé
Jeudi : 9 h – 12 h
Vendredi : 9 h – 12 h
Les autres jours, sur rendez-vous."""


def test_lines_that_tell_a_day_each_are_quoted_together_as_rows_are() -> None:
    assert quoted(DAYS, 2) == DAYS.splitlines()[1:6]
    assert quoted(DAYS, 2, asked="Et le mardi ?") == DAYS.splitlines()[2:3]
    assert quoted(DAYS, 6) == DAYS.splitlines()[6:]


@each(
    "week, place, said",
    [
        # two spans a day, or none
        ("Lundi : 9 h – 12 h ; 14 h – 17 h/Mardi : 9 h – 12 h/Jeudi : 9 h ; 14 h", 1, (0, 1, 2)),
        ("Lundi : 9 h – 12 h/Mercredi : sur rendez-vous/Jeudi : 9 h – 12 h", 0, (0, 1, 2)),
        ("Lundi matin : 9 h – 12 h/Lundi après-midi : 14 h/Mardi matin : 9 h", 0, (0, 1, 2)),
        # an agenda, a feast day, a sentence
        ("Dimanche 12 mai 2024 : élections/Samedi 18 mai 2024 : vide-grenier", 0, (0,)),
        ("Lundi de Pentecôte : 9 h – 10 h/Mardi : 9 h – 12 h", 1, (1,)),
        ("Vendredi, la fermeture du pont/Samedi, la réouverture", 0, (0,)),
        # another week begins where a day comes again, and is told by its title
        ("Lundi : 9 h/Jeudi : 9 h/Lundi : 14 h/Mercredi : 14 h", 2, (2, 3)),
        ("Mairie/Lundi : 9 h/Mardi : 9 h/Bibliothèque/Lundi : 14 h/Jeudi : 14 h", 4, (3, 4, 5)),
        ("En été/Lundi 9 h – 18 h/En hiver/Lundi 10 h – 17 h/Mardi 10 h", 3, (2, 3, 4)),
        ("Accueil/Lundi : 9 h – 12 h/Mardi : 9 h – 12 h", 1, (1, 2)),
        ("- lundi : 9 h – 12 h/- mardi : 14 h/- mercredi : fermé", 0, (0, 1, 2)),
    ],
)
def test_a_week_is_quoted_as_one_and_no_other(week: str, place: int, said: tuple[int, ...]) -> None:
    lines = week.split("/")
    assert quoted("\n".join(lines), place) == [lines[n] for n in said]


@pytest.mark.parametrize("asked", ["La mairie ouvre à 14 h ?", "À quelle heure ferme la mairie ?"])
def test_only_a_day_singles_out_a_day(asked: str) -> None:
    week = "Lundi : 9 h – 12 h\nMardi : 14 h – 17 h\nMercredi : fermé"
    assert quoted(week, 1, asked=asked) == week.splitlines()


def test_a_day_is_quoted_with_its_week_beside_another_sentence() -> None:
    text = "Lundi : 9 h – 12 h\nMardi : 14 h – 17 h\nLa mairie est close en août."
    assert quoted(text, 0, 2) == text.splitlines()


def test_a_list_of_days_is_quoted_whole_under_its_opening_line() -> None:
    opened = ["La mairie est ouverte :", *(f"- {line}" for line in DAYS.splitlines()[1:6])]
    assert quoted("\n".join(opened), 2) == opened
    assert quoted("\n".join(opened), 2, asked="Et le mardi ?") == [opened[0], opened[2]]


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


TYRES = "Ne sont pas acceptés\n- les pneus de voiture\n- l'amiante"


def test_a_line_without_a_colon_opens_the_list_right_under_it() -> None:
    assert quoted(TYRES, 1, asked="Puis-je déposer des pneus ?") == TYRES.splitlines()[:2]
    assert quoted(TYRES, 1, asked="Et l'amiante ?") == TYRES.splitlines()[:2]
    assert quoted(TYRES, 2) == TYRES.splitlines()
    papers = "Pièces à fournir\n- un justificatif de domicile\n- une photographie"
    assert quoted(papers, 1) == papers.splitlines()
    asked = "Quels déchets sont refusés ?\n- les pneus\n- l'amiante"
    assert quoted(asked, 2) == asked.splitlines()


@pytest.mark.parametrize(
    ("opener", "item"),
    [
        ("Certains déchets ne sont pas acceptés.", "- les pneus"),
        ("Octobre", "- Samedi 4, de 9 h à 13 h : braderie de livres."),
        ("Déchets interdits", "- Les pneus vont au garage."),
    ],
)
def test_what_limits_items_opens_their_list_even_as_a_sentence(opener: str, item: str) -> None:
    assert quoted(f"{opener}\n{item}", 1) == [opener, item]


@pytest.mark.parametrize(
    ("above", "item"),
    [
        ("Accès", "- Une carte est nécessaire."),
        ("Les feux sont interdits.", "- Le parc ferme à 19 heures."),
        ("- Les chiens sont interdits. Les chats ne sont pas admis.", "- les vélos"),
        (f"Le service est ouvert à {'tous, ' * 20}sans condition", "- les pneus"),
    ],
)
def test_what_says_nothing_of_items_opens_no_list(above: str, item: str) -> None:
    text = f"{above}\n{item}"
    assert quoted(text, len(candidates(text)) - 1) == [item]


def test_an_item_of_two_sentences_does_not_end_its_list() -> None:
    text = "Ne sont pas acceptés\n- les pneus. Ils vont au garage.\n- l'amiante"
    assert quoted(text, 3, asked="Et l'amiante ?") == ["Ne sont pas acceptés", "- l'amiante"]
    assert quoted(text, 2) == ["Ils vont au garage."]


@each("marks", ["1. |2. ", "1) |2) ", "a) |b) ", "● |● ", "◦ |◦ ", "▪ |▪ ", "– |– "])
def test_items_are_known_by_any_mark(marks: str) -> None:
    first, second = marks.split("|")
    lines = ["Sont interdits :", f"{first}les feux", f"{second}les chiens"]
    assert quoted("\n".join(lines), 2) == lines


def test_items_without_a_mark_are_known_by_their_commas_under_what_denies() -> None:
    fines = "Sont interdits :\nles feux,\nles chiens,\nles drones.\nLe parc ferme à 19 heures."
    assert quoted(fines, 2) == fines.splitlines()[:4]
    assert quoted(fines, 3) == fines.splitlines()[:4]
    assert quoted(fines, 4) == fines.splitlines()[4:]
    letter = "Fait le 12 mai :\nMadame la maire,\nJ'habite ici depuis toujours."
    assert quoted(letter, 2) == letter.splitlines()[2:]


NESTED = """Sont interdits :
- dans le parc :
• les feux ;
• les chiens.
- dans le square :
• le vélo.
- le bruit."""


def test_an_inner_list_comes_under_the_outer_line_that_denies() -> None:
    lines = NESTED.splitlines()
    assert quoted(NESTED, 3) == lines[:4]
    assert quoted(NESTED, 5) == [lines[0], *lines[4:6]]
    assert quoted(NESTED, 6, asked="Et le bruit ?") == [lines[0], lines[6]]
    of_pages = NESTED.replace("•", "-")
    assert quoted(of_pages, 5, asked="Et le vélo ?") == [lines[0], lines[4], "- le vélo."]
    assert quoted(NESTED.replace("Sont interdits", "Le règlement"), 5) == lines[4:6]


def test_what_stands_right_over_an_opener_and_denies_is_quoted_too() -> None:
    text = "Sont refusés\nÀ la plateforme :\n- les pneus"
    assert quoted(text, 2) == text.splitlines()
    assert quoted(text.replace(" :", ""), 2) == text.replace(" :", "").splitlines()
    anew = "Sont refusés :\n- les pneus ;\nHoraires :\n- le lundi"
    assert quoted(anew, 3) == anew.splitlines()[2:]


def test_an_item_is_never_put_under_the_opener_of_another_list() -> None:
    text = "Sont acceptés :\n- le bois\n2. Déchets refusés\n- les pneus\n- l'amiante"
    assert quoted(text, 3) == text.splitlines()[2:]
    assert quoted(text, 1) == text.splitlines()[:2]
    assert quoted(text, 1, 3) == [text.splitlines()[n] for n in (0, 1, 2, 3)]


def test_a_sentence_that_leaves_out_what_limits_an_item_misleads() -> None:
    tyres = [candidates(TYRES)[1]]
    assert misleads_alone(tyres, with_neighbours(tyres, "Les pneus sont-ils acceptés ?"))
    row = [candidates(SEASONS)[1]]
    assert misleads_alone(row, with_neighbours(row, "Quels sont les horaires le lundi ?"))


SEASONS = """Du 1er avril au 31 octobre
Jour : Lundi ; Matin : 9 h – 12 h ; Après-midi : 14 h – 18 h
Jour : Mardi ; Matin : fermé ; Après-midi : 14 h – 18 h
Du 2 novembre au 31 mars
Jour : Lundi ; Matin : 10 h – 12 h ; Après-midi : 14 h – 17 h
Jour : Mardi ; Matin : fermé ; Après-midi : 14 h – 17 h"""


def test_rows_come_under_the_season_of_their_own_table() -> None:
    lines = SEASONS.splitlines()
    asked = "Quels sont les horaires le lundi ?"
    assert quoted(SEASONS, 1, asked=asked) == lines[:2]
    assert quoted(SEASONS, 4, asked=asked) == lines[3:5]
    assert quoted(SEASONS, 1, 4, asked=asked) == [lines[n] for n in (0, 1, 3, 4)]
    assert quoted(SEASONS, 1) == lines[:3]


@each(
    "over, is_quoted",
    [
        ("Vacances scolaires", True),
        ("Habitants de la commune", True),
        ("Salle des Tilleuls", True),
        ("Sont refusés", True),
        ("Tarifs", False),
        ("Le tarif a été voté en été.", False),
    ],
)
def test_a_row_comes_under_the_line_that_says_when_where_or_for_whom(
    over: str, is_quoted: bool
) -> None:
    row = "Durée : une journée ; Prix : 180 €"
    assert quoted(f"{over}\n{row}", 1) == ([over, row] if is_quoted else [row])


def test_what_alone_tells_two_tables_apart_is_quoted_with_their_rows() -> None:
    row, other = "Durée : un jour ; Prix : 180 €", "Durée : un jour ; Prix : 90 €"
    assert quoted(f"Les Tilleuls\n{row}\nLe Lavoir\n{other}", 3) == ["Le Lavoir", other]


def test_hours_in_two_columns_come_under_their_season_where_a_day_is_told_twice() -> None:
    text = "En été\nLundi : 9 h – 18 h\nMardi : fermé\nEn hiver\nLundi : 10 h – 17 h"
    assert quoted(text, 4) == ["En hiver", "Lundi : 10 h – 17 h"]
    assert quoted(text, 2) == text.splitlines()[:3]
    assert quoted(text, 2, asked="Et le mardi ?") == ["En été", "Mardi : fermé"]
    once = "En été\nLundi : 9 h – 18 h\nMardi : fermé"
    assert quoted(once, 2, asked="Et le mardi ?") == ["En été", "Mardi : fermé"]
    assert quoted(once.replace("En été", "Accueil"), 2, asked="Et le mardi ?") == ["Mardi : fermé"]


@pytest.mark.parametrize(("halves", "is_whole"), [(14, True), (15, False)])
def test_a_week_of_half_days_is_quoted_whole(halves: int, is_whole: bool) -> None:
    days = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
    lines = [f"{day} {half} : 9 h" for day in days for half in ("matin", "après-midi")]
    week = [*lines, "Dimanche soir : 18 h"][:halves]
    assert quoted("\n".join(week), 0) == (week if is_whole else week[:1])
