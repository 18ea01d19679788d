# SPDX-License-Identifier: EUPL-1.2
"""What a quote does not carry is not said. One thing is wrong at a time."""

from __future__ import annotations

import pytest

from assistant.grounding import find_quote, numbers, unsupported

QUOTE = (
    "Le repas de la cantine coûte 4,20 euros à partir du 1er septembre 2024 "
    "pour un enfant de Montfleury."
)


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Le repas coûte 4,20 euros.", ""),
        ("Le repas coûte 4,20 € à partir du 1er septembre 2024.", ""),
        ("Le repas de la cantine coûte 4,30 euros.", "number"),
        ("Le repas de la cantine coûte 420 euros.", "number"),
        ("Le repas coûte 4,20 euros à partir du 1er octobre 2024.", "date"),
        ("Le repas coûte 4,20 euros pour un enfant de Valbonne.", "name"),
        ("Le repas de la cantine ne coûte pas 4,20 euros.", "negation"),
        ("Le repas coûte 4,20 euros pour [PERSONNE_1].", "name"),
        ("Toute inscription suppose un justificatif récent délivré par le bailleur.", "words"),
        ("", "words"),
    ],
)
def test_a_sentence_must_stand_in_its_quote(sentence: str, missing: str) -> None:
    assert unsupported(sentence, [QUOTE]) == missing


def test_a_negation_of_the_source_may_not_be_lost() -> None:
    assert unsupported("Le prêt est payant.", ["Le prêt n'est pas payant."]) == "negation"


def test_words_of_the_question_may_be_said_again() -> None:
    quote = ["Tarif : 12 euros."]
    assert unsupported("L'abonnement annuel coûte 12 euros.", quote) == "words"
    assert (
        unsupported(
            "L'abonnement annuel coûte 12 euros.", quote, "Combien coûte l'abonnement annuel ?"
        )
        == ""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 450 000 euros", {"1450000"}),
        ("1\u202f450\u00a0000 euros", {"1450000"}),
        ("12,50 € et 12,5 €", {"12,5"}),
        ("deux repas et vingt minutes", {"2", "20"}),
        ("le 03/05/2024", {"3", "5", "2024"}),
    ],
)
def test_numbers_are_read_whatever_their_writing(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("quote", "found"),
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
