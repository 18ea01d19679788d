# SPDX-License-Identifier: EUPL-1.2
"""Starts `serve`, asks a question as the page's script does, prints what came back as JSON.

    browser.py QUESTION PROGRAM… serve

A program of its own, so that a test can run it where there is no network.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

START_SECONDS = 600


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetch(address: str, body: object = None) -> str:
    request = urllib.request.Request(
        address,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
        return str(answer.read().decode())


def when_ready(site: str, server: subprocess.Popen[bytes]) -> dict[str, Any]:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            return dict(json.loads(fetch(f"{site}/ready")))
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the screens did not open")


def ask(site: str, question: str) -> str:
    """Send the question by the event of the box, and return the stream of what it changed."""
    config = json.loads(fetch(f"{site}/config"))
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    event = next(d for d in config["dependencies"] if [box, "submit"] in d["targets"])
    joined = {
        "data": [question],
        "fn_index": event["id"],
        "session_hash": "promise",
        "trigger_id": box,
        "event_data": None,
    }
    fetch(f"{site}/gradio_api/queue/join", joined)
    return fetch(f"{site}/gradio_api/queue/data?session_hash=promise")


def elsewhere(page: str) -> list[str]:
    """Return the addresses of other machines that a browser would load from the page."""
    loaded = re.findall(r"""(?:src|href)\s*=\s*["']((?:https?:)?//[^"']+)""", page)
    return sorted({address for address in loaded if "127.0.0.1" not in address})


def main(question: str, *program: str) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([*program, "--port", str(port)])
    try:
        ready = when_ready(site, server)
        page = fetch(f"{site}/")
        last = [line for line in ask(site, question).splitlines() if "process_completed" in line
                or "process_generating" in line]  # fmt: skip
        print(json.dumps({
            "ready": ready,
            "elsewhere": elsewhere(page),
            "last": json.dumps([json.loads(line[6:]) for line in last], ensure_ascii=False)
            .replace('\\"', '"'),
        }))  # fmt: skip
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(START_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
