# SPDX-License-Identifier: EUPL-1.2
"""What every page announces, with its dates, and the time in which no question is answered.

GET, POST /admin/notices, POST /admin/notices/fin
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.notices import MAX_CHARS, MAX_NOTICES, Notice, announce, withdraw
from ui.admin.desk import Desk
from ui.admin.html import Markup, checkbox, hidden, join, paragraph, text
from ui.admin.kept import Faults, Invalid
from ui.admin.typed import Typed, typed_in
from ui.forms import value

HERE = "/admin/notices"


def notices_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk, Typed()), "notices")

    @router.post(HERE)
    def begin(request: Request, form: FormData = desk.sent) -> Response:
        typed, parts = typed_in(form), desk.services.parts
        try:
            notice = _asked(desk, typed)
        except Invalid as error:
            return desk.wrong("notices", lambda p: _page(desk, Typed(typed, p)), error)
        me = desk.pseudonym(request)
        announce(parts.notices, parts.register, notice, by=me, role="admin")
        return desk.back(HERE, "announced")

    @router.post(f"{HERE}/fin")
    def end(request: Request, form: FormData = desk.sent) -> Response:
        parts, me = desk.services.parts, desk.pseudonym(request)
        for notice in parts.notices.all():
            if notice.id == value(form, "notice"):
                withdraw(parts.notices, parts.register, notice, by=me, role="admin")
        return desk.back(HERE, "withdrawn_notice")

    return router


def _asked(desk: Desk, typed: Typed) -> Notice:
    """Return the notice that a form asks for; Invalid for what may not be public or cannot be."""
    parts, faults = desk.services.parts, Faults()
    words, moments = " ".join(typed.get("text", "").split()), dict[str, datetime]()
    closes = typed.get("closes") == "yes"
    with faults.at("text"):
        if not words and not closes:
            raise Invalid("notices.empty")
        if len(words) > MAX_CHARS:
            raise Invalid("notices.long", most=MAX_CHARS)
        if words and parts.guard.screen(words).findings:
            raise Invalid("notices.personal")
        if len(parts.notices.all()) >= MAX_NOTICES:
            raise Invalid("notices.many", most=MAX_NOTICES)
    for name in ("start", "end"):
        with faults.at(name):
            moments[name] = _moment(typed.get(name, ""))
    with faults.at("end"):
        if len(moments) == 2 and moments["end"] <= max(moments["start"], parts.register.now()):
            raise Invalid("notices.over")
    faults.stop()
    return Notice(text=words, closes=closes, start=moments["start"], end=moments["end"])


def _moment(written: str) -> datetime:
    """Read a moment of this machine's time zone, as a browser gives it."""
    try:
        return datetime.fromisoformat(written).astimezone()
    except (ValueError, OverflowError) as error:
        raise Invalid("notices.bad_moment") from error


def _page(desk: Desk, typed: Typed) -> Markup:
    say, notices = desk.say, desk.services.parts.notices
    closed = "notices.closed" if notices.closing() else "notices.open"
    typed.setdefault("start", f"{desk.services.parts.register.now().astimezone():%Y-%m-%dT%H:%M}")
    return join((
        f'<p class="state {"paused" if notices.closing() else "open"}">{say(closed)}</p>',
        *(_notice(desk, notice) for notice in notices.all()),
        f"<section><h2>{say('notices.begin')}</h2>",
        paragraph(say.plain("notices.intro")),
        desk.form(
            HERE,
            typed.area("text", say.plain("notices.text"), rows=3, maxlength=str(MAX_CHARS),
                       hint=say.plain("notices.text_hint", most=MAX_CHARS)),
            typed.field("start", say.plain("notices.start"), kind="datetime-local"),
            typed.field("end", say.plain("notices.end"), kind="datetime-local"),
            checkbox("closes", "yes", say.plain("notices.closes"),
                     checked=typed.get("closes") == "yes"),
            paragraph(say.plain("notices.closes_hint"), "hint"),
            send=say.plain("notices.now"),
        ),
        "</section>",
    ))  # fmt: skip


def _notice(desk: Desk, notice: Notice) -> Markup:
    say = desk.say
    told = say.plain(
        "notices.closing" if notice.closes else "notices.shown",
        start=f"{notice.start.astimezone():%d/%m/%Y %H:%M}",
        end=f"{notice.end.astimezone():%d/%m/%Y %H:%M}",
    )
    return join((
        f'<section class="pause"><h2>{text(told)}</h2>',
        f"<blockquote>{text(notice.text)}</blockquote>" if notice.text else "",
        desk.form(f"{HERE}/fin", hidden("notice", notice.id), send=say.plain("notices.stop")),
        "</section>",
    ))  # fmt: skip
