# SPDX-License-Identifier: EUPL-1.2
"""Locks that the system lets go when their holder dies, however it dies.

    service.lock        one service at a time
    writers/<id>.lock   held while a writer lives: a free one means that it is gone

A process number can be taken by another program; a lock cannot.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Self

try:
    import fcntl
except ImportError:  # Windows, where an auditor may run the verifier: it takes no lock
    fcntl = None  # type: ignore[assignment]

from guardrails.errors import RegisterUnavailable

WRITER = re.compile(r"[0-9a-f]{16}")

BUSY_SECONDS = 60.0
PATIENCE: ContextVar[float | None] = ContextVar("patience", default=None)
"""How long to wait for whoever holds the register, in seconds. Without a limit writers queue in the
order in which they come, and SQLite waits a minute; a page sets one, and shows nothing once it is
over (`patient`)."""

POLL_SECONDS = 0.005


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    """Wait for the register no longer than this inside the block, in threads begun there too."""
    before = PATIENCE.set(seconds)
    try:
        yield
    finally:
        PATIENCE.reset(before)


def busy_seconds() -> float:
    """Return how long a database waits for whoever writes to it."""
    seconds = PATIENCE.get()
    return BUSY_SECONDS if seconds is None else seconds


@contextmanager
def taken(lock: threading.Lock) -> Iterator[None]:
    """Hold a lock between threads; RegisterUnavailable once patience is over."""
    seconds = PATIENCE.get()
    if not lock.acquire(timeout=-1 if seconds is None else seconds):
        raise RegisterUnavailable("the register is held by somebody else")
    try:
        yield
    finally:
        lock.release()


class FileLock:
    """An exclusive lock on a file, taken at once or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if somebody holds it."""
        descriptor = self._opened()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def wait(self) -> None:
        """Take the lock, waiting for whoever holds it; RegisterUnavailable after too long."""
        seconds = PATIENCE.get()
        if seconds is None:
            descriptor = self._opened()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._descriptor = descriptor
            return
        end = time.monotonic() + seconds
        while not self.acquire():
            if time.monotonic() > end:
                raise RegisterUnavailable("the register is held by another program")
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Let the lock go; the file stays, since another may be waiting on it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if fcntl is None:
            raise RegisterUnavailable("this system cannot keep a register: no file locks")
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RegisterUnavailable(f"cannot lock {self.path.name}: {error.strerror}") from error

    def __enter__(self) -> Self:
        self.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


class WriterLock(FileLock):
    """A lock in `writers/` that says: the process that opened these exchanges lives."""

    def __init__(self, folder: Path, writer: str) -> None:
        super().__init__(folder / "writers" / f"{writer}.lock")
        self.id = writer

    @classmethod
    def of(cls, folder: Path, writer: str) -> WriterLock | None:
        """Return the lock of a writer that is named in a file; None for what no writer is called,
        which must not become a path."""
        return cls(folder, writer) if WRITER.fullmatch(writer) else None

    def release(self) -> None:
        """Remove the file as well: nobody waits on a writer's lock."""
        if self._descriptor is not None:
            self.path.unlink(missing_ok=True)
        super().release()
