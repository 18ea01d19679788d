# SPDX-License-Identifier: EUPL-1.2
"""Reasons that need sources of their own, from the question to the words that are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answers import Answer, Reason, Refusal
from assistant.refusals import refusal_words
from assistant.settings import Town
from assistant.texts import Texts
from guardrails.register import Register
from guardrails.register.records import Kind
from tests.assistant.conftest import Opener
from tests.fakes import ScriptedModel

PRICE = "Combien coûte le repas de la cantine ?"
FOUR = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."
FIVE = "Le repas de la cantine coûte 5,10 euros pour un enfant de la commune."
OVER = "Le prochain conseil municipal a lieu le mercredi 24 septembre 2019 à 19 heures."

Beside = Callable[[str], Opener]


@pytest.fixture
def beside(tmp_path: Path, request: pytest.FixtureRequest) -> Beside:
    """Return a function that opens the small town with one more paper."""

    def open_with(text: str) -> Opener:
        folder = tmp_path / "documents"
        folder.mkdir()
        (folder / "annexe.txt").write_text(text + "\n", "utf-8")
        opener: Opener = request.getfixturevalue("open_assistant")
        return opener

    return open_with


def refused(opener: Opener, asked: str, likes: str) -> Refusal:
    outcome = opener(ScriptedModel([likes], None)).ask(asked)
    assert isinstance(outcome, Refusal)
    return outcome


def test_two_sources_that_disagree_are_both_quoted(beside: Beside, register: Register) -> None:
    refusal = refused(beside(FIVE), PRICE, "euros")

    assert refusal.reason is Reason.CONTRADICTION
    assert {quote.quote for quote in refusal.told} == {FOUR, FIVE}
    assert {one.passage.file for one in refusal.nearest[:2]} == {"cantine.txt", "annexe.txt"}
    words = refusal_words(refusal.reason, Texts("fr"), Town(), refusal.told)
    assert FOUR in words.text
    assert FIVE in words.text
    (end,) = (e.payload for e in register.entries() if e.kind is Kind.OUTCOME)
    assert end is not None
    assert FIVE in str(end["told"])  # what is shown was sealed


def test_a_false_premise_is_told_what_the_act_says(open_assistant: Opener) -> None:
    refusal = refused(open_assistant, "Pourquoi le repas de la cantine coûte-t-il 9 euros ?", "x")

    assert refusal.reason is Reason.FALSE_PREMISE
    assert [(quote.quote, quote.file) for quote in refusal.told] == [(FOUR, "cantine.txt")]


def test_what_was_next_is_out_of_date(beside: Beside) -> None:
    refusal = refused(beside(OVER), "Quand a lieu le prochain conseil municipal ?", "septembre")

    assert refusal.reason is Reason.OUT_OF_DATE
    assert refusal.told == ()
    assert refusal.nearest[0].passage.file == "annexe.txt"


def test_a_quote_that_the_stored_page_does_not_hold_is_never_shown(
    open_assistant: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = open_assistant(ScriptedModel(["4,20"], "Le repas coûte 4,20 euros.")).ask
    assert isinstance(asked(PRICE), Answer)

    monkeypatch.setattr("assistant.saying.cite", lambda candidate, *, number: None)
    outcome = asked(PRICE)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.NOT_GROUNDED

    monkeypatch.setattr(
        "assistant.saying.is_carried", lambda *args, **under: False
    )  # the quotes alone
    outcome = asked(PRICE)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.NOT_GROUNDED


def test_one_of_two_prices_is_told_in_the_words_of_the_source(beside: Beside) -> None:
    both = "L'abonnement du stade coûte 12 euros pour un adulte et 4 euros pour un enfant."
    model = ScriptedModel(["12 euros"], "L'abonnement du stade coûte 12 euros pour un enfant.")

    outcome = beside(both)(model).ask("Combien coûte l'abonnement du stade pour un enfant ?")

    assert isinstance(outcome, Answer)
    assert [sentence.text for sentence in outcome.sentences] == [both]
