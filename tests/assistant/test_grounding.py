# SPDX-License-Identifier: EUPL-1.2
"""What a quote does not carry is not said. One thing is wrong at a time."""

from __future__ import annotations

import pytest

from assistant.grounding import find_quote, numbers, picks, unsupported
from tests.table import each

QUOTE = (
    "Le repas de la cantine coûte 4,20 euros à partir du 1er septembre 2024 "
    "pour un enfant de Montfleury."
)


@each(
    "sentence, missing",
    [
        ("Le repas coûte 4,20 euros.", ""),
        ("Le repas coûte 4,20 € à partir du 1er septembre 2024.", ""),
        ("Le repas de la cantine coûte 4,30 euros.", "number"),
        ("Le repas de la cantine coûte 420 euros.", "number"),
        ("Le repas coûte 4,20 euros à partir du 1er octobre 2024.", "date"),
        ("Le repas coûte 4,20 euros pour un enfant de Valbonne.", "name"),
        ("Le repas de la cantine ne coûte pas 4,20 euros.", "negation"),
        ("Le repas coûte 4,20 euros pour [PERSONNE_1].", "name"),
        ("Valbonne sert le repas de la cantine à 4,20 euros.", "name"),
        ("Selon la cantine, le repas coûte 4,20 euros.", ""),
        ("L'enfant de Montfleury prend le repas à 4,20 euros.", ""),
        ("Toute inscription suppose un justificatif récent délivré par le bailleur.", "words"),
        ("", "words"),
    ],
)
def test_a_sentence_must_stand_in_its_quote(sentence: str, missing: str) -> None:
    assert unsupported(sentence, [QUOTE]) == missing


def test_a_negation_of_the_source_may_not_be_lost() -> None:
    assert unsupported("Le prêt est payant.", ["Le prêt n'est pas payant."]) == "negation"


def test_an_exception_of_the_source_may_not_be_lost_behind_another_negation() -> None:
    quote = ["La halle ne ferme pas, sauf le dimanche."]
    assert unsupported("La halle ne ferme pas.", quote) == "negation"
    assert unsupported("La halle ne ferme pas, sauf le dimanche.", quote) == ""


@each(
    "sentence, quote, missing",
    [
        ("Le feu n'est pas interdit.", "Le feu est interdit.", "negation"),
        ("Le feu est interdit.", "Le feu n'est pas interdit.", "negation"),
        ("La halle ferme à 22 h.", "La halle ferme à 22 h 30.", "number"),
        ("La halle ferme à 22h30.", "La halle ferme à 22 heures 30.", ""),
        ("La halle ferme à midi.", "La halle ferme à 12 h.", ""),
        ("La halle ferme le 3 mai 2024.", "La halle ferme le 03/05/2024.", ""),
        ("La halle ferme le 03/05/2024.", "La halle ferme le 3 mai 2024.", ""),
        ("La halle ferme le 3 juin 2024.", "La halle ferme le 03/05/2024.", "date"),
        ("La halle compte vingt-cinq places.", "La halle compte 25 places.", ""),
        ("La halle compte vingt-cinq places.", "La halle compte 20 ou 5 places.", "number"),
    ],
)
def test_kinds_of_denial_and_times_are_told_apart(sentence: str, quote: str, missing: str) -> None:
    assert unsupported(sentence, [quote]) == missing


@pytest.mark.parametrize(
    ("sentence", "quote", "expected"),
    [
        ("Un enfant paie 12 €.", "Adultes : 12 € ; enfants : 4 €", True),
        ("Un enfant paie 4 €, un adulte 12 €.", "Adultes : 12 € ; enfants : 4 €", False),
        ("Un enfant paie 4 €.", "Enfants dès 3 ans : 4 €", False),
        ("Il y a deux repas.", "Adultes : 12 euros ; enfants : 4 euros ; deux repas", False),
    ],
)
def test_one_of_several_prices_is_no_sentence_of_the_model(
    sentence: str, quote: str, expected: bool
) -> None:
    assert picks(sentence, [quote]) is expected


@each(
    "sentence, missing",
    [
        ("Cantine: the repas is 4.20 euros on Monday.", ""),
        ("Cantine: the repas is 4.30 euros on Monday.", "number"),
        ("Cantine: the repas is four euros on Monday.", "number"),
        ("Cantine: the repas is 4.20 euros on Tuesdays.", "date"),
        ("Cantine: the repas is 4.20 euros in May.", "date"),
    ],
)
def test_figures_and_days_are_known_in_english(sentence: str, missing: str) -> None:
    assert unsupported(sentence, ["Cantine, lundi : repas 4,20 euros."], "the cantine") == missing


def test_a_word_of_the_question_in_small_letters_is_no_name() -> None:
    quote = ["Tarif du samedi : 12 euros."]
    assert unsupported("Piscine : 12 euros le samedi.", quote, "prix piscine samedi") == ""
    assert unsupported("Piscine : 12 euros le samedi.", quote, "prix du samedi") == "name"


def test_words_of_the_question_may_be_said_again() -> None:
    quote = ["Tarif : 12 euros."]
    assert unsupported("L'abonnement annuel coûte 12 euros.", quote) == "words"
    assert (
        unsupported(
            "L'abonnement annuel coûte 12 euros.", quote, "Combien coûte l'abonnement annuel ?"
        )
        == ""
    )


@each(
    "text, expected",
    [
        ("1 450 000 euros", {"1450000"}),
        ("1\u202f450\u00a0000 euros", {"1450000"}),
        ("12,50 € et 12,5 €", {"12,5"}),
        ("deux repas et vingt minutes", {"2", "20"}),
        ("le 03/05/2024", {"3", "2024"}),  # its month is a word as well: May
        (
            "le 12.06.2025, 4.20 € for two, 1.234.567 habitants",
            {"12", "2025", "4,2", "2", "1234567"},
        ),
    ],
)
def test_numbers_are_read_whatever_their_writing(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@each(
    "quote, found",
    [
        ("coûte 4,20 euros", "coûte 4,20 euros"),
        ("COÛTE  4,20\neuros", "coûte 4,20 euros"),
        ("Le repas de la cantine coute 4,20 euros", "Le repas de la cantine coûte 4,20 euros"),
        ("Le repas de la cantine coûte 4,70 euros", None),
        ("La piscine ouvre le dimanche matin", None),
    ],
    ids=["exact", "white space and case", "near match", "another number", "elsewhere"],
)
def test_a_quote_is_found_and_shown_as_the_source_has_it(quote: str, found: str | None) -> None:
    place = find_quote(quote, QUOTE)
    assert (QUOTE[slice(*place)] if place else None) == found
