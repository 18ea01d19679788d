# SPDX-License-Identifier: EUPL-1.2
"""What the gate tells programs: a key of the right role comes in, everything else is told why.

    Programs.let(route, visit) ─▶ Seen │ Response          .still(route, visit) ─▶ bool

A refusal is JSON in the shape that OpenAI's clients read: {"error": {"message", "type", "code"}}.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Protocol

from starlette.responses import JSONResponse, Response

from guardrails.errors import RegisterError
from ui.access.bearer import KeyRefused
from ui.access.buckets import Buckets
from ui.access.entrance import Seen
from ui.access.routes import Opens, Route
from ui.access.visit import Visit
from ui.access.words import Words

READS_FOR_AN_ACTION = 5
KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class Holders(Protocol):
    """Knows programs by their keys: `Bearer`, or nobody."""

    def who(self, visit: Visit) -> Seen: ...

    def still(self, visit: Visit) -> Seen: ...


class Programs:
    """Lets programs in. `opens`: what the town opens without a key, to this machine only."""

    def __init__(
        self, holders: Holders, say: Words, *, opens: Collection[Opens], per_minute: float
    ) -> None:
        self._holders = holders
        self._say = say
        self._opens = opens
        self._actions = Buckets(per_minute, time.monotonic)
        self._reads = Buckets(per_minute * READS_FOR_AN_ACTION, time.monotonic)

    def let(self, route: Route, visit: Visit) -> Seen | Response:
        """Return who a program is, or what it is answered instead."""
        try:
            seen = self._holders.who(visit)
        except KeyRefused as refused:
            return self._slow(refused.wait) if refused.wait else self._no(401, "key_refused")
        except RegisterError:
            return self.stuck()
        if seen.person is None and not self._is_open(route, visit):
            return self._no(401, "key_missing")
        if seen.person is not None and seen.person.role not in route.roles:
            return self._no(403, "key_role")
        bucket = self._reads if route.method == "GET" else self._actions
        wait = bucket.take({seen.session: 1} if seen.session else visit.places)
        return self._slow(wait) if wait else seen

    def still(self, route: Route, visit: Visit) -> bool:
        """Whether a program that was let in would be by now."""
        person = self._holders.still(visit).person
        return person.role in route.roles if person else self._is_open(route, visit)

    def _is_open(self, route: Route, visit: Visit) -> bool:
        return route.opens is Opens.LOCAL and Opens.LOCAL in self._opens and visit.is_local

    def stuck(self) -> Response:
        """Return what is told where it cannot be entered who asks."""
        return self._no(503, "key_register")

    def _slow(self, wait: float) -> Response:
        answer = refused_call(429, "slow", self._say.plain("key_wait", wait=self._say.wait(wait)))
        answer.headers["Retry-After"] = str(int(wait) + 1)
        return answer

    def _no(self, status: int, key: str) -> Response:
        answer = refused_call(status, key, self._say.plain(key))
        if status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer


def refused_call(status: int, code: str, message: str = "", param: str | None = None) -> Response:
    """Return what a program is told instead of an answer; `code` is what it may rely on."""
    kind = KINDS.get(status, "server_error" if status >= 500 else "invalid_request_error")
    error = {"message": message or code, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status)
