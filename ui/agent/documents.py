# SPDX-License-Identifier: EUPL-1.2
"""The documents of the town: look for one, leaf through them, read one with what is known of it.

    POST /documents  q, collection, kind, since, until ─▶ the address of the list
    GET  /documents?recherche=…&collection=…&kind=…&since=…&until=…&page=…
    GET  /documents/{id}

What is looked for may hold a name: it is sent, and no address holds it (`ui/searches.py`).

Only what this person may see, in its hidden form, and nothing that waits in quarantine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers import Span
from assistant.texts import Texts
from corpus.documents import Filters, Retrieved
from corpus.errors import CorpusError
from corpus.french import Forms
from corpus.quarantine import is_waiting
from corpus.rows import StoredDocument
from guardrails.errors import GuardrailError
from ui.access.person import Person
from ui.agent.act_page import act_page, written_day
from ui.agent.filters import fields, in_words, read
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.agent.sources import way_to_file
from ui.excerpt import excerpt
from ui.forms import Fields
from ui.reply import address, file_title
from ui.searches import FIELD
from ui.source import pack_note

HERE = "/documents"
PER_PAGE = 25
FOUND = 30
MAX_QUERY_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document in a list, with the passage that was found in it, if one was looked for."""

    document: StoredDocument
    found: Retrieved | None = None
    line: Span | None = None
    """Where the likeliest line of the passage stands."""


def documents_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of the documents."""
    router, searches = APIRouter(prefix=HERE), services.searches

    @router.post("")
    def look(person: Asking, form: Fields) -> Response:
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
        name = searches.keep(person.name, sent.get("q", "").strip()[:MAX_QUERY_CHARS])
        return RedirectResponse(_address(name, read(sent)), 303)

    @router.get("", response_class=HTMLResponse)
    async def listed(
        person: Asking, request: Request, recherche: str = "", page: int = 1
    ) -> HTMLResponse:
        found_again = searches.find(person.name, recherche) if recherche else ""
        limiter = services.tools.searches if found_again else None
        draw = partial(drawn, person, request, found_again, recherche, page)
        return await to_thread.run_sync(draw, limiter=limiter)

    def drawn(
        person: Person, request: Request, found_again: str | None, recherche: str, page: int
    ) -> HTMLResponse:
        asked, chosen = found_again or "", read(request.query_params)
        error = frame.say("documents_forgotten") if found_again is None else ""
        if error:
            body = _search_form(services, frame, person, "", chosen)
            body += f'<p class="problem" role="alert">{error}</p>'
            return HTMLResponse(frame.page(frame.say.plain("nav_documents"), HERE, body))
        try:
            found = _found(services, person, asked, chosen)
        except (GuardrailError, CorpusError, OSError):
            found, error = [], frame.say("documents_failed")
        body = _search_form(services, frame, person, asked, chosen)
        body += f'<p class="problem" role="alert">{error}</p>' if error else ""
        sought = services.sought(person, recherche) if found and asked else frozenset()
        items = [partial(_item, frame, one, recherche, sought) for one in found]
        body += _list(frame, items, recherche, chosen, max(1, page)) if not error else ""
        return HTMLResponse(frame.page(frame.say.plain("nav_documents"), HERE, body))

    @router.get("/{document}", response_class=HTMLResponse)
    def one(person: Asking, document: str) -> HTMLResponse:
        stored = services.store.document(document)
        if stored is None or not services.may_see(person, stored):
            return HTMLResponse(frame.message("missing_title", "missing", HERE), 404)
        if is_waiting(stored):
            return HTMLResponse(frame.message("missing_title", "act_waits", HERE), 404)
        seen = {d.id for d in services.visible(person)}
        way = way_to_file(services, person, stored)
        return HTMLResponse(act_page(services.store, frame, stored, seen, way))

    return router


def _found(
    services: AgentServices, person: Person, asked: str, chosen: Filters
) -> Sequence[Listed]:
    """Return the documents that hold what is asked, best first; all of them, newest first, if
    nothing is asked."""
    allowed = services.filters(person, chosen)
    if not asked:
        kept = [Listed(document=d) for d in services.visible(person) if _passes(d, allowed)]
        return sorted(
            kept, key=lambda one: (one.document.act.date, one.document.file), reverse=True
        )
    if services.tools.search is None or services.tools.guard is None:
        return []
    question = services.tools.guard.screen(asked)
    first: dict[str, Listed] = {}
    passages = services.tools.search(question, limit=FOUND, filters=allowed)
    shown_to = services.visible(person, {found.passage.document for found in passages})
    visible = {document.id: document for document in shown_to}
    for found in passages:
        document = visible.get(found.passage.document)
        if document:
            first.setdefault(document.id, Listed(document=document, found=found))
    shown = list(first.values())
    lines = services.tools.lines(question, [one.found for one in shown if one.found])
    return [
        replace(one, line=lines.get(one.found.passage.id)) if one.found else one for one in shown
    ]


def _passes(document: StoredDocument, filters: Filters) -> bool:
    day = document.act.date
    return (
        (filters.collections is None or document.collection in filters.collections)
        and (filters.kinds is None or document.act.kind in filters.kinds)
        and (not filters.since or day >= filters.since)
        and (not filters.until or (bool(day) and day <= filters.until))
    )


def _search_form(
    services: AgentServices, frame: Frame, person: Person, asked: str, chosen: Filters
) -> str:
    say = frame.say
    return (
        f'<form method="post" action="{HERE}" class="search" role="search" autocomplete="off">'
        f'<p class="field wide"><label for="q">{say("documents_query")}</label>'
        f'<input type="search" id="q" name="q" value="{escape(asked)}" '
        f'maxlength="{MAX_QUERY_CHARS}"></p>'
        f"{fields(say, services.collections(person), chosen, 'd')}"
        f'<p class="field"><button type="submit" class="button">{say("documents_search")}</button>'
        "</p></form>"
    )


def _list(
    frame: Frame, found: Sequence[Callable[[], str]], search: str, chosen: Filters, page: int
) -> str:
    """Return a page of a list, of which only the items that are shown are drawn."""
    say = frame.say
    limits = in_words(say, chosen)
    counted = say.counted("documents_count", len(found)) if found else say("documents_none")
    line = f'<p class="quiet" role="status">{counted}{f" ({limits})" if limits else ""}</p>'
    start = (page - 1) * PER_PAGE
    items = "".join(drawn() for drawn in found[start : start + PER_PAGE])
    steps = ""
    for to, key, is_there in (
        (page - 1, "previous", page > 1),
        (page + 1, "next", start + PER_PAGE < len(found)),
    ):
        if is_there:
            steps += f'<a href="{escape(_address(search, chosen, to))}">{say(key)}</a>'
    around = f'<nav class="steps" aria-label="{say("documents_pages")}">{steps}</nav>'
    return f'{line}<ol class="documents">{items}</ol>{around if steps else ""}'


def _item(frame: Frame, one: Listed, search: str, sought: Forms) -> str:
    say, document = frame.say, one.document
    name = document.act.label or file_title(document.file)
    title, named = escape(name), say("compare_this_one", title=name)
    pack = pack_note(document.pack, Texts(say.language))
    about = [document.act.kind.capitalize(), written_day(frame, document.act.date)]
    told = " · ".join(escape(part) for part in about if part)
    passage = one.found.passage if one.found else None
    quote = ""
    if passage:
        lines = [one.line] if one.line else []
        start, end = one.line or (passage.start, passage.end)
        link = address(document.id, passage.page, start, end, search)
        quote = (
            f'<div class="excerpt" title="{title}">{excerpt(passage, *lines, sought=sought)}</div>'
            f'<p><a href="{link}">{say("documents_page", page=passage.page)}</a></p>'
        )
    ended = ""
    if passage and not passage.in_force:
        ended = f'<p class="care">{say("act_ended", label=passage.superseded_by)}</p>'
    return (
        f'<li><a class="title" href="{HERE}/{document.id}">{title}</a>'
        f'<p class="quiet">{told}</p>{pack}{ended}{quote}'
        f'<p><a href="/?document={document.id}">{say("ask_document")}'
        f'<span class="unseen"> {title}</span></a></p>'
        f'<p><a href="/comparer?a={document.id}" aria-label="{named}">'
        f"{say('compare_this')}</a></p></li>"
    )


def _address(search: str, chosen: Filters, page: int = 1) -> str:
    """Return the address of a list; `search` is the name of what is looked for."""
    told = {
        FIELD: search,
        "collection": next(iter(chosen.collections or ()), ""),
        "kind": next(iter(chosen.kinds or ()), ""),
        "since": chosen.since,
        "until": chosen.until,
        "page": str(page) if page > 1 else "",
    }
    asked = urlencode({name: value for name, value in told.items() if value})
    return f"{HERE}?{asked}" if asked else HERE
