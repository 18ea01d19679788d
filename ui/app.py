# SPDX-License-Identifier: EUPL-1.2
"""The application: Gradio's page, the pages of the sources, and the door around them.

    Door ─▶ FastAPI ─┬─ /health, /ready      is it alive, may it be asked
                     ├─ /ui/…                style, fonts and script, from this package
                     ├─ /source/{doc}/{page} what a citation opens
                     └─ /                    the agent's page (Gradio)

`build_app` takes an assistant that is already open, and opens nothing itself.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

# Before the import, which reads it; the page asks nothing of anybody but this server.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from assistant.pipeline import Answering
from assistant.settings import Settings
from assistant.texts import Texts
from ui.door import Door
from ui.dress import Dressing
from ui.layout import AgentPage
from ui.senior import SeniorExtras, mount_senior
from ui.serve import serve
from ui.source import Pages, message_page, source_router
from ui.theme import theme

__all__ = ["build_app", "serve"]

STATIC = Path(__file__).with_name("static")


def build_app(
    assistant: Answering,
    texts: Texts,
    store: Pages,
    *,
    settings: Settings,
    examples: Sequence[str] = (),
    hosts: Collection[str] = (),
    extras: SeniorExtras | None = None,
) -> FastAPI:
    """Return the application. `hosts`: names it answers to besides addresses and localhost;
    `extras`: what the simple page has besides."""
    own = [texts("ui", f"example_{number}") for number in range(1, 5)]
    page = AgentPage(assistant, texts, store, settings.town, examples or own)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        page.close()
        close_senior()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.closing = asyncio.Event()
    app.add_api_route("/health", lambda: JSONResponse({"status": "ok"}))
    app.add_api_route("/ready", lambda: _ready(store))
    app.include_router(source_router(store, texts))
    app.mount("/ui", StaticFiles(directory=STATIC))
    close_senior = mount_senior(app, assistant, store, settings, extras)
    gr.mount_gradio_app(
        app,
        page.blocks(),
        path="/",
        footer_links=[],
        run_history=False,  # on by default: it keeps questions and answers in the browser
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=theme(),
    )
    app.add_middleware(
        Door,
        hosts=hosts,
        closed_page=message_page(texts, "closed_title", "closed"),
        dress=Dressing(texts),
        closing=app.state.closing,
    )
    return app


def _ready(store: Pages) -> JSONResponse:
    """Whether there is something to ask about."""
    count = len(store.documents())
    return JSONResponse({"status": "ready" if count else "empty", "documents": count})
