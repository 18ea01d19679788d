# SPDX-License-Identifier: EUPL-1.2
"""Opens the application on a port, and closes it without losing a question."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from fastapi import FastAPI

from assistant.errors import UserError
from ui.http_heads import BoundedHttp
from ui.notify import Manager

GRACE_SECONDS = 5
SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the interpreter from the others: a question gives it up
a hundred times (database, disk, sockets) and waits each time for those of all other questions. Of
twelve who asked at once on a busy machine, half saw their sources after .37 s, and after .74 s with
Python's own 5 ms."""


def serve(
    app: FastAPI, host: str, port: int, *, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve until interrupted; raise UserError if the port is taken or the address is not ours."""
    serve_on(listen(host, port), app, host, on_ready=on_ready)


def serve_on(
    listening: socket.socket,
    app: FastAPI,
    host: str,
    *,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted on a socket that `listen` gave, and close it."""
    server = server_of(app, lambda: on_ready and on_ready(address(host, listening)))
    with listening, _switching_often(), _stopped_alike(), suppress(KeyboardInterrupt):
        server.run(sockets=[listening])  # raises its signal again once all is closed


@contextmanager
def _switching_often() -> Iterator[None]:
    """Let the event loop and the questions have the interpreter in turn."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def _stopped_alike() -> Iterator[None]:
    """Let a service manager's stop end as a keyboard's does: what is open is closed after it,
    where the signal, raised again by uvicorn, would end the program on the spot."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's, as in tests
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def server_of(app: FastAPI, on_ready: Callable[[], object]) -> uvicorn.Server:
    """Return a server that logs no address and believes no header of a proxy."""
    config = uvicorn.Config(
        app,
        http=BoundedHttp,
        log_level="warning",
        access_log=False,  # addresses name the documents that people read
        server_header=False,
        proxy_headers=False,  # whom to believe is in the settings: ui/access/visit.py
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return _Server(config, on_ready)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that holds the port, 0 for any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # bound alone, the port would still be another program's to take
    except OSError as error:
        listening.close()
        raise UserError("port_in_use", port=port) from error
    return listening


def address(host: str, listening: socket.socket) -> str:
    """Return the address to open in a browser."""
    port = listening.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


class _Server(uvicorn.Server):
    """Tells when it listens, and tells the application's streams when it closes; the service
    manager is told both, and in between that the event loop turns."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._manager = Manager()
        self._pings: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()
            self._manager.tell("READY=1")
            self._pings = asyncio.create_task(self._manager.pings())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._manager.tell("STOPPING=1")
        if self._pings:
            self._pings.cancel()
        closing = getattr(getattr(self.config.app, "state", None), "closing", None)
        if isinstance(closing, asyncio.Event):
            closing.set()
        await super().shutdown(sockets)
