# SPDX-License-Identifier: EUPL-1.2
"""What an event of a Gradio page raises is logged, and printed by nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.answers import Step
from assistant.settings import Settings
from assistant.texts import Texts
from guardrails.guard import open_quick_guard
from guardrails.lastnet import LastNet
from guardrails.register import Register, open_register
from guardrails.register.locks import PATIENCE
from tests.loops import run_apart
from tests.ui.auditor.stand import auditor_app
from tests.ui.town import ScriptedAssistant, answering, town
from ui.access.aside import LOCK_SECONDS
from ui.agent.page import AgentPage
from ui.agent.services import AgentServices
from ui.agent.view import Phase
from ui.sheltered import sheltered

OURS = sheltered.__code__.co_filename

PRIVATE = "ana.petit@exemple.fr"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "register", tmp_path / "keys") as register:
        yield register


def services() -> AgentServices:
    return AgentServices(
        assistant=ScriptedAssistant(answering),
        texts=Texts("fr"),
        store=town(),
        settings=Settings.model_validate({}),
        examples=["Prix ?"],
    )


def whole(_: str) -> str:
    raise ValueError(PRIVATE)


def each(_: str) -> Iterator[str]:
    yield "first"
    raise ValueError(PRIVATE)


@pytest.mark.parametrize("event", [whole, each])
def test_gradio_is_told_to_print_nothing_and_the_log_is_screened(
    event: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    net = LastNet(open_quick_guard)
    net.install()
    try:
        with pytest.raises(gr.Error) as raised:
            list(sheltered(event)("x"))
    finally:
        net.remove()
    assert raised.value.print_exception is False
    assert PRIVATE not in str(raised.value)
    assert raised.value.__cause__ is None and raised.value.__suppress_context__
    assert "ValueError" in caplog.text and event.__name__ in caplog.text
    assert PRIVATE not in caplog.text


def test_every_event_of_every_page_is_sheltered(register: Register) -> None:
    app = auditor_app(register)
    pages = [route.app.blocks for route in app.routes if hasattr(route, "app")
             and hasattr(route.app, "blocks")]  # fmt: skip
    assert len(pages) == 2
    for page in pages:
        events = [one.fn for one in page.fns.values() if one.fn is not None]
        bare = [e.__qualname__ for e in events if e.__code__.co_filename != OURS]
        assert events
        assert set(bare) <= {"build.<locals>.failed"}  # it says a fixed sentence


def test_a_question_that_fails_unforeseen_is_logged_and_not_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def steps() -> Iterator[Step]:
        raise ZeroDivisionError(PRIVATE)
        yield

    page = AgentPage(services())
    shown = list(page._views(steps()))
    page.close()
    assert shown[-1].phase is Phase.FAILED
    assert "ZeroDivisionError" in caplog.text


def test_what_an_event_enters_waits_for_the_register_as_a_route_does() -> None:
    """Gradio runs events past the gate, which sees to that for everything else."""

    def now(_: str) -> float | None:
        return PATIENCE.get()

    def steps(_: str) -> Iterator[float | None]:
        yield PATIENCE.get()
        yield PATIENCE.get()

    async def later(_: str) -> float | None:
        return PATIENCE.get()

    async def screens(_: str) -> AsyncIterator[float | None]:
        yield PATIENCE.get()
        yield PATIENCE.get()

    async def seen() -> list[float | None]:
        return [await sheltered(later)(""), *[one async for one in sheltered(screens)("")]]

    told = [sheltered(now)(""), *sheltered(steps)(""), *run_apart(seen())]
    assert told == [LOCK_SECONDS] * 6
    assert PATIENCE.get() is None
