# SPDX-License-Identifier: EUPL-1.2
"""`/mcp` under `greffier serve`: each call is one request, with its key, and leaves nothing behind.

    the gate (a key, its role) ─▶ McpAddress ─▶ server.py

Without sessions a restart loses nothing, and a key that is revoked opens nothing any more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ui.access.programs import refused_call
from ui.access.routes import MAX_BODY_BYTES
from ui.api.services import ApiServices
from ui.mcp.server import mcp_server

PATH = "/mcp"
OURS = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""Hosts and sites are the door's to know (`ui/door.py`)."""


class McpAddress:
    """The address of agents' tools, answered while the application runs."""

    def __init__(self, services: ApiServices) -> None:
        self._server: Server[dict[str, Any]] = mcp_server(services)
        self._calls: StreamableHTTPSessionManager | None = None

    @property
    def route(self) -> Route:
        return Route(PATH, self, methods=["GET", "POST", "DELETE"])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer until the block ends, then end what is under way."""
        calls = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            security_settings=OURS,
            max_request_body_size=MAX_BODY_BYTES,
        )
        async with calls.run():
            self._calls = calls
            try:
                yield
            finally:
                self._calls = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._calls is None:
            await refused_call(503, "closing")(scope, receive, send)
        elif scope["method"] != "POST":  # there is no stream to open and no session to end
            answer = refused_call(405, "no_method")
            answer.headers["Allow"] = "POST"
            await answer(scope, receive, send)
        else:
            await self._calls.handle_request(scope, receive, send)
