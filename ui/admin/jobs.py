# SPDX-License-Identifier: EUPL-1.2
"""Work that outlasts a request: one piece at a time, told as it goes, its end kept in memory.

start(kind, work) ─▶ Job(done, total) … Job(result) │ Job(error)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]


RESTARTING = "restarting"
"""What goes on once no more work is taken."""


class Busy(Exception):
    """Another piece of work, of this kind, is not done yet."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


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
        self._takes_none = False

    def start(self, kind: str, work: Callable[[Progress], object], *, subject: str = "") -> Job:
        """Begin a piece of work; raise Busy while another one runs, or once none is taken."""
        with self._lock:
            self._stop_if_busy()
            if self._takes_none:
                raise Busy(RESTARTING)
            job = self._last[kind] = Job(kind=kind, subject=subject)
            self._future = self._pool.submit(self._run, job, work)
        return job

    @contextmanager
    def taking_none(self) -> Iterator[None]:
        """Begin no work any more once the block has gone well; raise Busy while some runs."""
        with self._lock:
            self._stop_if_busy()
            yield
            self._takes_none = True

    def forget(self, kind: str) -> None:
        """Look no more at the last piece of that kind, if it is over."""
        with self._lock:
            if kind in self._last and self._last[kind].is_over:
                del self._last[kind]

    @property
    def running(self) -> Job | None:
        return next((job for job in [*self._last.values()] if not job.is_over), None)

    def last(self, kind: str) -> Job | None:
        """Return the last piece of that kind, over or not."""
        return self._last.get(kind)

    def wait(self) -> None:
        """Return once nothing runs any more."""
        if self._future is not None:
            self._future.result()

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _stop_if_busy(self) -> None:
        if running := self.running:
            raise Busy(running.kind)

    def _run(self, job: Job, work: Callable[[Progress], object]) -> None:
        try:
            job.result = work(job.tell)
        except Exception as error:  # noqa: BLE001  # a page must not wait for ever on its account
            job.error = error
        finally:
            job.is_over = True
