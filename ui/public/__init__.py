# SPDX-License-Identifier: EUPL-1.2
"""Pages for everybody, without an account: what this assistant is, and a box for remarks on it.

| address | |
|---|---|
| GET /transparence | what it is, its model, its documents, its figures, how to contest |
| GET /transparence/ia | the AI Act, duty by duty |
| GET /transparence/comite | the committee: remarks counted, decisions, suspensions |
| GET /transparence/FILE | the sheets to keep, and the style |
| GET /accessibilite | the accessibility statement |
| GET, POST /remarques | a remark or an idea, screened before it is kept |
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.texts import Language, Texts
from assistant.wiring import Parts
from guardrails.errors import GuardrailError
from guardrails.register.records import Kind
from ui.access.buckets import Buckets
from ui.access.person import Role, person_of
from ui.access.visit import places_asking
from ui.accessibility import PATH as ACCESSIBILITY
from ui.forms import attachment, value
from ui.public import accessibility, committee, duties, figures, pages, sheets
from ui.public.decisions import FILE as DECISIONS
from ui.public.decisions import Decisions
from ui.public.facts import FactFinder, Now, utc_now
from ui.public.remarks import FILE, KINDS, MAX_CHARS, Audience, Full, Remarks
from ui.senior.tokens import Tokens
from ui.wording import Words

__all__ = ["PublicServices", "build"]

STYLE = Path(__file__).with_name("static") / "public.css"
MARKDOWN = "text/markdown; charset=utf-8"
SENT_AN_HOUR = 60
"""Remarks that may come in an hour, from everybody together."""
SENT_A_PLACE = 6
"""And from one place: who fills the box alone leaves room for others. Of an address nothing is
written; it is in memory until its bucket is forgotten, as for every other limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicServices:
    """`language` is that of the town; a visitor may ask for the other one."""

    parts: Parts
    language: Language = "fr"
    now: Now = utc_now


class Pace:
    """Counts what came in the last hour."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._moments: deque[float] = deque()

    def lets(self, now: float) -> bool:
        """Whether one more may come in."""
        while self._moments and now - self._moments[0] > 3600:
            self._moments.popleft()
        if len(self._moments) >= self._most:
            return False
        self._moments.append(now)
        return True


def build(services: PublicServices) -> APIRouter:
    """Return the routes of the public pages."""
    router = APIRouter()
    finder = FactFinder(services.parts, services.now)
    _transparency(services, router, finder)
    _accessibility(services, router, finder)
    _remarks(services, router)
    return router


def _words(services: PublicServices, request: Request) -> Words:
    asked: Mapping[str, Language] = {"fr": "fr", "en": "en"}
    told = request.query_params.get("lang", "")
    return Words("ui.public", asked.get(told, services.language))


def _transparency(services: PublicServices, router: APIRouter, finder: FactFinder) -> None:
    @router.get(pages.HOME)
    def transparency(request: Request) -> HTMLResponse:
        say = _words(services, request)
        facts = finder.facts()
        shown = figures.figures(say, Texts(say.language), facts)
        return HTMLResponse(pages.transparency(say, facts, shown))

    @router.get(f"{pages.HOME}/{{name}}")
    def file(request: Request, name: str) -> Response:
        say = _words(services, request)
        match name:
            case "public.css":
                return Response(STYLE.read_bytes(), media_type="text/css; charset=utf-8")
            case "ia":
                town = services.parts.settings.town.name
                return HTMLResponse(duties.page(say, town))
            case "comite":
                return HTMLResponse(_committee(services, finder, say))
            case "algorithme.csv":
                heads = [say.plain(f"algorithm.head_{h}") for h in ("part", "field", "value")]
                rows = sheets.algorithm_rows(say, finder.facts())
                return attachment(sheets.as_csv(rows, heads), name, "text/csv; charset=utf-8")
            case "algorithme.md":
                rows = sheets.algorithm_rows(say, finder.facts())
                return attachment(
                    sheets.as_markdown(rows, say.plain("algorithm.title")), name, MARKDOWN
                )
            case "cas-d-usage.md":
                return attachment(sheets.use_case(say, finder.facts()), name, MARKDOWN)
            case _:
                return Response(status_code=404)


def _committee(services: PublicServices, finder: FactFinder, say: Words) -> str:
    folder = services.parts.folder
    settings = finder.settings()
    kept = settings.register_
    return committee.page(
        say,
        settings.town.name,
        remarks=Remarks(folder.path / FILE).all(),
        decisions=Decisions(folder.path / DECISIONS).all(),
        history=finder.history(),
        months=kept.months_by_kind.get(Kind.SETTINGS, kept.months),
    )


def _accessibility(services: PublicServices, router: APIRouter, finder: FactFinder) -> None:
    @router.get(ACCESSIBILITY)
    def statement(request: Request) -> HTMLResponse:
        return HTMLResponse(accessibility.page(_words(services, request), finder.settings().town))


def _remarks(services: PublicServices, router: APIRouter) -> None:
    box, tokens, pace = Remarks(services.parts.folder.path / FILE), Tokens(), Pace(SENT_AN_HOUR)
    places = Buckets(
        SENT_A_PLACE / 60,
        time.monotonic,
        size=SENT_A_PLACE,
        most_times=SENT_AN_HOUR / SENT_A_PLACE - 1,
    )

    def town() -> str:
        return services.parts.settings.town.name

    @router.get(pages.REMARKS)
    def show(request: Request) -> HTMLResponse:
        say = _words(services, request)
        return HTMLResponse(pages.remark_form(say, town(), tokens.make()))

    @router.post(pages.REMARKS)
    async def send(request: Request) -> HTMLResponse:
        say, form = _words(services, request), await request.form(max_files=0, max_fields=5)
        text, kind = value(form, "text"), value(form, "kind")
        problem = ""
        if not tokens.holds(value(form, "token")):
            problem = "send_again"
        elif not text or kind not in KINDS:
            problem = "nothing_said"
        elif len(text) > MAX_CHARS:
            problem = "too_long"
        elif places.take(places_asking(request)) or not pace.lets(time.monotonic()):
            problem = "crowded"
        if not problem:
            try:
                return await run_in_threadpool(keep, request, say, text, kind)
            except Full:
                problem = "crowded"
            except (GuardrailError, OSError):
                problem = "not_kept"
        return await run_in_threadpool(again, say, problem, text, kind)

    def again(say: Words, problem: str, text: str, kind: str) -> HTMLResponse:
        shown = pages.remark_form(say, town(), tokens.make(), error=problem, text=text, kind=kind)
        return HTMLResponse(shown, 400)

    def keep(request: Request, say: Words, text: str, kind: str) -> HTMLResponse:
        screened, believed = (
            services.parts.guard.screen(text),
            services.parts.register.believed_now(),
        )
        box.add(screened, kind=kind, audience=_audience(request), believed=believed)
        hidden = [finding.entity.value for finding in screened.findings]
        return HTMLResponse(pages.thanks(say, town(), screened.text, hidden))


def _audience(request: Request) -> Audience:
    """Return who speaks, in general: somebody of the town hall, or a resident."""
    try:
        role = person_of(request).role
    except LookupError:
        return "senior"
    return "senior" if role is Role.RESIDENT else "agent"
