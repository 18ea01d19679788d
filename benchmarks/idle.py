# SPDX-License-Identifier: EUPL-1.2
"""What a service costs that nobody asks anything: processor time with three pages open.

    python -m benchmarks.idle [--seconds 60]

A service on loopback, its models stood in for (idle, they do nothing), in a process of its own; an
agent's and an auditor's page of Gradio, their streams held open, and the administrator's page. Read
from /proc: user and system time of the process over the time that passed. Writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

SETTLE_SECONDS = 10.0
PAGES = {"agent": "/", "auditor": "/auditeur/", "admin": "/admin/documents"}
STREAMS = {
    "agent": "/gradio_api/heartbeat/idleagent",
    "auditor": "/auditeur/gradio_api/heartbeat/idleauditor",
}


def serve(folder: Path) -> None:
    """Serve the whole application; say on stdout where, and what each role's session is."""
    from tests.assistant.terminal import stand_in
    from tests.ui.access.walk import whole_app
    from ui.access.person import Role
    from ui.serve import address, listen, server_of

    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        with whole_app(folder) as (app, desk):
            cookies = {}
            for role in (Role.AGENT, Role.AUDITOR, Role.ADMIN):
                desk.accounts.add(role.value, role)
                desk.accounts.keep_password(role.value, "hash")
                token = desk.sessions.start(role.value, "password")
                cookies[role.value] = desk.seals.signed("cookie-greffier", token)
            listening = listen("127.0.0.1", 0)

            def ready() -> None:
                told = {"url": address("127.0.0.1", listening), "cookies": cookies}
                print(json.dumps(told), flush=True)

            server_of(app, ready).run(sockets=[listening])


def processor_seconds(pid: int) -> float:
    """Return the user and system time of a process, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def opened(url: str, cookies: dict[str, str]) -> Iterator[None]:
    """Load the three pages and hold their streams open."""
    with ExitStack() as closing:
        for role, page in PAGES.items():
            client = closing.enter_context(
                httpx.Client(base_url=url, cookies={"greffier": cookies[role]}, timeout=60)
            )
            client.get(page).raise_for_status()
            if role in STREAMS:
                stream = closing.enter_context(client.stream("GET", STREAMS[role]))
                next(stream.iter_raw())  # it is alive
        yield


def measure(seconds: float) -> dict[str, float]:
    """Return what was used, in seconds and in percent of a core, without pages and with three."""
    with tempfile.TemporaryDirectory(prefix="greffier-idle-") as folder:
        command = [sys.executable, "-m", "benchmarks.idle", "--serve", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as service:
            try:
                assert service.stdout is not None
                told = json.loads(service.stdout.readline())
                time.sleep(SETTLE_SECONDS)
                alone = _used(service.pid, seconds)
                with opened(told["url"], told["cookies"]):
                    time.sleep(SETTLE_SECONDS)
                    three = _used(service.pid, seconds)
            finally:
                service.terminate()
    return {
        "seconds": seconds,
        "no_page_percent": round(100 * alone / seconds, 2),
        "three_pages_percent": round(100 * three / seconds, 2),
    }


def _used(pid: int, seconds: float) -> float:
    before = processor_seconds(pid)
    time.sleep(seconds)
    return processor_seconds(pid) - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
    else:
        print(json.dumps(measure(asked.seconds)))


if __name__ == "__main__":
    main()
