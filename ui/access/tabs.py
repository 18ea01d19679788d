# SPDX-License-Identifier: EUPL-1.2
"""A page of Gradio belongs to who opened it.

Gradio lets each page choose a name for itself, and gives what belongs to that name to whoever
says it. Here the first who says a name owns it, and nobody else may.
"""

from __future__ import annotations

import json
from collections import OrderedDict

from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from ui.access.routes import MAX_BODY_BYTES, Kind, Route

MAX_KNOWN = 20_000


class Tabs:
    """Who owns which page; the least used are forgotten."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    def claim(self, name: str, who: str) -> bool:
        """Whether a page belongs to somebody; it does from now on if to nobody."""
        owner = self._owners.setdefault(name, who)
        self._owners.move_to_end(name)
        if len(self._owners) > MAX_KNOWN:
            self._owners.popitem(last=False)
        return owner == who


async def tab_of(route: Route, scope: Scope, receive: Receive) -> tuple[str, Receive]:
    """Return the page that a request names, empty for none, and how to read its body again."""
    request = Request(scope)
    if route.kind is Kind.STREAM:
        path, _, last = scope["path"].rpartition("/")
        if path.endswith("/heartbeat"):  # Gradio takes the page of the path, whatever is asked
            return last, receive
        return request.query_params.get("session_hash", ""), receive
    body, message = b"", await receive()
    while message["type"] == "http.request":
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES or not message.get("more_body"):
            break
        message = await receive()
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    name = told.get("session_hash") if isinstance(told, dict) else None
    return name if isinstance(name, str) else "", _again(body, receive)


def _again(body: bytes, receive: Receive) -> Receive:
    is_read = False

    async def replay() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
