# SPDX-License-Identifier: EUPL-1.2
"""The guard in processes of its own, several batches at once: screening is half of the work.

    screen_documents ─▶ a free lane ─▶ one of a few forks of one opened guard ─▶ Screened…

One process opens the guard, then forks: its models are in memory once. It starts at the first
document and leaves with the `with` block. Whatever goes wrong on the way, a process that dies
or gives no answer in time, is a guard that could not look: nothing is cleared, and the next
batch finds a new one. Texts go through sockets, never through a file or a command line.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

from corpus.cores import to_background
from corpus.processes import surroundings
from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.findings import Entity, Finding, Screened

COMMAND = (sys.executable, "-m", "corpus.screening_worker")
NAME = "screening"
MAX_LANES = 4
START_SECONDS = 3600.0
CHARS_A_SECOND = 15
"""By the clock, for a process that hangs: it runs on what others leave. The guard's own patience is
counted in processor time; it gives up first, and says so."""


class ScreeningPool:
    """A DocumentGuard whose work is done elsewhere; `lanes` batches at once."""

    def __init__(
        self,
        *,
        roster: Sequence[str] = (),
        known: Sequence[str] = (),
        policies: Path | None = None,
        lanes: int = 0,
        command: Sequence[str] = COMMAND,
        patience: float = START_SECONDS,
        in_background: bool = True,
    ) -> None:
        """`in_background`: nobody waits for the texts, so that their screening gives way."""
        self.lanes = lanes or min(MAX_LANES, len(os.sched_getaffinity(0)))
        self._settings = {
            "roster": [*roster],
            "known": [*known],
            "policies": str(policies) if policies else "",
        }
        self._command = [*command]
        self._patience = patience
        self._in_background = in_background
        self._lock = threading.Lock()
        self._crew: _Crew | None = None

    def __enter__(self) -> ScreeningPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            crew, self._crew = self._crew, None
        if crew:
            crew.end()

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        """Screen many documents in one batch, or raise GuardrailError."""
        task = json.dumps({"documents": [[*pages] for pages in documents], "policy": policy})
        seconds = self._patience + sum(len(p) for d in documents for p in d) / CHARS_A_SECOND
        crew = self._ready()
        try:
            answer = crew.ask(task.encode("ascii") + b"\n", seconds)
            if answer.get("failed") == TextTooLong.__name__:
                raise DetectorFailed(NAME)
            return _screened(answer, documents)
        except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
            # A detector that does not come back is still at work there: start anew.
            with self._lock:
                if self._crew is crew:
                    self._crew = None
            crew.end()
            raise DetectorFailed(NAME) from error

    def _ready(self) -> _Crew:
        with self._lock:
            if self._crew is None:
                self._crew = _Crew(self._command, self._settings, self.lanes)
                if self._in_background:
                    to_background(self._crew.pid)  # its forks inherit it
            return self._crew


class _Crew:
    """One opened guard and its forks, each at the end of a socket."""

    def __init__(self, command: Sequence[str], settings: Mapping[str, object], lanes: int) -> None:
        pairs = [socket.socketpair() for _ in range(lanes)]
        theirs = [far.fileno() for _, far in pairs]
        self._process = subprocess.Popen(
            [*command, *map(str, theirs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # it may quote the document
            pass_fds=theirs,
            env=surroundings(),
            start_new_session=True,
        )
        self._ending = threading.Lock()
        self._lanes = [near for near, _ in pairs]
        self._idle: SimpleQueue[socket.socket | None] = SimpleQueue()
        for near, far in pairs:
            far.close()
            self._idle.put(near)
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as told:
            told.write(json.dumps(settings).encode("ascii") + b"\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, task: bytes, seconds: float) -> dict[str, object]:
        """Return the answer of a lane; raise OSError or EOFError if there is none."""
        lane = self._idle.get()
        if lane is None:
            self._idle.put(None)
            raise EOFError
        lane.settimeout(seconds)
        lane.sendall(task)
        parts = [b""]
        while not parts[-1].endswith(b"\n"):
            parts.append(lane.recv(1 << 20))
            if not parts[-1]:
                raise EOFError
        self._idle.put(lane)
        return dict(json.loads(b"".join(parts)))

    def end(self) -> None:
        """Kill the guard and its forks; who waits for a lane is told that there is none."""
        with self._ending:
            if self._process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        for lane in self._lanes:
            with suppress(OSError):
                lane.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads it
            lane.close()
        self._idle.put(None)


def told(screened: Sequence[Sequence[Screened]]) -> bytes:
    """Return screened documents as a line that `ScreeningPool` reads."""
    return json.dumps(
        {
            "documents": [
                [[s.text, _rows(s.findings), _rows(s.doubts)] for s in pages] for pages in screened
            ]
        }
    ).encode("ascii")


def heard(line: bytes, documents: Sequence[Sequence[str]]) -> list[list[Screened]]:
    """Read what `told` wrote for these documents; raise KeyError or ValueError if it is not."""
    return _screened(json.loads(line), documents)


def _rows(findings: Sequence[Finding]) -> list[tuple[int, int, str, str, float]]:
    return [(f.start, f.end, f.entity, f.rule, f.score) for f in findings]


def _screened(
    answer: Mapping[str, object], documents: Sequence[Sequence[str]]
) -> list[list[Screened]]:
    """Return the documents of an answer; raise KeyError or ValueError if they are not ours."""
    given = answer["documents"]
    if not isinstance(given, list) or [len(pages) for pages in given] != [
        len(pages) for pages in documents
    ]:
        raise ValueError("the guard answered for other documents")
    return [
        [
            Screened(text, tuple(map(_finding, found)), tuple(map(_finding, doubts)))
            for text, found, doubts in pages
        ]
        for pages in given
    ]


def _finding(row: tuple[int, int, str, str, float]) -> Finding:
    start, end, entity, rule, score = row
    return Finding(start, end, Entity(entity), rule, score)
