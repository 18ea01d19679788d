# SPDX-License-Identifier: EUPL-1.2
"""The simple page of a small town, on a Tuesday, with an assistant that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient

from assistant.answers import Reason, Step
from assistant.errors import ModelInterrupted
from assistant.settings import Settings
from assistant.understanding.emergencies import Alarm, Concern
from guardrails.errors import RegisterUnavailable
from tests.ui.town import LEAD, ScriptedAssistant, answering, refusing, town
from ui.app import STATIC
from ui.door import Door
from ui.senior import SeniorExtras, mount_senior
from ui.senior.examples import OF_COMMON_USE
from ui.senior.words import Words
from ui.source import Pages

HERE = "http://127.0.0.1:7860"
TUESDAY = datetime(2026, 11, 24, 10, 0)
TOWN = {
    "name": "Valclair",
    "phone": "03 53 01 20 00",
    "email": "mairie@valclair.example",
    "address": "2, place du Puits, Valclair",
    "hours": "Du lundi au vendredi.",
    "week": {"tuesday": ["8:30-12:00", "13:30-17:00"], "friday": ["9:00-12:00"]},
}


EXAMPLES = tuple(Words("fr").plain(key) for key in OF_COMMON_USE)


def script(question: str) -> Sequence[Step]:
    """Answer by the words of a question."""
    if "gagné" in question or "arnaque" in question:
        return refusing(question)
    if "piste" in question:
        return refusing(question, leads=(LEAD, LEAD))
    if "droit" in question:
        return refusing(question, Reason.INDIVIDUAL_VERDICT)
    if "disque" in question:
        raise RegisterUnavailable("full")
    if "coupure" in question:
        raise ModelInterrupted("model_interrupted", name="petit")
    if "imprévu" in question:
        raise ZeroDivisionError
    return answering("Prix du repas de [PERSONNE_1] ?" if "Martin" in question else question)


def recognise(message: str) -> Alarm | None:
    """What a message is about, by one word: the classifier's stand-in."""
    known = {"arnaque": "swindle", "menace": "violence", "tombé": "medical"}
    said = message.lower()
    concern = next((concern for word, concern in known.items() if word in said), None)
    return Alarm(Concern(concern), is_sure="peut-être" not in said) if concern else None


def settings(**more: object) -> Settings:
    return Settings.model_validate({"town": TOWN, **more})


def senior_app(
    assistant: ScriptedAssistant,
    chosen: Settings,
    extras: SeniorExtras | None = None,
    *,
    store: Pages | None = None,
) -> FastAPI:
    """The simple page alone behind the door, without Gradio: it needs none. `store`: where the
    assistant's own documents are, if those of the small town are not; an answer that rests on
    others is not shown once it is there."""
    import asyncio

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    extras = extras or SeniorExtras(now=lambda: TUESDAY, recognise=recognise)
    if extras.examples is tuple:  # as if all of them had been tried
        extras = replace(extras, examples=lambda: chosen.senior.examples or EXAMPLES)
    app.mount("/ui", StaticFiles(directory=STATIC))
    app.state.close = mount_senior(app, assistant, store or town(), chosen, extras)
    app.add_middleware(
        Door,
        hosts=(),
        closed_page="closed",
        dress=lambda page, nonce: page,
        closing=asyncio.Event(),
    )
    return app


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant(script)


Visit = Callable[..., TestClient]


@pytest.fixture
def visit(assistant: ScriptedAssistant) -> Iterator[Visit]:
    """Open the page with these settings."""
    closings: list[Callable[[], None]] = []

    def start(extras: SeniorExtras | None = None, **more: object) -> TestClient:
        app = senior_app(assistant, settings(**more), extras)
        closings.append(app.state.close)
        return TestClient(app, base_url=HERE)

    yield start
    for close in closings:
        close()
