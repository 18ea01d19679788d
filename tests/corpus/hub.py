# SPDX-License-Identifier: EUPL-1.2
"""A model hub on the loopback, with the faults that networks have."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class LoopbackHub(ThreadingHTTPServer):
    """Serves one body at any path; `cut_after` closes each reply early, `ranges` may be refused."""

    daemon_threads = True

    def __init__(self, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = body
        self.cut_after = len(body)
        self.knows_ranges = True
        self.status = 200
        self.redirects = False
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackHub

    def do_GET(self) -> None:
        hub, wanted = self.server, self.headers.get("Range")
        hub.asked.append((self.path, wanted))
        if hub.status != 200:
            self.send_error(hub.status)
            return
        if hub.redirects and not self.path.startswith("/store/"):
            self.send_response(302)
            self.send_header("Location", f"{hub.url}/store{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = int(wanted[6:-1]) if wanted and hub.knows_ranges else 0
        rest = hub.body[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: hub.cut_after])

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def loopback_hub(body: bytes) -> Iterator[LoopbackHub]:
    """Run a hub for the length of a block."""
    with LoopbackHub(body) as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()
