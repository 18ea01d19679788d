# SPDX-License-Identifier: EUPL-1.2
"""What the agents' page draws again as a question goes on, and how soon Gradio looks for work."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.answers import Step, Waiting
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Filters
from tests.loops import run_apart
from tests.ui.town import ScriptedAssistant, answering, found, town
from ui import app
from ui.access.person import Person, Role
from ui.agent.page import LINE, NOTHING_NEW, START, VIEW, AgentPage, Asked
from ui.agent.services import AgentServices
from ui.agent.view import View
from ui.app import FOR_SECONDS, LOOKS_EACH_SECONDS, SOON_SECONDS
from ui.reply import Reply

PLACES = range(9, 0, -1)


def waiting(question: str) -> Sequence[Step]:
    return [found(question), *(Waiting(position=n) for n in PLACES), *answering(question)[1:]]


def test_who_waits_is_told_their_place_and_nothing_else_is_drawn_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn, draw = list[View](), Reply.__call__

    def counted(reply: Reply, view: View) -> str:
        drawn.append(view)
        return draw(reply, view)

    monkeypatch.setattr(Reply, "__call__", counted)
    page = AgentPage(
        AgentServices(
            assistant=ScriptedAssistant(waiting),
            texts=Texts("fr"),
            store=town(),
            settings=Settings.model_validate({}),
        )
    )
    asked = Asked(
        question="Prix du repas ?",
        completed=None,
        chosen=Filters(),
        talk=START,
        person=Person("agnes", Role.AGENT),
        page="one",
        is_left=Event(),
    )
    screens = list(page._screens(asked))
    page.close()

    places = [s for s in screens if s[VIEW].waiting]  # type: ignore[attr-defined]
    assert [s[VIEW].waiting for s in places] == [*PLACES]  # type: ignore[attr-defined]
    assert len({s[LINE] for s in places}) == len(PLACES)
    changed = {at for s in places[1:] for at, new in enumerate(s) if new != NOTHING_NEW[at]}
    assert changed == {LINE, VIEW}
    assert not [view for view in drawn if view.waiting not in {0, PLACES[0]}]


def test_gradio_looks_for_work_often_for_a_while_after_some_came() -> None:
    calm, looks = LOOKS_EACH_SECONDS[0], list[float]()
    rests = list[tuple[float, Any]]()

    async def push(*given: object) -> str:
        looks.append(queue.sleep_when_free)
        return "joined"

    queue = SimpleNamespace(sleep_when_free=calm, push=push)

    async def joined() -> str:
        loop = asyncio.get_running_loop()
        later = lambda seconds, rest: rests.append((seconds, rest)) or loop.call_soon(int)  # noqa: E731
        loop.call_later = later  # type: ignore[method-assign]
        return await app._looking_soon(queue)("body", "request")  # type: ignore[arg-type]

    assert run_apart(joined()) == "joined"
    assert looks == [SOON_SECONDS]
    (rest,) = (rest for seconds, rest in rests if seconds == FOR_SECONDS)
    assert queue.sleep_when_free == SOON_SECONDS
    rest()
    assert queue.sleep_when_free == calm
