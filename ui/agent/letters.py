# SPDX-License-Identifier: EUPL-1.2
"""The page where an agent replies to a letter.

    GET  /repondre             an e-mail or a letter to paste, a file to drop
    POST /repondre             its hidden form, and its questions, one a line, to be mended
    POST /repondre/questions   each answer as it comes, then the draft
    POST /repondre/fichier     the draft in a file: the browser sends its words back

The server keeps nothing between the four. Who wrote is named in the answer of the second, for that
page alone: its field has no name, so that no form sends it back (`static/letters.js` writes it into
the draft).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from html import escape
from threading import Event

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from assistant.answers import Outcome
from assistant.errors import AssistantError
from assistant.provenance import DigitalSource, Mark
from assistant.replying import Note, Part, Read, answered, draft, language_of, notes_of
from assistant.replying.questions import MOST_QUESTIONS
from assistant.texts import Texts
from corpus.errors import CorpusError, NotYetReadable, UnreadableFile
from guardrails.errors import DetectorFailed, GuardrailError, TextTooLong
from ui.access.person import Person
from ui.agent.frame import Frame, apart
from ui.agent.masking import ACCEPTED, Sent, sent_form
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.agent.view import Phase, View, after, explain
from ui.anonymise import MAX_TEXT_CHARS, MaskingFailed
from ui.drawn import marked
from ui.export import FORMS, Content, Paragraph
from ui.relay import in_turn
from ui.reply import Reply
from ui.source import title_of
from ui.wording import typeset

HERE = "/repondre"
DRAFTED = Mark(ai_generated=False, source=DigitalSource.COMPOSITE)
"""A draft is put together from quotes and set words: no sentence of it is a model's."""
TAKEN_FORMS = ("docx", "odt")
MAX_FORM_BYTES = 2_000_000
BODY = "\0"
"""Where the body goes in a page that is sent as it grows."""


def letters_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of the page of letters."""
    router, most = APIRouter(prefix=HERE), services.settings.uploads.masking_mb * 1_000_000
    pages = _Pages(services, frame)

    @router.get("", response_class=HTMLResponse)
    def asked(person: Asking) -> HTMLResponse:
        return HTMLResponse(pages.form(most))

    @router.post("", response_class=HTMLResponse)
    async def read(person: Asking, request: Request) -> HTMLResponse:
        sent: Sent = {}

        async def again(words: str, status: int = 400) -> HTMLResponse:
            """What was pasted is given back: it is kept nowhere else."""
            return await apart(partial(pages.form, most, error=words, text=_text(sent)), status)

        try:
            sent = await sent_form(request, most)
            found = await in_turn(services.tools.maskings, request, _read, services, sent)
        except MaskingFailed as error:
            return await again(frame.say(error.key, **error.facts))
        except UnreadableFile as error:
            return await again(frame.say(f"unreadable_{error.reason}"))
        except NotYetReadable:
            return await again(frame.say("unreadable_needs"))
        except TextTooLong as error:
            facts = {"chars": error.chars, "max_chars": error.max_chars}
            return await again(frame.say("mask_too_long", **facts))
        except (GuardrailError, OSError):
            return await again(frame.say("letter_closed"), 503)
        return await apart(lambda: pages.read(found, notes_of(found, services.texts)))

    @router.post("/questions")
    async def ask(person: Asking, request: Request) -> Response:
        form = await request.form(max_files=0, max_part_size=MAX_FORM_BYTES)
        lines = [line.strip() for line in str(form.get("questions", "")).splitlines()]
        questions = [*dict.fromkeys(line for line in lines if line)][:MOST_QUESTIONS]
        if not questions:
            return await apart(pages.unasked, 400)
        return StreamingResponse(pages.answers(questions, person), media_type="text/html")

    @router.post("/fichier")
    async def take(person: Asking, request: Request) -> Response:
        try:
            sent = await sent_form(request, MAX_FORM_BYTES)
        except MaskingFailed as error:
            words = frame.say(error.key, **error.facts)
            return await apart(partial(pages.form, most, error=words), 400)
        text, name = str(sent.get("text", "")), str(sent.get("form", ""))
        if name not in TAKEN_FORMS or not text.strip() or len(text) > MAX_TEXT_CHARS:
            return await apart(partial(pages.form, most, error=frame.say("letter_none")), 400)
        data = await run_in_threadpool(FORMS[name].write, _content(frame, text))
        return Response(
            data,
            media_type=FORMS[name].media_type,
            headers={"Content-Disposition": f'attachment; filename="reponse.{name}"'},
        )

    return router


def _text(sent: Sent) -> str:
    text = sent.get("text", "")
    return text if isinstance(text, str) else ""


def _read(services: AgentServices, sent: Sent) -> Read:
    letters, file, text = services.tools.letters, sent.get("file"), _text(sent)
    if letters is None:
        raise MaskingFailed("letter_closed")
    if isinstance(file, tuple) and file[0]:
        return letters.read_file(file[1], file[0])
    if not text.strip():
        raise MaskingFailed("mask_empty")
    if len(text) > MAX_TEXT_CHARS:
        raise TextTooLong(len(text), MAX_TEXT_CHARS)
    return letters.read_text(text)


class _Pages:
    """The pages of letters, for one town in one language."""

    def __init__(self, services: AgentServices, frame: Frame) -> None:
        self._services, self._frame, self._say = services, frame, frame.say

    @property
    def _reply(self) -> Reply:
        services = self._services
        return Reply(
            services.texts, services.settings.town, partial(title_of, services.store),
            suspended=services.tools.suspended, page_of=services.store.structure,
        )  # fmt: skip

    def form(self, most: int, *, error: str = "", text: str = "") -> str:
        """The page where a letter is given."""
        say = self._say
        problem = f'<p class="problem" role="alert" id="problem">{error}</p>' if error else ""
        megabytes = most // 1_000_000
        body = (
            f'<p class="lead">{say("letter_lead")}</p>{problem}'
            f'<form method="post" action="{HERE}" enctype="multipart/form-data" class="stack" '
            f'autocomplete="off" data-drop data-busy="{say("letter_busy")}">'
            f'<p class="field"><label for="text">{say("letter_text")}</label>'
            f'<textarea id="text" name="text" rows="12" maxlength="{MAX_TEXT_CHARS}">'
            f"\n{escape(text)}</textarea></p>"
            f'<p class="field"><label for="file">{say("letter_file")}</label>'
            f'<input type="file" id="file" name="file" accept="{ACCEPTED}" '
            'aria-describedby="kinds">'
            f'<span class="quiet" id="kinds">{say("mask_kinds", megabytes=megabytes)}</span></p>'
            f'<p><button type="submit" class="button">{say("letter_send")}</button></p></form>'
            f'<ul class="promises"><li>{say("letter_kept")}</li>'
            f"<li>{say('mask_promise_miss')}</li></ul>"
        )
        return self._page("nav_letter", body)

    def read(self, found: Read, notes: Sequence[Note]) -> str:
        """The page of a letter that was read: hidden, its questions to be mended."""
        say, count = self._say, len(found.questions)
        told = say.counted("letter_found", count) if count else say("letter_found_none")
        cares = "".join(
            f'<p class="care">{typeset(note.text)}</p>'
            for note in notes
            if note.key != "nothing_asked"
        )
        body = (
            f'<p class="lead" role="status" tabindex="-1" id="done">{told}</p>{cares}'
            f"<details open><summary>{say('letter_masked')}</summary>"
            f'<div class="page-text letter">{_lines(found.letter.text)}</div></details>'
            f"{self._questions(found.questions)}"
            f'<p class="field screen-only"><label for="correspondent">{say("letter_name")}</label>'
            f'<input id="correspondent" autocomplete="off" value="{escape(found.letter.sender)}" '
            'aria-describedby="correspondent-note">'
            f'<span class="quiet" id="correspondent-note">{say("letter_name_note")}</span></p>'
            f'<div id="answers" class="stack"></div>{self._again()}'
        )
        return self._page("letter_done", body)

    def unasked(self) -> str:
        """The page of who asked nothing."""
        problem = f'<p class="problem" role="alert" id="problem">{self._say("letter_none")}</p>'
        return self._page("letter_done", problem + self._questions(()) + self._again())

    def _questions(self, questions: Sequence[str]) -> str:
        say = self._say
        return (
            f'<form method="post" action="{HERE}/questions" class="stack" autocomplete="off" '
            f'data-answers="answers" data-busy="{say("letter_asking")}">'
            f'<p class="field"><label for="questions">{say("letter_questions")}</label>'
            f'<textarea id="questions" name="questions" rows="{_rows(chr(10).join(questions), 4)}" '
            f'aria-describedby="mend">\n{escape(chr(10).join(questions))}</textarea>'
            f'<span class="quiet" id="mend">{say("letter_mend", most=MOST_QUESTIONS)}</span></p>'
            f'<p><button type="submit" class="button">{say("letter_ask")}</button></p></form>'
        )

    def _again(self) -> str:
        return f'<p><a class="button plain" href="{HERE}">{self._say("letter_again")}</a></p>'

    async def answers(self, questions: Sequence[str], person: Person) -> AsyncIterator[str]:
        """Yield a page as it grows: each answer as it comes, then the draft."""
        page = await run_in_threadpool(self._page, "letter_answers", BODY)
        begin, _, end = page.partition(BODY)
        yield begin
        follow = self._services.replies.follow(self._answered(questions, person), Event())
        async with aclosing(follow) as pieces:
            async for piece in pieces:
                yield f"<!--piece-->{piece}<!--end-->"
        yield self._again() + end

    def _answered(self, questions: Sequence[str], person: Person) -> Iterator[str]:
        parts = list[Part]()
        for number, question in enumerate(questions, start=1):
            part, error = self._part(question, person)
            parts.append(part)
            yield self._shown(number, part, error, person)
        texts = Texts(language_of(questions))
        settings = self._services.settings
        title = partial(title_of, self._services.store)
        text = draft(parts, texts, settings.town, form=settings.letters, title=title)
        yield self._draft(text, texts)

    def _part(self, question: str, person: Person) -> tuple[Part, str]:
        """Ask one question; what fails is told beside it, and the others go on. It is shown and
        written into the draft in its hidden form, whatever was typed."""
        services, hidden = self._services, ""
        told = answered(
            services.assistant,
            [question],
            actor=person.name,
            role=str(person.role),
            filters=services.filters(person),
        )
        try:
            if services.tools.guard is None:
                raise DetectorFailed("guard")
            hidden = services.tools.guard.screen(question).text
            return replace(next(told), asks=hidden), ""
        except (AssistantError, CorpusError, GuardrailError, OSError) as error:
            return Part(asks=hidden, outcome=None), explain(error, services.texts)

    def _shown(self, number: int, part: Part, error: str, person: Person) -> str:
        say = self._say
        heading = say("letter_question", number=number, asks=part.asks)
        rule = (
            f"<h3>{say('letter_rule')}</h3>{self._outcome(part.asks, part.rule, person)}"
            if part.rule
            else ""
        )
        said = self._outcome(part.asks, part.outcome, person, error)
        return f'<section class="part" tabindex="-1"><h2>{heading}</h2>{said}{rule}</section>'

    def _outcome(self, asks: str, outcome: Outcome | None, person: Person, error: str = "") -> str:
        begun = View(phase=Phase.FOUND, question=asks)
        if outcome is None:
            return self._reply.brief(View(phase=Phase.FAILED, question=asks, error=error))
        view = after(begun, outcome)
        self._services.shelf.put(person.name, view)
        return self._reply.brief(view)

    def _draft(self, text: str, texts: Texts) -> str:
        say = self._say
        blank = texts("reply", "blank", what=texts("reply", "blank_name"))
        forms = "".join(
            f'<button type="submit" class="small-button" name="form" value="{form}">'
            f"{say(f'take_{form}')}</button>"
            for form in TAKEN_FORMS
        )
        return (
            f'<section class="part draft"><h2>{say("letter_draft")}</h2>'
            f'<p role="status" tabindex="-1" id="ready">{say("letter_ready")}</p>'
            f'<form method="post" action="{HERE}/fichier" enctype="multipart/form-data" '
            'class="stack" data-take autocomplete="off">'
            f'<p class="field"><label for="draft">{say("letter_draft")}</label>'
            f'<textarea id="draft" name="text" rows="{_rows(text)}" lang="{texts.language}" '
            f'data-name="{escape(blank)}" aria-describedby="draft-note">\n{escape(text)}</textarea>'
            f'<span class="quiet" id="draft-note">{say("letter_draft_note")}</span></p>'
            f'<div class="take" role="group" aria-label="{say("take")}">'
            f'<button type="button" class="small-button" data-copy-from="draft" '
            f'data-done="{say("copied")}" data-failed="{say("copy_failed")}">'
            f"{say('copy_text')}</button>{forms}"
            '<span class="done" role="status"></span></div></form></section>'
        )

    def _page(self, title: str, body: str) -> str:
        return self._frame.page(self._say.plain(title), HERE, body)


def _lines(text: str) -> str:
    """Return a letter's lines as HTML, what stands for hidden words set apart."""
    return "<br>".join(marked(line) for line in text.strip().split("\n"))


def _rows(text: str, least: int = 12) -> int:
    """Return how high a box must be to show most of a text."""
    return min(max(sum(1 + len(line) // 90 for line in text.splitlines()) + 1, least), 40)


def _content(frame: Frame, text: str) -> Content:
    say = frame.say
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Content(
        title=say.plain("letter_title"),
        mark=say.plain("letter_file_mark"),
        provenance=DRAFTED,
        paragraphs=tuple(map(Paragraph, blocks)),
        language=say.language,
        producer=say.plain("producer"),
        keywords=say.plain("keywords"),
    )
