# SPDX-License-Identifier: EUPL-1.2
"""Which messages ask two things, where they part, and what a later part takes from the first."""

from __future__ import annotations

import time

import pytest

from assistant.answers import Reason
from assistant.parts import MOST_PARTS, Part, parts_of
from assistant.understanding.kinds import QuestionKind
from assistant.understanding.questions import understand
from assistant.understanding.spellings import spelled_out
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
            ["quel est le prix de la garderie", "faut-il réserver ?"],
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
        "Quel était le tarif de la cantine en 2023 et en 2024 ?",
        "Quels papiers pour le mariage et pour le pacs ?",
        "J'ai perdu mon bac, combien va-t-il me coûter ?",
        "Je suis nouveau et j'ai un chien, où l'enregistrer ?",
        "Mon voisin aboie quand il est seul, que peut faire la mairie ?",
        "Que craint-on que l'usine puisse produire et qui finirait dans l'eau ?",
        # « ou » is « or »
        "Peut-on payer la cantine et la garderie en ligne ou par chèque ?",
        "faut il trier le verre et le papier ou tout mettre ensemble",
        "Combien coûte le repas, ou le forfait mensuel ?",
        # both sides are about one thing that only one of them names
        "À quelle heure et quel jour a lieu le marché ?",
        "Pouvez-vous me donner l'adresse et le numéro de la mairie ?",
        "Je voudrais les horaires et les tarifs de la piscine",
        "Quelle est la durée et le prix d'une concession ?",
        "Quel est le prix et quand payer la cantine ?",
        "Quand commence et quand finit l'enquête publique ?",
        "Combien de voix pour et combien de voix contre ?",
        # or are asked of together
        "Quelle différence entre le tarif commune et le tarif hors commune ?",
        "Pourquoi le prix de l'eau et les tarifs de la cantine ont augmenté ?",
        "Où garer entre la mairie et l'église quand c'est jour de marché ?",
        "Le comité des prix et tarifs se réunit quand ?",
        "Le concert de la MJC « Où et Quand » est à quelle heure ?",
        # what follows asks nothing
        "Où est la piscine ? Merci d'avance.",
        "Quel est le prix du terrain ? L'an dernier le prix était de 300 €.",
        "Quel est le prix de la salle ? Je ne sais pas comment il faut faire.",
        "Bonjour, comment ça va ? Où est la mairie ?",
        "j'ai une question ? où est la mairie",
        "Où est la piscine et où est la piscine ?",
        "c'est combien la piscine et c'est combien la piscine",
        "Ai-je droit au RSA et comment le demander ?",
        "",
        "et combien ?",
    ],
)
def test_one_thing_stays_whole(text: str) -> None:
    (part,) = parted(text)
    assert part.words == part.question.text == spelled_out(text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Où est la piscine et c'est combien ?", "c'est combien : la piscine ?"),
        ("Où est la piscine ?Combien ça coûte ?", "Combien ça coûte : la piscine ?"),
        (
            "combien de places a la grande salle et est-ce qu'il y a une cuisine ?",
            "est-ce qu'il y a une cuisine : de places a la grande salle ?",
        ),
        (
            "Je loue un gîte, comment déclarer la taxe de séjour et à quel prix ? Merci d'avance.",
            "Je loue un gîte, À quel prix : déclarer la taxe de séjour ?",
        ),
        (
            "Où est la piscine et quels sont les horaires de la bibliothèque municipale ?",
            "quels sont les horaires de la bibliothèque municipale ?",
        ),
        ("où est la poste et où est la mairie ?", "où est la mairie ?"),
        (
            "J'habite hors commune, quel est le prix de la cantine et où s'inscrire à l'étude ?",
            "J'habite hors commune, où s'inscrire à l'étude : de la cantine ?",
        ),
        (
            "En 2023, quel était le prix de l'eau et quelle était la taxe sur les ordures ?",
            "En 2023, quelle était la taxe sur les ordures : de l'eau ?",
        ),
        (
            "Quel était le prix de l'eau en 2023 et quelle était la taxe des ordures ménagères ?",
            "quelle était la taxe des ordures ménagères en 2023 ?",
        ),
        (
            "Quel est le tarif de la cantine en 2023 et quel est-il en 2024 ?",
            "Quel est-il en 2024 : le tarif de la cantine ?",
        ),
        (
            "Où est le club de [PERSONNE_1] et combien coûte la licence ?",
            "combien coûte la licence : le club de ?",
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


def test_blanks_and_lines_between_two_things_do_not_matter() -> None:
    assert len(parted("Où est la piscine  et\n\n c'est  combien ?")) == 2


def test_three_things_are_three_parts() -> None:
    words = [part.words for part in parted("Où est la piscine ? C'est combien ? Quand ça ouvre ?")]
    assert words == ["Où est la piscine", "C'est combien", "Quand ça ouvre ?"]


@pytest.mark.parametrize("text", ["Où est l'école du Sacré-Cœur et", "Bonjour… où est l'école et"])
def test_letters_that_fold_to_several_part_too(text: str) -> None:
    assert len(parted(f"{text} combien coûte la cantine ?")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "où est" + " " * 1980 + "x ?",
        "où est\n" * 280,
        "? " * 1000,
        "et " * 660,
        "où est la x et " * 130,
        "combien et " * 180,
        "où est " + "x-" * 900 + "a et c'est combien ?",
        "où est la piscine" + " et c'est combien" * 110,
        "où est la piscine et c'est combien" + " merci" * 300,
        ". " * 1000,
    ],
)
def test_a_long_message_is_read_at_once(text: str) -> None:
    """Bounded by a hundred times what it takes: a pattern that runs away takes seconds."""
    started = time.process_time()
    parted(text[:2000])
    assert time.process_time() - started < 1


def test_a_part_asks_for_no_more_than_the_message_does() -> None:
    parts = parted("Où est la salle des fêtes et joue-t-on dehors quand il pleut ?")
    assert all(part.question.refusal is None for part in parts)
