# SPDX-License-Identifier: EUPL-1.2
"""A fresh process for each file: what a file does to its reader touches no other file.

    task, open file ─▶ Steward ─fork─▶ child, closed in, reads this file ─▶ its lines, handed on
                               ─▶ ended with all that it started, before the next file

The steward has imported every reader and never looks into a file, so that a child costs some ten
milliseconds. A child stays for the next task only where that is about the same archive: what lies
in it came together, and to open it anew for each of its files would unfold it again and again.
A child that dies takes the steward along, in the same way: whoever asked sees how it ended.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

CHUNK_BYTES = 1 << 20
HEAD_BYTES = 4
"""Of a task's length, which a file comes with."""

SWEEPS = 100
"""How often processes are looked for that a child left behind: they may start others meanwhile."""

_SET_CHILD_SUBREAPER = 36

Serve = Callable[[socket.socket, int], None]
"""What a child does: answers what it hears from a socket, in lines, on a descriptor."""


class Steward:
    """Hands each task to a child that has seen no other file."""

    def __init__(self, asked: socket.socket, answers: int, serve: Serve) -> None:
        """`asked`: where files are handed on to who asked; `answers`: where lines go."""
        self._asked = asked
        self._answers = answers
        self._serve = serve
        self._child: _Child | None = None
        # What a child leaves behind becomes ours, to be ended.
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def do(self, task: Mapping[str, object], asked: bytes, file: int) -> None:
        """Have one task done; the file is closed."""
        which = _which(task, file)
        if self._child is None or self._child.which != which:
            self.end()
            self._child = _Child(which, self._serve, (self._asked, self._answers))
        with os.fdopen(file, "rb"):
            self._child.send(asked, file)
        self._child.relay(self._answers, self._asked if task["do"] == "take" else None)
        if which is None:
            self.end()

    def end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None
            _sweep()


class _Child:
    """One process, for one file."""

    def __init__(self, which: object, serve: Serve, others: tuple[socket.socket, int]) -> None:
        self.which = which
        self._asks, theirs = socket.socketpair()
        out, said = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            _become(parent, (self._asks, out, *others), lambda: serve(theirs, said))
        theirs.close()
        os.close(said)
        self._says = os.fdopen(out, "rb")

    def send(self, asked: bytes, file: int) -> None:
        with suppress(OSError):  # it is seen to have died when it should answer
            socket.send_fds(self._asks, [asked[:HEAD_BYTES]], [file])
            self._asks.sendall(asked[HEAD_BYTES:])

    def relay(self, answers: int, taker: socket.socket | None) -> None:
        """Hand on signs of life and one answer; with it, if somebody takes it, the file that came
        with it, and never another."""
        while True:
            part = self._says.readline(CHUNK_BYTES)
            is_alive = part == b"{}\n"
            if part and not is_alive and taker is not None:
                self._hand_on(taker)
                taker = None
            while part:
                _write(answers, part)
                if part.endswith(b"\n"):
                    break
                part = self._says.readline(CHUNK_BYTES)
            if not part:
                self._died()
            if not is_alive:
                return

    def _hand_on(self, taker: socket.socket) -> None:
        if not select.select([self._asks], [], [], 0)[0]:
            return  # there is no such file
        _, files, _, _ = socket.recv_fds(self._asks, 1, 1)
        for file in files:
            socket.send_fds(taker, [b"\0"], [file])
            os.close(file)

    def _died(self) -> NoReturn:
        _, status = os.waitpid(self._pid, 0)
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number not in (signal.SIGKILL, signal.SIGSTOP):
                signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        sys.exit(1)

    def end(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._asks.close()
        self._says.close()


def _become(
    parent: int, others: tuple[socket.socket | int, ...], serve: Callable[[], None]
) -> NoReturn:
    """Be a child: without what leads to the other files, and never to return."""
    try:
        if os.getppid() == parent:
            for one in others:
                os.close(one if isinstance(one, int) else one.fileno())
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nothing, number)
            serve()
    finally:
        os._exit(1)


def _which(task: Mapping[str, object], file: int) -> object:
    """Name the archive that a task is about; None for a file that is read by itself."""
    if task["do"] == "letter" or (task["do"] == "read" and not task.get("inside")):
        return None
    seen = os.fstat(file)
    name = task.get("file") or task["name"]
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, name


def _write(where: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(where, left) :]


def _sweep() -> None:
    """End what a child started and left behind."""
    here = Path(f"/proc/self/task/{os.getpid()}/children")
    for _ in range(SWEEPS):
        try:
            left = [int(pid) for pid in here.read_text("ascii").split()]
        except OSError:
            return  # a kernel that does not tell
        if not left:
            return
        for pid in left:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
    sys.exit(1)
