# SPDX-License-Identifier: EUPL-1.2
"""How the assistant is used: asked, answered, led, refused, by week and by collection.

GET /admin/use: the last twelve weeks; no person, and no count of fewer than five
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.use import FEW, PARTS, Row, used
from guardrails.register.records import Kind
from guardrails.register.selection import Selection
from ui.admin.desk import Desk, collection_name
from ui.admin.html import Cell, Markup, join, paragraph, table

HERE = "/admin/use"
WEEKS = 12


def use_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.page("use", _page(desk, desk.pseudonym(request)))

    return router


def _page(desk: Desk, by: str) -> Markup:
    say, register = desk.say, desk.services.parts.register
    now = register.now()
    monday = now.date() - timedelta(days=now.weekday(), weeks=WEEKS - 1)
    since = now.replace(year=monday.year, month=monday.month, day=monday.day, hour=0, minute=0)
    wanted = Selection(since=since, kinds=(Kind.INTENT, Kind.OUTCOME))
    use = used(register.entries(wanted, by=by, role="admin", purpose="use"))
    if not use.weeks:
        return paragraph(say.plain("use.none", weeks=WEEKS))
    return join((
        paragraph(say.plain("use.intro", weeks=WEEKS, few=FEW)),
        _table(desk, "week", [(f"{week:%d/%m/%Y}", row) for week, row in use.weeks]),
        _table(desk, "collection",
               [(collection_name(desk, name), row) for name, row in use.collections]),
        paragraph(say.plain("use.theme_note")),
    ))  # fmt: skip


def _table(desk: Desk, by: str, rows: Sequence[tuple[str, Row]]) -> Markup:
    say = desk.say
    heads = [say.plain(f"use.{name}") for name in (by, "asked", *PARTS)]
    lines: list[Sequence[Cell]] = [(name, *(_told(desk, n) for n in row)) for name, row in rows]
    title = say.plain(f"use.by_{by}")
    shown = table(title, heads, lines) if rows else paragraph(say.plain("use.no_theme"))
    return join((f"<section><h2>{say(f'use.by_{by}')}</h2>", shown, "</section>"))


def _told(desk: Desk, count: int | None) -> str:
    return desk.say.plain("use.few") if count is None else str(count)
