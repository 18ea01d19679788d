# SPDX-License-Identifier: EUPL-1.2
"""Greffier starts again, for what cannot be exchanged while it runs: the model, accesses, periods.

GET, POST /admin/restart: what waits for it, how many questions are under way, the button
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from ui.admin.desk import Desk
from ui.admin.html import Markup, join, link, paragraph, text
from ui.admin.kept import Invalid
from ui.restarting import Restarting

HERE = "/admin/restart"


def restart_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.page("restart", _page(desk))

    @router.post(HERE)
    def restart(request: Request, form: FormData = desk.sent) -> Response:
        restarting = desk.services.restarting
        if restarting is None or not restarting.is_able:
            raise Invalid("restart.unable")
        register = desk.services.parts.register
        with desk.jobs.taking_none():  # what is under way would be lost half done
            restarting.ask(register, by=desk.pseudonym(request), role="admin")
        return desk.back(HERE)

    return router


def under_way(desk: Desk) -> str:
    """Say how many questions are under way."""
    count = desk.services.parts.turns.under_way.count
    key = {0: "restart.none", 1: "restart.one"}.get(count, "restart.many")
    return desk.say.plain(key, count=count)


def ending(desk: Desk) -> str:
    """Say that Greffier is about to start again; empty where it is not."""
    restarting = desk.services.restarting
    if restarting is None or not restarting.is_asked:
        return ""
    return desk.say.plain("restart.ending", under_way=under_way(desk))


def _page(desk: Desk) -> Markup:
    say, restarting = desk.say, desk.services.restarting
    if told := ending(desk):
        look = link(HERE, say.plain("job.look_again"))
        return Markup(
            f'<section class="job" data-job><p role="status">{text(told)}</p>'
            f'<progress aria-label="{say("job.bar")}"></progress><p>{look}</p></section>'
        )
    return join((
        paragraph(say.plain("restart.intro")),
        paragraph(say.plain("restart.nothing")) if not desk.waits() else "",
        paragraph(under_way(desk)),
        _button(desk, restarting),
    ))  # fmt: skip


def _button(desk: Desk, restarting: Restarting | None) -> Markup:
    if restarting is None or not restarting.is_able:
        return paragraph(desk.say.plain("restart.unable"))
    told = paragraph(desk.say.plain("restart.waits", seconds=round(restarting.patience)))
    return join((told, desk.form(HERE, send=desk.say.plain("restart.now"), kind="grave")))
