# SPDX-License-Identifier: EUPL-1.2
"""Who may use the processor: whoever waits for an answer first, documents with what is left.

    work                                             runs
    questions, screens, the model                    as any program
    `corpus add`, `corpus watch`: what keeps files   after these (nice 10): it holds locks that
                                                     questions need, so it is never starved
    readers, OCR, the guard of pages                 on cores that nobody wants (SCHED_IDLE), and
                                                     disks (idle class): they hold no lock
    proposals of cards, in the service               once nobody asked for a while (`quiet_for`),
                                                     called off as soon as somebody does
    embedding beside the model, in the service       between questions (`after_you`): a thread that
                                                     is starved would keep the interpreter's lock
    threads of the model                             as many as others leave cores (`Company`)

What was measured of each, and of what was left out, stands in docs/decisions/cores.md. All of it is
best effort: where the system refuses, the work is done as before.
"""

from __future__ import annotations

import ctypes
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

WAIT_POLICY = {"OMP_WAIT_POLICY": "passive"}
"""Threads of llama.cpp sleep at their barriers: one that spins is thrown off its core as soon as
anybody else wants it, and all others wait for it. Read by OpenMP as it is loaded."""

AFTER_OTHERS = 10
LAST = 19
LONGEST_WAIT_SECONDS = 2.0
"""How long one piece of work lets questions pass: who asks without end delays it, no more."""

LOOK_SECONDS = 0.3
"""How long what was seen of other programs holds."""

PAUSE_SECONDS, GLANCE_SECONDS = 10.0, 0.05
"""After such a pause, what was seen is old: so long is looked anew. A core's time is counted in
hundredths of a second."""

NEARLY = 0.6
"""Of a core, from which on a program keeps it: two that want the same core have a half each."""

_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}
_IOPRIO_PROCESS, _IOPRIO_IDLE = 1, 3 << 13


def step_back() -> None:
    """Let the calling thread, and what it starts from now on, run after what people wait for."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(AFTER_OTHERS, os.getpriority(os.PRIO_PROCESS, 0)))


def to_background(process: int = 0) -> None:
    """Leave a process that has just begun, or the calling thread, what nobody else wants.

    There is no way back for an ordinary account, and what holds a lock does not belong there.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, LAST)
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
    with suppress(OSError):  # Linux shares the cores between sessions before it looks at priorities
        if process and os.getsid(process) == process:
            Path(f"/proc/{process}/autogroup").write_text(str(LAST), "ascii")
    with suppress(KeyError, OSError, AttributeError):
        call = _IOPRIO_SET[platform.machine()]
        ctypes.CDLL(None).syscall(call, _IOPRIO_PROCESS, process, _IOPRIO_IDLE)


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds that the cores were busy for programs of ordinary priority, since each began: all of
    them, and this process."""

    everybody: float
    own: float


def used(stat: Path = Path("/proc/stat")) -> Used | None:
    """Read how busy the cores of this process are; nothing where the system does not tell."""
    try:
        cores = {f"cpu{core}" for core in os.sched_getaffinity(0)}
        rows = [line.split() for line in stat.read_text("ascii").splitlines()]
        ticks = sum(int(row[1]) + int(row[3]) for row in rows if row and row[0] in cores)
        everybody = ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return None
    own = os.times()
    return Used(everybody, own.user + own.system)


class Company:
    """How many cores other programs leave to the threads of this one.

    Threads that wait for each other at each step go at the pace of the one that shares its core:
    two beside a program that keeps one of two cores took twice as long as one alone does. What
    runs in the background is not looked at: it gives way.
    """

    def __init__(
        self,
        look: Callable[[], Used | None] = used,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._look, self._clock, self._sleep = look, clock, sleep
        self._seen = (clock(), look())
        self._others = 0

    def cores_left(self, most: int) -> int:
        """Return how many of `most` cores nobody else keeps busy, one at least."""
        return max(1, most - self._kept())

    def _kept(self) -> int:
        """How many cores other programs have kept busy since a moment ago."""
        (then, before), now = self._seen, self._clock()
        if now - then < LOOK_SECONDS:
            return self._others
        if now - then > PAUSE_SECONDS:
            then, before = now, self._look()
            self._sleep(GLANCE_SECONDS)
            now = self._clock()
        after = self._look()
        self._seen = (now, after)
        if before is None or after is None or now <= then:
            self._others = 0
        else:
            theirs = (after.everybody - before.everybody) - (after.own - before.own)
            self._others = max(0, int(theirs / (now - then) + 1 - NEARLY))
        return self._others


class Courtesy:
    """Work of one process that lets its questions pass."""

    def __init__(self) -> None:
        self._questions = self._waiting = 0
        self._last = time.monotonic()
        self._changed = Condition()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Somebody waits for what is done in this block, read or not."""
        with self._changed:
            self._waiting += 1
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= 1
                self._last = time.monotonic()

    def quiet_for(self) -> float:
        """Return for how many seconds nobody has waited for an answer; 0 where somebody does."""
        with self._changed:
            return 0.0 if self._waiting else time.monotonic() - self._last

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Read a question in this block."""
        with self._changed:
            self._questions += 1
        try:
            yield
        finally:
            with self._changed:
                self._questions -= 1
                self._changed.notify_all()

    def after_you(self, seconds: float = LONGEST_WAIT_SECONDS) -> float:
        """Wait until no question is read, `seconds` at most; return how long it was."""
        began = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: not self._questions, seconds)
        return time.monotonic() - began


COURTESY = Courtesy()
answering, after_you = COURTESY.answering, COURTESY.after_you
asked, quiet_for = COURTESY.asked, COURTESY.quiet_for
