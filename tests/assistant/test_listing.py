# SPDX-License-Identifier: EUPL-1.2
"""Lists, counts and votes come from what is known of the acts, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers import Answer, Refusal
from assistant.asked_acts import acts_query, asks_list, asks_vote
from corpus.catalogue import VoteKind
from corpus.documents import Filters
from tests.assistant.conftest import Opener
from tests.fakes import ScriptedModel
from tests.table import each

MINUTES = """Conseil municipal – Procès-verbal de la séance du 12 mars 2019

1. Réfection de la voirie communale
Le conseil approuve les travaux de la rue des Tilleuls.
Vote : pour : 14, contre : 3, abstentions : 2

2. Subvention au club de lecture
Le conseil accorde 300 euros au club de lecture.
Vote : adopté à l'unanimité

3. Voirie du hameau de Brelle
Le conseil décide de refaire la voirie du hameau.
Vote : pour : 19, contre : 0, abstention : 0
"""


@pytest.fixture
def minutes(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir(exist_ok=True)
    (tmp_path / "documents" / "pv-2019-03-12.txt").write_text(MINUTES, "utf-8")


@pytest.mark.parametrize(
    ("question", "kind", "year", "topic", "vote"),
    [
        ("Combien de délibérations sur la voirie en 2019 ?", "délibération", 2019, "voirie", ""),
        ("Liste des arrêtés de 2023", "arrêté", 2023, "", ""),
        ("Quelles délibérations ont été rejetées en 2020 ?", "délibération", 2020, "", "rejected"),
        (
            "Quelles sont les délibérations votées à l'unanimité sur le budget ?",
            "délibération", 0, "budget", "unanimous",
        ),
    ],
)  # fmt: skip
def test_a_question_over_several_acts_is_read(
    question: str, kind: str, year: int, topic: str, vote: str
) -> None:
    query = acts_query(question)

    assert query is not None
    assert (query.kind, query.topic, query.vote) == (kind, topic, vote)
    assert query.years == frozenset({year} if year else ())


@each(
    "question",
    [
        "Combien coûte la cantine ?",
        "Que dit la délibération sur la voirie ?",
        "Quel arrêté interdit les feux ?",
        "Combien d'habitants compte la commune ?",
        "Combien de temps faut-il garder le registre des délibérations ?",
        "Quelles délibérations doivent être transmises au préfet ?",
        "Où est affichée la liste des délibérations ?",
        "Combien de procès-verbaux ont été dressés l'an passé ?",
    ],
)
def test_a_question_about_one_act_or_none_is_no_list(question: str) -> None:
    assert acts_query(question) is None


@each(
    "question, kind, topic",
    [
        ("Nombre d'arrêtés pris en 2023", "arrêté", ""),
        ("Combien y a-t-il eu de délibérations sur la voirie ?", "délibération", "voirie"),
        ("combien le conseil a-t-il pris de délibérations", "délibération", ""),
        ("Combien d'arrêtés la ville a-t-elle pris ?", "arrêté", ""),
        ("quelles délibérations ont été prises sur la voirie", "délibération", "voirie"),
        ("Donnez-moi la liste des arrêtés de voirie", "arrêté", "voirie"),
        (
            "Combien d'arrêtés en application des délibérations ?",
            "arrêté", "application délibérations",
        ),
        ("Combien d'arrêtés rue du 8 mai 1945 ?", "arrêté", "rue 8 mai 1945"),
        ("Combien d'arrêtés pour la décision 2024-17 ?", "arrêté", "décision 2024-17"),
    ],
)  # fmt: skip
def test_a_list_is_asked_for_in_many_words(question: str, kind: str, topic: str) -> None:
    query = acts_query(question)

    assert query is not None
    assert (query.kind, query.topic) == (kind, topic)


@each(
    "words, years, since, until",
    [
        ("en 2019 et en 2023", {2019, 2023}, "", ""),
        ("en 2019, 2021 ou 2023", {2019, 2021, 2023}, "", ""),
        ("des années 2021 et 2022", {2021, 2022}, "", ""),
        ("entre 2015 et 2018", set(), "2015-01-01", "2018-12-31"),
        ("de 2019 à 2023", set(), "2019-01-01", "2023-12-31"),
        ("depuis 2019 jusqu'en 2023", set(), "2019-01-01", "2023-12-31"),
        ("from 2019 to 2023", set(), "2019-01-01", "2023-12-31"),
        ("2019-2023", set(), "2019-01-01", "2023-12-31"),
        ("après 2020", set(), "2021-01-01", ""),
        ("depuis 2020", set(), "2020-01-01", ""),
        ("à partir de 2021", set(), "2021-01-01", ""),
        ("dès 2021", set(), "2021-01-01", ""),
        ("dès le 3 juin 2024", set(), "2024-06-03", ""),
        ("jusqu'en 2020", set(), "", "2020-12-31"),
        ("avant 2020", set(), "", "2019-12-31"),
        ("avant le 1er mars 2024", set(), "", "2024-02-29"),
        ("le 12 juin 2024", set(), "2024-06-12", "2024-06-12"),
        ("à la séance du mercredi 12/06/2024", set(), "2024-06-12", "2024-06-12"),
        ("en février 2024", set(), "2024-02-01", "2024-02-29"),
        ("ce mois-ci (juin 2024)", set(), "2024-06-01", "2024-06-30"),
        ("à la dernière séance du conseil (12 juin 2025)", set(), "2025-06-12", "2025-06-12"),
        ("à l'avant-dernière séance (12 juin 2025)", set(), "2025-06-12", "2025-06-12"),
        ("depuis l'an dernier (2025)", set(), "2025-01-01", ""),
        ("il y a deux ans (2024)", {2024}, "", ""),
        ("de janvier à mars 2024", set(), "2024-01-01", "2024-03-31"),
        ("du 3 au 12 juin 2024", set(), "2024-06-03", "2024-06-12"),
    ],
)
def test_a_time_is_read_and_is_no_topic(
    words: str, years: set[int], since: str, until: str
) -> None:
    query = acts_query(f"Quelles conventions {words} ?")

    assert query is not None
    assert query.years == frozenset(years)
    assert (query.since, query.until, query.topic) == (since, until, "")


@pytest.mark.parametrize(
    "words", ["en mai et juin 2024", "des 3 et 5 juin 2024", "en juin 2023 et en juin 2024"]
)
def test_days_or_months_that_stand_apart_are_no_span(words: str) -> None:
    query = acts_query(f"Liste des arrêtés {words}")

    assert query is not None
    assert query.since > query.until


@pytest.mark.parametrize("words", ["avant fin 2023", "le 31 février 2024", "au printemps 2024"])
def test_a_time_that_is_not_understood_finds_nothing_rather_than_too_much(words: str) -> None:
    query = acts_query(f"Liste des arrêtés {words}")

    assert query is not None
    assert query.topic


@each(
    "words, vote",
    [
        ("n'ont pas été adoptées à l'unanimité", "contested"),
        ("ont été adoptées sans abstention ni voix contre", "unanimous"),
        ("ont été adoptées sans opposition ni abstention", "unanimous"),
        ("sur les agents non titulaires ont été votées à l'unanimité", "unanimous"),
        ("ont eu des abstentions", "abstained"),
        ("ont eu des abstentions ou des voix contre", "contested"),
        ("ont été adoptées avec des voix contre", "against"),
    ],
)
def test_a_vote_is_read_with_what_denies_it(words: str, vote: VoteKind) -> None:
    query = acts_query(f"Quelles délibérations {words} ?")

    assert query is not None
    assert query.vote == vote


@pytest.mark.parametrize(
    "words",
    [
        "ont été adoptées sans abstention",
        "n'ont pas été rejetées",
        "n'ont pas été adoptées",
        "ont été votées sans voix contre",
    ],
)
def test_a_vote_that_no_record_tells_makes_no_list(words: str) -> None:
    question = f"Quelles délibérations {words} ?"

    assert acts_query(question) is None
    assert asks_list(question)


@each(
    "question, is_asked",
    [
        ("Qui s'est opposé à la piscine ?", True),
        ("qui s'est abstenu sur la voirie", True),
        ("Qui a voté pour le budget ?", True),
        ("Qui a voté contre le budget ?", True),
        ("Combien d'élus se sont abstenus sur le budget ?", True),
        ("Combien de conseillers se sont opposés aux caméras ?", True),
        ("Nombre de voix contre la garantie d'emprunt", True),
        ("Comment le conseil a-t-il voté sur le budget ?", True),
        ("Comment voter par procuration ?", False),
        ("Combien d'élus au conseil municipal ?", False),
        ("Comment se passe le vote pour les Français de l'étranger ?", False),
        ("Combien de voix faut-il pour être élu ?", False),
        ("De combien de pour cent mon loyer a augmenté ?", False),
        ("Quel pourcentage la commune a voté pour 2021 sur les maisons ?", False),
        ("Quand la délibération sur la piscine a-t-elle été votée ?", False),
    ],
)
def test_a_vote_is_told_from_voting(question: str, *, is_asked: bool) -> None:
    assert asks_vote(question) is is_asked


def test_a_count_shows_what_it_counts(minutes: None, open_assistant: Opener) -> None:
    answer = open_assistant().ask("Combien de délibérations sur la voirie en 2019 ?")

    assert isinstance(answer, Answer)
    assert answer.text.startswith("2 actes")
    assert [c.quote for c in answer.citations] == [
        "1. Réfection de la voirie communale",
        "3. Voirie du hameau de Brelle",
    ]


def test_a_count_never_needs_the_model(minutes: None, open_assistant: Opener) -> None:
    model = ScriptedModel()

    open_assistant(model).ask("Combien de délibérations en 2019 ?")

    assert model.prompts == []


def test_no_act_is_no_zero(minutes: None, open_assistant: Opener) -> None:
    model = ScriptedModel()

    refusal = open_assistant(model).ask("Combien de délibérations sur le cimetière en 2019 ?")

    assert isinstance(refusal, Refusal)


def test_a_vote_is_quoted_where_it_is_written(minutes: None, open_assistant: Opener) -> None:
    answer = open_assistant().ask(
        "Combien de voix contre pour la réfection de la voirie communale, rue des Tilleuls ?"
    )

    assert isinstance(answer, Answer)
    assert "contre : 3" in answer.text
    assert answer.citations[0].file == "pv-2019-03-12.txt"


def test_a_vote_on_another_matter_is_not_quoted(minutes: None, open_assistant: Opener) -> None:
    model = ScriptedModel()

    outcome = open_assistant(model).ask(
        "Combien de voix contre pour l'achat du nouveau camion des pompiers ?"
    )

    assert isinstance(outcome, Refusal)


@pytest.mark.parametrize(
    "question",
    [
        "Qui a voté contre ?",
        "Qui s'est abstenu sur cette délibération ?",
        "Qui a voté contre à la séance du 12 mars 2019 ?",
        "Combien de voix contre pour la réfection de la voirie communale en 2021 ?",
    ],
)
def test_a_vote_on_nothing_that_is_named_or_of_another_year_is_not_quoted(
    minutes: None, open_assistant: Opener, question: str
) -> None:
    outcome = open_assistant(ScriptedModel()).ask(question)

    assert isinstance(outcome, Refusal)


def test_a_vote_is_quoted_for_who_opposed_it_that_year(
    minutes: None, open_assistant: Opener
) -> None:
    answer = open_assistant().ask(
        "Qui s'est opposé à la réfection de la voirie communale en mars 2019 ?"
    )

    assert isinstance(answer, Answer)
    assert "contre : 3" in answer.text


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        (Filters(), True),
        (Filters(since="2019-01-01", until="2019-12-31"), True),
        (Filters(kinds=frozenset({"délibération"})), True),
        (Filters(since="2020-01-01"), False),
        (Filters(until="2018-12-31"), False),
        (Filters(kinds=frozenset({"arrêté"})), False),
        (Filters(collections=frozenset({"conseil"})), False),
    ],
)
def test_a_list_holds_only_what_the_filters_let_through(
    minutes: None, open_assistant: Opener, filters: Filters, is_found: bool
) -> None:
    *_, last = open_assistant(ScriptedModel()).steps(
        "Combien de délibérations sur la voirie ?", filters=filters
    )

    assert isinstance(last, Answer) is is_found
