# SPDX-License-Identifier: EUPL-1.2
"""Lists, counts and votes come from what is known of the acts, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers import Answer, Refusal
from assistant.listing import acts_query
from corpus.documents import Filters
from tests.assistant.conftest import Opener
from tests.fakes import ScriptedModel

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
    assert (query.kind, query.year, query.topic, query.vote) == (kind, year, topic, vote)


@pytest.mark.parametrize(
    "question",
    [
        "Combien coûte la cantine ?",
        "Que dit la délibération sur la voirie ?",
        "Quel arrêté interdit les feux ?",
        "Combien d'habitants compte la commune ?",
    ],
)
def test_a_question_about_one_act_or_none_is_no_list(question: str) -> None:
    assert acts_query(question) is None


def test_a_span_of_years_is_read() -> None:
    query = acts_query("Quelles conventions entre 2015 et 2018 ?")

    assert query is not None
    assert (query.year, query.since, query.until) == (0, "2015-01-01", "2018-12-31")


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
