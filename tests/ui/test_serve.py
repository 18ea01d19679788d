# SPDX-License-Identifier: EUPL-1.2
"""Opening on a port and closing: one line each, whoever is still looking."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import ui.serve
from assistant.errors import UserError
from assistant.texts import Texts
from ui.serve import SWITCH_SECONDS, address, listen, serve_on

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
