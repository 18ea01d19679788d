# SPDX-License-Identifier: EUPL-1.2
"""Work that outlasts a request: one piece at a time, told as it goes, its end kept in memory.

start(kind, work) ─▶ Job(done, total) … Job(result) │ Job(error)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]


class Busy(Exception):
    """Another piece of work is not done yet."""


@dataclass(slots=True, kw_only=True)
class Job:
    """A piece of work; `result` or `error` is set once it has ended."""

    kind: str
    subject: str = ""
    done: int = 0
    total: int = 0
    result: object = None
    error: Exception | None = None
    is_over: bool = field(default=False)

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Jobs:
    """Runs work in one thread; the last piece stays to be looked at, of each kind."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="admin")
        self._lock = threading.Lock()
        self._last: dict[str, Job] = {}
        self._future: Future[None] | None = None

    def start(self, kind: str, work: Callable[[Progress], object], *, subject: str = "") -> Job:
        """Begin a piece of work; raise Busy while another one runs."""
        with self._lock:
            if self.running:
                raise Busy
            job = self._last[kind] = Job(kind=kind, subject=subject)
            self._future = self._pool.submit(self._run, job, work)
        return job

    @property
    def running(self) -> Job | None:
        return next((job for job in self._last.values() if not job.is_over), None)

    def last(self, kind: str) -> Job | None:
        """Return the last piece of that kind, over or not."""
        return self._last.get(kind)

    def wait(self) -> None:
        """Return once nothing runs any more."""
        if self._future is not None:
            self._future.result()

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _run(self, job: Job, work: Callable[[Progress], object]) -> None:
        try:
            job.result = work(job.tell)
        except Exception as error:  # noqa: BLE001  # a page must not wait for ever on its account
            job.error = error
        finally:
            job.is_over = True
