# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the simple page; all of them are in the door's list.

| address | |
|---|---|
| GET /simple, POST /simple | the question; what was asked leads to its answer |
| GET /simple/answer/KEY, /simple/note/KEY, /simple/voice/KEY | the answer, on paper, spoken |
| POST /simple/done | what was kept of a question goes |
| POST /simple/wrong | a validated answer is said to be wrong: a place stops few of them a day |
| POST /simple/dictation | what was said, in words |
| GET /simple/page/DOCUMENT/PAGE, …/voice | where it is written, and spoken |
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams

from assistant.errors import BadQuestion
from assistant.glance import Glance
from assistant.glance.finding import glance_of
from assistant.pipeline import MAX_QUESTION_CHARS, Answering, check_question
from assistant.plain import Gloss, Glossary
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Filters
from corpus.quarantine import is_waiting
from corpus.rights import NO_FILTER
from corpus.rows import StoredDocument
from corpus.structure import Structure
from ui.access.buckets import Buckets
from ui.access.person import Person
from ui.access.rights import filters_of
from ui.access.visit import Places, places_asking
from ui.agent import View
from ui.glance import MOST_PAGES
from ui.live import Live
from ui.made import Made
from ui.senior import pages
from ui.senior.asked import Asked, Crowded, CrowdedHere, Desk
from ui.senior.card import Card
from ui.senior.frame import STATIC, Frame
from ui.senior.hearing import Ears
from ui.senior.look import Look
from ui.senior.speech import page_to_speak, sound_of, speech_router
from ui.senior.tokens import Tokens
from ui.senior.urgent import CountCard, Numbers, Recognise, Urgent, Watch
from ui.senior.voice import has_voice
from ui.source import Pages, shown_page, title_of

FOLDER = Path(__file__).with_name("static")
MAX_PAGE = 1_000_000

WRONG_A_DAY = 3
"""Validated answers that one place takes out of service in a day by saying that they are wrong;
what it says of more is kept for a person, and they go on."""

DAY_MINUTES = 24 * 60


class Report(Protocol):
    """Hears that a validated answer is said to be wrong; `suspends`: it is served no more."""

    def __call__(self, card: str, *, suspends: bool) -> object: ...


@dataclass(frozen=True, kw_only=True)
class Senior:
    """What the simple page needs, opened once."""

    desk: Desk
    watch: Watch
    count_card: CountCard | None
    store: Pages
    settings: Live[Settings] = Live()
    glossary: Live[Glossary] = Live()
    tokens: Tokens
    now: Callable[[], datetime]
    has_ears: bool
    suspended: Callable[[], str]
    report: Report | None
    reports: Buckets
    examples: Callable[[], Sequence[str]]
    glances: Made[Glance]

    def frame(self, look: Look) -> Frame:
        return Frame(self.settings, look, self.now().date(), has_robot=has_voice())

    def card(self, frame: Frame, own: Filters = NO_FILTER) -> Card:
        """Return what lays an outcome out; `own`: who reads it."""
        title = partial(title_of, self.store)

        def opens(document: str, page: int) -> bool:
            return self.open(document, page, own) is not None

        return Card(frame, title, self.explain, self.suspended, self.store.structure, opens)

    def urgent(self, question: str) -> tuple[Urgent, ...]:
        """Return whom to call, nothing for most questions; a card that is shown is counted."""
        urgent = self.watch(question[:MAX_QUESTION_CHARS])
        if self.count_card and urgent:
            self.count_card(urgent[0].kind)
        return urgent

    def heard(self, request: Request, words: str) -> str:
        """Return the card of what was dictated: it is there before the question is asked."""
        return self.card(self.frame(self.look(request.query_params))).urgent(self.urgent(words))

    def look(self, asked: QueryParams | FormData) -> Look:
        return Look.of(asked, kiosk=self.settings.senior.kiosk)

    def may_see(self, collection: str, own: Filters) -> bool:
        """Whether a resident may see the documents of a collection; `own`: who asks."""
        allowed = self.settings.rights.filters("senior", own).collections
        return allowed is None or collection in allowed

    def open(
        self, document: str, number: int, own: Filters
    ) -> tuple[StoredDocument, Structure] | None:
        """Return a document and one of its pages, if a resident may read them."""
        stored = self.store.document(document)
        if stored is None or not self.may_see(stored.collection, own):
            return None
        known = shown_page(self.store, stored, number) if 0 < number < MAX_PAGE else None
        return (stored, known) if known is not None else None

    def asked(self, key: str, own: Filters) -> Asked | None:
        """Return a question that is still kept; an answer that rests on a page which may not be
        read any more is kept no longer."""
        asked = self.desk.get(key)
        if asked is None or asked.view.is_busy:
            return asked
        if all(self.open(document, page, own) for document, page in asked.view.pages):
            return asked
        self.desk.forget(key)
        return None

    def glance(self, document: StoredDocument, own: Filters, places: Places) -> Glance | None:
        """Return a document at a glance; nothing of what waits for a decision, nor where glances
        are being made already for whoever asks (`places`), or for others."""
        if is_waiting(document):
            return None
        allowed = self.settings.rights.filters("senior", own).collections

        def make() -> Glance:
            seen = {
                d.id
                for d in self.store.documents()
                if (allowed is None or d.collection in allowed) and not is_waiting(d)
            }
            return glance_of(self.store, document, seen, most_pages=MOST_PAGES)

        # what an act replaces may do so from a day on
        return self.glances.find((document.id, allowed, self.now().date()), make, places)

    def explain(self, view: View) -> Sequence[Gloss]:
        """Return the hard words of what is shown, explained."""
        said = [sentence.text for sentence in view.sentences]
        return self.glossary.explained(*said, *(citation.quote for citation in view.citations))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeniorExtras:
    """What the page may have besides: the town's glossary, ears for dictation, another clock,
    the sentence that the town shows while answers are suspended, and what recognises a message
    that cannot wait (without it each question gets the general emergency numbers), what counts
    the cards, what takes a validated answer (its id) that is said to be wrong out of
    service, and the questions to offer (`examples.py`; without it none is)."""

    glossary: Glossary | Callable[[], Glossary] | None = None
    ears: Ears | None = None
    now: Callable[[], datetime] = datetime.now
    suspended: Callable[[], str] = str
    recognise: Recognise | None = None
    count_card: CountCard | None = None
    report: Report | None = None
    examples: Callable[[], Sequence[str]] = tuple


def mount_senior(
    app: FastAPI,
    assistant: Answering,
    store: Pages,
    settings: Settings,
    extras: SeniorExtras | None = None,
    *,
    in_force: Callable[[], Settings] | None = None,
) -> Callable[[], None]:
    """Put the simple page into the application, if the town opens it; return what closes it.
    `in_force` gives the settings of each moment, where they may change."""
    if not settings.senior.open:
        return lambda: None
    extras = extras or SeniorExtras()
    senior = Senior(
        desk=Desk(assistant, Texts("fr")),
        watch=Watch(Numbers.read(settings.senior.numbers), extras.recognise),
        count_card=extras.count_card,
        store=store,
        settings=in_force or settings,
        glossary=extras.glossary or Glossary.read(),
        tokens=Tokens(),
        now=extras.now,
        has_ears=extras.ears is not None,
        suspended=extras.suspended,
        report=extras.report,
        reports=Buckets(WRONG_A_DAY / DAY_MINUTES, time.monotonic, size=WRONG_A_DAY),
        examples=extras.examples,
        glances=Made(store.generation),
    )
    app.mount(STATIC, StaticFiles(directory=FOLDER))
    app.include_router(_asking(senior))
    app.include_router(_reading(senior))

    def kept(request: Request, key: str) -> Asked | None:
        return senior.asked(key, _own(request))

    app.include_router(speech_router(kept, senior.tokens, extras.ears, senior.heard))

    def close() -> None:
        senior.watch.close()
        senior.desk.close()

    return close


def _asking(senior: Senior) -> APIRouter:
    """The question, and the end of it."""
    router = APIRouter()

    @router.get(pages.HOME)
    def home(request: Request) -> HTMLResponse:
        return _home(senior, senior.look(request.query_params))

    @router.post(pages.HOME)
    async def ask(request: Request) -> Response:
        form = await request.form()
        look = senior.look(form)
        question, token = str(form.get("question", "")), str(form.get("token", ""))
        urgent: tuple[Urgent, ...] = ()
        if question.strip():  # whatever becomes of the question: somebody may be in danger
            urgent = await run_in_threadpool(senior.urgent, question)
        again = partial(_home, senior, look, question=question, urgent=urgent)
        if not senior.tokens.holds(token):
            return await run_in_threadpool(again, error="send_again")
        try:
            check_question(question)
            key = senior.desk.ask(
                question,
                urgent,
                _own(request),
                form=token,
                places=places_asking(request),
                language=look.language,
            )
        except BadQuestion as error:
            return await run_in_threadpool(again, error=f"problem_{error.key}")
        except CrowdedHere:
            return await run_in_threadpool(again, error="problem_crowded_here")
        except Crowded:
            return await run_in_threadpool(again, error="problem_crowded")
        return RedirectResponse(look.address(f"/simple/answer/{key}"), 303)

    @router.post("/simple/done")
    async def done(request: Request) -> Response:
        form = await request.form()
        senior.desk.forget(str(form.get("key", "")))
        return RedirectResponse(senior.look(form).address(pages.HOME), 303)

    @router.post("/simple/wrong")
    async def wrong(request: Request) -> HTMLResponse:
        form = await request.form()
        frame = senior.frame(senior.look(form))
        asked = senior.desk.get(str(form.get("key", "")))
        if (
            asked is None
            or senior.report is None
            or not senior.tokens.holds(str(form.get("token", "")))
        ):
            return HTMLResponse(pages.message(frame, "gone"), 404)
        suspends = senior.reports.take(places_asking(request)) == 0.0
        if asked.view.validation.role:
            await run_in_threadpool(senior.report, asked.view.validation.card, suspends=suspends)
        return HTMLResponse(pages.message(frame, "reported" if suspends else "noted"))

    return router


def _own(request: Request) -> Filters:
    """Return what who asks may see; where nobody needs an account, nothing is narrowed."""
    person: Person | None = getattr(request.state, "person", None)
    return filters_of(person) if person else NO_FILTER


def _home(
    senior: Senior,
    look: Look,
    *,
    error: str = "",
    question: str = "",
    urgent: Sequence[Urgent] = (),
) -> HTMLResponse:
    asking = pages.Asking(
        examples=senior.examples(),
        token=senior.tokens.make(),
        error=error,
        question=question,
        has_ears=senior.has_ears,
    )
    frame = senior.frame(look)
    page = pages.home(frame, asking, urgent=senior.card(frame).urgent(urgent))
    return HTMLResponse(page, 400 if error else 200)


def _reading(senior: Senior) -> APIRouter:
    """What was answered, and where it is written."""
    router = APIRouter()

    @router.get("/simple/answer/{key}")
    def answer(request: Request, key: str) -> Response:
        frame = senior.frame(senior.look(request.query_params))
        asked = senior.asked(key, _own(request))
        if asked is None:
            return HTMLResponse(pages.message(frame, "gone"), 404)
        report = senior.tokens.make() if senior.report else ""
        shown = pages.answer(frame, senior.card(frame, _own(request)), asked, key, report)
        return StreamingResponse(shown, media_type="text/html")

    @router.get("/simple/note/{key}")
    def note(request: Request, key: str) -> HTMLResponse:
        frame = senior.frame(senior.look(request.query_params))
        asked = senior.asked(key, _own(request))
        if asked is None or asked.view.is_busy:
            return HTMLResponse(pages.message(frame, "gone"), 404)
        return HTMLResponse(
            pages.note(frame, senior.card(frame), asked.view, key, today=senior.now().date())
        )

    @router.get("/simple/page/{document}/{number}")
    def page(
        request: Request, document: str, number: int, start: int = 0, end: int = 0
    ) -> HTMLResponse:
        frame = senior.frame(senior.look(request.query_params))
        opened = senior.open(document, number, _own(request))
        if opened is None:
            return HTMLResponse(pages.message(frame, "missing"), 404)
        stored, known = opened
        found = senior.glance(stored, _own(request), places_asking(request))
        return HTMLResponse(pages.source(frame, stored, number, known, (start, end), found))

    @router.get("/simple/page/{document}/{number}/voice")
    def page_voice(request: Request, document: str, number: int, start: int = 0) -> Response:
        opened = senior.open(document, number, _own(request))
        if opened is None:
            return Response(status_code=404)
        return sound_of([(page_to_speak(opened[1], start), "fr")], places_asking(request))

    return router
