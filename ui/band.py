# SPDX-License-Identifier: EUPL-1.2
"""What every page says at its top while it holds: a notice of the town, answers suspended.

    a page of HTML ─Band─▶ the same, with a band right after <body>     anything else: as it is

One place for all pages, whoever draws them: they are announced before anybody asks. It needs no
script, and brings its own style.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.moratorium import Moratorium
from assistant.notices import UNREADABLE, Notice, Notices
from assistant.texts import Texts
from ui.access.person import Role
from ui.access.routes import find

STYLE = "/ui/band.css"
_BODY = re.compile(rb"<body[^>]*>")
"""Where a page begins; nothing that anybody wrote stands before it."""

Lines = Callable[[str], list[str]]
"""What to say on the pages of an audience: sentences, as text."""


class Bands:
    """The sentences of the moment, for each audience."""

    def __init__(self, texts: Texts, moratorium: Moratorium, notices: Notices) -> None:
        self._texts = texts
        self._moratorium = moratorium
        self._notices = notices

    def __call__(self, audience: str) -> list[str]:
        """Return what holds now for an audience: maintenance, notices, then a suspension."""
        told = [self._told(notice) for notice in self._notices.current()]
        return [*told, *self._suspended(audience)]

    def _told(self, notice: Notice) -> str:
        if not notice.closes:
            return notice.text
        if notice == UNREADABLE:
            return self._texts("band", "closed")
        moments = {"start": _moment(notice.start), "end": _moment(notice.end)}
        return " ".join(filter(None, (self._texts("band", "maintenance", **moments), notice.text)))

    def _suspended(self, audience: str) -> list[str]:
        pauses = [p for p in self._moratorium.pauses() if p.audience in {"", audience}]
        if not pauses:
            return []
        key = "suspended" if any(not pause.collection for pause in pauses) else "suspended_partly"
        told = (self._texts("band", key), self._moratorium.sentence(audience))
        return [" ".join(filter(None, told))]


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
        lines = await run_in_threadpool(self._lines, audience)  # they stand in files
        page = _Page(send, self._html(lines).encode()) if lines else None
        await self._app(scope, receive, page.send if page else send)

    def _html(self, lines: list[str]) -> str:
        said = "".join(f"<p>{escape(line)}</p>" for line in lines)
        label = escape(self._texts("band", "label"))
        return (
            f'<link rel="stylesheet" href="{STYLE}"><aside class="town-band" '
            f'lang="{self._texts.language}" dir="ltr" aria-label="{label}">{said}</aside>'
        )


class _Page:
    """Holds the beginning of a page until its body begins, then lets the rest pass."""

    def __init__(self, send: Send, band: bytes) -> None:
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
            at = found.end()
            self._held = self._held[:at] + self._band + self._held[at:]
            headers = MutableHeaders(scope=start)
            if length := headers.get("content-length"):
                headers["content-length"] = str(int(length) + len(self._band))
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
