# SPDX-License-Identifier: EUPL-1.2
"""Both languages say the same things, and every value of the register has its word."""

from __future__ import annotations

from string import Formatter

import pytest

from assistant.answers import Reason, Via
from assistant.cards import Settled, State, Why
from assistant.cards.serving import MatchedBy
from assistant.comparing.telling import What
from assistant.texts import Language
from guardrails.findings import Entity
from guardrails.register import Kind
from guardrails.register.anomalies import Sign
from guardrails.register.events import AccountChange, Decision, Feedback, SignIn
from guardrails.register.ratings import Said, Source
from ui.auditor.asked import AUDIENCES, FORMS, OUTCOMES
from ui.auditor.figures import Step
from ui.auditor.words import Words, table


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_keys_and_facts() -> None:
    french, english = table("fr"), table("en")
    assert {s: sorted(french[s]) for s in french} == {s: sorted(english[s]) for s in english}
    for section, keys in french.items():
        for key, words in keys.items():
            assert words and facts(words) == facts(english[section][key]), f"[{section}] {key}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_value_has_its_word(language: Language) -> None:
    words = Words(language)
    assert {*words.names("kind")} == {*Kind}
    assert {*words.names("reason")} == {*Reason}
    assert {*words.names("entity")} == {*Entity}
    assert {*Feedback} <= {*words.names("mark")}
    assert [*Said] == [*words.names("said")]
    assert {*Source} - {Source.NONE} == {*words.names("source")}
    assert {*Said} - {Said.PARTLY} == {*words.names("refused")}
    assert {*OUTCOMES, *SignIn, *AccountChange, *Decision} <= {*words.names("outcome")}
    assert {*Via} == {*words.names("via")}
    assert {*MatchedBy} == {*words.names("matched_by")}
    assert {*What} == {*words.names("change")}
    assert {*State, "erased", *Settled} == {*words.names("card")}
    assert {*Why} - {Why.NONE} == {*words.names("why")}
    assert {*AUDIENCES} <= {*words.names("audience")}
    assert {*FORMS, "kit", "checkpoint"} <= {*words.names("purpose")}
    for key in (*(f"sign_{s}" for s in Sign), *(f"step_{s}" for s in Step)):
        assert words.plain(key, count=1)


def test_what_has_no_word_is_shown_as_it_is_and_escaped() -> None:
    assert Words("fr").name("kind", "<b>") == "&lt;b&gt;"


def test_english_writes_numbers_and_days_its_way() -> None:
    words = Words("en")
    assert (words.whole(100_000), words.decimal(1234.5, 1)) == ("100,000", "1,234.5")
