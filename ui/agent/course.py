# SPDX-License-Identifier: EUPL-1.2
"""First steps: ten minutes to learn what the assistant does, does not, and what never to type.

GET  /premiers-pas    the course, with the town's charter
POST /premiers-pas    done: counted once, without a name and without a mark
"""

from __future__ import annotations

from collections import OrderedDict
from html import escape
from pathlib import Path
from secrets import token_hex
from threading import Lock

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from corpus.errors import CorpusError
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices, Corpus
from ui.forms import Fields, value

HERE = "/premiers-pas"
COUNT = "course_finished"
"""Where the corpus notes how many finished it; nothing says who."""

MAX_CHARTER_BYTES = 60_000
MAX_OPEN = 2_000
STEPS = ("does", "does_not", "wrong", "never")
CASES = ("number", "year", "missing")
NEVER = ("name", "health", "social", "secret", "outside")


class Tally:
    """Counts each form once, whatever is clicked twice or sent again."""

    def __init__(self, store: Corpus) -> None:
        self._store = store
        self._open: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def open(self) -> str:
        """Return the key of a form that may be counted."""
        key = token_hex(16)
        with self._lock:
            self._open[key] = None
            while len(self._open) > MAX_OPEN:
                self._open.popitem(last=False)
        return key

    def finish(self, key: str) -> None:
        """Count a form, the first time that it comes back; raise CorpusError."""
        with self._lock:
            if key in self._open:
                self._store.set_state(COUNT, str(finished(self._store) + 1))
                del self._open[key]


def finished(store: Corpus) -> int:
    """Return how many times the course was finished."""
    return int(store.state(COUNT) or 0)


def charter(path: Path | None) -> str:
    """Return the town's charter, empty if it has none or it cannot be read."""
    if path is None:
        return ""
    try:
        return path.read_bytes()[:MAX_CHARTER_BYTES].decode("utf-8", "replace")
    except OSError:
        return ""


def course_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of the course."""
    router = APIRouter(prefix=HERE)
    tally = Tally(services.store)

    @router.get("", response_class=HTMLResponse)
    def course(person: Asking) -> HTMLResponse:
        town = charter(services.settings.agent.charter)
        page = frame.page(frame.say.plain("nav_course"), HERE, _course(frame, town, tally.open()))
        return HTMLResponse(page)

    @router.post("", response_class=HTMLResponse)
    def done(person: Asking, form: Fields) -> HTMLResponse:
        try:
            tally.finish(value(form, "key"))
        except (CorpusError, OSError):
            return HTMLResponse(frame.message("nav_course", "course_uncounted", HERE), 503)
        return HTMLResponse(frame.message("course_done_title", "course_done", HERE))

    return router


def _course(frame: Frame, town: str, key: str) -> str:
    say = frame.say
    steps = "".join(
        f'<li><a href="#{step}">{say(f"course_{step}_title")}</a></li>'
        for step in (*STEPS, "charter")
    )
    return (
        f'<p class="lead">{say("course_lead")}</p>'
        f'<nav class="contents" aria-label="{say("course_contents")}"><ol>{steps}</ol></nav>'
        f"{_told(frame, 'does', 4)}{_told(frame, 'does_not', 4)}{_cases(frame)}{_never(frame)}"
        f"{_charter(frame, town)}"
        f'<form method="post" action="{HERE}" class="stack">'
        f'<input type="hidden" name="key" value="{key}">'
        f'<p class="quiet">{say("course_count")}</p>'
        f'<p><button type="submit" class="button">{say("course_finish")}</button></p></form>'
    )


def _section(frame: Frame, step: str, body: str) -> str:
    title = frame.say(f"course_{step}_title")
    return (
        f'<section class="step" aria-labelledby="{step}">'
        f'<h2 id="{step}">{title}</h2>{body}</section>'
    )


def _told(frame: Frame, step: str, count: int) -> str:
    lines = "".join(f"<li>{frame.say(f'course_{step}_{n}')}</li>" for n in range(1, count + 1))
    return _section(frame, step, f"<ul>{lines}</ul>")


def _cases(frame: Frame) -> str:
    """Wrong answers to spot: the reader thinks first, then opens what is wrong. No mark."""
    say = frame.say
    cases = "".join(
        f'<li class="case"><p>{say(f"case_{case}_question")}</p>'
        f"<blockquote>{say(f'case_{case}_answer')}</blockquote>"
        f"<details><summary>{say('case_open')}</summary><p>{say(f'case_{case}_why')}</p></details>"
        "</li>"
        for case in CASES
    )
    return _section(frame, "wrong", f"<p>{say('course_wrong_lead')}</p><ol>{cases}</ol>")


def _never(frame: Frame) -> str:
    say = frame.say
    lines = "".join(f"<li>{say(f'never_{name}')}</li>" for name in NEVER)
    link = f'<p><a href="/masquer">{say("never_link")}</a></p>'
    return _section(frame, "never", f"<p>{say('course_never_lead')}</p><ul>{lines}</ul>{link}")


def _charter(frame: Frame, town: str) -> str:
    paragraphs = "".join(
        f"<p>{escape(block.strip())}</p>" for block in town.split("\n\n") if block.strip()
    )
    body = f'<div class="charter">{paragraphs}</div>' if paragraphs else ""
    return _section(frame, "charter", body or f"<p>{frame.say('charter_none')}</p>")
