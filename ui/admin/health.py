# SPDX-License-Identifier: EUPL-1.2
"""What is missing or weak on this machine, as `greffier doctor` says it.

GET /admin/health, POST /admin/health (look: the model files are hashed, which takes a while)
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.checkup import Examined
from assistant.doctor import examine
from ui.admin.desk import Desk
from ui.admin.html import Markup, join, link, paragraph, table
from ui.admin.progress import progress

HERE = "/admin/health"
EXAMINING = "examining"
ORDER = ("bad", "weak", "ok")
MENDS = {
    "model": "models", "model_process": "models", "memory": "models", "contact": "town",
    "roster": "roster",
}  # fmt: skip
"""What `doctor` looks at, and the page that mends it; the rest is mended on the machine itself."""


def health_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.page("health", _page(desk))

    @router.post(HERE)
    def look(request: Request, form: FormData = desk.sent) -> Response:
        services = desk.services
        desk.jobs.start(
            EXAMINING,
            lambda _: examine(services.data, services.keys_base, services.settings(), desk.texts),
        )
        return desk.back(HERE)

    return router


def _page(desk: Desk) -> Markup:
    say, job = desk.say, desk.jobs.last(EXAMINING)
    found = job.result if job and isinstance(job.result, list) else None
    return join((
        paragraph(say.plain("health.intro")),
        progress(desk, job, HERE) if job and (job.error or not job.is_over) else "",
        desk.form(HERE, send=say.plain("health.look")),
        "" if found is None else _found(desk, found),
    ))  # fmt: skip


def _found(desk: Desk, found: Sequence[Examined]) -> Markup:
    say = desk.say
    worst = min((f.state for f in found), key=ORDER.index, default="ok")
    rows = [
        (one.name, Markup(f'<span class="{one.state}">{say(f"health.{one.state}")}</span>'),
         one.detail, _mended_at(desk, one))
        for one in sorted(found, key=lambda f: ORDER.index(f.state))
    ]  # fmt: skip
    heads = [say.plain(f"head.{name}") for name in ("thing", "state", "detail", "mend")]
    state = "open" if worst == "ok" else "paused"
    return join((
        f'<p class="state {state}">{say(f"health.all_{worst}")}</p>',
        table(say.plain("section.health"), heads, rows),
    ))  # fmt: skip


def _mended_at(desk: Desk, one: Examined) -> Markup:
    """Return the link to the page that mends a point, if one of ours does."""
    pages = {desk.texts("doctor", key): section for key, section in MENDS.items()}
    section = pages.get(one.name) if one.state != "ok" else None
    words = desk.say.plain(f"section.{section}") if section else ""
    return link(f"/admin/{section}", words) if section else Markup("")
