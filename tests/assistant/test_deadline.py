# SPDX-License-Identifier: EUPL-1.2
"""Who waits too long gets the sealed extracts; the place is given back."""

from __future__ import annotations

import pytest

from assistant.answers import Answer, Found, Own, Reason, Refusal, Waiting
from assistant.queue import QueueFull
from guardrails.register import Register
from guardrails.register.records import Kind
from tests.assistant.conftest import Opener
from tests.fakes import ScriptedModel

PRICE = "Combien coûte le repas de la cantine ?"


def sure() -> ScriptedModel:
    return ScriptedModel(["4,20"], "Le repas coûte 4,20 euros.")


def test_past_the_deadline_the_sealed_extracts_are_the_reply(
    open_assistant: Opener, register: Register
) -> None:
    assistant = open_assistant(sure(), wait_seconds=0.05)
    with assistant._queue.enter("somebody else"):
        found, *waited, last = assistant.steps(PRICE, actor="agnes")
    assert isinstance(found, Found)
    assert waited and all(isinstance(step, Waiting) for step in waited)
    assert isinstance(last, Refusal)
    assert last.reason is Reason.BUSY
    assert last.nearest == found.evidence[:3]
    kinds = [e.kind for e in register.entries() if e.exchange == last.record]
    assert kinds == [Kind.INTENT, Kind.OUTCOME]


def test_who_waited_for_their_own_question_only_is_not_told_of_others(
    open_assistant: Opener,
) -> None:
    assistant = open_assistant(sure(), wait_seconds=0.05)
    with assistant._queue.enter("agnes"):
        _, *waited, last = assistant.steps(PRICE, actor="agnes")
        assert {step.own for step in waited if isinstance(step, Waiting)} == {Own.READ}
        assert isinstance(last, Refusal)
        assert last.reason is Reason.BUSY_OWN
        *_, other = assistant.steps(PRICE, actor="boris")
        assert isinstance(other, Refusal)
        assert other.reason is Reason.BUSY


def test_its_place_is_given_back(open_assistant: Opener) -> None:
    assistant = open_assistant(sure(), wait_seconds=0.05)
    with assistant._queue.enter("somebody else"):
        assert isinstance([*assistant.steps(PRICE)][-1], Refusal)
        assert len(assistant._queue) == 0
    assert isinstance([*assistant.steps(PRICE)][-1], Answer)


def test_a_turn_that_comes_in_time_is_answered(open_assistant: Opener) -> None:
    assistant = open_assistant(sure(), wait_seconds=30)
    holding = assistant._queue.enter("somebody else")
    steps = assistant.steps(PRICE)
    assert [type(next(steps)), type(next(steps))] == [Found, Waiting]
    holding.__exit__(None, None, None)
    assert isinstance([*steps][-1], Answer)


def test_one_person_has_so_many_questions_waiting_and_no_more(
    open_assistant: Opener, register: Register
) -> None:
    assistant = open_assistant(sure(), waiting_each=1)
    with assistant._queue.enter("somebody else"):
        first = assistant.steps(PRICE, actor="agnes")
        assert [type(next(first)), type(next(first))] == [Found, Waiting]
        with pytest.raises(QueueFull, match="queue_full_own"):
            list(assistant.steps(PRICE, actor="agnes"))
        other = assistant.steps(PRICE, actor="boris")
        assert [type(next(other)), type(next(other))] == [Found, Waiting]
    first.close()
    other.close()
    assert register.verify().holds
