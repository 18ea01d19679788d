# SPDX-License-Identifier: EUPL-1.2
"""The administrator's pages: plain HTML under `/admin`, for whoever feeds documents and settings.

open_desk(AdminServices) ─▶ Desk ─build▶ APIRouter      desk.jobs.close() ends the work
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from ui.admin import deposit
from ui.admin.backups import backups_router
from ui.admin.committee import committee_router
from ui.admin.desk import HOME, Desk
from ui.admin.documents import documents_router
from ui.admin.doubts import doubts_router
from ui.admin.forms import forms_router
from ui.admin.health import health_router
from ui.admin.models import models_router
from ui.admin.notices import notices_router
from ui.admin.papers import papers_router
from ui.admin.pause import moratorium_router
from ui.admin.people import people_router
from ui.admin.progress import how_far
from ui.admin.quality import quality_router
from ui.admin.quarantine import quarantine_router
from ui.admin.remarks import remarks_router
from ui.admin.removal import removal_router
from ui.admin.restart import ending, restart_router
from ui.admin.services import AdminServices, People
from ui.admin.use import use_router

__all__ = ["AdminServices", "Desk", "People", "build", "open_desk"]

STATIC = {
    "admin.css": "text/css; charset=utf-8",
    "admin.js": "text/javascript; charset=utf-8",
}
FOLDER = Path(__file__).with_name("static")
ROUTERS = (
    documents_router, removal_router, quality_router, quarantine_router, doubts_router,
    moratorium_router, notices_router, forms_router, models_router, people_router, remarks_router,
    committee_router, papers_router, health_router, backups_router, restart_router,
    use_router,
)  # fmt: skip


def open_desk(services: AdminServices) -> Desk:
    """Open the desk; what a run that was killed left in the deposit goes."""
    deposit.clear(services.data)
    return Desk(services)


def build(desk: Desk) -> APIRouter:
    """Return every route of the administrator's pages; `desk.jobs.close()` ends them."""
    router = APIRouter()
    inner = APIRouter(route_class=desk.route())

    @inner.get(HOME)
    @inner.get(f"{HOME}/")
    def home(request: Request) -> Response:
        return RedirectResponse(f"{HOME}/documents", 303)

    @inner.get(f"{HOME}/job")
    def job(request: Request) -> JSONResponse:
        """Say how far the work under way is, for the script that asks."""
        if last_words := ending(desk):
            return JSONResponse({"running": True, "done": 0, "total": 0, "words": last_words})
        running = desk.jobs.running
        if running is None:
            return JSONResponse({"running": False})
        words = how_far(desk, running)
        told = {"running": True, "done": running.done, "total": running.total, "words": words}
        return JSONResponse(told)

    @router.get(f"{HOME}/static/{{name}}")
    def static(name: str) -> Response:
        if name not in STATIC:
            return Response(status_code=404)
        return Response((FOLDER / name).read_bytes(), media_type=STATIC[name])

    router.include_router(inner)
    for one in ROUTERS:
        router.include_router(one(desk))
    return router
