# SPDX-License-Identifier: EUPL-1.2
"""The only door to the screens: what is not in the list is closed.

    request ─▶ known host? ─▶ same site? ─▶ in the list? ─▶ small enough? ─▶ the gate
    answer  ◀─ security headers, nonces ◀─

The list is in `ui/access/routes.py`. Three freedoms are left to Gradio in the content
policy: `unsafe-eval` (its HTML component evaluates the one template `${value}`),
inline styles, and `data:` images (its icons).
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.programs import refused_call
from ui.access.routes import MAX_BODY_BYTES, Kind, Route, find
from ui.access.visit import host_name, is_of_site, parsed_address

SIMPLE = re.compile(r"/simple(?:/|$)")
"""The only pages that may ask for the microphone."""

MAX_UPLOAD_BYTES = 2_000_000_000
MAX_LENGTH_DIGITS = 18
MAX_TYPE_CHARS = 300
CHARSET = re.compile(r';\s*charset="?([a-z0-9-]+)"?\s*(?=;|$)')
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "iso-8859-1"})
"""What a browser writes a form in: who reads it takes any codec that Python has, and some take
minutes for a megabyte."""

REFUSALS = {
    400: "malformed", 403: "other_site", 404: "closed", 411: "no_length", 413: "too_large",
    421: "unknown_host",
}  # fmt: skip
"""What programs are told; people are shown a page."""

PROGRAMS = ("/api/", "/v1/")
"""Addresses that only programs ask, those that are not there as well."""


class Dress(Protocol):
    """Makes Gradio's page ours."""

    def __call__(self, page: str, *, nonce: str) -> str: ...


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_policy(nonce: str) -> str:
    """Return the Content-Security-Policy: nothing but this server, no frame, no form elsewhere."""
    return "; ".join((
        "default-src 'self'",
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


PLAIN_POLICY = "; ".join((
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip


class Door:
    """ASGI middleware around the whole application. `hosts` are names it answers to besides
    addresses and localhost; `closed_page` is what a closed address shows; `dress` turns
    Gradio's page and a nonce into ours; `closing` is set when the server stops; `strict` says for
    how long a browser may come by https only (Strict-Transport-Security), for each request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        closed_page: str,
        dress: Dress,
        closing: asyncio.Event,
        strict: Callable[[Scope], str] = lambda scope: "",
    ) -> None:
        self._app = app
        self._strict = strict
        self._closing = closing
        self._hosts = frozenset(hosts)
        self._closed_page = closed_page
        self._dress = dress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks by web sockets: said, not left open
            await send({"type": "websocket.close"})
            return
        nonce, route = secrets.token_urlsafe(16), find(scope["method"], scope["path"])
        headed = _headed(scope["path"], route, nonce, self._strict(scope), send)
        code = self._refusal(scope, route)
        asks = scope["path"].startswith(PROGRAMS) if route is None else route.kind is Kind.API
        if code and asks:  # a program
            await refused_call(code, REFUSALS[code])(scope, receive, headed)
        elif code or route is None:
            await HTMLResponse(self._closed_page, code)(scope, receive, headed)
        elif route.kind is Kind.GRADIO:
            page = _Page(headed, partial(self._dress, nonce=nonce))
            await self._app(_uncompressed(scope), receive, page.send)
        elif route.kind in {Kind.STREAM, Kind.LONG, Kind.API}:
            async with _Heard(receive, self._closing) as heard:
                await self._app(scope, heard, headed)
        else:
            await self._app(scope, receive, headed)

    def _refusal(self, scope: Scope, route: Route | None) -> int:
        """Return the status of a request that stays outside, 0 for one that may come in."""
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or len(origins) > 1 or not host_name(hosts[0]):
            return 400
        if not self._is_known(host_name(hosts[0])):
            return 421
        if scope["method"] != "GET" and origins and not is_of_site(origins[0], hosts[0]):
            return 403
        if headers.get("sec-fetch-site") == "cross-site" and scope["method"] != "GET":
            return 403
        if route is None:
            return 404
        if scope["method"] == "POST":
            length = headers.get("content-length", "")
            if not (length.isascii() and length.isdecimal()):
                return 411
            if len(length) > MAX_LENGTH_DIGITS:
                return 413
            if not all(map(_is_written_as_browsers_do, headers.getlist("content-type"))):
                return 400
            is_upload = route.kind is Kind.UPLOAD  # whoever receives it says in words how big
            if int(length) > (MAX_UPLOAD_BYTES if is_upload else MAX_BODY_BYTES):
                return 413
        return 0

    def _is_known(self, name: str) -> bool:
        """A foreign name that points here is how a web site would reach a local server."""
        return name == "localhost" or name in self._hosts or parsed_address(name) is not None


def _is_written_as_browsers_do(kind: str) -> bool:
    """Whether a form says of itself that it is written in what a browser writes, or nothing. Not
    parsed: readers differ in which of two they believe, and take long for many."""
    told = kind.lower()
    if len(told) > MAX_TYPE_CHARS:
        return False
    found = CHARSET.findall(told)
    return told.count("charset") == len(found) <= 1 and CHARSETS.issuperset(found)


class _Page:
    """Collects Gradio's page to dress it; it is sent whole."""

    def __init__(self, send: Send, dress: Callable[[str], str]) -> None:
        self._send = send
        self._dress = dress
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        body = self._dress(self._body.decode()).encode()
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def _headed(path: str, route: Route | None, nonce: str, strict: str, send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = content_policy(nonce)
            is_kept = route and route.kind is Kind.PROGRAM and message["status"] == 200
            headers["Cache-Control"] = "no-cache" if is_kept else "no-store"
            for name, value in HEADERS.items():
                headers[name] = value
            if route is None or route.kind is not Kind.GRADIO:
                headers["Content-Security-Policy"] = PLAIN_POLICY
            if strict:
                headers["Strict-Transport-Security"] = strict
            if SIMPLE.match(path):
                hearing = HEADERS["Permissions-Policy"].replace(
                    "microphone=()", "microphone=(self)"
                )
                headers["Permissions-Policy"] = hearing
        await send(message)

    return headed


class _Heard:
    """The next message of a request, or that its reader left once the server closes. Frameworks
    look for it many times a second and give up at once: what is waited for is kept for the next
    look, and cancelled with the request."""

    def __init__(self, receive: Receive, closing: asyncio.Event) -> None:
        self._receive = receive
        self._closing = closing
        self._coming: asyncio.Future[Any] | None = None
        self._closed: asyncio.Future[Any] | None = None

    async def __call__(self) -> Message:
        self._closed = self._closed or asyncio.ensure_future(self._closing.wait())
        self._coming = coming = self._coming or asyncio.ensure_future(_next(self._receive))
        if not coming.done():  # who gives up at once still hears what is there
            await asyncio.wait({coming, self._closed}, return_when=asyncio.FIRST_COMPLETED)
        if not coming.done():
            return {"type": "http.disconnect"}
        if self._coming is coming:  # another who waited for it may have taken it
            self._coming = None
        message: Message = coming.result()
        return message

    async def __aenter__(self) -> _Heard:
        return self

    async def __aexit__(self, *_: object) -> None:
        for waited in (self._coming, self._closed):
            if waited:
                waited.cancel()


async def _next(receive: Receive) -> Message:
    return await receive()


def _uncompressed(scope: Scope) -> Scope:
    """A page that is about to be dressed must not come compressed."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}
