# SPDX-License-Identifier: EUPL-1.2
"""Starts `serve`, signs in by its first link, asks a question as the page's script does, prints
what came back as JSON.

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
import threading
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

START_SECONDS = 600
PASSWORD = "trois puits sans margelle"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')

BROWSER = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetch(address: str, body: object = None) -> str:
    """Ask as a page of the site does: `body` is sent as JSON, or as a form if it is text."""
    site = urlsplit(address)
    is_form = isinstance(body, str)
    request = urllib.request.Request(
        address,
        data=None if body is None else (body if is_form else json.dumps(body)).encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded" if is_form else "application/json",
            "Origin": f"{site.scheme}://{site.netloc}",
        },
    )
    with BROWSER.open(request, timeout=START_SECONDS) as answer:
        return str(answer.read().decode())


def sign_in(link: str) -> None:
    """Choose the password of the first account by its one-time link, as its form does."""
    fields = dict(HIDDEN.findall(fetch(link)))
    fields |= {"name": "adele", "new": PASSWORD, "again": PASSWORD}
    fetch(link, urlencode(fields))


def first_link(server: subprocess.Popen[bytes]) -> str:
    """Return the link in the file that is named where nobody watches, and let the rest of what is
    said go by."""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(rb"/\S+\.premier-compte", line):
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return Path(found[0].decode()).read_text("utf-8").strip()
    raise SystemExit("the screens showed no link")


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
    values = {c["id"]: c["props"].get("value") for c in config["components"]} | {box: question}
    joined = {
        "data": [values[one] for one in event["inputs"]],
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
    server = subprocess.Popen(
        [*program, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        sign_in(first_link(server))
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
