# SPDX-License-Identifier: EUPL-1.2
"""The gate behind the door: nobody passes without the right role.

    request ─▶ who? ─▶ the right role? ─▶ from this site? ─▶ not too fast? ─▶ their own page? ─▶ in
                 │            │
                 └─▶ sign in  └─▶ refused

What is known of who asks travels with the request (`person_of`). A stream is looked at again
while it lasts: somebody who is shut out hears no more of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from urllib.parse import quote

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guardrails.errors import RegisterError
from guardrails.register.locks import patient
from ui.access.aside import LOCK_SECONDS, looked
from ui.access.barred import Barred
from ui.access.buckets import Buckets
from ui.access.entrance import NOBODY, Entrance, Seen
from ui.access.forms import Forms
from ui.access.frame import Frame
from ui.access.person import VISITOR, carry
from ui.access.programs import READS_FOR_AN_ACTION, Programs
from ui.access.routes import HOMES, Kind, Opens, Route, find
from ui.access.tabs import Tabs, tab_of
from ui.access.visit import Visit, Visits, is_of_site

RECHECK_SECONDS = 2.0
OWN_PASSWORD = frozenset({"/compte", "/deconnexion"})
"""What is open to somebody who must choose a password first."""


UNBARRED = ("/compte", "/deconnexion", "/simple", "/bienvenue", "/connexion", "/transparence")
"""Pages without the bar: the door's own, and those of residents."""


CLOSE = {"msg": "close_stream"}
"""What tells Gradio's page that nothing follows."""


class Verdict(StrEnum):
    """What becomes of a request."""

    IN = "in"
    UNKNOWN = "unknown"  # nobody has signed in
    FORBIDDEN = "forbidden"  # the role has no place here
    MUST_CHANGE = "must_change"  # a password of one's own comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the town opens without an account, how fast one may ask, and which areas are there."""

    opens: frozenset[Opens]
    actions_per_minute: float
    mounted: Collection[str]


def verdict(route: Route, path: str, seen: Seen, opens: Collection[Opens]) -> Verdict:
    """Return whether somebody may use a route."""
    if route.opens is Opens.ALWAYS:
        return Verdict.IN
    if seen.person is None:
        return Verdict.IN if route.opens in opens else Verdict.UNKNOWN
    if seen.must_change and path not in OWN_PASSWORD and route.kind is not Kind.PROGRAM:
        return Verdict.MUST_CHANGE
    if seen.person.role in route.roles or route.opens in opens:
        return Verdict.IN
    return Verdict.FORBIDDEN


class Gate:
    """ASGI middleware between the door and everything else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        entrance: Entrance,
        visits: Visits,
        forms: Forms,
        frame: Frame,
        rules: Rules,
        programs: Programs,
        is_founded: Callable[[], bool] = lambda: True,
    ) -> None:
        self._app = app
        self._entrance = entrance
        self._visits = visits
        self._forms = forms
        self._frame = frame
        self._rules = rules
        self._programs = programs
        self._is_founded = is_founded
        self._tabs = Tabs()
        self._actions = Buckets(rules.actions_per_minute, time.monotonic)
        self._reads = Buckets(rules.actions_per_minute * READS_FOR_AN_ACTION, time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            with patient(LOCK_SECONDS):  # whatever a route enters, it does not wait for ever
                await self._one(scope, receive, send)

    async def _one(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = find(scope["method"], scope["path"])
        if route is None:  # the door has said so already; twice does no harm
            await HTMLResponse(self._frame.message("forbidden"), 404)(scope, receive, send)
            return
        visit = self._visits.of(scope)
        if route.kind is Kind.API:
            await self._program(route, visit, scope, receive, send)
            return
        scope["scheme"] = "https" if visit.is_https else scope.get("scheme", "http")
        if route.is_for_all:  # nothing is looked up: it answers whatever else is stuck
            carry(scope, VISITOR)
            scope["state"] |= {"visit": visit, "seen": NOBODY}
            await self._app(scope, receive, send)
            return
        try:
            seen, refusal = await looked(self._looked_at, route, scope, visit)
        except RegisterError:
            seen, refusal = NOBODY, self._told(route, "stuck", 503)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if route.kind in {Kind.JOIN, Kind.STREAM} and seen.session:
            tab, receive = await tab_of(route, scope, receive)
            # whoever signs in again finds their page as it was; somebody else does not
            owner = seen.person.name if seen.person and seen.person.name else seen.session
            if tab and not self._tabs.claim(tab, owner):
                await self._told(route, "foreign", 403)(scope, receive, send)
                return
        carry(scope, seen.person or VISITOR)
        scope["state"] |= {"visit": visit, "seen": seen}
        await self._let_in(route, scope, receive, send)

    def _looked_at(self, route: Route, scope: Scope, visit: Visit) -> tuple[Seen, Response | None]:
        """Return who asks, and what is answered instead; it may wait for a database."""
        is_used = route.kind not in {Kind.PROGRAM, Kind.STREAM}
        seen = self._entrance.who(visit, is_used=is_used)
        return seen, self._refusal(route, scope, visit, seen)

    async def _program(
        self, route: Route, visit: Visit, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Let a program in by its key; what it has open asks `still` whether it may go on."""
        try:
            seen = await looked(self._programs.let, route, visit)
        except RegisterError:
            seen = self._programs.stuck()
        if isinstance(seen, Response):
            await seen(scope, receive, send)
            return
        carry(scope, seen.person or VISITOR)
        scope["state"] |= {"still": partial(self._programs.still, route, visit)}
        await self._app(scope, receive, send)

    async def _let_in(self, route: Route, scope: Scope, receive: Receive, send: Send) -> None:
        seen: Seen = scope["state"]["seen"]
        if route.kind.is_shown and seen.person and not scope["path"].startswith(UNBARRED):
            bar = self._frame.bar(
                seen, self._forms.token(seen.session), scope["path"], mounted=self._rules.mounted
            )
            send = Barred(send, bar, grows=route.kind is Kind.LONG).send
        elif route.kind is Kind.STREAM and seen.person is not None:
            still = partial(self._still, route, scope["path"], scope["state"]["visit"])
            watch = _Watch(still, self._last(scope["path"]))
            receive, send = partial(watch.receive, receive), partial(watch.send, send)
        await self._app(scope, receive, send)

    def _last(self, path: str) -> bytes:
        """Return what a page hears last from a stream that ends before its time."""
        if not path.endswith("/queue/data"):
            return b""
        words = self._frame.say.plain("expired_stream")
        told = {"msg": "unexpected_error", "message": words, "success": False, "refused": 401}
        return "".join(f"data: {json.dumps(m)}\n\n" for m in (told, CLOSE)).encode()

    def _still(self, route: Route, path: str, visit: Visit) -> bool:
        try:
            seen = self._entrance.who(visit, is_used=False)
        except RegisterError:
            return False
        return verdict(route, path, seen, self._rules.opens) is Verdict.IN

    def _refusal(self, route: Route, scope: Scope, visit: Visit, seen: Seen) -> Response | None:
        """Return what is answered instead, None for somebody who may come in."""
        match verdict(route, scope["path"], seen, self._rules.opens):
            case Verdict.UNKNOWN:
                return self._unknown(route, scope, visit)
            case Verdict.MUST_CHANGE:
                return self._led(route, "/compte", 403)
            case Verdict.FORBIDDEN:
                role = seen.person.role if seen.person else None
                home = HOMES[role] if role else ""
                return self._told(route, "forbidden", 403, link=home, words="forbidden_back")
        if scope["method"] != "GET" and not _is_ours(route, scope, visit):
            return self._told(route, "foreign", 403)
        wait = 0.0
        if route.kind is not Kind.PROGRAM:
            bucket = self._reads if scope["method"] == "GET" else self._actions
            wait = bucket.take({seen.session: 1} if seen.session else visit.places)
        return self._slow(route, wait) if wait else None

    def _unknown(self, route: Route, scope: Scope, visit: Visit) -> Response:
        if self._entrance.is_demo:
            return self._told(route, "demo_only", 403)
        if not self._is_founded():
            return self._told(route, "unfounded", 403)
        if not route.kind.is_shown:
            return self._said("expired_call", 401)
        if scope["method"] != "GET":
            return self._told(route, "expired", 401, link="/connexion", words="sign_in")
        here = after_of(scope["path"], scope.get("query_string", b"").decode("latin-1"))
        if here and visit.headers.get("sec-fetch-site") == "cross-site":
            # a link from elsewhere: the strict cookie comes only once this site asks for the page
            return HTMLResponse(self._frame.moving(here))
        to = f"/connexion?suite={quote(here, safe='')}" if here not in {"", "/"} else "/connexion"
        return RedirectResponse(to, 303)

    def _led(self, route: Route, to: str, code: int) -> Response:
        if route.kind.is_shown:
            return RedirectResponse(to, 303)
        return self._said("account_must", code)

    def _told(
        self, route: Route, key: str, code: int, *, link: str = "", words: str = ""
    ) -> Response:
        if route.kind.is_shown:
            return HTMLResponse(self._frame.message(key, link=link, words=words), code)
        return self._said(key, code)

    def _said(self, key: str, code: int, **facts: object) -> Response:
        """Answer a program of a page; Gradio shows its person what `detail` says."""
        return JSONResponse({"detail": self._frame.say.plain(key, **facts)}, code)

    def _slow(self, route: Route, wait: float) -> Response:
        words = self._frame.say.wait(wait)
        if route.kind.is_shown:
            answer: Response = HTMLResponse(self._frame.message("slow", wait=words), 429)
        else:
            answer = self._said("slow", 429, wait=words)
        answer.headers["Retry-After"] = str(int(wait) + 1)
        return answer


class _Watch:
    """A stream ends when its reader may not hear it any more: they hear `last`, what would follow
    goes nowhere, and whoever sends it is told that the reader left."""

    def __init__(self, still: Callable[[], bool], last: bytes) -> None:
        self._still = still
        self._last = last
        self._checked = time.monotonic()
        self._is_over = False

    async def send(self, send: Send, message: Message) -> None:
        if self._is_over:
            return
        now = time.monotonic()
        if now - self._checked > RECHECK_SECONDS and message["type"] == "http.response.body":
            self._checked = now
            self._is_over = not await self._holds()
        last = {"type": "http.response.body", "body": self._last, "more_body": False}
        await send(last if self._is_over else message)

    async def _holds(self) -> bool:
        try:
            return await looked(self._still)
        except RegisterError:
            return False

    async def receive(self, receive: Receive) -> Message:
        return {"type": "http.disconnect"} if self._is_over else await receive()


def _is_ours(route: Route, scope: Scope, visit: Visit) -> bool:
    """Whether a request that changes something was sent by a page of this site.

    A browser says so, in `Origin` or in `Sec-Fetch-Site`; the door turns away those that say
    otherwise, this those that say nothing. Gradio's calls are JSON besides, which no form of
    another site can send without asking first.
    """
    origin = visit.headers.get("origin")
    if origin:
        is_said = is_of_site(origin, visit.host)
    else:
        is_said = visit.headers.get("sec-fetch-site") == "same-origin"
    if route.kind is Kind.JOIN:
        is_json = visit.headers.get("content-type", "").partition(";")[0] == "application/json"
        return is_said and is_json
    return is_said


def after_of(path: str, query: str = "") -> str:
    """Return where to lead somebody once signed in: an address of a page of ours, or nothing.

    >>> after_of("/source/a/1", "start=3"), after_of("//ailleurs.example"), after_of("/compte")
    ('/source/a/1?start=3', '', '/compte')
    """
    route = find("GET", path)
    if route is None or not route.kind.is_shown:
        return ""
    if path.startswith(("/connexion", "/bienvenue", "/deconnexion")) or len(query) > 500:
        return ""
    return f"{path}?{query}" if query and query.isascii() and query.isprintable() else path
