# SPDX-License-Identifier: EUPL-1.2
"""HTTP as uvicorn reads it, of which the head of a request has an end.

    bytes ─▶ BoundedHttp: so many of a head, within so many seconds ─▶ uvicorn ─▶ the door

The parser keeps headers and addresses as long as they come: without a proxy in front anybody
could fill the memory of the service with one request.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
"""An address, cookies and what a proxy adds: some eight kilobytes, groups of a directory included.
What comes in one piece with the end of a head is not counted."""

HEAD_SECONDS = 30.0


class BoundedHttp(HttpToolsProtocol):
    """Ends a connection whose request does not come to the end of its head."""

    _head_bytes = 0
    _is_in_head = True
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES:
            if not self.transport.is_closing():
                self.send_400_response("Too much before the request.")
            self._end()

    def on_message_begin(self) -> None:
        if not self._is_in_head:
            self._begin()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"transfer-encoding":  # the door asks for a length; it has trailers
            raise ValueError("a body without a length")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._end()
        super().on_headers_complete()

    def _begin(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        self._late = self.loop.call_later(HEAD_SECONDS, self._close)

    def _close(self) -> None:
        self.transport.close()

    def _end(self) -> None:
        self._is_in_head, self._head_bytes = False, 0
        if self._late:
            self._late.cancel()
            self._late = None
