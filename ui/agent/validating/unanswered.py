# SPDX-License-Identifier: EUPL-1.2
"""`/sans-reponse`: the questions that found no answer, by matter, and what becomes of each.

GET  /sans-reponse            the matters, the most frequent first, with the nearest pages
POST /sans-reponse            « ce n'est pas à nous » or « document manquant »
POST /sans-reponse/chercher   pages for a matter, in other words than its own

« Répondre » leads to the form of a validated answer, on a page. Who asked stands nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from assistant.answers import Span
from assistant.cards import Refused, Settled
from assistant.cards.card import MOST_CHARS
from assistant.cards.unanswered import Group
from corpus.acts import date_in_words
from corpus.documents import Retrieved
from guardrails.errors import DetectorFailed, GuardrailError, TextTooLong
from guardrails.findings import Screened
from ui.access.person import Person
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices, CardTools
from ui.agent.validating.form import HERE as VALIDATE
from ui.agent.validating.lines import Spot
from ui.drawn import marked
from ui.excerpt import excerpt
from ui.forms import Fields, value
from ui.senior.tokens import Tokens
from ui.source import title_of

HERE = "/sans-reponse"
MOST_GROUPS = 60
MOST_QUESTIONS = 200
NEAREST_SHOWN = 3
MOST_FOUND = 8


def unanswered_router(
    services: AgentServices, frame: Frame, cards: CardTools, tokens: Tokens
) -> APIRouter:
    """The routes of questions without an answer."""
    router = APIRouter(prefix=HERE)
    page = UnansweredPage(services, cards, tokens)

    @router.get("")
    def listed(person: Asking, fait: str = "") -> HTMLResponse:
        body = page.body(person, fait)
        return HTMLResponse(frame.page(frame.say.plain("nav_unanswered"), HERE, body))

    @router.post("")
    def settle(person: Asking, form: Fields) -> Response:
        if not tokens.holds(value(form, "token")):
            return HTMLResponse(frame.message("nav_unanswered", "card_stale", HERE), 409)
        what = next((one for one in Settled if one.value == value(form, "what")), None)
        asked = [one for one in form.getlist("question") if isinstance(one, str) and one.strip()]
        if what is None or not asked:
            return RedirectResponse(HERE, 303)
        try:
            _settled(cards, person, asked, what)
        except (Refused, GuardrailError, OSError):
            return HTMLResponse(frame.message("nav_unanswered", "card_unkept", HERE), 503)
        return RedirectResponse(f"{HERE}?fait={what.value}", 303)

    @router.post("/chercher")
    async def look(person: Asking, form: Fields) -> HTMLResponse:
        limiter = services.tools.searches
        return await to_thread.run_sync(found, person, form, limiter=limiter)

    def found(person: Person, form: FormData) -> HTMLResponse:
        if not tokens.holds(value(form, "token")):
            return HTMLResponse(frame.message("nav_unanswered", "card_stale", HERE), 409)
        words = {name: value(form, name) for name in ("question", "wordings", "q")}
        try:
            body = page.found(person, words)
        except (DetectorFailed, TextTooLong):
            return HTMLResponse(frame.message("nav_unanswered", "unanswered_closed", HERE), 503)
        return HTMLResponse(frame.page(frame.say.plain("unanswered_look"), HERE, body))

    return router


def _settled(cards: CardTools, person: Person, asked: Sequence[str], what: Settled) -> None:
    cards.desk.settle_matter(asked, what, by=cards.who(person), role=str(person.role))


class UnansweredPage:
    """Lays out the matters that found no answer."""

    def __init__(self, services: AgentServices, cards: CardTools, tokens: Tokens) -> None:
        self._services, self._cards, self._tokens = services, cards, tokens
        self._say = services.words

    def body(self, person: Person, done: str) -> str:
        """Return the page; its reading is entered."""
        say = self._say
        groups = self._cards.groups(self._cards.who(person), str(person.role))
        told = ""
        if say.has(f"unanswered_done_{done}"):
            told = f'<p class="notice-box" role="status">{say(f"unanswered_done_{done}")}</p>'
        if not groups:
            return f'{told}<p class="notice-box">{say("unanswered_none")}</p>'
        items = "".join(
            f"<li>{self._group(person, number, group)}</li>"
            for number, group in enumerate(groups[:MOST_GROUPS])
        )
        more = len(groups) - MOST_GROUPS
        return (
            f'{told}<p class="lead">{say("unanswered_intro")}</p>'
            f'<p role="status">{say.counted("unanswered_found", len(groups))}</p>'
            f'<ol class="documents">{items}</ol>'
            + (f"<p>{say('cards_more', count=more)}</p>" if more > 0 else "")
        )

    def _group(self, person: Person, number: int, group: Group) -> str:
        say = self._say
        since = date_in_words(group.since) if say.language == "fr" else group.since
        others = "".join(f"<li>{marked(one)}</li>" for one in group.questions[1:])
        alike = ""
        if others:
            alike = (
                f"<details><summary>{say.counted('unanswered_alike', len(group.questions) - 1)}"
                f"</summary><ul>{others}</ul></details>"
            )
        near = [one for one in group.nearest if self._may_see(person, one)][:NEAREST_SHOWN]
        wordings = "\n".join(group.questions[1:10])
        places = self._places(group.matter, wordings, near)
        found = f"<h3>{say('unanswered_nearest')}</h3>{places}" if places else ""
        found += self._look(number, group.matter, wordings, group.matter)
        return (
            f'<h2 class="title" id="matter-{number}">{marked(group.matter)}</h2>'
            f'<p class="quiet">{say.counted("unanswered_times", group.count)} '
            f"{say('unanswered_since', day=since)}</p>{alike}{found}{self._settle(number, group)}"
        )

    def found(self, person: Person, words: Mapping[str, str]) -> str:
        """Return the pages that are nearest some words, to answer a matter with one of them."""
        say, tools = self._say, self._services.tools
        matter, wordings = words["question"][:MOST_CHARS], words["wordings"]
        wanted = words["q"][:MOST_CHARS] or matter
        found = list[Retrieved]()
        if tools.search and tools.guard and wanted:
            screened = tools.guard.screen(wanted)
            filters = self._services.filters(person)
            found = [
                one
                for one in tools.search(screened, limit=MOST_FOUND, filters=filters)
                if self._may_see(person, one)
            ]
        places = self._places(matter, wordings, found)
        return (
            f'<p class="lead">{marked(matter)}</p>{self._look(0, matter, wordings, wanted)}'
            + (places or f'<p class="notice-box">{say("unanswered_nothing")}</p>')
            + f'<p><a href="{HERE}">{say("nav_unanswered")}</a></p>'
        )

    def _look(self, number: int, matter: str, wordings: str, wanted: str) -> str:
        """Return the form that looks for pages in words of one's own."""
        if not self._services.tools.search or not self._services.tools.guard:
            return ""
        say = self._say
        name = f"q-{number}"
        return (
            f'<form method="post" action="{HERE}/chercher" class="search" role="search">'
            f"{self._token()}{_hidden('question', matter)}{_hidden('wordings', wordings)}"
            f'<p class="field"><label for="{name}">{say("unanswered_words")}</label>'
            f'<input id="{name}" name="q" type="search" maxlength="{MOST_CHARS}" '
            f'value="{escape(wanted)}"></p>'
            f'<button type="submit" class="small-button">{say("unanswered_look")}</button></form>'
        )

    def _may_see(self, person: Person, found: Retrieved) -> bool:
        stored = self._services.store.document(found.passage.document)
        return stored is not None and self._services.may_see(person, stored)

    def _places(self, matter: str, wordings: str, found: Sequence[Retrieved]) -> str:
        """Return where to pick lines: each passage around its likeliest line."""
        lines = self._services.tools.lines(Screened(matter), found)
        return "".join(
            self._place(matter, wordings, one, lines.get(one.passage.id)) for one in found
        )

    def _place(self, matter: str, wordings: str, found: Retrieved, line: Span | None) -> str:
        say, p = self._say, found.passage
        title = escape(title_of(self._services.store, p.document, p.file))
        spot = Spot(p.document, p.page)
        return (
            f'<form method="post" action="{VALIDATE}/lignes" class="near">'
            f"{self._token()}{_hidden('question', matter)}{_hidden('wordings', wordings)}"
            f"{_hidden('page', str(spot))}"
            f"<p><strong>{title}, {say('card_page', page=p.page)}</strong></p>"
            f'<div class="excerpt" title="{title}">{excerpt(p, *([line] if line else []))}</div>'
            f'<p><button type="submit" class="small-button">{say("unanswered_answer")}'
            f'<span class="unseen"> {title}</span></button></p></form>'
        )

    def _settle(self, number: int, group: Group) -> str:
        say = self._say
        asked = "".join(_hidden("question", one) for one in group.questions[:MOST_QUESTIONS])
        buttons = "".join(
            f'<button type="submit" class="small-button" name="what" value="{what.value}" '
            f'aria-describedby="matter-{number}">{say(f"unanswered_{what.value}")}</button>'
            for what in Settled
        )
        return (
            f'<form method="post" action="{HERE}" class="take">{self._token()}{asked}'
            f"{buttons}</form>"
        )

    def _token(self) -> str:
        return _hidden("token", self._tokens.make())


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
