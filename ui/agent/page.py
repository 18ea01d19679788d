# SPDX-License-Identifier: EUPL-1.2
"""The page of the question, in Gradio: where things stand, and which event leads where.

question ─Enter, Demander▶ ask ─▶ status line, note, reply, history      Arrêter ─▶ stop

What a person chose in the plain fields of the filters is read by one line of script when a
question leaves (`static/agent.js`): Gradio's own lists are heavier and worse to reach by keyboard.

A question is worked on and drawn in a thread of its own (`ui/relay.py`); Gradio's loop passes the
screens on, so that two hundred who wait take none of the few threads of the pages. Gradio hears at
once of a tab that was closed, and ends its event at the screen that follows: there is one a second.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from threading import Event
from typing import Any, cast

import gradio as gr
from anyio import to_thread

from assistant.answers import MAY_LEAD, Step
from assistant.leaving import Gone
from corpus.documents import Filters
from ui.access.person import Person, person_of
from ui.agent.actions import Actions
from ui.agent.asked_back import by_script
from ui.agent.conversation import CLOSED, Conversation
from ui.agent.current import Current
from ui.agent.filters import read, read_query
from ui.agent.history import history
from ui.agent.pace import Lap, Pace
from ui.agent.pieces import Pieces
from ui.agent.services import AgentServices
from ui.agent.view import IDLE, Phase, View, views
from ui.dress import ended
from ui.relay import QUESTIONS_AT_ONCE, Relay
from ui.reply import Reply
from ui.sheltered import sheltered
from ui.source import title_of
from ui.wording import bound

logger = logging.getLogger(__name__)

OTHER_EVENTS_AT_ONCE = 40
START = Conversation()
PARTS = 15
"""How many parts of the page an event may change."""
LINE, NOTE, ALONE, VIEW, TYPED = 1, 2, 3, 7, 8
"""Where some of these parts stand in a screen (`AgentPage.blocks`)."""

NOTHING_NEW = (gr.skip(),) * PARTS
SEARCHING_AFTER_SECONDS = 0.5
"""Sooner, the sources are drawn at once: Gradio takes some ten milliseconds a screen."""

PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
ASKING: dict[str, Any] = {
    **PRIVATE,
    "concurrency_limit": QUESTIONS_AT_ONCE,
    "concurrency_id": "ask",
    "trigger_mode": "multiple",  # the script asks once, and need not wait for one that was stopped
    "js": "(...given) => window.greffierLimited?.(given) ?? given",
}

Screen = tuple[object, ...]
Typed = tuple[str, str | None]
"""A question as it was typed, and as it was completed, if it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of a page: as it was typed, as rules completed it, within which limits."""

    question: str
    completed: str | None
    chosen: Filters
    talk: Conversation
    person: Person
    page: str
    is_left: Event
    wants_quotes: bool = False
    """Not the answer: the likeliest lines of what is found."""

    is_shown: Event = field(default_factory=Event)
    """Its last screen was made."""


class AgentPage:
    """One page; what it shows of a question stays in its session's memory."""

    def __init__(self, services: AgentServices) -> None:
        self._services = services
        self._texts, self._words = services.texts, services.words
        self._pieces = Pieces(services)
        self._pace = Pace()
        title = partial(title_of, services.store)
        is_judged = services.tools.register is not None
        page_of = services.store.structure
        self._actions = Actions(
            self._texts,
            self._words,
            title,
            page_of,
            is_judged=is_judged,
            validates=services.tools.cards is not None,
        )
        self._current = Current()
        self._relay = Relay()

    @property
    def _reply(self) -> Reply:
        """What lays answers out; whom to call is what the town says now."""
        services = self._services
        return Reply(
            self._texts,
            services.settings.town,
            partial(title_of, services.store),
            self._actions,
            services.tools.suspended,
            services.store.structure,
            validates=services.tools.cards is not None,
            usual=self._pace.usual,
        )

    def blocks(self) -> gr.Blocks:
        """Lay the page out and tie its events."""
        page: gr.Blocks
        with gr.Blocks(title=self._say("title"), analytics_enabled=False) as page:
            banner = _html(self._pieces.banner(), "banner")
            with gr.Column(elem_classes="ask"):
                question = self._question_box()
                limits = _html("", "limits-place")  # once it is known who asks
                with gr.Row(elem_classes="actions"):
                    send = gr.Button(self._say("send"), variant="primary", elem_id="send")
                    stop = gr.Button(self._say("stop"), visible=False, elem_id="stop")
                    _html(f'<p class="quiet keys">{escape(self._say("keys"))}</p>', "")
            line = _html(self._pieces.line(IDLE), "status")
            note = _html("", "note-place")
            alone = gr.Button(self._words.plain("ask_alone"), visible=False, elem_id="alone")
            reply = _html("", "reply-place")
            anyway = gr.Button(self._words.plain("ask_anyway"), visible=False, elem_id="anyway")
            under = _html("", "under-place")
            with gr.Column(elem_classes="welcome") as welcome:
                starters = self._starters()
                _html(self._pieces.about(), "about")
                corpus = _html("", "corpus")
            past = _html("", "history-place")
            forget = gr.Button(self._words.plain("history_forget"), visible=False, elem_id="forget")
            view, talk, typed = gr.State(IDLE), gr.State(START), gr.State(("", None))
            chosen = gr.Textbox(visible=False)  # the script writes the filters in its place

            shown = [reply, anyway, under, view]
            live = [question, line, note, alone, *shown, typed, welcome, send, stop]
            screen = [*live, talk, past, forget]
            told = [chosen, talk, question]
            asking = [
                gr.on([question.submit, send.click], sheltered(self._ask), told, screen, **ASKING),
                alone.click(sheltered(self._ask_alone), [chosen, talk, typed], screen, **ASKING),
                anyway.click(sheltered(self._ask_anyway), [chosen, talk, typed], screen, **ASKING),
                *(
                    b.click(sheltered(self._ask_this(b.value)), told[:2], screen, **ASKING)
                    for b in starters
                ),
            ]
            for event in asking:
                event.failure(None, None, [line, send, stop], js=ended("agent"), **PRIVATE)
            stop.click(sheltered(self._stop), [view, talk], screen, **PRIVATE)
            forget.click(sheltered(self._forget), talk, screen, **PRIVATE)
            page.load(sheltered(self._visit), None, [banner, corpus, limits], **PRIVATE)
        page.max_threads = QUESTIONS_AT_ONCE + OTHER_EVENTS_AT_ONCE  # events under way, in truth
        page.queue(default_concurrency_limit=OTHER_EVENTS_AT_ONCE)
        return page

    def close(self) -> None:
        """Wait for the questions under way."""
        self._relay.close()

    # -- events

    async def _ask(
        self, limits: str, talk: Conversation, question: str, request: gr.Request
    ) -> AsyncGenerator[Screen, None]:
        found = await to_thread.run_sync(talk.heard, question, self._services.tools)
        if found and not found.is_sure:
            yield self._ask_back(question, found.choices)
            return
        completed = found.text if found else None
        async with aclosing(self._asked(question, completed, (limits, talk), request)) as screens:
            async for screen in screens:
                yield screen

    def _ask_back(self, question: str, choices: Sequence[str]) -> Screen:
        """Ask which wording is meant; the one that was written can be asked as it is."""
        screen = list(NOTHING_NEW)
        screen[LINE] = self._pieces.line(IDLE, secrets.token_hex(4))
        screen[NOTE] = by_script(self._words, choices)
        screen[ALONE], screen[TYPED] = gr.update(visible=True), (question, None)
        return tuple(screen)

    def _ask_this(self, question: str) -> Callable[..., AsyncGenerator[Screen, None]]:
        """Return an event that asks an example as it stands."""

        async def ask(
            limits: str, talk: Conversation, request: gr.Request
        ) -> AsyncGenerator[Screen, None]:
            async with aclosing(self._asked(question, None, (limits, talk), request)) as screens:
                async for screen in screens:
                    yield screen

        return ask

    async def _ask_alone(
        self, limits: str, talk: Conversation, typed: Typed, request: gr.Request
    ) -> AsyncGenerator[Screen, None]:
        async with aclosing(self._asked(typed[0], None, (limits, talk), request)) as screens:
            async for screen in screens:
                yield screen

    async def _ask_anyway(
        self, limits: str, talk: Conversation, typed: Typed, request: gr.Request
    ) -> AsyncGenerator[Screen, None]:
        """Quote the likeliest lines to the question that was just refused, in its place."""
        *before, refused = talk.turns or (IDLE,)
        if not self._may_quote(refused):
            yield NOTHING_NEW
            return
        told = limits, Conversation(tuple(before))
        following = self._asked(*typed, told, request, wants_quotes=True)
        async with aclosing(following) as screens:
            async for screen in screens:
                yield screen

    def _may_quote(self, view: View) -> bool:
        """Whether a refusal may be followed by quotes: not one that holds whatever is written."""
        is_refused = view.phase is Phase.REFUSED and view.reason in MAY_LEAD
        return is_refused and bool(view.evidence) and self._services.tools.quoting is not None

    async def _asked(
        self,
        question: str,
        completed: str | None,
        told: tuple[str, Conversation],
        request: gr.Request,
        *,
        wants_quotes: bool = False,
    ) -> AsyncGenerator[Screen, None]:
        """Follow a question whose screens are made in a thread of its own."""
        (limits, talk), page = told, request.session_hash or ""
        asked = Asked(
            question=question,
            completed=completed,
            chosen=read_query(limits or ""),
            talk=talk,
            person=person_of(request),
            page=page,
            is_left=self._current.begin(page),
            wants_quotes=wants_quotes,
        )
        following = self._relay.follow(
            self._screens(asked),
            asked.is_left,
            merged=both,
            first_after=SEARCHING_AFTER_SECONDS,
            meanwhile=NOTHING_NEW,
        )
        try:
            async with aclosing(following) as screens:
                async for screen in screens:
                    yield screen
            if not asked.is_shown.is_set():
                yield NOTHING_NEW  # Gradio draws the last screen once more at the end
        finally:
            self._current.end(page, asked.is_left)

    def _screens(self, asked: Asked) -> Iterator[Screen]:
        """Yield what changes on the page as a question is answered."""
        person, talk, is_completed = asked.person, asked.talk, asked.completed is not None
        quoting = self._services.tools.quoting if asked.wants_quotes else None
        assistant = quoting() if quoting else self._services.assistant
        steps = assistant.steps(
            asked.completed or asked.question,
            actor=person.name,
            role=str(person.role),
            filters=self._services.filters(person, asked.chosen),
        )
        note = self._pieces.note(asked.completed, asked.chosen, person)
        lap = Lap(self._pace)
        before: View | None = None
        turn = secrets.token_hex(4)
        with closing(self._views(steps)) as shown:
            written: Typed | None = (asked.question, asked.completed)  # once
            for view in shown:
                if asked.is_left.is_set():
                    return
                lap.saw(view)
                if view.sought and not (before and before.sought):
                    self._services.searches.keep(person.name, view.question, view.record)
                if view == before:  # whoever waits at the same place
                    continue
                if before and is_nearer(before, view):
                    yield self._line_only(view, turn)
                    before = view
                    continue
                before = view
                live = self._live(
                    view,
                    note=note,
                    asked=written,
                    is_completed=is_completed,
                    may_quote=not asked.wants_quotes and self._may_quote(view),
                    turn=turn,
                )
                written = None
                if not view.is_busy:
                    asked.is_shown.set()
                if view.phase in CLOSED:
                    self._current.end(asked.page, asked.is_left)
                    self._services.shelf.put(person.name, view)
                    talk = talk.followed(view)
                    yield (*live, *self._past(view, talk))
                else:
                    yield (*live, gr.skip(), gr.skip(), gr.skip())

    def _line_only(self, view: View, turn: str) -> Screen:
        """Say the place of who waits, and leave the rest of the page as it is."""
        screen = list(NOTHING_NEW)
        screen[LINE], screen[VIEW] = self._pieces.line(view, turn), view
        return tuple(screen)

    def _views(self, steps: Iterator[Step]) -> Generator[View, None, None]:
        """Yield the screens of a question; what nobody foresaw ends in one that says so."""
        view = IDLE
        with closing(views(cast(Generator[Step, None, None], steps), self._texts)) as shown:
            try:
                for view in shown:
                    yield view
            except Gone:
                raise
            except Exception:
                logger.exception("a question ended in a way that nobody foresaw")
                yield replace(view, phase=Phase.FAILED, error=self._say("error_system"))

    def _stop(self, view: View, talk: Conversation, request: gr.Request) -> Screen:
        """Keep what was checked and say that the rest was given up."""
        self._current.leave(request.session_hash or "")
        stopped = replace(view, phase=Phase.STOPPED) if view.is_busy else view
        talk = talk.followed(stopped)
        return (*self._live(stopped), *self._past(stopped, talk))

    def _forget(self, talk: Conversation, request: gr.Request) -> Screen:
        """Begin again: nothing of this session is kept."""
        self._current.leave(request.session_hash or "")
        self._services.shelf.drop(person_of(request).name, [turn.record for turn in talk.turns])
        return (*self._live(IDLE, "", "", asked=("", None)), *self._past(IDLE, START))

    def _visit(self, request: gr.Request) -> tuple[str, str, str]:
        """Say what there is; the address may limit questions to a document."""
        person, chosen = person_of(request), read(dict(request.query_params))
        pieces = self._pieces
        return pieces.banner(), pieces.corpus(person), pieces.limits(person, chosen)

    # -- what the events show

    def _live(
        self,
        view: View,
        box: str | None = None,
        note: str | None = None,
        *,
        asked: Typed | None = None,
        is_completed: bool = False,
        may_quote: bool = False,
        turn: str = "",
    ) -> Screen:
        """Return the values of the parts that change with a question; the box, the note and what
        was asked only if told. The script empties the box (`static/agent.js`). What may be quoted
        anyway stands in two: the button between the refusal's text and the passages."""
        reply, under = self._reply.parted(view) if may_quote else (self._reply(view), "")
        return (
            gr.skip() if box is None else box,
            self._pieces.line(view, turn),
            gr.skip() if note is None else note,
            gr.skip() if note is None else gr.update(visible=is_completed and not view.is_busy),
            reply,
            gr.update(visible=may_quote),
            under,
            view,
            gr.skip() if asked is None else asked,
            gr.update(visible=view.phase in {Phase.IDLE, Phase.FAILED}),
            gr.update(interactive=not view.is_busy),
            gr.update(visible=view.is_busy),
        )

    def _past(self, view: View, talk: Conversation) -> Screen:
        past = history(talk, view, self._reply, self._words)
        return talk, past, gr.update(visible=bool(talk.turns))

    def _say(self, key: str, **facts: object) -> str:
        return self._texts("ui", key, **facts)

    def _question_box(self) -> gr.Textbox:
        return gr.Textbox(
            label=self._say("question"),
            placeholder=bound(self._say("question_hint")),
            lines=1,
            max_lines=8,
            elem_id="question",
            autofocus=True,
            html_attributes=gr.InputHTMLAttributes(
                autocomplete="off", enterkeyhint="send", lang=self._texts.language
            ),
        )

    def _starters(self) -> list[gr.Button]:
        _html(f"<h2>{escape(self._say('examples'))}</h2>", "")
        with gr.Row(elem_classes="examples"):
            return [
                gr.Button(example, elem_classes="example") for example in self._services.examples
            ]


def is_nearer(before: View, view: View) -> bool:
    """Whether nothing changed but the place of who waits already."""
    return bool(before.waiting and view.waiting) and view == replace(
        before, waiting=view.waiting, own=view.own
    )


def both(earlier: Screen, later: Screen) -> Screen:
    """Return one screen that leaves the page as two would."""
    return tuple(old if new == gr.skip() else new for old, new in zip(earlier, later, strict=True))


def _html(value: str, kind: str) -> gr.HTML:
    """HTML that is ours, without Gradio's own style and script."""
    return gr.HTML(value, elem_classes=kind, js_on_load=None, apply_default_css=False)
