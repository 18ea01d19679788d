# SPDX-License-Identifier: EUPL-1.2
"""The moratorium switch: who gets no generated answers, since when, with which public sentence.

GET, POST /admin/moratorium, POST /admin/moratorium/fin
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.moratorium import MAX_SENTENCE_CHARS, Pause, resume, suspend
from ui.admin.desk import Desk, collection_name
from ui.admin.html import Markup, hidden, join, paragraph, select, text
from ui.admin.kept import Invalid
from ui.admin.typed import Typed, typed_in
from ui.forms import value

HERE = "/admin/moratorium"
ALL = "all"
AUDIENCES = ("agent", "senior")


def moratorium_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk), "moratorium")

    @router.post(HERE)
    def begin(request: Request, form: FormData = desk.sent) -> Response:
        try:
            pause = _asked(desk, form)
        except Invalid as error:
            typed = typed_in(form)
            return desk.wrong("moratorium", lambda p: _page(desk, Typed(typed, p)), error)
        parts, me = desk.services.parts, desk.pseudonym(request)
        suspend(parts.moratorium, parts.register, pause, by=me, role="admin")
        return desk.back(HERE, "suspended")

    @router.post(f"{HERE}/fin")
    def end(request: Request, form: FormData = desk.sent) -> Response:
        parts, me = desk.services.parts, desk.pseudonym(request)
        scope = value(form, "audience"), value(form, "collection")
        for pause in parts.moratorium.pauses():
            if pause.scope == scope:
                resume(parts.moratorium, parts.register, pause, by=me, role="admin")
        return desk.back(HERE, "resumed")

    return router


def _asked(desk: Desk, form: FormData) -> Pause:
    """Return the pause that a form asks for; Invalid if its sentence may not be public."""
    audience, collection = value(form, "audience"), value(form, "collection")
    sentence = " ".join(value(form, "sentence").split())
    if len(sentence) > MAX_SENTENCE_CHARS:
        raise Invalid("moratorium.long", field="sentence", most=MAX_SENTENCE_CHARS)
    if sentence and desk.services.parts.guard.screen(sentence).findings:
        raise Invalid("moratorium.personal", field="sentence")
    if audience not in {ALL, *AUDIENCES} or collection not in {ALL, *desk.services.collections()}:
        raise Invalid("moratorium.unknown")
    return Pause.model_validate({
        "audience": "" if audience == ALL else audience,
        "collection": "" if collection == ALL else collection,
        "sentence": sentence,
    })  # fmt: skip


def _page(desk: Desk, typed: Typed | None = None) -> Markup:
    typed = typed or Typed()
    say, pauses = desk.say, desk.services.parts.moratorium.pauses()
    state = "moratorium.on" if pauses else "moratorium.off"
    return join((
        f'<p class="state {"paused" if pauses else "open"}">{say(state)}</p>',
        *(_pause(desk, pause) for pause in pauses),
        f"<section><h2>{say('moratorium.begin')}</h2>",
        paragraph(say.plain("moratorium.intro")),
        desk.form(
            HERE,
            select("audience", say.plain("moratorium.for"),
                   {name: say.plain(f"audience.{name}") for name in (ALL, *AUDIENCES)},
                   typed.get("audience", "")),
            select("collection", say.plain("moratorium.from"), {
                ALL: say.plain("moratorium.everything"),
                **{name: collection_name(desk, name) for name in desk.services.collections()},
            }, typed.get("collection", "")),
            typed.area("sentence", say.plain("moratorium.sentence"), rows=3,
                       hint=say.plain("moratorium.sentence_hint", most=MAX_SENTENCE_CHARS),
                       maxlength=str(MAX_SENTENCE_CHARS)),
            send=say.plain("moratorium.now"), kind="grave",
        ),
        "</section>",
    ))  # fmt: skip


def _pause(desk: Desk, pause: Pause) -> Markup:
    say = desk.say
    scope = say.plain(f"audience.{pause.audience or ALL}")
    if pause.collection:
        scope = say.plain(
            "moratorium.of", audience=scope, collection=collection_name(desk, pause.collection)
        )
    since = f"{pause.since.astimezone():%d/%m/%Y %H:%M}"
    return join((
        f'<section class="pause"><h2>{text(scope)}</h2>',
        paragraph(say.plain("moratorium.since", moment=since)),
        f"<blockquote>{text(pause.sentence)}</blockquote>" if pause.sentence else "",
        desk.form(
            f"{HERE}/fin",
            hidden("audience", pause.audience),
            hidden("collection", pause.collection),
            send=say.plain("moratorium.end"),
        ),
        "</section>",
    ))  # fmt: skip
