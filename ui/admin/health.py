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
from ui.admin.html import Markup, join, paragraph, table
from ui.admin.progress import progress

HERE = "/admin/health"
EXAMINING = "examining"
ORDER = ("bad", "weak", "ok")


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
         one.detail)
        for one in sorted(found, key=lambda f: ORDER.index(f.state))
    ]  # fmt: skip
    heads = [say.plain(f"head.{name}") for name in ("thing", "state", "detail")]
    state = "open" if worst == "ok" else "paused"
    return join((
        f'<p class="state {state}">{say(f"health.all_{worst}")}</p>',
        table(say.plain("section.health"), heads, rows),
    ))  # fmt: skip
