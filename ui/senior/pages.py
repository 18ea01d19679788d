# SPDX-License-Identifier: EUPL-1.2
"""The pages themselves: the question, its answer, the note for the counter, a page of a source."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool

from assistant.glance import Glance
from assistant.pipeline import MAX_QUESTION_CHARS
from assistant.texts import Texts
from corpus.acts import date_in_words
from corpus.rows import StoredDocument
from corpus.structure import Structure
from ui.agent import Phase, View
from ui.drawn import marked, page_html, quote_html
from ui.glance import GlanceBlock
from ui.reply import file_title
from ui.senior.asked import Asked
from ui.senior.card import Card, pack_line
from ui.senior.frame import STATIC, Frame
from ui.senior.words import RIGHT_TO_LEFT, Words, typeset

PATIENCE_SECONDS = 1.0
"""How often a page that waits says that it is alive: a closed one is noticed."""

HOME = "/simple"
VOICE = "/simple/voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The form of the question. `error` is the key of what was wrong with the last one."""

    examples: Sequence[str]
    token: str
    error: str = ""
    question: str = ""
    has_ears: bool = False


def home(frame: Frame, asking: Asking, *, urgent: str = "") -> str:
    """Return the page of the question; `urgent`: whom to call, where it could not be taken.

    Only what must be known before one asks stands over the box: a telephone's first screen ends
    soon, sooner where a voice is built.
    """
    in_french = (
        f'<p id="in-french">{frame.say("in_french")}</p>' if frame.look.language != "fr" else ""
    )
    body = (
        urgent
        + frame.machine_short()
        + _question_form(frame, asking)
        + in_french
        + frame.listen(f"{VOICE}/home", ".short, .ask label, .hint, .free")
        + frame.machine()
        + _examples(frame, asking)
    )
    return frame.page(frame.say("title"), HOME, body)


def _question_form(frame: Frame, asking: Asking) -> str:
    say, error = frame.say, asking.error
    problem = f'<p class="problem" id="problem" role="alert">{say(error)}</p>' if error else ""
    to = escape(frame.look.address("/simple/dictation"))
    dictation = (
        f'<div class="dictation" data-token="{asking.token}" data-to="{to}"></div>'
        if asking.has_ears
        else ""
    )
    told = ["hint"] + ["problem"] * bool(error) + ["in-french"] * (frame.look.language != "fr")
    return (
        f'<form class="ask" method="post" action="{HOME}" autocomplete="off">'
        f"{frame.hidden_fields(token=asking.token)}{problem}"
        f'<label for="question">{say("question")}</label>'
        f'<p class="hint" id="hint">{say("question_hint")}</p>'
        f'<textarea id="question" name="question" rows="3" maxlength="{MAX_QUESTION_CHARS}" '
        f'dir="auto" aria-describedby="{" ".join(told)}">'
        f"{escape(asking.question)}</textarea>{dictation}"
        f'<button class="button main" type="submit">{say("ask")}</button></form>'
    )


def _examples(frame: Frame, asking: Asking) -> str:
    if not asking.examples:  # what is not known to be answered is not offered
        return ""
    buttons = "".join(
        f'<li><button class="button example" name="question" value="{escape(example)}" '
        f'lang="fr" dir="ltr">{typeset(example)}</button></li>'
        for example in asking.examples
    )
    return (
        f'<form class="examples" method="post" action="{HOME}">'
        f"{frame.hidden_fields(token=asking.token)}"
        f"<h2>{frame.say('examples')}</h2><ul>{buttons}</ul></form>"
    )


async def answer(
    frame: Frame, card: Card, asked: Asked, key: str, report: str = ""
) -> AsyncIterator[str]:
    """Yield the page of an answer: urgent numbers and sources first, the answer when it is ready.

    The page needs no script and is not loaded again: it goes on where it stopped. It waits in the
    event loop; a thread is only taken where documents are looked up. `report`: the token by which
    a validated answer is said to be wrong, where that can be said.
    """
    say, here = frame.say, f"/simple/answer/{key}"
    view = asked.view
    has_waited = view.is_busy
    title = say("your_question") if has_waited else card.title(view)
    yield frame.before(title, here, heading=say("your_question"))
    yield card.urgent(asked.urgent)
    listen = frame.listen(frame.look.address(f"{VOICE}/{key}"), ".urgent, .marks, .said")
    is_alarm = any(one.is_sure for one in asked.urgent)
    if is_alarm:
        yield listen  # it can be heard before the answer is there
    if has_waited:
        async for piece in _waited(card, asked):
            yield piece
        view = asked.view
        # what was said while waiting goes, without a script
        yield f'<link rel="stylesheet" href="{STATIC}/ready.css">'
    else:
        yield card.question(view)
    if not is_alarm:
        yield listen
    outcome = await run_in_threadpool(card.outcome, view)
    yield f'<div class="outcome" role="status">{outcome}</div>'
    if report and view.validation.role:
        yield (
            f'<form class="wrong" method="post" action="/simple/wrong">'
            f"{frame.hidden_fields(key=key, token=report)}"
            f'<button class="button" type="submit">{say("wrong")}</button></form>'
        )
    yield _next(frame, key, view)
    yield frame.after()


async def _waited(card: Card, asked: Asked) -> AsyncIterator[str]:
    """Yield the question and the documents as soon as they are known, then that it goes on."""
    view, is_shown = asked.view, False
    while True:
        if not is_shown and (view.evidence or not view.is_busy):
            is_shown = True
            yield card.question(view)
            if view.is_busy:
                yield await run_in_threadpool(card.waiting, view)
        if not view.is_busy:
            return
        yield "\n"
        view = await asked.after(view, PATIENCE_SECONDS)


def _next(frame: Frame, key: str, view: View) -> str:
    say = frame.say
    note = ""
    if view.phase in {Phase.ANSWERED, Phase.REFUSED}:
        paper = frame.button_to(f"/simple/note/{key}", say("note"))
        note = f'{paper}<span class="printing"></span>'
    return (
        f'<div class="next">{frame.button_to(HOME, say("again"), "main")}{note}'
        f'<form method="post" action="/simple/done">{frame.hidden_fields(key=key)}'
        f'<button class="button" type="submit">{say("done")}</button></form>'
        f"<p>{say('done_note')}</p></div>"
    )


def note(frame: Frame, card: Card, view: View, key: str, *, today: date) -> str:
    """Return the note to print, or to show at the counter: in French, for who stands there."""
    say, french = frame.say, Words("fr")
    sources = "".join(f"<li>{escape(title)}</li>" for title in card.sources(view))
    said = "".join(f"<p>{marked(sentence.text)}</p>" for sentence in view.sentences)
    lead = "".join(
        f"<p>{french('lead')} : {french('lead_note')}</p>"
        f'<blockquote dir="ltr">{quote_html(lead.citation.quote)}</blockquote>'
        for lead in view.leads[:1]
    )
    language = view.validation.language or "fr"
    if said and language != "fr":
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        said = f'<div lang="{language}" dir="{direction}">{said}</div>'
    outcome = said or f"<p>{french('note_unanswered')}</p>{lead}"
    read = f"<h2>{french('note_sources')}</h2><ul>{sources}</ul>" if sources else ""
    body = (
        f"<p>{say('note_intro')}</p>{frame.listen(f'{VOICE}/{key}', '.note')}"
        f'<div class="note" lang="fr" dir="ltr">{frame.marks(view, french)}'
        f"<h2>{french('note_question')}</h2>"
        f'<blockquote dir="auto">{marked(view.question)}</blockquote>'
        f"<h2>{french('note_answer')}</h2>{outcome}{read}"
        f"<p>{french('note_record', record=view.record)} {date_in_words(today.isoformat())}.</p>"
        f"<p>{french('machine')}</p></div>"
        f'<div class="next"><span class="printing"></span>'
        f"{frame.button_to(f'/simple/answer/{key}', say('back'))}"
        f"{frame.button_to(HOME, say('again'))}</div>"
    )
    return frame.page(say("note_title"), f"/simple/note/{key}", body)


def source(
    frame: Frame,
    document: StoredDocument,
    number: int,
    known: Structure,
    span: tuple[int, int],
    found: Glance | None = None,
) -> str:
    """Return a page of a document, in its hidden form, with the quote set apart; `found` is the
    whole document at a glance."""
    say, (start, end) = frame.say, span
    title = escape(document.act.label or file_title(document.file))
    path = f"/simple/page/{document.id}/{number}"
    body = (
        f"<p>{say('page_of', page=number, pages=document.page_count)} {say('page_hidden')}</p>"
        f"{pack_line(document.pack, frame.look.language)}"
        f"{frame.listen(f'{path}/voice?start={start}', '.page-text')}"
        f'<div class="page-text" lang="fr" dir="ltr">{page_html(known, (start, end))}</div>'
        f"{_glance(frame, document, found)}"
        f'<div class="next">{frame.button_to(HOME, say("again"), "main")}</div>'
    )
    heading = f'<span lang="fr" dir="ltr">{title}</span>'
    return frame.page(title, path, body, heading=heading)


def _glance(frame: Frame, document: StoredDocument, found: Glance | None) -> str:
    """Return the whole document at a glance, folded: who came for a line is not kept from it."""

    def place(page: int, start: int, end: int) -> str:
        if frame.look.kiosk:
            return ""  # a tablet of everybody's leads nowhere
        query = urlencode({"start": start, "end": end} | frame.look.fields())
        return escape(f"/simple/page/{document.id}/{page}?{query}#quote")

    texts = Texts("en" if frame.look.language == "en" else "fr")
    block = GlanceBlock(texts, place).html(found) if found else ""
    if not block:
        return ""
    name = typeset(texts("glance", "title"))
    return (
        f'<details class="folded" lang="{texts.language}" dir="ltr"><summary>{name}</summary>'
        f"{block}</details>"
    )


def message(frame: Frame, key: str) -> str:
    """Return a page that says one thing and leads back to the question."""
    again = frame.button_to(HOME, frame.say("again"), "main")
    voice = frame.listen(f"{VOICE}/{key}", ".message")
    body = f'<p class="message">{frame.say(key)}</p>{voice}{again}'
    return frame.page(frame.say("title"), HOME, body, heading=frame.say(f"{key}_title"))
