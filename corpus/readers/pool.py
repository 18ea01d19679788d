# SPDX-License-Identifier: EUPL-1.2
"""Files read in processes of their own, several at once: a bad one takes only itself.

    submit(file) ─▶ thread ─▶ worker process ─▶ SourceDocument, or why not
    submit_letter(file) ─▶ the same, without what came with a mail
    members(archive), digests(archive, …), take(archive, …)     the same way

The file is opened here and handed over: a worker can open none itself (`worker.py`). It starts at
its first file and stays, but reads each file in a process that has seen no other (`fresh.py`). One
that works for too long ends itself, one that gives no sign of life for `SILENCE_SECONDS`, or signs
of life for ever, is killed with the programs that it started, one that dies is replaced: its file
fails, the others go on. Workers are in a session of their own: Ctrl-C reaches
the parent alone, which ends them; should the parent be killed, they die with it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Protocol, TypeVar

from corpus.cores import to_background
from corpus.documents import SourceDocument
from corpus.errors import UnreadableFile
from corpus.processes import surroundings
from corpus.readers.archive import Budget, Member
from corpus.readers.worker import digests_of, document_of, members_of, taken_of

MAX_WORKERS = 4
SILENCE_SECONDS = 3600.0
"""By the clock, for a worker that hangs. One that works is limited by the processor's time
(`worker.py`): a machine that has much else to do makes no file unreadable."""

TOTAL_SECONDS = 24 * 3600.0
"""By the clock, for one file, however lively its reader is: six times what it may compute."""

START_SECONDS = 600.0
END_SECONDS = 5.0
COMMAND = (sys.executable, "-m", "corpus.readers.worker")
CHUNK_BYTES = 1 << 20
MAX_ANSWER_BYTES = 1 << 29

T = TypeVar("T")


class FileReading(Protocol):
    """What reads files for the ingestion: in other processes, or at once in a test."""

    def submit(self, path: Path, inside: tuple[str, ...], name: str) -> Future[SourceDocument]:
        """Read a file, or what `inside` leads to in it; the future raises as `read` does."""

    def members(self, archive: Path, budget: Budget) -> Sequence[Member]:
        """List what an archive holds, and take it from the budget; raise UnreadableFile."""

    def digests(
        self, archive: Path, members: Sequence[tuple[str, ...]]
    ) -> Sequence[str | UnreadableFile]:
        """Return the SHA-256 of each of these members, or why there is none."""

    def take(self, archive: Path, inside: tuple[str, ...]) -> bytes:
        """Return the bytes of a member; raise UnreadableFile."""


class LetterReading(Protocol):
    """What reads what somebody sent: in another process, or at once in a test."""

    def submit_letter(self, path: Path, name: str) -> Future[SourceDocument]:
        """Read a file; what came with a mail is not opened. The future raises as `read` does."""


class ReadingPool:
    """A few workers; leave its `with` block and they are gone."""

    def __init__(
        self,
        workers: int = 0,
        *,
        silence_seconds: float = SILENCE_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        command: Sequence[str] = COMMAND,
        in_background: bool = True,
    ) -> None:
        """`in_background`: nobody waits for the files, so that their reading gives way."""
        count = workers or min(MAX_WORKERS, len(os.sched_getaffinity(0)))
        limits = silence_seconds, total_seconds
        self._workers = [_Worker(command, limits, in_background) for _ in range(count)]
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
        task = {"do": "read", "file": path.name, "inside": inside, "name": name}
        return self._sent(path, task, lambda answer, _: document_of(answer))

    def submit_letter(self, path: Path, name: str) -> Future[SourceDocument]:
        task = {"do": "letter", "name": name}
        return self._sent(path, task, lambda answer, _: document_of(answer))

    def members(self, archive: Path, budget: Budget) -> Sequence[Member]:
        left = [budget.members, budget.unfolded_bytes]
        task = {"do": "members", "name": archive.name, "budget": left}
        return self._sent(archive, task, lambda answer, _: members_of(answer, budget)).result()

    def digests(
        self, archive: Path, members: Sequence[tuple[str, ...]]
    ) -> Sequence[str | UnreadableFile]:
        task = {"do": "digests", "name": archive.name, "members": members}
        count = len(members)
        return self._sent(archive, task, lambda answer, _: digests_of(answer, count)).result()

    def take(self, archive: Path, inside: tuple[str, ...]) -> bytes:
        task = {"do": "take", "name": archive.name, "inside": inside}
        return self._sent(archive, task, _taken).result()

    def _sent(
        self, path: Path, task: Mapping[str, object], understood: _Understood[T]
    ) -> Future[T]:
        # In a thread that lives as long as the pool: a worker dies with the one that started it.
        return self._threads.submit(self._asked, path, json.dumps(task).encode("ascii"), understood)

    def _asked(self, path: Path, task: bytes, understood: _Understood[T]) -> T:
        worker = self._idle.get()
        try:
            file = _open(path)
            try:
                return understood(worker.ask(task, file), worker)
            finally:
                os.close(file)
        except OSError as error:
            raise UnreadableFile("no_access") from error
        except (
            TypeError,
            KeyError,
            ValueError,
            RecursionError,
        ) as error:  # lists of lists of lists
            worker.kill()
            raise UnreadableFile("broken") from error
        finally:
            self._idle.put(worker)


def _open(path: Path) -> int:
    """Return the open file; raise OSError for what is none, without waiting at a pipe."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError
    return file


def _taken(answer: Mapping[str, object], worker: _Worker) -> bytes:
    file = worker.received() if "taken" in answer else -1
    try:
        return taken_of(answer, file)
    finally:
        if file >= 0:
            os.close(file)


_Understood = Callable[[Mapping[str, object], "_Worker"], T]


class _Worker:
    """One process, started when it is first asked, and again after it was killed."""

    def __init__(
        self, command: Sequence[str], limits: tuple[float, float], in_background: bool
    ) -> None:
        self._command = list(command)
        self._in_background = in_background
        self._silence_seconds, self._total_seconds = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._held = b""
        self._is_closed = False

    def ask(self, task: bytes, file: int) -> dict[str, object]:
        """Return the worker's answer; kill it and raise UnreadableFile if there is none.

        One that somebody else killed (the kernel, where memory runs out) is asked once more.
        """
        for reason in ("", "too_large"):
            try:
                return self._asked(task, file)
            except TimeoutError as error:
                self.kill()
                raise UnreadableFile("too_slow") from error
            except OverflowError as error:
                self.kill()
                raise UnreadableFile("too_large") from error
            except (OSError, EOFError) as error:
                ended = self._ended()
                if ended == -signal.SIGKILL and not self._is_closed and not reason:
                    continue
                reasons = {-signal.SIGXCPU: "too_slow", -signal.SIGKILL: reason}
                raise UnreadableFile(reasons.get(ended) or "broken") from error
        raise AssertionError

    def _asked(self, task: bytes, file: int) -> dict[str, object]:
        self._send(task, file)
        deadline = time.monotonic() + self._total_seconds
        while not (answer := json.loads(self._line(self._silence_seconds))):
            if time.monotonic() > deadline:  # a sign of life, of one that is never done
                raise TimeoutError
        return dict(answer)

    def received(self) -> int:
        """Return the file that came with an answer."""
        if self._socket is None or not select.select([self._socket], [], [], END_SECONDS)[0]:
            raise ValueError("no file came")
        _, files, _, _ = socket.recv_fds(self._socket, 1, 1)
        if len(files) != 1:
            raise ValueError("no file came")
        return files[0]

    def close(self) -> None:
        self._is_closed = True
        self.kill()

    def _send(self, task: bytes, file: int) -> None:
        if self._is_closed:
            raise EOFError
        if self._process is None:
            self._held = b""
            self._process = self._started()
            if self._in_background:
                to_background(self._process.pid)
            self._line(START_SECONDS)
        assert self._socket is not None
        socket.send_fds(self._socket, [struct.pack(">I", len(task))], [file])
        self._socket.sendall(task)

    def _line(self, seconds: float) -> bytes:
        """Return the next line; raise TimeoutError after a silence, EOFError if it died."""
        process = self._process
        if process is None or process.stdout is None:
            raise EOFError
        parts, length = [self._held], len(self._held)
        while b"\n" not in parts[-1]:
            ready, _, _ = select.select([process.stdout], [], [], seconds)
            if not ready:
                raise TimeoutError
            chunk = os.read(process.stdout.fileno(), CHUNK_BYTES)
            if not chunk:
                raise EOFError
            parts.append(chunk)
            length += len(chunk)
            if length > MAX_ANSWER_BYTES:
                raise OverflowError
        line, _, self._held = b"".join(parts).partition(b"\n")
        return line

    def _started(self) -> subprocess.Popen[bytes]:
        self._socket, theirs = socket.socketpair()
        with theirs:
            return subprocess.Popen(
                self._command,
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=surroundings(),
                start_new_session=True,
            )

    def _ended(self) -> int:
        """Return how a process that says no more has ended."""
        process = self._process
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
        ended = process.returncode if process is not None else None
        self.kill()
        return ended or 0

    def kill(self) -> None:
        """End the process with what it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (self._socket, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
