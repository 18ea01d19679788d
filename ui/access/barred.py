# SPDX-License-Identifier: EUPL-1.2
"""Puts the account's bar above a page that another program drew, before it leaves."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send


class Barred:
    """Collects one HTML page and sends it with `bar` as the first thing of its body; what is
    no page goes through as it comes. A page that `grows` is sent as it comes: its first piece
    holds the beginning of its body."""

    def __init__(self, send: Send, bar: str, *, grows: bool = False) -> None:
        self._send = send
        self._bar = bar
        self._grows = grows
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if self._grows and self._body:
            await self._begin(message)
            return
        if message.get("more_body"):
            return
        body = with_bar(self._body.decode(), self._bar).encode()
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})

    async def _begin(self, message: Message) -> None:
        """Send the first piece with the bar; what follows goes through."""
        assert self._start is not None
        start, self._start = self._start, None
        del MutableHeaders(scope=start)["content-length"]
        await self._send(start)
        body = with_bar(self._body.decode(), self._bar).encode()
        await self._send({**message, "body": body})


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    is_html = headers.get("content-type", "").startswith("text/html")
    return is_html and "content-encoding" not in headers


def with_bar(page: str, bar: str) -> str:
    """Return a page with a bar as the first thing of its body.

    >>> with_bar("<html><body class='a'>Bonjour</body></html>", "<nav></nav>")
    "<html><body class='a'><nav></nav>Bonjour</body></html>"
    """
    begins = page.rfind("<body")  # what scripts hold stands before
    ends = page.find(">", begins) + 1
    return page[:ends] + bar + page[ends:] if 0 <= begins < ends else page
