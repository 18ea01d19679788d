# SPDX-License-Identifier: EUPL-1.2
"""A question that nobody looks at any more is left; who comes back in time loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from assistant.answers import Found, Step
from assistant.leaving import stop_if_gone
from assistant.texts import Texts
from tests.ui.senior.conftest import Visit
from tests.ui.town import ScriptedAssistant, answering
from ui.agent import Phase
from ui.senior import asked as desk_of
from ui.senior.asked import LEFT_SECONDS, Desk
from ui.senior.words import Words


class Clock:
    """A clock that is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


@pytest.fixture
def go() -> Iterator[Event]:
    """Once it is set, an assistant that stands still after the sources goes on."""
    go = Event()
    yield go
    go.set()


@pytest.fixture
def still(go: Event) -> ScriptedAssistant:
    def stands(step: Step) -> None:
        while not isinstance(step, Found) and not go.wait(0.01):
            stop_if_gone()

    return ScriptedAssistant(answering, stands)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(still: ScriptedAssistant, clock: Clock, go: Event) -> Iterator[Desk]:
    desk = Desk(still, Texts("fr"), clock)
    yield desk
    go.set()
    desk.close()


def test_nobody_looked_for_long_and_the_question_is_left(
    desk: Desk, clock: Clock, still: ScriptedAssistant
) -> None:
    key = desk.ask("Prix du repas ?", form="a")
    asked = desk.get(key)
    assert asked is not None and until(lambda: bool(asked.view.evidence))

    clock.now += LEFT_SECONDS + 1

    assert until(lambda: asked.view.phase is Phase.STOPPED)
    assert still.left == 1
    assert desk.get(key) is asked  # its page says so
    assert desk.ask("Prix du repas ?", form="a") != key  # and asks it again


def test_who_looks_again_in_time_loses_nothing(desk: Desk, clock: Clock, go: Event) -> None:
    key = desk.ask("Prix du repas ?")
    for _ in range(5):
        clock.now += LEFT_SECONDS - 1
        asked = desk.get(key)
        assert asked is not None and asked.view.is_busy
    go.set()
    assert until(lambda: asked.view.phase is Phase.ANSWERED)


def test_what_is_forgotten_is_left_at_once(desk: Desk) -> None:
    key = desk.ask("Prix du repas ?")
    asked = desk.get(key)
    assert asked is not None and until(lambda: bool(asked.view.evidence))
    desk.forget(key)
    assert until(lambda: asked.view.phase is Phase.STOPPED)


def test_an_answer_that_is_there_is_not_left(desk: Desk, clock: Clock, go: Event) -> None:
    go.set()
    key = desk.ask("Prix du repas ?")
    asked = desk.get(key)
    assert asked is not None and until(lambda: not asked.view.is_busy)
    clock.now += LEFT_SECONDS + 1
    assert desk.get(key) is asked
    assert asked.view.phase is Phase.ANSWERED


def test_its_page_says_that_it_was_left(
    visit: Visit, assistant: ScriptedAssistant, go: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stands(step: Step) -> None:
        while not go.wait(0.01):
            stop_if_gone()

    monkeypatch.setattr(desk_of, "LEFT_SECONDS", 0.0)
    assistant._pause = stands
    with visit() as client:
        token = client.get("/simple").text.split('name="token" value="')[1].split('"')[0]
        form = {"question": "Prix du repas ?", "token": token}
        to = client.post("/simple", data=form, follow_redirects=False).headers["location"]
        assert Words("fr")("left") in client.get(to).text
