# SPDX-License-Identifier: EUPL-1.2
"""A file is dropped and asked, beside the town's documents or alone; nothing of it is kept.

    GET  /fichier              drop a file
    POST /fichier              it is read, hidden, held in memory ─▶ the address of its page
    GET  /fichier/{token}      the file at a glance, what was asked, the box for a question
    POST /fichier/{token}      a question ─▶ its answer, by the same pipeline and register
    POST /fichier/{token}/fin  forget it

The file is received in memory, read from a descriptor without a name, and gone after an hour, with
the service, or when its owner says so (`held.py`).
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from threading import Event
from typing import cast
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers import Step
from assistant.glance.finding import glance_of_dropped
from assistant.pipeline import MAX_QUESTION_CHARS
from corpus.documents import is_dropped
from corpus.dropped import fleeting, read_of
from corpus.errors import NotTaken
from corpus.structure import Structure
from guardrails.injection import neutralised_in
from ui.access.person import Person
from ui.agent.actions import Actions
from ui.agent.asked_back import AS_IT_IS, by_form
from ui.agent.conversation import Conversation
from ui.agent.frame import Frame, apart
from ui.agent.held import Held
from ui.agent.masking import ACCEPTED, Sent, sent_form
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.agent.view import IDLE, Phase, View, views
from ui.anonymise import MaskingFailed, ending_of
from ui.drawn import marked
from ui.forms import Fields
from ui.glance import GlanceBlock, Place
from ui.relay import LOOK_SECONDS, ReaderLeft, attended, in_turn
from ui.reply import Reply, address, file_title
from ui.source import title_of

HERE = "/fichier"


def dropping_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of the page that asks a file."""
    router, most = APIRouter(prefix=HERE), services.settings.uploads.masking_mb * 1_000_000
    desk = _Desk(services, frame)

    @router.get("", response_class=HTMLResponse)
    def empty(person: Asking, efface: int = 0) -> HTMLResponse:
        return HTMLResponse(desk.form(done="drop_forgotten" if efface else ""))

    @router.post("")
    async def drop(person: Asking, request: Request) -> Response:
        try:
            sent = await sent_form(request, most)
            held = await in_turn(services.tools.maskings, request, desk.take, person, sent)
        except MaskingFailed as error:
            words = frame.say(error.key, **error.facts)
            return await apart(partial(desk.form, error=words), 400)
        except NotTaken as error:
            return await apart(partial(desk.form, error=desk.reason(error)), 400)
        return RedirectResponse(f"{HERE}/{held.token}", 303)

    @router.get("/{token}", response_class=HTMLResponse)
    def one(person: Asking, token: str) -> HTMLResponse:
        held = services.held.find(person.name, token)
        return HTMLResponse(desk.page(held)) if held else desk.gone()

    @router.post("/{token}")
    async def ask(person: Asking, token: str, request: Request, form: Fields) -> Response:
        held = services.held.find(person.name, token)
        if held is None:
            return await run_in_threadpool(desk.gone)
        question = str(form.get("question", ""))[: MAX_QUESTION_CHARS + 1]
        asked = Asked(question, with_town="town" in form, as_it_is=AS_IT_IS in form)
        try:
            return await desk.answered(person, held, asked, request)
        except ReaderLeft:
            return Response(status_code=204)

    @router.post("/{token}/fin")
    def end(person: Asking, token: str) -> Response:
        services.held.drop(person.name, token)
        return RedirectResponse(f"{HERE}?efface=1", 303)

    return router


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a file's page asks: beside the town's documents or of the file alone, and
    completed from the question before or as it is."""

    question: str
    with_town: bool
    as_it_is: bool


class _Desk:
    """Takes files and questions, and draws the pages."""

    def __init__(self, services: AgentServices, frame: Frame) -> None:
        self._services = services
        self._frame = frame
        self._say = frame.say

    def take(self, person: Person, sent: Sent) -> Held:
        """Read a file that was sent, hide it and hold it; raise MaskingFailed or NotTaken."""
        file, tools = sent.get("file"), self._services.tools
        if not isinstance(file, tuple) or not file[0] or not file[1]:
            raise MaskingFailed("drop_empty")
        if tools.open_dropped is None:
            raise MaskingFailed("drop_closed")
        name, data = file[0].replace("\\", "/").rpartition("/")[2], file[1]
        with fleeting(data) as path, tools.open_reading() as reading:
            source = read_of(reading.submit(path, (), f"document{ending_of(name)}"))
        dropped = tools.open_dropped()
        try:
            ready = dropped.take(source, name)
        except BaseException:
            dropped.close()
            raise
        orders = neutralised_in(text for _, text in ready.pages)
        glance = glance_of_dropped(ready)
        return self._services.held.keep(person.name, dropped, ready.document, glance, orders=orders)

    async def answered(
        self, person: Person, held: Held, asked: Asked, request: Request
    ) -> Response:
        """Ask a question, completed from the one before unless it is asked as it is; raise
        ReaderLeft."""
        talk, tools = Conversation(turns=tuple(held.turns)), self._services.tools
        found = None
        if not asked.as_it_is:
            found = await to_thread.run_sync(talk.heard, asked.question, tools)
        if found and not found.is_sure:
            where, more = f"{HERE}/{held.token}", {"town": "1"} if asked.with_town else {}
            choices = by_form(self._say, where, found.choices, asked.question, more)
            return await apart(partial(self.page, held, choices=choices, question=asked.question))
        meant = found.text if found else asked.question
        view = await self.ask(person, held, meant, request, with_town=asked.with_town)
        if not view.record:
            draw = partial(self.page, held, error=view.error, question=asked.question)
            return await apart(draw, 400)
        held.followed(view)
        # What stands for it where opinions are taken holds no word of the file.
        self._services.shelf.put(person.name, replace(IDLE, phase=view.phase, record=view.record))
        return RedirectResponse(f"{HERE}/{quote(held.token, safe='')}#answer", 303)

    async def ask(
        self, person: Person, held: Held, question: str, request: Request, *, with_town: bool
    ) -> View:
        """Return the screen of a question once it is closed; one that failed has no record. One
        that its reader left is worked on no more, and raises ReaderLeft."""
        last, is_left = IDLE, Event()
        asked = self._asked(person, held, question, with_town)
        following = self._services.replies.follow(asked, is_left)
        attending = attended(following, is_left, request.receive, seconds=LOOK_SECONDS)
        async with aclosing(attending):
            async for view in attending:
                last = view or last
        return last

    def _asked(
        self, person: Person, held: Held, question: str, with_town: bool
    ) -> Generator[View, None, None]:
        """Yield the screens of a question; one at a time looks into a file, the next is told so."""
        looking = self._services.tools.looking
        if looking is None:
            return
        if not held.asking.acquire(blocking=False):
            yield View(phase=Phase.FAILED, error=self._say("drop_under_way"))
            return
        try:
            steps = looking(held.dropped, not with_town).steps(
                question,
                actor=person.name,
                role=str(person.role),
                filters=self._services.filters(person),
            )
            yield from views(cast(Generator[Step, None, None], steps), self._services.texts)
        finally:
            held.asking.release()

    def reason(self, error: NotTaken) -> str:
        texts, waits = self._services.texts, error.reason.startswith("needs_")
        words = texts("needs" if waits else "reason", error.reason.removeprefix("needs_"))
        return self._say("drop_not_taken", reason=words)

    def gone(self) -> HTMLResponse:
        return HTMLResponse(self._frame.message("drop_gone_title", "drop_gone", HERE), 404)

    # -- pages

    def form(self, *, error: str = "", done: str = "") -> str:
        say = self._say
        told = f'<p class="problem" role="alert" id="problem">{error}</p>' if error else ""
        told += f'<p class="notice-box" role="status">{say(done)}</p>' if done else ""
        megabytes = self._services.settings.uploads.masking_mb
        body = (
            f'<p class="lead">{say("drop_lead")}</p>{told}'
            f'<form method="post" action="{HERE}" enctype="multipart/form-data" autocomplete="off" '
            f'class="stack" data-busy="{say("drop_busy")}">'
            f'<p class="field"><label for="file">{say("drop_file")}</label>'
            f'<input type="file" id="file" name="file" required accept="{ACCEPTED}" '
            f'aria-describedby="kinds"><span class="quiet" id="kinds">'
            f"{say('mask_kinds', megabytes=megabytes)}</span></p>"
            f'<p><button type="submit" class="button">{say("drop_send")}</button></p></form>'
            f'<ul class="promises"><li>{say("drop_promise_kept")}</li>'
            f"<li>{say('drop_promise_register')}</li></ul>"
        )
        return self._frame.page(say.plain("nav_drop"), HERE, body)

    def page(self, held: Held, *, error: str = "", question: str = "", choices: str = "") -> str:
        say = self._say
        count = sum(held.document.hidden.values())
        hidden = say.counted("mask_count", count) if count else say("drop_nothing_hidden")
        care = f'<p class="care">{say("drop_orders", count=held.orders)}</p>'
        orders = care if held.orders else ""
        block = GlanceBlock(self._services.texts, self._place(held)).html(held.glance)
        body = (
            f'<p class="lead">{marked(held.document.file)} <span class="badge">{say("dropped")}'
            f'</span></p><p class="quiet">{say.counted("drop_pages", held.document.page_count)} '
            f"{hidden}</p>{orders}{self._question(held, error, question)}{choices}"
            f"{self._turns(held)}{block}"
            f'<form method="post" action="{HERE}/{held.token}/fin" class="stack screen-only"><p>'
            f'<button type="submit" class="button plain">{say("drop_end")}</button></p></form>'
            f'<p class="quiet">{say("drop_hour")}</p>'
        )
        return self._frame.page(say.plain("nav_drop"), HERE, body)

    def _question(self, held: Held, error: str, question: str) -> str:
        say = self._say
        problem = (
            f'<p class="problem" role="alert" id="problem">{marked(error)}</p>' if error else ""
        )
        return (
            f'{problem}<form method="post" action="{HERE}/{held.token}" class="stack '
            f'screen-only" autocomplete="off" data-busy="{say("drop_asking")}">'
            f'<p class="field"><label for="question">{say("drop_question")}</label>'
            f'<textarea id="question" name="question" rows="2" required '
            f'maxlength="{MAX_QUESTION_CHARS}">\n{escape(question)}</textarea></p>'
            f'<p><label class="choice"><input type="checkbox" name="town" value="1" checked> '
            f"{say('drop_with_town')}</label></p>"
            f'<p><button type="submit" class="button">{say("drop_ask")}</button></p></form>'
        )

    def _turns(self, held: Held) -> str:
        """Return what was asked, the last first."""
        services = self._services

        def title(document: str, file: str) -> str:
            own = f"{file_title(file)} ({say.plain('dropped')})"
            return own if is_dropped(document) else title_of(services.store, document, file)

        def page_of(document: str, page: int) -> Structure | None:
            store = held.dropped.store if is_dropped(document) else services.store
            return store.structure(document, page)

        say, tools = self._say, services.tools
        actions = Actions(
            services.texts, say, title, page_of, is_judged=tools.register is not None, forms=()
        )
        reply = Reply(
            services.texts, services.settings.town, title, actions, tools.suspended, page_of
        )
        turns = "".join(map(reply, reversed(held.turns)))
        return f'<div id="answer" tabindex="-1" role="status">{turns}</div>' if turns else ""

    def _place(self, held: Held) -> Place:
        return lambda page, start, end: address(held.document.id, page, start, end)
