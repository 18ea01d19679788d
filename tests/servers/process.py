# SPDX-License-Identifier: EUPL-1.2
"""A real server that a test starts on loopback, and may kill.

server = Started([...], port, ready=…); server.start(); server.kill(); server.start()
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

START_SECONDS = 120.0


class Started:
    """A program that answers at a port of this machine."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        port: int,
        log: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
    ) -> None:
        self.port = port
        self._command, self._log, self._ready = command, log, ready
        self._environment, self._user = environment, user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **(self._environment or {})},
                user=self._user,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > end:
                told = self._log.read_text("utf-8", "replace")[-2000:]
                self.kill()
                raise AssertionError(f"{self._command[0]} did not start:\n{told}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, with what it started."""
        self._end(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ask it to end, and wait until it has."""
        self._end(number)

    def _end(self, number: int) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                # PostgreSQL's own processes leave the group, and answer on when it is killed.
                started = descendants(self._process.pid) if number == signal.SIGKILL else []
                os.killpg(self._process.pid, number)
                for one in started:
                    with suppress(ProcessLookupError):
                        os.kill(one, number)
            self._process.wait(60)
            self._process = None


def descendants(parent: int) -> list[int]:
    """Return the processes that a process started, and those that these started."""
    children = [
        int(status.parent.name)
        for status in Path("/proc").glob("[0-9]*/status")
        if f"\nPPid:\t{parent}\n" in _read(status)
    ]
    return [*children, *(one for child in children for one in descendants(child))]


def _read(status: Path) -> str:
    try:
        return status.read_text("utf-8", "replace")
    except OSError:  # it has ended meanwhile
        return ""


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0
