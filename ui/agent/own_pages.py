# SPDX-License-Identifier: EUPL-1.2
"""The pages of an agent's own questions: off until they ask for it; then a list, and each thread.

    GET  /mes-questions                 what it is, or the threads, the newest first
    POST /mes-questions                 words to look for ─▶ the address of what has them
    POST /mes-questions/choix           from now on they are shown, or no more
    POST /mes-questions/effacer         nothing of what was asked until now is in the list
    GET  /mes-questions/{record}        a thread, its oldest question first, and a box to go on
    POST /mes-questions/{record}        a question that goes on ─▶ its answer, in the thread
    POST /mes-questions/{record}/nom    it is named
    POST /mes-questions/{record}/fin    it is taken out of the list

What is looked for may hold a name: it is sent, and no address holds it (`ui/searches.py`). What was
quoted from a document that this person may not see today is not shown again.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import partial
from html import escape
from threading import Event
from typing import cast
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers import Step
from assistant.following import Understood
from assistant.pipeline import MAX_QUESTION_CHARS
from corpus.acts import date_in_words
from guardrails.errors import DetectorFailed, TextTooLong
from ui.access.person import Person
from ui.agent.actions import Actions
from ui.agent.asked_back import AS_IT_IS, by_form
from ui.agent.conversation import Conversation
from ui.agent.frame import Frame, apart
from ui.agent.own import MAX_NAME_CHARS, Asked, OwnQuestions, Thread
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.agent.view import IDLE, Phase, View, views
from ui.drawn import marked
from ui.forms import Fields
from ui.relay import LOOK_SECONDS, ReaderLeft, attended
from ui.reply import Reply
from ui.searches import FIELD, Searches
from ui.source import title_of

HERE = "/mes-questions"
MAX_WORDS_CHARS = 200
DONE = {"off": "own_off", "erased": "own_erased", "erased_this": "own_erased_this"}


def own_router(services: AgentServices, frame: Frame, own: OwnQuestions) -> APIRouter:
    """The routes of one's own questions."""
    router, searches = APIRouter(prefix=HERE), Searches()
    desk = _Desk(services, frame, own)

    @router.get("", response_class=HTMLResponse)
    def listed(person: Asking, recherche: str = "", fait: str = "") -> HTMLResponse:
        words = searches.find(person.name, recherche) if recherche else ""
        return HTMLResponse(desk.listed(person, words, fait))

    @router.post("")
    def look(person: Asking, form: Fields) -> Response:
        words = str(form.get("q", "")).strip()[:MAX_WORDS_CHARS]
        name = searches.keep(person.name, words)
        return RedirectResponse(f"{HERE}?{FIELD}={name}" if name else HERE, 303)

    @router.post("/choix")
    def choose(person: Asking, form: Fields) -> Response:
        is_on = form.get("montrer") == "1"
        own.choose(person, is_on=is_on)
        return RedirectResponse(f"{HERE}?fait={'' if is_on else 'off'}", 303)

    @router.post("/effacer")
    def erase(person: Asking) -> Response:
        services.shelf.drop(person.name, own.forget(person))
        return RedirectResponse(f"{HERE}?fait=erased", 303)

    @router.get("/{record}", response_class=HTMLResponse)
    def one(person: Asking, record: str) -> HTMLResponse:
        thread = own.thread(person, record)
        return HTMLResponse(desk.page(person, thread)) if thread else desk.gone()

    @router.post("/{record}")
    async def go_on(person: Asking, request: Request, form: Fields, record: str) -> Response:
        question = str(form.get("question", ""))[: MAX_QUESTION_CHARS + 1]
        as_it_is = AS_IT_IS in form
        try:
            return await desk.go_on(person, record, question, request, as_it_is=as_it_is)
        except ReaderLeft:
            return Response(status_code=204)

    @router.post("/{record}/nom")
    def name(person: Asking, form: Fields, record: str) -> Response:
        return desk.name(person, record, str(form.get("nom", "")))

    @router.post("/{record}/fin")
    def end(person: Asking, record: str) -> Response:
        thread = own.thread(person, record)
        if thread is None:
            return desk.gone()
        services.shelf.drop(person.name, own.forget(person, thread))
        return RedirectResponse(f"{HERE}?fait=erased_this", 303)

    return router


class _Desk:
    """Asks on, and draws the pages."""

    def __init__(self, services: AgentServices, frame: Frame, own: OwnQuestions) -> None:
        self._services, self._frame, self._own = services, frame, own
        self._say = frame.say
        self._title = partial(title_of, services.store)
        self._actions = Actions(
            services.texts, services.words, self._title, services.store.structure,
            is_judged=services.tools.register is not None,
        )  # fmt: skip

    @property
    def _reply(self) -> Reply:
        """What lays answers out; whom to call is what the town says now."""
        services = self._services
        return Reply(
            services.texts, services.settings.town, self._title, self._actions,
            services.tools.suspended, services.store.structure,
        )  # fmt: skip

    # -- what a person does

    async def go_on(
        self, person: Person, record: str, question: str, request: Request, *, as_it_is: bool
    ) -> Response:
        """Ask what follows a thread, completed from what it says last, and join it; raise
        ReaderLeft."""
        thread = await to_thread.run_sync(self._own.thread, person, record)
        if thread is None:
            return await to_thread.run_sync(self.gone)
        found = None
        if not as_it_is:
            found = await to_thread.run_sync(self._heard, person, thread, question)
        if found and not found.is_sure:
            draw = partial(self.page, person, thread, choices=found.choices, question=question)
            return await apart(draw)
        view = await self._asked(person, found.text if found else question, request)
        if not view.record:
            error = marked(view.error)
            draw = partial(self.page, person, thread, error=error, question=question)
            return await apart(draw, 400)
        self._services.shelf.put(person.name, view)
        await to_thread.run_sync(self._own.take_up, person, thread, view)
        return RedirectResponse(f"{HERE}/{quote(thread.record, safe='')}#answer", 303)

    def _heard(self, person: Person, thread: Thread, question: str) -> Understood | None:
        talk = Conversation(turns=tuple(self._shown(person, one) for one in thread.turns))
        return talk.heard(question, self._services.tools)

    async def _asked(self, person: Person, question: str, request: Request) -> View:
        """Return the screen of a question once it is closed. One that its reader left is worked on
        no more, and raises ReaderLeft."""
        services, last, is_left = self._services, IDLE, Event()
        steps = services.assistant.steps(
            question,
            actor=person.name,
            role=str(person.role),
            filters=services.filters(person),
        )
        shown = views(cast(Generator[Step, None, None], steps), services.texts)
        following = services.replies.follow(shown, is_left)
        attending = attended(following, is_left, request.receive, seconds=LOOK_SECONDS)
        async with aclosing(attending):
            async for view in attending:
                last = view or last
        return last

    def name(self, person: Person, record: str, words: str) -> Response:
        thread = self._own.thread(person, record)
        if thread is None:
            return self.gone()
        try:
            self._own.name(person, thread, words)
        except (DetectorFailed, TextTooLong):
            return HTMLResponse(self.page(person, thread, error=self._say("own_unnamed")), 400)
        return RedirectResponse(f"{HERE}/{quote(thread.record, safe='')}", 303)

    def gone(self) -> HTMLResponse:
        return HTMLResponse(self._frame.message("own_gone_title", "own_gone", HERE), 404)

    # -- pages

    def listed(self, person: Person, words: str | None, done: str) -> str:
        say, own = self._say, self._own
        told = "own_erased_sealed" if done == "erased" and own.erases else DONE.get(done, "")
        body = f'<p class="lead">{say("own_lead")}</p>'
        if told:
            body += f'<p class="notice-box" role="status" tabindex="-1" id="done">{say(told)}</p>'
        if not person.name:
            body += f'<p class="notice-box">{say("own_nobody")}</p>'
        elif not own.is_on(person):
            body += self._promises() + self._choice(is_on=True)
        else:
            threads = own.threads(person)
            if words is None:
                body += f'<p class="problem" role="alert">{say("documents_forgotten")}</p>'
            found = own.holding(person, threads, words) if words else threads
            body += self._search(words or "") if threads else ""
            body += self._list(found, is_search=bool(words))
            body += self._erase() if threads else ""
            body += self._choice(is_on=False)
        return self._frame.page(say.plain("nav_own"), HERE, body)

    def page(
        self,
        person: Person,
        thread: Thread,
        *,
        error: str = "",
        question: str = "",
        choices: Sequence[str] = (),
    ) -> str:
        say = self._say
        shown = [self._shown(person, one) for one in thread.turns]
        turns = "".join(
            f'<section class="turn"{self._last(one, thread)}><p class="quiet">{self._moment(one)}'
            f"</p>{self._reply(view)}</section>"
            for one, view in zip(thread.turns, shown, strict=True)
        )
        problem = f'<p class="problem" role="alert" id="problem">{error}</p>' if error else ""
        here = f"{HERE}/{quote(thread.record, safe='')}"
        if choices:
            problem += by_form(say, here, choices, question, {})
        body = (
            f'<p class="lead">{say.counted("own_count", len(thread.turns))}</p>'
            f'<form method="post" action="{here}/nom" class="stack screen-only" autocomplete="off">'
            f'<p class="field"><label for="nom">{say("own_name")}</label>'
            f'<input id="nom" name="nom" maxlength="{MAX_NAME_CHARS}" '
            f'value="{escape(thread.name)}" aria-describedby="nom-note">'
            f'<span class="quiet" id="nom-note">{say("own_name_note")}</span></p>'
            f'<p><button type="submit" class="button plain">{say("own_name_keep")}</button></p>'
            f"</form>{turns}{problem}"
            f'<form method="post" action="{here}" class="stack screen-only" autocomplete="off" '
            f'data-busy="{say("drop_asking")}">'
            f'<p class="field"><label for="question">{say("own_question")}</label>'
            f'<textarea id="question" name="question" rows="2" required '
            f'maxlength="{MAX_QUESTION_CHARS}" aria-describedby="go-on">\n{escape(question)}'
            f'</textarea><span class="quiet" id="go-on">{say("own_question_note")}</span></p>'
            f'<p><label class="choice"><input type="checkbox" name="{AS_IT_IS}" value="1"> '
            f"{say('ask_alone')}</label></p>"
            f'<p><button type="submit" class="button">{say("drop_ask")}</button></p></form>'
            f'<form method="post" action="{here}/fin" class="stack screen-only"><p>'
            f'<button type="submit" class="button plain">{say("own_forget")}</button></p>'
            f"</form>"
            f'<p><a href="{HERE}">{say("own_back")}</a></p>'
        )
        title = thread.name or say.plain("own_thread")
        return self._frame.page(title, HERE, body)

    def _shown(self, person: Person, asked: Asked) -> View:
        """Return what came of a question, to be taken away and judged as one that was just asked;
        only that it is gone, where it quotes what this person may not see today."""
        view, shelf = self._own.view(person, asked), self._services.shelf
        if not self._services.may_see_all(person, view):
            gone = self._say.plain("own_unseen")
            return replace(IDLE, phase=Phase.FAILED, question=view.question, error=gone)
        if shelf.get(person.name, asked.record) is None:
            shelf.put(person.name, view)
            if self._own.is_judged(person, asked):
                shelf.judge(person.name, asked.record)
        return view

    def _last(self, one: Asked, thread: Thread) -> str:
        return ' id="answer" tabindex="-1"' if one is thread.turns[-1] else ""

    def _promises(self) -> str:
        say = self._say
        told = ("own_promise_register", "own_promise_alone", "own_promise_read")
        return f'<ul class="promises">{"".join(f"<li>{say(key)}</li>" for key in told)}</ul>'

    def _choice(self, *, is_on: bool) -> str:
        value, key = ("1", "own_show") if is_on else ("0", "own_hide")
        kind = "button" if is_on else "button plain"
        return (
            f'<form method="post" action="{HERE}/choix" class="stack screen-only"><p>'
            f'<button type="submit" class="{kind}" name="montrer" value="{value}">'
            f"{self._say(key)}</button></p></form>"
        )

    def _erase(self) -> str:
        say = self._say
        note = say("own_erase_sealed" if self._own.erases else "own_erase_note")
        return (
            f'<form method="post" action="{HERE}/effacer" class="stack screen-only"><p>'
            f'<button type="submit" class="button plain" aria-describedby="erase-note">'
            f'{say("own_erase")}</button></p><p class="quiet" id="erase-note">{note}</p></form>'
        )

    def _search(self, words: str) -> str:
        say = self._say
        return (
            f'<form method="post" action="{HERE}" class="search screen-only" role="search" '
            'autocomplete="off">'
            f'<p class="field"><label for="q">{say("own_search")}</label>'
            f'<input type="search" id="q" name="q" maxlength="{MAX_WORDS_CHARS}" '
            f'value="{escape(words)}"></p>'
            f'<p><button type="submit" class="button">{say("own_find")}</button></p></form>'
        )

    def _list(self, threads: Sequence[Thread], *, is_search: bool) -> str:
        say = self._say
        if not threads:
            return f'<p role="status">{say("own_not_found" if is_search else "own_empty")}</p>'
        items = "".join(
            f'<li><a href="{HERE}/{quote(thread.record, safe="")}">'
            f"{marked(thread.name or thread.turns[0].question)}</a> "
            f'<span class="quiet">{self._moment(thread.turns[-1])} · '
            f"{say.counted('own_count', len(thread.turns))}</span></li>"
            for thread in threads
        )
        return f'<ol class="documents threads">{items}</ol>'

    def _moment(self, asked: Asked) -> str:
        at: datetime = asked.at.astimezone()
        day = at.date().isoformat()
        shown = date_in_words(day) if self._say.language == "fr" else day
        return self._say("own_at", day=shown, hour=f"{at:%H:%M}")
