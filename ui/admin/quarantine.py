# SPDX-License-Identifier: EUPL-1.2
"""Papers that wait for a person: read in context, then kept, hidden or rejected.

GET /admin/quarantine, GET and POST /admin/quarantine/ID
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.operations import decide_case
from corpus.quarantine import Case, Decision
from corpus.structure import Structure
from guardrails.special import Concern
from ui.admin.desk import Desk, collection_name
from ui.admin.html import Markup, button, hidden, join, link, paragraph, table
from ui.admin.kept import Invalid
from ui.drawn import page_html
from ui.forms import value

HERE = "/admin/quarantine"


def quarantine_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _list(desk), "quarantine")

    @router.get(HERE + "/{document}")
    def look(request: Request, document: str) -> HTMLResponse:
        case = _case(desk, document)
        return desk.page("quarantine", _context(desk, case), title=case.document.file)

    @router.post(HERE + "/{document}")
    def decide(request: Request, document: str, form: FormData = desk.sent) -> Response:
        case, parts = _case(desk, document), desk.services.parts
        if value(form, "decision") not in set(Decision):
            raise Invalid("quarantine.no_decision")
        decision = Decision(value(form, "decision"))
        if decision is Decision.HIDE and value(form, "sure") != "yes":
            title = desk.say.plain("quarantine.hide_title")
            return desk.page("quarantine", _sure(desk, case), title=title)
        to_read = decide_case(parts, case, decision, by=desk.pseudonym(request), role="admin")
        return desk.back(HERE, "to_read" if to_read else f"quarantine_{decision}")

    return router


def _case(desk: Desk, document: str) -> Case:
    case = desk.services.parts.quarantine.case(document)
    if case is None:
        raise Invalid("quarantine.unknown")
    return case


def _list(desk: Desk) -> Markup:
    cases = desk.services.parts.quarantine.cases()
    waiting = [case for case in cases if case.decision is None]
    decided = [case for case in cases if case.decision is not None]
    return join((
        paragraph(desk.say.plain("quarantine.intro")),
        _part(desk, "waiting", waiting),
        _part(desk, "decided", decided) if decided else "",
    ))  # fmt: skip


def _part(desk: Desk, name: str, cases: Sequence[Case]) -> Markup:
    say = desk.say
    title = say.plain(f"quarantine.{name}", count=len(cases))
    heads = [say.plain(f"head.{h}") for h in ("file", "collection", "why", "decision")]
    rows = [
        (
            link(f"{HERE}/{case.document.id}", case.document.file),
            collection_name(desk, case.document.collection),
            _why(desk, case),
            desk.texts("decision", case.decision or "waiting"),
        )
        for case in cases
    ]
    body = table(title, heads, rows) if rows else paragraph(say.plain("quarantine.none"))
    return join((f"<section><h2>{escape(title)}</h2>", body, "</section>"))


def _why(desk: Desk, case: Case) -> str:
    counted = Counter(concern.category for concern in case.concerns)
    return ", ".join(f"{desk.texts('category', c)} ({n})" for c, n in sorted(counted.items()))


def _context(desk: Desk, case: Case) -> Markup:
    """Return the pages that made it wait, their sentences marked, and what may be decided."""
    say, quarantine = desk.say, desk.services.parts.quarantine
    texts, numbers = quarantine.texts(case.document), quarantine.numbers(case.document)
    pages = sorted({concern.page for concern in case.concerns})
    shown = (
        f"<section><h2>{_page_name(desk, numbers[page])}</h2>"
        f'<div class="page-text">{_marked(texts[page], case.concerns, page)}</div></section>'
        for page in pages
    )
    choices = "".join(
        f"<li>{button(say.plain(f'quarantine.do_{d}'), name='decision', value=d, kind=_weight(d))}"
        f'<span class="hint">{say(f"quarantine.means_{d}")}</span></li>'
        for d in Decision
    )
    decided = desk.texts("decision", case.decision or "waiting")
    return join((
        paragraph(say.plain("quarantine.state", decided=decided, why=_why(desk, case) or "–")),
        desk.form(f"{HERE}/{case.document.id}", f'<ul class="choices">{choices}</ul>'),
        *shown,
        "" if pages else paragraph(say.plain("quarantine.nothing_left")),
        f"<p>{link(HERE, say.plain('go_on'))}</p>",
    ))  # fmt: skip


def _sure(desk: Desk, case: Case) -> Markup:
    """Return what is about to be erased, page by page, and the button that does it."""
    say, quarantine = desk.say, desk.services.parts.quarantine
    texts, numbers = quarantine.texts(case.document), quarantine.numbers(case.document)
    spans = sorted({(c.page, c.start, c.end) for c in case.concerns})
    pages = sorted({page for page, _, _ in spans})
    gone = (
        f"<section><h2>{_page_name(desk, numbers[page])}</h2><ul>"
        + "".join(
            f"<li><q>{escape(' '.join(texts[page][start:end].split()))}</q></li>"
            for place, start, end in spans
            if place == page
        )
        + "</ul></section>"
        for page in pages
    )
    here = f"{HERE}/{case.document.id}"
    count = "quarantine.hide_one" if len(spans) == 1 else "quarantine.hide_many"
    return join((
        paragraph(case.document.file, "subject"),
        paragraph(say.plain(count, count=len(spans))),
        *gone,
        desk.form(here, hidden("decision", Decision.HIDE), hidden("sure", "yes"), kind="grave",
                  send=say.plain("quarantine.hide_now")),
        f"<p>{link(here, say.plain('cancel'))}</p>",
    ))  # fmt: skip


def _weight(decision: Decision) -> str:
    return "grave" if decision is Decision.REJECT else ""


def _page_name(desk: Desk, number: int) -> str:
    return desk.say("quarantine.page", page=number) if number else desk.say("quarantine.its_name")


def _marked(text: str, concerns: Sequence[Concern], page: int) -> str:
    """Return a page's text as HTML, the sentences in question marked."""
    spans = sorted({(c.start, c.end) for c in concerns if c.page == page})
    return page_html(Structure.of(text), *spans)
