# SPDX-License-Identifier: EUPL-1.2
"""All addresses of programs under one router, with the description of those that take part in it.

api_router(services) ─▶ /api/…, /v1/…, /metrics
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute

from ui.api.audit import audit_router
from ui.api.chat import chat_router
from ui.api.figures import MEDIA_TYPE
from ui.api.own import own_router
from ui.api.services import ApiServices

TITLE, VERSION = "Greffier", "1"


def api_router(services: ApiServices) -> APIRouter:
    """Return the routes; the gate in front of them says which keys may use them."""
    router = APIRouter()
    for part in (own_router, audit_router, chat_router):
        router.include_router(part(services))
    router.include_router(_about(services, router.routes))
    return router


def _about(services: ApiServices, routes: Sequence[BaseRoute]) -> APIRouter:
    """The description of the others, and the figures."""
    router = services.router("", "greffier")
    description: dict[str, object] = {}

    @router.get("/api/openapi.json")
    def described() -> JSONResponse:
        if not description:
            description.update(get_openapi(title=TITLE, version=VERSION, routes=routes))
        return JSONResponse(description)

    @router.get("/metrics")
    def metrics() -> PlainTextResponse:
        documents = services.store.documents()
        gauges = {
            "documents": (len(documents), "Documents of the corpus."),
            "passages": (sum(d.passage_count for d in documents), "Passages of the corpus."),
        }
        return PlainTextResponse(services.figures.text(gauges), media_type=MEDIA_TYPE)

    return router
