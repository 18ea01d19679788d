# SPDX-License-Identifier: EUPL-1.2
"""Whoever leaves is not read for: the next excerpt, the next word are left, and it is sealed so."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from assistant.answers import Answer
from assistant.leaving import Gone, stop_if_gone, watched
from assistant.seams import Prompt
from guardrails.register import Register
from guardrails.register.records import Kind
from tests.assistant.conftest import Opener
from tests.fakes import ScriptedModel

PRICE = "Combien coûte le repas de la cantine ?"


class Slow(ScriptedModel):
    """Somebody leaves while it writes its first word."""

    def __init__(self, leave: Event) -> None:
        super().__init__(["4,20"], "Le repas coûte 4,20 euros.")
        self.leave, self.written = leave, 0

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        for word in ("Le ", "repas ", "coûte ", "4,20 ", "euros."):
            self.written += 1
            self.leave.set()
            yield word


def test_without_a_watch_nobody_is_gone() -> None:
    stop_if_gone()
    with watched(lambda: True), pytest.raises(Gone):
        stop_if_gone()
    stop_if_gone()


def test_a_question_that_is_left_ends_at_the_next_word(
    open_assistant: Opener, register: Register
) -> None:
    leave = Event()
    model = Slow(leave)
    assistant = open_assistant(model)

    with watched(leave.is_set), pytest.raises(Gone):
        list(assistant.steps(PRICE))

    assert model.written == 1
    (end,) = (entry.payload for entry in register.entries() if entry.kind is Kind.OUTCOME)
    assert end is not None
    assert end["status"] == "abandoned"
    assert isinstance(assistant.ask(PRICE), Answer)  # its turn was given back
