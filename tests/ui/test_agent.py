# SPDX-License-Identifier: EUPL-1.2
"""What an agent reads, step by step, in French."""

from __future__ import annotations

import errno
from collections.abc import Generator, Sequence
from dataclasses import replace

import pytest

from assistant.answers import Own, Reason, Refusal, Step, Waiting
from assistant.errors import BadQuestion, ModelFailed, ModelInterrupted, PromptTooLong
from assistant.queue import QueueFull
from assistant.texts import Texts
from corpus.errors import CorpusError
from guardrails.errors import DetectorFailed, RegisterUnavailable, TextTooLong
from tests.table import each
from tests.ui.town import EVIDENCE, FIRST, RECORD, SENTENCES, answering, found, refusing
from ui.agent import Phase, View, explain, hidden_in, status, views

FR = Texts("fr")


def played(steps: Sequence[Step], error: Exception | None = None) -> Generator[Step, None, None]:
    yield from steps
    if error:
        raise error


def shown(steps: Sequence[Step], error: Exception | None = None) -> list[View]:
    return list(views(played(steps, error), FR))


def test_the_sources_come_first_then_the_answer_grows_sentence_by_sentence() -> None:
    screens = shown(answering("Prix du repas ?"))

    assert [screen.phase for screen in screens] == [
        Phase.SEARCHING, Phase.FOUND, Phase.ANSWERING, Phase.ANSWERING, Phase.ANSWERED,
    ]  # fmt: skip
    assert [len(screen.sentences) for screen in screens] == [0, 0, 1, 2, 2]
    assert [len(screen.citations) for screen in screens] == [0, 0, 1, 2, 2]
    assert all(screen.evidence == EVIDENCE for screen in screens[1:])
    assert screens[-1].record == RECORD


def test_each_state_is_said_in_one_line() -> None:
    assert [status(screen, FR) for screen in shown(answering("Prix du repas ?"))] == [
        "Recherche dans les documents…",
        "2 passages trouvés. Rédaction et vérification de la réponse…",
        "2 passages trouvés. Rédaction et vérification de la réponse…",
        "2 passages trouvés. Rédaction et vérification de la réponse…",
        "Réponse prête, appuyée sur 2 citations.",
    ]
    one = View(phase=Phase.ANSWERED, sentences=SENTENCES[:1], citations=(FIRST,))
    assert status(one, FR) == "Réponse prête, appuyée sur 1 citation."


def test_where_nothing_was_found_nothing_is_said_to_be_written() -> None:
    assert status(View(phase=Phase.FOUND), FR) == "Rien de tel dans les documents."


def test_somebody_who_waits_is_told_how_many_are_before() -> None:
    steps = [found("Prix ?"), Waiting(position=2), Waiting(position=1), *answering("Prix ?")[1:]]

    assert [status(screen, FR) for screen in shown(steps)][1:5] == [
        "2 passages trouvés. Rédaction et vérification de la réponse…",
        "Passages trouvés. D’autres questions passent avant la vôtre : 2.",
        "Passages trouvés. Une autre question passe avant la vôtre.",
        "2 passages trouvés. Rédaction et vérification de la réponse…",
    ]


def test_who_waits_for_their_own_question_is_told_so() -> None:
    waits = [
        Waiting(position=3, own=Own.WAITS),
        Waiting(position=2, own=Own.READ),
        Waiting(position=1, own=Own.READ),
    ]
    screens = shown([found("Prix ?"), *waits, *answering("Prix ?")[1:]])

    assert [status(screen, FR).replace("\xa0", " ") for screen in screens][2:5] == [
        "Passages trouvés. Votre autre question attend aussi et passe d’abord ; "
        "celle-ci est à la place 3.",
        "Passages trouvés. Votre autre question est en cours de lecture ; "
        "celle-ci vient après, à la place 2.",
        "Passages trouvés. Votre autre question est en cours de lecture ; celle-ci la suit.",
    ]
    english = [status(screen, Texts("en")) for screen in screens][4]
    assert english == "Passages found. Your other question is being read; this one follows it."


def test_a_line_that_is_full_of_ones_own_questions_blames_nobody_else() -> None:
    own = explain(QueueFull("queue_full_own", waiting=4), FR)
    assert own.startswith("4 de vos questions attendent déjà.")
    assert explain(QueueFull("queue_full", waiting=200), FR).startswith("Trop de questions")


@each("phase", Phase)
def test_every_state_has_its_line_in_both_languages(phase: Phase) -> None:
    for texts in (FR, Texts("en")):
        line = status(View(phase=phase), texts)
        assert bool(line) is (phase is not Phase.IDLE)


def test_a_refusal_keeps_all_passages_that_were_shown_those_it_speaks_of_first() -> None:
    steps = refusing("Qui a gagné ?", Reason.CONTRADICTION)
    assert isinstance(steps[1], Refusal)
    last = shown([steps[0], replace(steps[1], nearest=EVIDENCE[1:])])[-1]

    assert last.phase is Phase.REFUSED
    assert last.reason is Reason.CONTRADICTION
    assert last.evidence == (EVIDENCE[1], EVIDENCE[0])


def test_a_refusal_takes_back_what_was_said() -> None:
    said_then_refused = [*answering("Prix ?")[:2], refusing("Prix ?")[1]]

    assert shown(said_then_refused)[-1].sentences == ()


def test_a_citation_that_two_sentences_bring_is_listed_once() -> None:
    said = answering("Prix ?")[1]

    assert shown([found("Prix ?"), said, said])[-1].citations == (FIRST,)


def test_what_was_hidden_is_named_once_and_in_order() -> None:
    question = "Où habite [PERSONNE_1], tél. [TÉLÉPHONE_1], fils de [PERSONNE_1] ? [annexe]"

    assert hidden_in(question) == ("[PERSONNE_1]", "[TÉLÉPHONE_1]")


@each(
    "error, words",
    [
        (BadQuestion("empty_question"), "Écrivez d'abord votre question."),
        (BadQuestion("long_question", chars=50_000, max_chars=2000), "50000 caractères, 2000"),
        (TextTooLong(90_000, 20_000), "90000 caractères, 20000"),
        (RegisterUnavailable("/x"), "Le registre ne peut pas être écrit"),
        (DetectorFailed("names"), "n'a pas pu être examinée en entier"),
        (ModelFailed("model_failed", name="petit"), "Le modèle de langue ne répond pas"),
        (ModelInterrupted("model_interrupted", name="petit"), "Vous pouvez reposer la question."),
        (PromptTooLong("prompt_too_long", tokens=9, max_tokens=8), "raccourcissez-la"),
        (CorpusError("x"), "Les documents ne peuvent pas être lus"),
        (OSError(errno.EIO, "x"), "Quelque chose a échoué"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_is_said_in_plain_words(error: Exception, words: str) -> None:
    screens = shown([found("Prix ?")], error)

    assert screens[-1].phase is Phase.FAILED
    assert words in screens[-1].error
    assert screens[-1].evidence == EVIDENCE
    assert explain(error, Texts("en")) != screens[-1].error


def test_a_question_that_was_interrupted_says_that_it_can_be_asked_again() -> None:
    view = shown([found("Prix ?")], ModelInterrupted("model_interrupted", name="petit"))[-1]

    assert view.is_interrupted
    assert status(view, Texts("fr")) == "Question interrompue : vous pouvez la reposer."
    failed = shown([found("Prix ?")], ModelFailed("model_failed", name="petit"))[-1]
    assert not failed.is_interrupted
    assert status(failed, Texts("fr")) == "La question n'a pas abouti."


def test_an_error_that_nobody_foresaw_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        shown([], ZeroDivisionError())
