# SPDX-License-Identifier: EUPL-1.2
"""The application: Gradio's page, the pages of the sources, and the door around them.

    Door ─▶ Gate ─▶ FastAPI ─┬─ /health, /ready        is it alive, may it be asked
                             ├─ /ui/…                  style, fonts and script, from this package
                             ├─ /connexion, /compte…   signing in and out (ui/access)
                             ├─ /simple…               the simple page
                             ├─ /transparence…         what is told to everybody
                             ├─ /admin…                the administrators' pages
                             ├─ /auditeur              the auditors' page (Gradio)
                             ├─ /source/…, /masquer…   the agents' plain pages, /repondre among them
                             ├─ /api, /v1, /metrics    programs, by key (ui/api)
                             ├─ /mcp                   agents' tools, by key (ui/mcp)
                             └─ /                      the agents' page (Gradio)

The door knows sites and sizes, the gate knows people; who may use which address stands in
`ui/access/routes.py`.

`build_app` takes an assistant that is already open, and opens nothing itself.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

# Before the import, which reads it; the page asks nothing of anybody but this server.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from gradio.queueing import Queue

from assistant.pipeline import Answering
from assistant.readiness import kept_a_while
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.errors import CorpusError
from corpus.rights import Rights
from guardrails.errors import RegisterError
from ui.access import Demo, Desk, Entrance, Gatehouse
from ui.access.routes import find
from ui.access.visit import strict_transport
from ui.agent.page import AgentPage
from ui.agent.routes import agent_router
from ui.agent.services import AgentServices, Corpus
from ui.api import ApiServices, Figures, api_router
from ui.auditor import build as auditor_page
from ui.band import Band, Lines
from ui.door import Door
from ui.dress import Dressing
from ui.mcp import McpAddress
from ui.relay import ReaderLeft
from ui.senior import SeniorExtras, mount_senior
from ui.serve import serve
from ui.source import message_page
from ui.theme import theme
from ui.workspaces import Workspaces, mount_plain

__all__ = ["build_app", "serve"]

STATIC = Path(__file__).with_name("static")
LOOKS_EACH_SECONDS = 0.1, 1.0
SOON_SECONDS, FOR_SECONDS = 0.005, 2.0
"""How often Gradio looks for work for a while after some came: who asks together comes together."""


NO_TELEMETRY: TelemetryConfig = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False,
    "auto_configure": False,
}  # fmt: skip
"""FastAPI's own, Gradio's applications included, sleeps until OpenTelemetry is set up in this
process (`service.traces` does); it would then hand on addresses, bodies and errors."""


def build_app(
    assistant: Answering,
    texts: Texts,
    store: Corpus,
    *,
    settings: Settings,
    examples: Sequence[str] = (),
    hosts: Collection[str] = (),
    extras: SeniorExtras | None = None,
    keeper: Desk | Entrance | None = None,
    workspaces: Workspaces | None = None,
    readiness: Callable[[], Mapping[str, bool]] = dict,
    in_force: Callable[[], Settings] | None = None,
    band: Lines | None = None,
) -> FastAPI:
    """Return the application. `hosts`: names it answers to besides addresses and localhost;
    `extras`: what the simple page has besides; `keeper`: who lets people in, by default a
    demonstration without accounts, open to this machine only; `workspaces`: the pages of each
    role, by default the agents' only; `readiness`: which of its parts can do their work;
    `in_force`: the settings of each moment, where they may change; `band`: what is said at the
    top of each page of an audience."""
    spaces = workspaces or Workspaces()
    figures, now = Figures(), in_force or (lambda: settings)
    assistant = figures.watched(assistant)
    agent = AgentServices(
        assistant=assistant,
        texts=texts,
        store=store,
        settings=now,
        examples=examples or [texts("ui", f"example_{number}") for number in range(1, 5)],
        tools=spaces.tools,
    )
    page = AgentPage(agent)
    closings: list[Callable[[], None]] = [page.close, agent.replies.close]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with agents_tools.running():
            yield
        for close in closings:
            close()

    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan, telemetry=NO_TELEMETRY
    )
    app.state.closing = asyncio.Event()
    app.add_exception_handler(RequestValidationError, partial(_misshapen, texts))
    app.add_exception_handler(RegisterError, partial(_stuck, texts))
    app.add_exception_handler(ReaderLeft, _nobody)
    app.add_api_route("/health", _health)
    stored = kept_a_while(lambda: [document.collection for document in store.documents()])
    app.add_api_route("/ready", lambda: _ready(stored, now().rights, readiness))
    gatehouse = Gatehouse(keeper or Demo(), settings, texts.language, town=lambda: now().town.name)
    gatehouse.mount(app)
    app.mount("/ui", StaticFiles(directory=STATIC))
    senior = replace(extras or SeniorExtras(), count_card=figures.card)
    closings.append(mount_senior(app, assistant, store, settings, senior, in_force=now))
    closings.append(mount_plain(app, spaces))
    app.include_router(agent_router(agent))
    programs = ApiServices(
        assistant=assistant,
        texts=texts,
        store=store,
        settings=now,
        figures=figures,
        tools=spaces.tools,
        register=spaces.auditor.register if spaces.auditor else None,
    )
    app.include_router(api_router(programs))
    agents_tools = McpAddress(programs)
    app.router.routes.append(agents_tools.route)
    closings.append(programs.relay.close)
    if spaces.auditor:
        app.add_api_route("/auditeur", lambda: RedirectResponse("/auditeur/", 303))
        _draw(app, auditor_page(spaces.auditor), "/auditeur", texts)
    _draw(app, page.blocks(), "/", texts)
    gatehouse.close(app, mounted=tuple(_areas(spaces)))
    if band:
        app.add_middleware(Band, lines=band, texts=texts)
    app.add_middleware(
        Door,
        hosts=(*settings.access.hosts, *hosts),
        closed_page=message_page(texts, "closed_title", "closed"),
        dress=Dressing(texts),
        closing=app.state.closing,
        strict=strict_transport(settings.access.hsts_days, settings.access.proxy.addresses),
    )
    return app


def _draw(app: FastAPI, page: gr.Blocks, path: str, texts: Texts) -> None:
    """Put a page that Gradio draws into the application; `/` catches all that is left."""
    # It looks for work a thousand times a second, and for progress that nothing here tells.
    page._queue.sleep_when_free, page._queue.progress_update_sleep_when_free = LOOKS_EACH_SECONDS
    vars(page._queue)["push"] = _looking_soon(page._queue)
    gr.mount_gradio_app(
        app,
        page,
        path=path,
        app_kwargs={
            "telemetry": NO_TELEMETRY,
            # FastAPI's own answer repeats what was sent
            "exception_handlers": {RequestValidationError: partial(_misshapen, texts)},
        },
        footer_links=[],
        run_history=False,  # on by default: it keeps questions and answers in the browser
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=theme(),
    )


def _looking_soon(queue: Queue) -> Callable[..., Awaitable[Any]]:
    """Return the way into a queue after which it looks for work often, for a while."""
    push, calm = queue.push, queue.sleep_when_free
    rest: asyncio.TimerHandle | None = None

    def rested() -> None:
        queue.sleep_when_free = calm

    async def pushed(*given: Any, **named: Any) -> Any:
        nonlocal rest
        queue.sleep_when_free = SOON_SECONDS
        if rest:
            rest.cancel()
        rest = asyncio.get_running_loop().call_later(FOR_SECONDS, rested)
        return await push(*given, **named)

    return pushed


async def _misshapen(texts: Texts, request: Request, error: Exception) -> Response:
    """Say in the town's language that an address does not have the form that it should."""
    route = find(request.method, request.url.path)
    if route is not None and not route.kind.is_shown:
        return JSONResponse({"detail": texts("ui", "misshapen")}, 400)
    return HTMLResponse(message_page(texts, "misshapen_title", "misshapen"), 400)


async def _nobody(request: Request, error: Exception) -> Response:
    """Answer somebody who has left."""
    return Response(status_code=204)


async def _stuck(texts: Texts, request: Request, error: Exception) -> Response:
    """Say that the register cannot be used now: what should have been entered is not shown."""
    route = find(request.method, request.url.path)
    if route is not None and not route.kind.is_shown:
        return JSONResponse({"detail": texts("ui", "stuck")}, 503)
    return HTMLResponse(message_page(texts, "stuck_title", "stuck"), 503)


def _areas(spaces: Workspaces) -> Iterator[str]:
    yield "/"
    if spaces.auditor:
        yield "/auditeur/"
    if spaces.admin:
        yield "/admin"


async def _health() -> JSONResponse:
    """Whether the process lives and its event loop answers: no thread is needed for that."""
    return JSONResponse({"status": "ok"})


def _ready(
    stored: Callable[[], Sequence[str]], rights: Rights, readiness: Callable[[], Mapping[str, bool]]
) -> JSONResponse:
    """Whether a question can be answered and sealed, and whether there is something to ask about;
    503 with what cannot do its work. Anybody may ask: it counts what anybody may read."""
    parts = dict(readiness())
    try:
        kept = stored()
    except (CorpusError, OSError):
        parts["passages"] = False
    if not all(parts.values()):
        failing = sorted(name for name, works in parts.items() if not works)
        return JSONResponse({"status": "unavailable", "failing": failing}, 503)
    shown = sum(rights.sees("senior", collection) for collection in kept)
    return JSONResponse({"status": "ready" if kept else "empty", "documents": shown})
