# SPDX-License-Identifier: EUPL-1.2
"""Files read in processes of their own, several at once: a bad one takes only itself.

    submit(file) ─▶ thread ─▶ worker process ─▶ SourceDocument, or why not

A worker starts at its first file and stays for the next ones. One that gives no sign of life
for `SILENCE_SECONDS` is killed with the programs that it started, one that dies is replaced:
its file fails, the others go on. Workers are in a session of their own: Ctrl-C reaches the
parent alone, which ends them; should the parent be killed, they end with their file.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Protocol

from corpus.cores import to_background
from corpus.documents import SourceDocument
from corpus.errors import UnreadableFile
from corpus.processes import surroundings
from corpus.readers.worker import document_of

MAX_WORKERS = 4
SILENCE_SECONDS = 180.0
START_SECONDS = 120.0
COMMAND = (sys.executable, "-m", "corpus.readers.worker")
CHUNK_BYTES = 1 << 20


class FileReading(Protocol):
    """What reads files for the ingestion: in other processes, or at once in a test."""

    def submit(self, path: Path, inside: tuple[str, ...], name: str) -> Future[SourceDocument]:
        """Read a file, or what `inside` leads to in it; the future raises as `read` does."""


class ReadingPool:
    """A few workers; leave its `with` block and they are gone."""

    def __init__(
        self,
        workers: int = 0,
        *,
        silence_seconds: float = SILENCE_SECONDS,
        command: Sequence[str] = COMMAND,
        in_background: bool = True,
    ) -> None:
        """`in_background`: nobody waits for the files, so that their reading gives way."""
        count = workers or min(MAX_WORKERS, len(os.sched_getaffinity(0)))
        self._workers = [_Worker(command, silence_seconds, in_background) for _ in range(count)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reading")

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown()

    def submit(self, path: Path, inside: tuple[str, ...], name: str) -> Future[SourceDocument]:
        task = {"path": str(path), "inside": inside, "name": name}
        return self._threads.submit(self._read, json.dumps(task).encode("ascii") + b"\n")

    def _read(self, task: bytes) -> SourceDocument:
        worker = self._idle.get()
        try:
            return document_of(worker.ask(task))
        except (TypeError, KeyError, ValueError) as error:
            raise UnreadableFile("broken") from error
        finally:
            self._idle.put(worker)


class _Worker:
    """One process, started when it is first asked, and again after it was killed."""

    def __init__(self, command: Sequence[str], silence_seconds: float, in_background: bool) -> None:
        self._command = list(command)
        self._in_background = in_background
        self._silence_seconds = silence_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._held = b""
        self._is_closed = False

    def ask(self, task: bytes) -> dict[str, object]:
        """Return the worker's answer; kill it and raise UnreadableFile if there is none."""
        try:
            self._send(task)
            while not (answer := json.loads(self._line(self._silence_seconds))):
                pass  # a sign of life
        except TimeoutError as error:
            self._kill()
            raise UnreadableFile("too_slow") from error
        except (OSError, EOFError) as error:
            self._kill()
            raise UnreadableFile("broken") from error
        return dict(answer)

    def close(self) -> None:
        self._is_closed = True
        self._kill()

    def _send(self, task: bytes) -> None:
        if self._is_closed:
            raise EOFError
        if self._process is None:
            self._held = b""
            self._process = self._started()
            if self._in_background:
                to_background(self._process.pid)
            self._line(START_SECONDS)
        assert self._process.stdin is not None
        self._process.stdin.write(task)
        self._process.stdin.flush()

    def _line(self, seconds: float) -> bytes:
        """Return the next line; raise TimeoutError after a silence, EOFError if it died."""
        process = self._process
        if process is None or process.stdout is None:
            raise EOFError
        parts = [self._held]
        while b"\n" not in parts[-1]:
            ready, _, _ = select.select([process.stdout], [], [], seconds)
            if not ready:
                raise TimeoutError
            chunk = os.read(process.stdout.fileno(), CHUNK_BYTES)
            if not chunk:
                raise EOFError
            parts.append(chunk)
        line, _, self._held = b"".join(parts).partition(b"\n")
        return line

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            start_new_session=True,
        )

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
