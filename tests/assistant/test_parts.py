# SPDX-License-Identifier: EUPL-1.2
"""Which messages ask two things, where they part, and what a later part takes from the first."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from assistant.answers import Reason
from assistant.moments import absolute, without_dates
from assistant.parts import Part, parts_of
from assistant.pieces import MOST_PARTS
from assistant.understanding.questions import Question, QuestionKind, understand
from assistant.understanding.reading import ReadMatter
from assistant.understanding.spellings import spelled_out
from guardrails.findings import Screened
from tests.fakes import plain_reader
from tests.reading import shipped_reader
from tests.table import each


def parted(text: str, reads: ReadMatter = lambda one: one) -> tuple[Part, ...]:
    return parts_of(reads(understand(Screened(text))), reads)


@each(
    "text, words",
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
        (
            "vous pouvez m'indiquer les horaires de la mairie ainsi que les tarifs de la cantine",
            ["vous pouvez m'indiquer les horaires de la mairie", "les tarifs de la cantine"],
        ),
    ],
)
def test_two_things_are_parted(text: str, words: list[str]) -> None:
    assert [part.words for part in parted(text)] == words


@each(
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
        "Quand mon fils et ma fille doivent-ils s'inscrire ?",
        "",
        "ligne İ ?",
        "et combien ?",
    ],
)
def test_one_thing_stays_whole(text: str) -> None:
    (part,) = parted(text)
    assert part.words == part.question.text == spelled_out(text)


@each(
    "text, asked",
    [
        ("Où est la piscine et c'est combien ?", "c'est combien : la piscine ?"),
        ("Où est la piscine ?Combien ça coûte ?", "Combien ça coûte : la piscine ?"),
        (
            "combien de places a la grande salle et est-ce qu'il y a une cuisine ?",
            "est-ce qu'il y a une cuisine : places a la grande salle ?",
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
        (
            "Pourriez-vous m'indiquer les horaires d'ouverture de la mairie et le numéro ? Merci",
            "le numéro de la mairie ?",
        ),
    ],
)
def test_a_later_part_stands_alone(text: str, asked: str) -> None:
    assert parted(text)[1].question.text == asked


def test_each_part_has_its_own_kind_and_the_language_of_the_whole() -> None:
    both = "Combien coûte l'entrée de la piscine et où est-elle ?"
    first, second = parted(both, plain_reader)
    assert first.question.kind is QuestionKind.AMOUNT
    assert second.question.kind is QuestionKind.PLACE
    assert first.question.language == second.question.language == "fr"


def test_no_message_has_more_parts_than_are_read() -> None:
    text = "Où est la piscine et " + " et ".join(["combien coûte la piscine"] * 6) + " ?"
    assert len(parted(text)) == MOST_PARTS


def test_what_is_refused_whole_is_not_parted() -> None:
    text = "Quelle est l'adresse de [PERSONNE_1] et quel est son numéro ?"
    assert [p.question.refusal for p in parted(text, plain_reader)] == [Reason.PERSONAL_DATA]


def test_blanks_and_lines_between_two_things_do_not_matter() -> None:
    assert len(parted("Où est la piscine  et\n\n c'est  combien ?")) == 2


def test_three_things_are_three_parts() -> None:
    words = [part.words for part in parted("Où est la piscine ? C'est combien ? Quand ça ouvre ?")]
    assert words == ["Où est la piscine", "C'est combien", "Quand ça ouvre ?"]


@pytest.mark.parametrize("text", ["Où est l'école du Sacré-Cœur et", "Bonjour… où est l'école et"])
def test_letters_that_fold_to_several_part_too(text: str) -> None:
    assert len(parted(f"{text} combien coûte la cantine ?")) == 2


@each(
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


VERDICT, PRIVATE = Reason.INDIVIDUAL_VERDICT, Reason.PERSONAL_DATA


@pytest.mark.real
@each(
    "text, refusals",
    [
        (
            "Quel est le montant de l'aide au chauffage et est-ce que je vais l'obtenir ?",
            [None, VERDICT],
        ),
        (
            "Comment demander un logement social et est-ce que ma demande sera acceptée ?",
            [None, VERDICT],
        ),
        ("Quel est le délai d'un permis et mon permis sera-t-il accordé ?", [None, VERDICT]),
        ("Quels sont les horaires de la mairie et est-ce que j'ai droit au RSA ?", [None, VERDICT]),
        ("Est-ce que j'ai droit au RSA et quels sont les horaires de la mairie ?", [VERDICT, None]),
        ("Où est le CCAS et ai-je droit à une aide ?", [None, VERDICT]),
        ("Je touche le RSA, quel est le tarif du bus et ai-je droit à la gratuité ?",
         [None, VERDICT]),
        ("Ai-je droit au RSA, où est la mairie et combien je toucherai ?",
         [VERDICT, None, VERDICT]),
        ("Où est la mairie ? Vais-je obtenir le logement ? Où est la piscine ?",
         [None, VERDICT, None]),
        # somebody whom another part names is not asked about
        ("À quelle heure arrive la secrétaire de mairie et quel est son numéro ?", [None, None]),
        ("Où est la mairie et quel est son numéro ?", [None, None]),
        ("Où est la salle des fêtes et joue-t-on dehors quand il pleut ?", [None, None]),
    ],
)  # fmt: skip
def test_each_part_has_its_own_refusal(text: str, refusals: list[Reason | None]) -> None:
    assert [p.question.refusal for p in parted(text, shipped_reader())] == refusals


@pytest.mark.real
@each(
    "text, refusal",
    [
        # one matter: what is left of a verdict without its yes or no
        ("est-ce que j'ai droit au RSA et combien je toucherai ?", VERDICT),
        ("Ai-je droit au RSA et comment le demander ?", VERDICT),
        ("Combien je toucherai et est-ce que j'ai droit au RSA ?", VERDICT),
        ("Ai-je droit au RSA et quel montant je vais toucher avec deux enfants ?", VERDICT),
        ("Est-ce que ma mère a droit à l'APA et combien elle aura par mois ?", VERDICT),
        ("Ai-je droit à l'APA et combien ?", VERDICT),
        ("Est-ce que mon dossier sera accepté et quand aurai-je la réponse ?", VERDICT),
        ("Suis-je éligible au FSL et où trouver le formulaire ?", VERDICT),
        # what else is asked may go on about the same person
        ("Quels sont les horaires de la mairie et est-ce que mon voisin touche le RSA ?", PRIVATE),
        (
            "Est-ce que mon voisin a payé la cantine et combien doit-il encore à la commune ?",
            PRIVATE,
        ),
        ("Où est la mairie, qui est mon voisin et quel est son salaire ?", PRIVATE),
        # no part is left
        ("Ai-je droit au RSA et est-ce que ma demande de logement sera acceptée ?", VERDICT),
    ],
)
def test_what_is_about_one_matter_is_refused_whole(text: str, refusal: Reason) -> None:
    (part,) = parted(text, shipped_reader())
    assert (part.words, part.question.refusal) == (part.question.text, refusal)


def test_a_verdict_that_stands_in_no_part_is_of_the_whole() -> None:
    both = understand(Screened("Où est la piscine et quand ouvre la mairie ?"))
    (part,) = parts_of(replace(both, refusal=VERDICT), lambda one: one)
    assert part.question.refusal is VERDICT


def test_what_a_verdict_is_about_is_not_carried_on() -> None:
    both = "J'habite loin, ai-je droit au RSA et combien coûte la piscine ?"
    refused, other = parted(both, plain_reader)
    assert refused.question.refusal is VERDICT
    assert other.question.text == "J'habite loin, combien coûte la piscine ?"


@pytest.mark.parametrize(
    ("hears", "reason", "expected"),
    [
        ("est-ce que c'est cuit", VERDICT, VERDICT),
        ("c'est cuit pour moi : ", VERDICT, None),  # its own words say so, or nothing does
    ],
)
def test_each_part_is_read(hears: str, reason: Reason, expected: Reason | None) -> None:
    def read(question: Question) -> Question:
        is_own = question.text == "est-ce que c'est cuit pour moi ?"
        heard = is_own if " : " not in hears else hears in question.text
        return replace(question, refusal=reason) if heard else question

    both = understand(Screened("Où est la piscine et est-ce que c'est cuit pour moi ?"))
    parts = parts_of(both, read)
    assert [part.question.refusal for part in parts] == [None, expected]


@pytest.mark.parametrize(
    ("asks", "own", "completed", "is_refused"),
    [
        ("et mon voisin est-il endetté", PRIVATE, None, False),  # « il » may be the other part's
        ("et combien gagne le boulanger", PRIVATE, None, True),
        ("et est-ce que c'est cuit pour moi", None, PRIVATE, True),
    ],
)
def test_what_is_private_is_heard_in_a_part_s_own_words_unless_they_point(
    asks: str, own: Reason | None, completed: Reason | None, *, is_refused: bool
) -> None:
    def read(question: Question) -> Question:
        if question.text == whole:
            return question
        is_completed = " : " in question.text
        is_first = "piscine" in question.text and not is_completed
        told = None if is_first else completed if is_completed else own
        return replace(question, refusal=told)

    whole = f"Où est la piscine {asks} ?"
    parts = parts_of(understand(Screened(whole)), read)
    assert (parts[0].question.refusal is PRIVATE and len(parts) == 1) is is_refused


@pytest.mark.real
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Quel est le montant de l'aide au chauffage et qui peut l'avoir ?", QuestionKind.FACT),
        ("prêt de vélo électrique, tarif et où le prendre ?", QuestionKind.PLACE),
        ("Quel est le tarif du bus en 2023 et quel est-il en 2024 ?", QuestionKind.AMOUNT),
        ("Les abonnés ont-ils payé plus en 2012 et combien ?", QuestionKind.AMOUNT),
    ],
)
def test_a_later_part_s_kind_is_that_of_its_own_words(text: str, kind: QuestionKind) -> None:
    assert parted(text, shipped_reader())[1].question.kind is kind


def test_a_date_that_was_added_stays_marked() -> None:
    asked = "Combien coûte le bus cette année et où acheter la carte de transport scolaire ?"
    dated = absolute(asked, today=date(2026, 3, 2), last_sitting=lambda _: None)
    first, second = parts_of(replace(understand(Screened(asked)), text=dated), lambda one: one)
    assert "2026" in first.question.text
    assert "2026" in second.question.text
    for part in (first, second):
        assert "2026" not in without_dates(part.question.text)
        assert part.question.years == frozenset()
