# SPDX-License-Identifier: EUPL-1.2
"""Whoever leaves is not read for: the next excerpt, the next word are left, and it is sealed so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from assistant.answers import Answer
from assistant.leaving import Gone, stop_if_gone, watched
from assistant.pipeline import SEARCHED_AT_ONCE, Assistant
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


def left(assistant: Assistant, gone: Callable[[], bool]) -> bool:
    """Ask with somebody who leaves; say whether that was noticed before the end."""

    def ask() -> bool:
        with watched(gone):
            try:
                list(assistant.steps(PRICE, actor="agnes"))
            except Gone:
                return True
            return False

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask).result()


def ends(register: Register) -> list[object]:
    closed = (entry.payload for entry in register.entries() if entry.kind is Kind.OUTCOME)
    return [end["status"] for end in closed if end]


def test_who_waits_to_be_searched_and_leaves_is_searched_no_more(
    open_assistant: Opener, register: Register
) -> None:
    assistant = open_assistant(ScriptedModel(["4,20"], "Le repas coûte 4,20 euros."))
    looks = iter([False])
    with ExitStack() as others, ThreadPoolExecutor(1) as thread:
        for _ in range(SEARCHED_AT_ONCE):
            others.enter_context(assistant._front.passing())
        asked = thread.submit(left, assistant, lambda: next(looks, True))
        try:
            assert asked.result(timeout=20)
        finally:
            others.close()

    assert ends(register) == ["abandoned"]
    assert assistant._front.empty(0)
    assert isinstance(assistant.ask(PRICE), Answer)


def test_who_waits_for_a_turn_and_leaves_waits_no_more(
    open_assistant: Opener, register: Register
) -> None:
    assistant = open_assistant(
        ScriptedModel(["4,20"], "Le repas coûte 4,20 euros."), wait_seconds=5
    )
    with assistant._queue.enter("boris"):
        assert left(assistant, lambda: len(assistant._queue) > 0)
        assert len(assistant._queue) == 0

    assert ends(register) == ["abandoned"]


@pytest.mark.parametrize(
    ("during", "spared"),
    [("_guard.screen", "_search"), ("_search", "_model.log_probability")],
    ids=["hidden", "searched"],
)
def test_who_leaves_during_one_stage_is_spared_the_next(
    open_assistant: Opener,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    during: str,
    spared: str,
) -> None:
    assistant = open_assistant(ScriptedModel(["4,20"], "Le repas coûte 4,20 euros."))
    leave, goes_on = Event(), Event()

    def marked(path: str, event: Event) -> None:
        *way, name = path.split(".")
        owner: object = assistant
        for part in way:
            owner = getattr(owner, part)
        real = getattr(owner, name)

        def also(*args: object, **named: object) -> object:
            event.set()
            return real(*args, **named)

        monkeypatch.setattr(owner, name, also)

    marked(during, leave)
    marked(spared, goes_on)

    assert left(assistant, leave.is_set)
    assert not goes_on.is_set()
    assert ends(register) == ["abandoned"]
