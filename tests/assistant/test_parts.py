# SPDX-License-Identifier: EUPL-1.2
"""Which messages ask two things, where they part, and what a later part takes from the first."""

from __future__ import annotations

import pytest

from assistant.answers import Reason
from assistant.parts import MOST_PARTS, Part, parts_of
from assistant.questions import QuestionKind, understand
from guardrails.findings import Screened


def parted(text: str) -> tuple[Part, ...]:
    return parts_of(understand(Screened(text)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Où est la piscine et c'est combien ?", ["Où est la piscine", "c'est combien ?"]),
        (
            "la salle des fêtes c'est combien et est-ce qu'il y a une cuisine",
            ["la salle des fêtes c'est combien", "est-ce qu'il y a une cuisine"],
        ),
        (
            "Quand passe le camion des encombrants ? Et comment s'inscrire ?",
            ["Quand passe le camion des encombrants", "comment s'inscrire ?"],
        ),
        (
            "Bonjour, quel est le prix de la garderie, faut-il réserver ?",
            ["Bonjour, quel est le prix de la garderie", "faut-il réserver ?"],
        ),
        (
            "horaires bibliothèque ainsi que le tarif famille",
            ["horaires bibliothèque", "le tarif famille"],
        ),
        (
            "Je voudrais louer la halle, quel est le prix et quand faut-il payer ?",
            ["Je voudrais louer la halle, quel est le prix", "quand faut-il payer ?"],
        ),
    ],
)
def test_two_things_are_parted(text: str, words: list[str]) -> None:
    assert [part.words for part in parted(text)] == words


@pytest.mark.parametrize(
    "text",
    [
        "Quel est le tarif de la cantine ?",
        "Quels sont les horaires du mardi et du samedi ?",
        "J'ai perdu mon bac, combien va-t-il me coûter ?",
        "Je suis nouveau et j'ai un chien, où l'enregistrer ?",
        "À quelle heure et quel jour a lieu le marché ?",
        "Mon voisin aboie quand il est seul, que peut faire la mairie ?",
        "Où est la piscine ? Merci d'avance.",
        "Que craint-on que l'usine puisse produire et qui finirait dans l'eau ?",
        "Quel est le prix et quand payer la cantine ?",
        "Ai-je droit au RSA et comment le demander ?",
        "",
        "et combien ?",
    ],
)
def test_one_thing_stays_whole(text: str) -> None:
    (part,) = parted(text)
    assert part.words == part.question.text == text


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Où est la piscine et c'est combien ?", "c'est combien : la piscine ?"),
        (
            "combien de places a la grande salle et est-ce qu'il y a une cuisine ?",
            "est-ce qu'il y a une cuisine : de places a la grande salle ?",
        ),
        (
            "Je loue un gîte, comment déclarer la taxe de séjour et à quel prix ? Merci d'avance.",
            "À quel prix : déclarer la taxe de séjour ?",
        ),
        (
            "Où est la piscine et quels sont les horaires de la bibliothèque municipale ?",
            "quels sont les horaires de la bibliothèque municipale ?",
        ),
    ],
)
def test_a_later_part_stands_alone(text: str, asked: str) -> None:
    assert parted(text)[1].question.text == asked


def test_each_part_has_its_own_kind_and_the_language_of_the_whole() -> None:
    first, second = parted("Combien coûte l'entrée de la piscine et quand ouvre-t-elle ?")
    assert first.question.kind is QuestionKind.AMOUNT
    assert second.question.kind is QuestionKind.DATE
    assert first.question.language == second.question.language == "fr"


def test_no_message_has_more_parts_than_are_read() -> None:
    text = "Où est la piscine et " + " et ".join(["combien coûte la piscine"] * 6) + " ?"
    assert len(parted(text)) == MOST_PARTS


def test_what_is_refused_whole_is_not_parted() -> None:
    text = "Où habite [PERSONNE_1] et quel est son numéro ?"
    assert [part.question.refusal for part in parted(text)] == [Reason.PERSONAL_DATA]


def test_letters_that_fold_to_several_leave_a_message_whole() -> None:
    assert len(parted("Où est le ﬁlm et c'est combien ?")) == 1
