# SPDX-License-Identifier: EUPL-1.2
"""What every page says at its top while it holds: a notice of the town, answers suspended.

    a page of HTML ─Band─▶ the same, with a band right after <body>     anything else: as it is

One place for all pages, whoever draws them: they are announced before anybody asks. It needs no
script, and brings its own style. It speaks the language of the page; what the town wrote stays as
it is, in French.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.moratorium import Moratorium
from assistant.notices import UNREADABLE, Notice, Notices
from assistant.texts import Texts
from ui.access.person import Role
from ui.access.routes import find
from ui.senior.words import Words

STYLE = "/ui/band.css"
_BODY = re.compile(rb"<body[^>]*>")
"""Where a page begins; nothing that anybody wrote stands before it."""
_LANGUAGE = re.compile(rb'<html[^>]*\blang="([a-z]+)')

TOWN_S = "fr"
"""The language of what a town writes."""

Line = list[tuple[str, str]]
"""What is said in one paragraph, as text: each part with its language."""

Lines = Callable[[str, str], list[Line]]
"""What to say on the pages of an audience, in their language."""


class Bands:
    """The sentences of the moment, for each audience."""

    def __init__(self, moratorium: Moratorium, notices: Notices) -> None:
        self._moratorium = moratorium
        self._notices = notices

    def __call__(self, audience: str, language: str) -> list[Line]:
        """Return what holds now for an audience: maintenance, notices, then a suspension."""
        say = _Words(audience, language)
        told = [self._told(notice, say) for notice in self._notices.current()]
        return [*told, *self._suspended(audience, say)]

    def _told(self, notice: Notice, say: _Words) -> Line:
        if not notice.closes:
            return _line(notice.text)
        if notice == UNREADABLE:
            return _line("", say("closed"))
        moments = {"start": _moment(notice.start), "end": _moment(notice.end)}
        return _line(notice.text, say("maintenance", **moments))

    def _suspended(self, audience: str, say: _Words) -> list[Line]:
        pauses = [p for p in self._moratorium.pauses() if p.audience in {"", audience}]
        if not pauses:
            return []
        key = "suspended" if any(not pause.collection for pause in pauses) else "suspended_partly"
        return [_line(self._moratorium.sentence(audience), say(key))]


class _Words:
    """The band's words for an audience, in the language of a page or else in French: residents
    read the simple page in more languages than agents read theirs."""

    def __init__(self, audience: str, language: str) -> None:
        self._texts, self._words = Texts("en" if language == "en" else "fr"), Words(language)
        self._is_resident = audience == "senior"
        self.language = self._words.language if self._is_resident else self._texts.language
        self.direction = self._words.direction if self._is_resident else "ltr"

    def __call__(self, key: str, **facts: str) -> tuple[str, str]:
        if self._is_resident:
            return self._words.plain(f"band_{key}", **facts), self.language
        return self._texts("band", key, **facts), self.language


def _line(town_s: str, *own: tuple[str, str]) -> Line:
    """Return what is said of ourselves, then what the town wrote, if it did."""
    return [*own, *([(town_s, TOWN_S)] if town_s else [])]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%d/%m/%Y %H:%M}"


class Band:
    """ASGI middleware: puts the band into each page that a person is shown."""

    def __init__(self, app: ASGIApp, *, lines: Lines, texts: Texts) -> None:
        self._app = app
        self._lines = lines
        self._texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route = find(scope["method"], scope["path"])
        if route is None or not route.kind.is_shown:
            await self._app(scope, receive, send)
            return
        audience = "senior" if Role.RESIDENT in route.roles else "agent"
        await self._app(scope, receive, _Page(send, partial(self._html, audience)).send)

    def _html(self, audience: str, language: str) -> str:
        """Return the band of a page in its language; nothing where there is nothing to say. All
        pages of agents are in the town's: Gradio's says so later (`ui/dress.py`)."""
        own = self._texts.language
        say = _Words(audience, language if language and audience == "senior" else own)
        lines = self._lines(audience, say.language)
        if not lines:
            return ""
        said = "".join(f"<p>{_html(line, say.language)}</p>" for line in lines)
        return (
            f'<link rel="stylesheet" href="{STYLE}"><aside class="town-band" '
            f'lang="{say.language}" dir="{say.direction}" aria-label="{escape(say("label")[0])}">'
            f"{said}</aside>"
        )


def _html(line: Line, page: str) -> str:
    """Return a paragraph of the band; what is in another language than the page says so."""
    return " ".join(
        escape(text) if spoken == page else f'<span lang="{spoken}" dir="ltr">{escape(text)}</span>'
        for text, spoken in line
    )


class _Page:
    """Holds the beginning of a page until its body begins, then lets the rest pass."""

    def __init__(self, send: Send, band: Callable[[str], str]) -> None:
        """`band` gives the band in the language that a page says it is in, if it says one."""
        self._send = send
        self._band = band
        self._start: Message | None = None
        self._held = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._held += message.get("body", b"")
        found = _BODY.search(self._held)
        if found is None and message.get("more_body"):
            return
        start, self._start = self._start, None
        if found:
            at, language = found.end(), _LANGUAGE.search(self._held)
            told = language[1].decode() if language else ""
            band = (await run_in_threadpool(self._band, told)).encode()  # what it says is in files
            self._held = self._held[:at] + band + self._held[at:]
            headers = MutableHeaders(scope=start)
            if length := headers.get("content-length"):
                headers["content-length"] = str(int(length) + len(band))
        await self._send(start)
        await self._send({**message, "body": self._held})


def _is_page(message: Message) -> bool:
    """Whether a browser shows what comes: HTML that is not kept as a file, nor compressed."""
    headers = Headers(raw=message["headers"])
    return (
        headers.get("content-type", "").startswith("text/html")
        and "content-disposition" not in headers
        and "content-encoding" not in headers
    )
