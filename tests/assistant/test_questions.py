# SPDX-License-Identifier: EUPL-1.2
"""A question as it is read: without who asks, with the years that it names."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.moments import absolute
from assistant.understanding.questions import understand
from guardrails.findings import Screened
from tests.table import each


def test_an_introduction_is_not_part_of_the_question() -> None:
    asked = understand(Screened("Je m'appelle [PERSONNE_1], à quelle heure ouvre la mairie ?"))
    assert "[PERSONNE_1]" not in asked.text


@pytest.mark.parametrize(
    "text",
    [
        "J'habite au [ADRESSE_1], quand passe le camion ?",
        "nous habitons [ADRESSE_1] et quand passe le camion ?",
        "Je vis au [ADRESSE_2]. quand passe le camion ?",
    ],
)
def test_where_somebody_lives_is_not_part_of_the_question(text: str) -> None:
    assert understand(Screened(text)).text == "quand passe le camion ?"


def test_a_home_alone_is_kept_as_it_was_said() -> None:
    assert understand(Screened("J'habite au [ADRESSE_1]")).text == "J'habite au [ADRESSE_1]"


@each(
    "text",
    [
        "Bonjour, [PERSONNE_1] touche-t-elle le RSA ?",
        "Bonsoir, [PERSONNE_1] touche-t-elle le RSA ?",
        "Salut ! [PERSONNE_1] a-t-il payé la cantine ?",
        "Bonjour [PERSONNE_1] touche le RSA ?",
        "bjr, Mme [PERSONNE_1] est enceinte ?",
        "Bonjour, c'est [PERSONNE_1] qui touche l'APA ?",
    ],
)
def test_a_greeting_leaves_the_person_asked_about(text: str) -> None:
    assert "[PERSONNE_1]" in understand(Screened(text)).text


@each(
    "greeting",
    [
        "Bonjour [PERSONNE_1],",
        "Bonsoir Mme [PERSONNE_1],",
        "Salut [PERSONNE_1] !",
        "Bonjour Madame [PERSONNE_1]\n",
        "Bonjour, je suis [PERSONNE_1],",
    ],
)
def test_who_is_greeted_is_not_part_of_the_question(greeting: str) -> None:
    asked = understand(Screened(f"{greeting} combien coûte la taxe de séjour ?"))
    assert asked.text == "combien coûte la taxe de séjour ?"


@each(
    "text",
    [
        "quotient familial de 1950",
        "QF 2000",
        "mon quotient est de 1950",
        "indice majoré 2000",
        "quotient: 2000",
        "quotient : 2000",
        "quotient familial s'élève à 2000",
        "2000 euros",
        "2000 €",
        "2000,50 €",
        "1 950 €",
        "2000 m2",
        "2000 m²",
        "2000 habitants",
        "2000 kg",
        "2000 km",
        "2000 places",
        "rue du 19 mars 1962",
        "place du 8 mai 1945",
        "avenue du 11 novembre 1918",
        "École du 8-Mai-1945",
        "square du Dix-Neuf-Mars-1962",
    ],
)
def test_an_amount_or_a_street_is_no_year(text: str) -> None:
    assert not understand(Screened(f"Que sait-on de : {text} ?")).years


@each(
    "text, years",
    [
        ("Grille QF 2023-2024", {"2023", "2024"}),
        ("Un quotient de 900 en 2024", {"2024"}),
        ("Marché de Noël 2025 place de la Mairie", {"2025"}),
        ("Le bal sur la place du 13 juillet 2025", {"2025"}),
        ("L'arrêté du 19 mars 1962", {"1962"}),
        ("Les tarifs de 2024,2025", {"2024", "2025"}),
        ("2000 € en 2025", {"2025"}),
    ],
)
def test_years_stay_years(text: str, years: set[str]) -> None:
    assert understand(Screened(text)).years == years


def test_the_language_of_the_question() -> None:
    assert understand(Screened("What time does the library open?")).language == "en"
    assert understand(Screened("La bibliothèque ouvre-t-elle le lundi ?")).language == "fr"


def test_a_year_that_was_added_to_this_year_is_not_asked_for() -> None:
    asked = absolute("Le budget cette année ?", today=date(2026, 3, 2), last_sitting=lambda _: None)

    assert understand(Screened(asked)).years == frozenset()
    assert understand(Screened("Le budget (2026) ?")).years == {"2026"}
