# SPDX-License-Identifier: EUPL-1.2
"""The process of the model, as the service sees it: started, watched, killed, started again.

    ModelProcess ─starts▶ Child ─ends, hangs▶ killed ─▶ another one, at once; later each time that
         │                                              one ends before it answered anything
         └─frames(do, …)─▶ what the child says of one question, or ModelInterrupted

A child is taken for hung where it says nothing and its processor time stands still, or where it
says nothing for very long while it works. Both are counted in looks, not in seconds: a machine that
was asleep, or a service that was starved, did not look meanwhile.
"""

from __future__ import annotations

import ctypes
import logging
import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Condition, Lock, Thread

from assistant.errors import ModelFailed, ModelInterrupted, PromptTooLong
from assistant.leaving import stop_if_gone
from assistant.model.wire import Frame, Header, Lane

logger = logging.getLogger(__name__)

_LIBC = ctypes.CDLL(None)
COMMAND = (sys.executable, "-P", "-m", "assistant.model.worker")
GRAPHICS = "from assistant.llama import knows_graphics as k; raise SystemExit(not k())"
ROOT = Path(__file__).parents[2]
KEPT_VARIABLES = ("PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "CUDA_VISIBLE_DEVICES")
"""All that the child sees of this process' environment, where secrets stand."""

LOOK_SECONDS = 0.1
PING_SECONDS = 30.0
ENDING_SECONDS = 3.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 30.0
ENDS = {"done", "failed", "stopped"}
"""What the last message of a question holds one of."""

MOST_LEFT_MESSAGES = 300
"""Of a question that was called off, beats among them; a child that goes on is hung."""

GIVEN_UP_AFTER = 3
"""Starts that failed in a row before a question is no longer kept waiting for the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many looks a child is left alone that says nothing: `still` of them without any
    processor time, `silent` in all; both longer while it loads its file."""

    still: int = 100
    silent: int = 1200
    loading: int = 6

    @property
    def while_loading(self) -> Patience:
        return Patience(still=self.still * self.loading, silent=self.silent * self.loading)


PATIENCE = Patience()


class Child:
    """One run of the worker."""

    def __init__(self, command: Sequence[str]) -> None:
        near, far = socket.socketpair()
        self.lane = Lane(near)
        with far, ExitStack() as failing:
            failing.callback(self.lane.close)
            self._process = subprocess.Popen(
                [*command, str(far.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a library may quote what it reads
                pass_fds=[far.fileno()],
                env=environment(),
                cwd="/",
                start_new_session=True,
            )
            failing.pop_all()
        self.pid = self._process.pid
        self.answered = 0
        self._spent = 0.0

    def processor_seconds(self) -> float:
        """What it spent so far; once it is gone, what was seen of that."""
        with suppress(OSError):
            self._spent = max(self._spent, time.clock_gettime(_clock_of(self.pid)))
        return self._spent

    def awaited(self, patience: Patience, *, is_left_to_end: bool = False) -> Frame:
        """Return its next message; raise EOFError where it is gone or gives no sign of life,
        ValueError for what is no message, Gone where nobody waits any more (unless
        `is_left_to_end`)."""
        still = silent = 0
        spent = self.processor_seconds()
        while (frame := self.lane.receive(LOOK_SECONDS)) is None:
            if not is_left_to_end:
                stop_if_gone()
            before, spent = spent, self.processor_seconds()
            still, silent = (0 if spent > before else still + 1), silent + 1
            if still >= patience.still or silent >= patience.silent:
                logger.warning("the model's process gives no sign of life")
                raise EOFError
        return frame

    def kill(self) -> None:
        """End it, whatever it does."""
        with suppress(OSError):
            self._process.kill()

    def ended(self, *, is_killed: bool = True) -> int:
        """Kill it, unless it ends by itself, and wait for its end; return its exit status, a signal
        as a negative number."""
        self.processor_seconds()
        if not is_killed:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(ENDING_SECONDS)
        self.kill()
        status = self._process.wait()
        self.lane.close()
        return status


class ModelProcess:
    """Keeps one child alive and asks it one thing at a time; threads may share it."""

    def __init__(
        self,
        opening: Mapping[str, object],
        *,
        name: str,
        command: Sequence[str] = COMMAND,
        patience: Patience = PATIENCE,
    ) -> None:
        """`opening` says what is loaded (`worker.opened`); `opened` waits for it."""
        self.name = name
        self._opening, self._command, self._patience = dict(opening), [*command], patience
        self._turn = Lock()
        self._changed = Condition()
        self._child: Child | None = None
        self._starting: Child | None = None
        self._failure: ModelFailed | None = None
        self._is_closed = False
        self._facts: Header = {}
        self._spent = 0.0
        self._numbers = count(1)
        # A child is told to end with the thread that started it: this one lives as long.
        self._keeper = Thread(target=self._keep, name="greffier-model", daemon=True)
        self._keeper.start()

    def opened(self) -> Header:
        """Wait until the model is loaded; return what is told of it, raise ModelFailed."""
        self._ready()
        return self._facts

    @property
    def pid(self) -> int:
        """The child's number, 0 while there is none that answers."""
        child = self._child
        return child.pid if child else 0

    def processor_seconds(self) -> float:
        """Processor time of all children so far."""
        with self._changed:
            child = self._child or self._starting
            return self._spent + (child.processor_seconds() if child else 0.0)

    def answers(self, looks: int = 20) -> bool:
        """Whether it can be asked: it works on a question, where it is watched, or says so now."""
        child = self._child
        if child is None:
            return False
        with self._free() as is_free:
            return not is_free or self._pings(child, Patience(still=looks, silent=looks))

    def frames(
        self, do: str, given: Mapping[str, object], *, most: float | None = None
    ) -> Generator[Frame, None, None]:
        """Yield what the child says of one question, its end last. Closing this, or Gone, stops
        the child at its next step; a child that dies or hangs is ModelInterrupted. Gone for who
        left while the child works for somebody else, ModelFailed where that lasts `most` seconds.
        """
        with self._at_work(most):
            child, number = self._asked(do, given)
            is_over = False
            try:
                while not is_over:
                    frame = child.awaited(self._patience)
                    if frame.header.get("id") != number or "beat" in frame.header:
                        continue
                    is_over = not frame.header.keys().isdisjoint(ENDS)
                    child.answered += is_over
                    if "failed" in frame.header:
                        raise self._failed(frame.header)
                    yield frame
            except (EOFError, OSError, ValueError, TypeError, LookupError) as error:
                is_over = True
                child.kill()
                self._forget(child)
                raise ModelInterrupted("model_interrupted", name=self.name) from error
            finally:
                if not is_over:
                    self._call_off(child, number)

    def close(self) -> None:
        """End the child; who waits for it is told that it is gone."""
        with self._changed:
            self._is_closed = True
            for child in filter(None, (self._child, self._starting)):
                child.kill()
            self._changed.notify_all()
        self._keeper.join()

    # -- one question

    def _asked(self, do: str, given: Mapping[str, object]) -> tuple[Child, int]:
        """Send a question; to the next child where this one ended before it could be sent."""
        while True:
            child, number = self._ready(), next(self._numbers)
            try:
                child.lane.send({"id": number, "do": do, **given})
            except OSError:
                child.kill()
                self._forget(child)
            else:
                return child, number

    def _ready(self) -> Child:
        """Wait for a child that can be asked; ModelFailed where none can be had."""
        with self._changed:
            while self._child is None:
                if self._is_closed:
                    raise ModelFailed("model_not_ready", name=self.name)
                if self._failure:
                    raise ModelFailed(self._failure.key, **self._failure.facts)
                self._changed.wait(LOOK_SECONDS)
                stop_if_gone()
            return self._child

    def _call_off(self, child: Child, number: int) -> None:
        """Stop a question that nobody waits for, and read what was still said of it."""
        try:
            child.lane.send({"cancel": number})
            for _ in range(MOST_LEFT_MESSAGES):
                header = child.awaited(self._patience, is_left_to_end=True).header
                if header.get("id") == number and not header.keys().isdisjoint(ENDS):
                    child.answered += 1
                    return
        except (EOFError, OSError, ValueError):
            pass
        child.kill()
        self._forget(child)

    def _pings(self, child: Child, patience: Patience) -> bool:
        number = next(self._numbers)
        try:
            child.lane.send({"id": number, "do": "ping"})
            while child.awaited(patience, is_left_to_end=True).header.get("id") != number:
                pass
        except (EOFError, OSError, ValueError):
            return False
        child.answered += 1
        return True

    @contextmanager
    def _at_work(self, most: float | None) -> Iterator[None]:
        """Have the turn, once who has it is done."""
        end = math.inf if most is None else time.monotonic() + most
        while not self._turn.acquire(timeout=LOOK_SECONDS):
            stop_if_gone()
            if time.monotonic() > end:
                raise ModelFailed("model_busy", name=self.name)
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _free(self) -> Iterator[bool]:
        """Take the turn if nobody has it; say whether that was so."""
        is_free = self._turn.acquire(blocking=False)
        try:
            yield is_free
        finally:
            if is_free:
                self._turn.release()

    # -- the life of children

    def _keep(self) -> None:
        """Have one child at all times, until closed."""
        try:
            self._have_one()
        finally:
            self._fail(ModelFailed("model_not_ready", name=self.name))  # nobody waits for ever

    def _have_one(self) -> None:
        failed = 0
        while not self._is_closed:
            child = self._begun()
            if child:
                self._watch(child)
                failed = 0 if child.answered else failed + 1
                self._end(child)
            else:
                failed += 1
            if failed >= GIVEN_UP_AFTER and self._failure is None:
                self._fail(ModelFailed("model_not_ready", name=self.name))
            if failed:
                pause = min(FIRST_PAUSE_SECONDS * 2 ** (failed - 1), LONGEST_PAUSE_SECONDS)
                with self._changed:
                    self._changed.wait_for(lambda: self._is_closed, pause)

    def _begun(self) -> Child | None:
        """Start a child and let it load; None where that came to nothing."""
        try:
            child = Child(self._command)
        except OSError:
            self._fail(ModelFailed("model_not_ready", name=self.name))
            return None
        with self._changed:
            self._starting = child
            if self._is_closed:
                child.kill()
        try:
            child.lane.send({"open": self._opening})
            told = child.awaited(self._patience.while_loading).header
        except (EOFError, OSError, ValueError):
            told = {}
        if not isinstance(told.get("ready"), dict):
            self._fail(self._plainly(told.get("failed", "model_failed")))
            self._end(child)
            return None
        with self._changed:
            self._facts = dict(told["ready"])
            self._child, self._starting, self._failure = child, None, None
            self._changed.notify_all()
        return child

    def _watch(self, child: Child) -> None:
        """Return once a child is gone, or hangs while nobody asks it anything."""
        while not child.lane.is_closed(PING_SECONDS):
            with self._free() as is_free:
                if is_free and not self._pings(child, self._patience):
                    return

    def _end(self, child: Child) -> None:
        self._forget(child)
        status = child.ended()
        with self._changed:
            self._spent += child.processor_seconds()
            self._starting = None
        if not self._is_closed:
            logger.warning("the model's process ended (%d): another one is started", status)

    def _forget(self, child: Child) -> None:
        with self._changed:
            if self._child is child:
                self._child, self._starting = None, child

    def _failed(self, told: Header) -> ModelFailed:
        """Return what a child says that failed: known keys and numbers, no words of its own."""
        if told["failed"] == "prompt_too_long":
            tokens, most = told["facts"]["tokens"], told["facts"]["max_tokens"]
            if not (isinstance(tokens, int) and isinstance(most, int)):
                raise ValueError("no counts")
            return PromptTooLong("prompt_too_long", tokens=tokens, max_tokens=most)
        return self._plainly(told["failed"])

    def _plainly(self, told: object) -> ModelFailed:
        """Return a failure by one of two keys, whatever a child calls it."""
        key = "model_failed" if told == "model_failed" else "model_error"
        return ModelFailed(key, name=self.name)

    def _fail(self, error: ModelFailed) -> None:
        with self._changed:
            self._failure = error
            self._changed.notify_all()


def tried(command: Sequence[str] = COMMAND) -> int | None:
    """Start a child and ask it for a file that is not there; return None where it says that, else
    how it ended (a signal as a negative number): its library does not run on this machine."""
    child, missing = Child(command), {"path": "/dev/null/none.gguf", "learnt": "", "watched": []}
    opening = missing | {"context_tokens": 1024, "threads": 1, "gpu_layers": 0}
    try:
        child.lane.send({"open": opening})
        child.awaited(PATIENCE.while_loading)
    except (EOFError, OSError, ValueError):
        return child.ended(is_killed=False)
    child.ended()
    return None


def knows_graphics(asks: str = GRAPHICS) -> bool:
    """Whether this build of llama.cpp works with a graphics card; asked in a process of its own,
    which a build for another processor ends."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", asks], env=environment(), capture_output=True,
            timeout=PATIENCE.silent * LOOK_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def environment() -> dict[str, str]:
    """Return all that a child knows of its surroundings: where our own modules are."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    path = os.pathsep.join([str(ROOT), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}


def _clock_of(pid: int) -> int:
    """The clock of a process' own processor time; OSError where it is gone."""
    clock = ctypes.c_int()
    failed = _LIBC.clock_getcpuclockid(pid, ctypes.byref(clock))
    if failed:
        raise OSError(failed, os.strerror(failed))
    return clock.value
