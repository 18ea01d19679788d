# SPDX-License-Identifier: EUPL-1.2
"""Fifty people ask at once while the model is at work for the first: all see their sources.

The real pipeline, queue and register on a real server; the model stands still until each of the
fifty was shown where it is written. On the agents' page, on the simple page and over the API.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx
import pytest

from assistant.seams import Prompt
from guardrails.register import Register
from tests.assistant.conftest import Opener, open_assistant, register
from tests.fakes import ScriptedModel
from tests.loops import run_apart
from tests.ui.serving import (
    PATIENCE_SECONDS,
    SOURCE,
    Heard,
    on_the_agents_page,
    on_the_simple_page,
    over_the_api,
    serving,
    somebody,
)

__all__ = ["open_assistant", "register"]

PEOPLE = 50


class Still(ScriptedModel):
    """Stands still until it is let go; says how often it was asked meanwhile."""

    def __init__(self) -> None:
        super().__init__(["4,20"], "Le repas coûte 4,20 euros.")
        self.go = Event()

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        assert self.go.wait(PATIENCE_SECONDS)
        return super().log_probability(prompt, reply)


@dataclass
class Town:
    """A service, and its model."""

    url: str
    model: Still
    key: str


@pytest.fixture
def served(
    open_assistant: Opener, register: Register, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Town]:
    """The service; whoever comes is an agent, but programs, who show a key."""
    model = Still()
    assistant = open_assistant(model, wait_seconds=PATIENCE_SECONDS, waiting_each=PEOPLE)
    asking = request.node.callspec.params["asking"]
    is_open = asking is on_the_agents_page
    with serving(assistant, register, tmp_path, is_open=is_open) as (url, key):
        try:
            yield Town(url, model, key if asking is over_the_api else "")
        finally:
            model.go.set()


Asking = Callable[[httpx.AsyncClient, int], Heard]


async def until_all_see(town: Town, asking: Asking) -> list[str]:
    """Let everybody ask; once each saw the source, let the model go on; return what each heard."""
    waiting, everybody = PEOPLE, asyncio.Event()

    async def one(number: int) -> str:
        nonlocal waiting
        heard = ""
        async with somebody(town.url, town.key) as client:
            async for piece in asking(client, number):
                if SOURCE not in heard and SOURCE in heard + piece:
                    assert not town.model.go.is_set()
                    waiting -= 1
                    if not waiting:
                        everybody.set()
                heard += piece
        return heard

    async with somebody(town.url, town.key) as client:
        asked = asyncio.gather(*(one(number) for number in range(PEOPLE)))
        seen = asyncio.ensure_future(everybody.wait())
        try:
            await asyncio.wait(
                {asked, seen}, timeout=PATIENCE_SECONDS / 2, return_when=asyncio.FIRST_COMPLETED
            )
            assert seen.done(), f"{waiting} of {PEOPLE} were shown nothing"
            assert (await client.get("/ready")).status_code == 200  # which needs a thread of a few
        finally:
            town.model.go.set()
        return await asked


@pytest.mark.parametrize(
    ("asking", "ended"),
    [
        (on_the_agents_page, "process_completed"),
        (on_the_simple_page, 'class="outcome"'),
        (over_the_api, "event: outcome"),
    ],
    ids=["agents' page", "simple page", "api"],
)
def test_fifty_see_their_sources_before_the_first_has_an_answer(
    served: Town, asking: Asking, ended: str
) -> None:
    heard = run_apart(until_all_see(served, asking))

    assert len(heard) == PEOPLE
    assert all(ended in one for one in heard)
