# SPDX-License-Identifier: EUPL-1.2
"""A witness behind HTTP, with nothing but the standard library: who runs one can read all of it.

    POST /add-checkpoint              a request of c2sp.org/tlog-witness
    GET  /{sha256 of a log's name}/checkpoint    the last one cosigned, for who watches
    GET  /                            the name and the key of this witness

TLS, and who may dial, are for what stands in front of it.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from guardrails.register.witness import MAX_BODY_BYTES, TEXT, Witness
from guardrails.register.witness_client import ADD, Reply

PATIENCE_SECONDS = 10.0
AT_ONCE = 32
LATEST = re.compile(r"/([0-9a-f]{64})/checkpoint")
GONE = Reply(status=404, kind=TEXT, body="nothing here\n")
logger = logging.getLogger(__name__)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness, so many requests at a time."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        self.witness = witness
        self._places = threading.BoundedSemaphore(AT_ONCE)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a request, or hang up where too many are being answered."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say that something failed; who asked, and what, is nobody's business."""
        logger.warning("witness: a request failed")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_SECONDS
    server: WitnessServer

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != f"/{ADD}":
            self._send(GONE, last=True)
        elif not (length.isascii() and length.isdecimal()):
            self._send(Reply(status=411, kind=TEXT, body="length required\n"), last=True)
        elif len(length) > 9 or int(length) > MAX_BODY_BYTES:
            self._send(Reply(status=413, kind=TEXT, body="too long\n"), last=True)
        else:
            reply = self.server.witness.add_checkpoint(self.rfile.read(int(length)))
            logger.info("witness: %d", reply.status)
            self._send(reply)

    def do_GET(self) -> None:
        witness = self.server.witness
        found = LATEST.fullmatch(self.path)
        note = witness.latest(found[1]) if found else None
        if self.path == "/":
            note = f"{witness.name}\n{witness.key}\n"
        self._send(GONE if note is None else Reply(status=200, kind=TEXT, body=note))

    def _send(self, reply: Reply, *, last: bool = False) -> None:
        content = reply.body.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if last:  # what is left of the body is not read
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        """Say nothing of what runs here."""
        return "greffier-witness"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep addresses out of the journal."""
