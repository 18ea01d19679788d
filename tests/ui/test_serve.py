# SPDX-License-Identifier: EUPL-1.2
"""Opening on a port and closing: one line each, whoever is still looking."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import ui.http_heads
import ui.serve
from assistant.errors import UserError
from assistant.texts import Texts
from ui.serve import SWITCH_SECONDS, address, listen, serve_on, server_of

ROOT = Path(__file__).parents[2]

SERVER = """
from tests.ui.building import built
from tests.ui.town import ScriptedAssistant, answering, town
from ui.serve import serve

serve(built(ScriptedAssistant(answering), town()), "127.0.0.1", 0,
      on_ready=lambda url: print(url, flush=True))
print("closed", flush=True)
"""


def test_a_port_in_use_is_one_clear_error() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(UserError) as caught:
            listen("127.0.0.1", port)

    words = Texts("fr")("error", caught.value.key, **caught.value.facts)
    assert words.startswith(f"le port {port} est déjà pris")


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")],
)
def test_the_address_can_be_opened_in_a_browser(host: str, shown: str) -> None:
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]

        assert address(host, listening) == f"http://{shown}:{port}"


def test_it_closes_without_a_traceback_while_a_page_is_still_open() -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert server.stdout is not None
    url = server.stdout.readline().strip()

    with httpx.stream("GET", f"{url}/gradio_api/heartbeat/abc") as page:
        assert page.status_code == 200
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)

    assert (server.returncode, out.strip(), err) == (0, "closed", "")


def test_the_threads_of_a_service_take_turns_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question waits for the interpreter a hundred times, behind those of all others."""
    seen: list[float] = []

    class Running:
        def run(self, sockets: list[socket.socket]) -> None:
            seen.append(sys.getswitchinterval())

    monkeypatch.setattr(ui.serve, "server_of", lambda *_: Running())
    before = sys.getswitchinterval()
    serve_on(listen("127.0.0.1", 0), FastAPI(), "127.0.0.1")
    assert seen == [pytest.approx(SWITCH_SECONDS)]
    assert sys.getswitchinterval() == before


@pytest.mark.parametrize("sent", ["headers", "address", "line", "trailers", "slowly"])
def test_a_request_that_does_not_begin_is_ended(sent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """24 MB of headers were taken, and an address was put together anew at each piece of it."""
    monkeypatch.setattr(ui.http_heads, "HEAD_SECONDS", 0.3)
    piece = {
        "headers": b"X-A: %s\r\n" % (b"b" * 500), "address": b"a" * 500, "line": b"b" * 500,
        "trailers": b"X-A: %s\r\n" % (b"b" * 500), "slowly": b"",
    }[sent]  # fmt: skip
    chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    begin = {"address": b"GET /", "line": b"GET / HTTP/1.1\r\nX-A: ", "trailers": chunked}
    listening = listen("127.0.0.1", 0)
    server = server_of(FastAPI(), lambda: None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with socket.create_connection(listening.getsockname(), timeout=20) as client:
            client.sendall(begin.get(sent, b"GET / HTTP/1.1\r\n"))
            taken = 0
            with suppress(ConnectionError):
                for _ in range(40_000 if piece else 0):  # twenty megabytes
                    client.sendall(piece)
                    taken += len(piece)
                while client.recv(1 << 16):
                    pass
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
    assert taken < 20_000_000


def test_what_follows_a_request_on_its_connection_is_read() -> None:
    listening = listen("127.0.0.1", 0)
    app = FastAPI()
    app.add_api_route("/", lambda: {"there": True})
    server = server_of(app, lambda: None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with httpx.Client(base_url=address("127.0.0.1", listening)) as client:
            for _ in range(3):
                big = {"X-A": "b" * 30_000}
                assert client.get("/", headers=big).json() == {"there": True}
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
