# SPDX-License-Identifier: EUPL-1.2
"""The application built in a test, and what Gradio leaves behind put away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import FastAPI
from fastapi.routing import APIRoute

from assistant.pipeline import Answering
from assistant.settings import Settings
from assistant.texts import Language, Texts
from tests.loops import run_apart
from ui.access import Desk, Entrance
from ui.access.entrance import Seen
from ui.access.person import Person, Role
from ui.access.visit import Visit
from ui.agent.services import NO_TOOLS, AgentTools, Corpus
from ui.app import build_app
from ui.band import Lines
from ui.workspaces import Workspaces


class Everybody:
    """Lets everybody in as one person, an agent unless said otherwise."""

    is_demo = False

    def __init__(self, person: Person | None = None) -> None:
        self._person = person or Person("agnes", Role.AGENT)

    def who(self, visit: Visit, *, is_used: bool = True) -> Seen:
        return Seen(person=self._person, session="tests", method="tests")


def built(
    assistant: Answering,
    store: Corpus,
    *,
    settings: Settings | None = None,
    language: Language = "fr",
    keeper: Desk | Entrance | None = None,
    tools: AgentTools = NO_TOOLS,
    readiness: Callable[[], Mapping[str, bool]] = dict,
    band: Lines | None = None,
) -> FastAPI:
    """Build the application, with an agent in front of it unless a keeper says who.

    It is built inside a running loop: Gradio makes locks as it is built, and elsewhere opens a loop
    for each that it never closes."""

    async def build() -> FastAPI:
        app = build_app(
            assistant,
            Texts(language),
            store,
            settings=settings or Settings.model_validate({}),
            keeper=keeper or Everybody(),
            workspaces=Workspaces(tools=tools),
            readiness=readiness,
            band=band,
        )
        if keeper is None:  # the page of the account, which a form asks whether it would be let in
            app.router.routes.insert(0, APIRoute("/compte", lambda: None))
        return app

    return run_apart(build())
