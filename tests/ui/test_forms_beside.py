# SPDX-License-Identifier: EUPL-1.2
"""Whatever a form waits for, the service answers others meanwhile: `/health`, asked after it, is
answered before it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from corpus.database import Database
from tests.assistant.terminal import stand_in
from tests.loops import run_apart
from tests.ui.access.walk import HERE, client_of, whole_app
from ui.access import Desk
from ui.access.person import Role
from ui.admin import deposit
from ui.agent.frame import Frame
from ui.public import pages as public

Form = dict[str, Any]
TEXT = {"text": (None, "Le lavoir est restauré.")}
FORMS: list[tuple[Role, str, Form, Any, str]] = [
    (Role.AGENT, "/comparer", {"files": {"a": (None, "")}}, Database, "read"),
    (Role.AGENT, "/fichier", {"files": {"file": ("", b"")}}, Frame, "page"),
    (Role.AGENT, "/fichier/abc", {"data": {"question": "Où ?"}}, Frame, "page"),
    (Role.AGENT, "/masquer", {"files": TEXT}, Frame, "page"),
    (Role.AGENT, "/masquer/fichier", {"files": {"text": (None, "")}}, Frame, "page"),
    (Role.AGENT, "/repondre", {"files": TEXT}, Frame, "page"),
    (Role.AGENT, "/repondre/questions", {"data": {"questions": ""}}, Frame, "page"),
    (Role.AGENT, "/mes-questions/abc", {"data": {"question": "Où ?"}}, Frame, "page"),
    (
        Role.ADMIN,
        "/admin/documents/depot",
        {"files": {"audience": (None, "public")}},
        deposit,
        "clear",
    ),
    (Role.RESIDENT, "/remarques", {"data": {"text": "Bonjour."}}, public, "remark_form"),
]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FastAPI, Desk]]:
    stand_in(monkeypatch)
    monkeypatch.setenv("GREFFIER_MODELS", str(tmp_path / "models"))
    with whole_app(tmp_path) as opened:
        yield opened


def test_others_are_answered_while_a_form_waits(
    site: tuple[FastAPI, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, desk = site
    clients = {role: client_of(app, desk, role) for role in (Role.AGENT, Role.ADMIN, Role.RESIDENT)}
    page = LexborHTMLParser(clients[Role.ADMIN].get("/admin/documents").text)
    token = page.css_first("form[action$=depot] [name=token]").attributes["value"]
    late = []
    for role, path, form, kind, name in FORMS:
        sent = form
        if role is Role.ADMIN:
            sent = {"files": {**form["files"], "token": (None, token)}}
        cookies = httpx.Cookies(dict(clients[role].cookies))
        with monkeypatch.context() as patch:
            waits = Waits(patch, kind, name)
            if not run_apart(is_first(app, cookies, path, sent, waits)):
                late.append(path)
    assert late == []


class Waits:
    """Something that takes until it may go on; `gave_up`: nobody could let it, since it held the
    loop in which somebody would have."""

    def __init__(self, patch: pytest.MonkeyPatch, kind: Any, name: str) -> None:
        self.begun, self.may_go, self.gave_up = threading.Event(), threading.Event(), False
        real = getattr(kind, name)

        def slow(*given: Any, **named: Any) -> Any:
            self.begun.set()
            self.gave_up = not self.may_go.wait(20)
            return real(*given, **named)

        patch.setattr(kind, name, slow)


async def is_first(
    app: FastAPI, cookies: httpx.Cookies, path: str, sent: Form, waits: Waits
) -> bool:
    """Send a form; say whether `/health`, asked once it waits, is answered before it."""
    transport = httpx.ASGITransport(app, client=("198.51.100.7", 50_000))
    async with httpx.AsyncClient(
        transport=transport, base_url=HERE, headers={"origin": HERE}, cookies=cookies
    ) as client:
        waiting = asyncio.ensure_future(client.post(path, **sent))
        assert await asyncio.to_thread(waits.begun.wait, 60), path
        health = await client.get("/health")
        was_first = health.status_code == 200 and not (waiting.done() or waits.gave_up)
        waits.may_go.set()
        await waiting
        return was_first
