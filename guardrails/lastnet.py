# SPDX-License-Identifier: EUPL-1.2
"""The last net: nothing personal leaves through a log line or a traceback, whoever wrote it.

    logging ─▶ Caught (says WITHHELD) ─┐
    sys.stderr, sys.stdout, excepthooks ┴─▶ a bounded queue ─▶ one thread, a Guard ─▶ where it went

Our own code logs counts, never words. Libraries log what they like, and a traceback may quote what
it was handling. Whoever logs waits for nothing: one thread screens, for a quarter of its time at
most, and what does not fit in its queue is dropped and counted, never printed as it is. Of a
traceback only the messages are screened: files, lines, functions and types of errors are the
program's own, and lines of code are left out.
"""

from __future__ import annotations

import atexit
import io
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from queue import Full, Queue
from traceback import walk_tb
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from guardrails.guard import Guard

WITHHELD = "message withheld: the guard could not examine it"
MAX_WAITING = 256
MAX_CHARS = 2_000
"""Of one message: its beginning and its end are kept, what is between goes unread."""
MAX_FRAMES = 40
REST_FOR_WORK = 3.0
MAX_REST_SECONDS = 1.0
FLUSH_SECONDS = 5.0

TRACEBACK = "Traceback (most recent call last):"
FRAME = re.compile(
    r'  File "(?P<path>[^"]*\.py|<[\w. ]+>)", line (?P<line>\d+), in (?P<name>[\w.<>]+)'
)
"""Whole lines of a traceback that are the program's own: anything else is somebody's words."""

logger = logging.getLogger(__name__)

_call_handlers = logging.Logger.callHandlers
Error = BaseException | None


@dataclass(frozen=True, slots=True)
class Raw:
    """A part of what was written that nobody has examined; the other parts are plain `str`."""

    text: str


class Caught(logging.LogRecord):
    """A record that says WITHHELD until it was screened, whoever prints it."""

    raw: Sequence[Raw | str] = ()
    """What the message and the traceback say."""

    screened: str | None = None

    def getMessage(self) -> str:  # the name is the logging module's
        return WITHHELD if self.screened is None else self.screened

    def original_message(self) -> str:
        """Return the message as it came, for who must judge it and shows it to nobody."""
        return logging.LogRecord.getMessage(self)


class LastNet:
    """Screens what leaves the process by logs, by hooks and, where asked, by its streams.

    The guard is opened by the first record: a run that logs nothing does not wait for it.
    """

    def __init__(self, open_guard: Callable[[], Guard]) -> None:
        self._open_guard = open_guard
        self._before: list[Callable[[], None]] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._waiting: Queue[Callable[[], None]] = Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._is_hurried = False
        self._told_dropped = 0
        self.dropped = 0
        """How many messages did not fit in the queue."""

    # -- hanging the net

    def install(self) -> None:
        """Screen everything from now on; a net that hangs already is enough."""
        if hanging_net() is not None:
            return
        self._before = [_hooks_as_they_are()]

        def handed(to: logging.Logger, record: logging.LogRecord) -> None:
            self._handed(to, record)

        logging.setLogRecordFactory(self)
        logging.Logger.callHandlers = handed  # type: ignore[method-assign,assignment]
        atexit.register(self.flush)
        # pytest watches these hooks: one that is not Python's own hears of it besides
        sys.excepthook = _then(sys.excepthook, sys.__excepthook__, self._uncaught)
        sys.unraisablehook = _then(
            sys.unraisablehook,
            sys.__unraisablehook__,
            lambda told: self._uncaught(told.exc_type, told.exc_value, told.exc_traceback),
        )
        threading.excepthook = _then(
            threading.excepthook,
            threading.__excepthook__,
            lambda told: self._uncaught(told.exc_type, told.exc_value, told.exc_traceback),
        )

    def remove(self) -> None:
        """Write what waits, and give back what stood before; nothing if another net hangs."""
        if hanging_net() is not self:
            return
        self.flush()
        atexit.unregister(self.flush)
        while self._before:
            self._before.pop()()

    @contextmanager
    def over_streams(self) -> Iterator[TextIO]:
        """Screen `sys.stdout` and `sys.stderr` too, for libraries that print; yield the stream
        beneath `sys.stderr`, for words of our own."""
        out, err = sys.stdout, sys.stderr
        screened = [ScreenedStream(self, out), ScreenedStream(self, err)]
        sys.stdout, sys.stderr = (cast(TextIO, one) for one in screened)
        try:
            yield err
        finally:
            for one in screened:
                one.finish()
            self.flush()
            sys.stdout, sys.stderr = out, err

    def flush(self, seconds: float = FLUSH_SECONDS) -> None:
        """Wait until what waits was written, or counted as dropped after so long."""
        end = time.monotonic() + seconds
        self._is_hurried = True
        try:
            while self._waiting.unfinished_tasks and time.monotonic() < end:
                time.sleep(0.002)
        finally:
            self._is_hurried = False

    # -- what comes in

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Return the record that the logging module asked for, which says nothing yet."""
        return Caught(*args, **kwargs)

    def _handed(self, to: logging.Logger, record: logging.LogRecord) -> None:
        """Stands for `Logger.callHandlers`: the handlers hear of a record once it is screened."""
        if self._is_screening():
            return  # the guard's own counts of what it hid in a log line
        parts: list[Raw | str] = [Raw(_message(record))]
        if record.exc_info and record.exc_info[1] is not None:
            parts += ["\n", *traceback_parts(record.exc_info[1])]
        if record.stack_info:
            parts += ["\n", Raw(record.stack_info)]
        record.msg, record.args = WITHHELD, ()
        record.exc_info = record.exc_text = record.stack_info = None

        def write() -> None:
            record.msg = self._screened(parts)
            if isinstance(record, Caught):
                record.screened = record.msg
            _call_handlers(to, record)

        self.take(write)

    def take(self, write: Callable[[], None]) -> None:
        """Queue what is to be screened and written; drop and count it if there is no place."""
        if self._pid != os.getpid():  # a fork has no thread: it begins anew
            self._begin()
        try:
            self._waiting.put_nowait(write)
        except Full:
            self.dropped += 1
            return
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(
                        target=self._work, name="greffier-last-net", daemon=True
                    )
                    self._thread.start()

    def take_text(self, parts: Sequence[Raw | str], beneath: TextIO) -> None:
        """Queue what was written to a stream."""

        def write() -> None:
            with suppress(ValueError):  # closed meanwhile
                beneath.write(self._screened(parts))
                beneath.flush()

        self.take(write)

    def _uncaught(
        self, kind: type[BaseException], error: Error, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
            return
        logger.critical("nobody caught this", exc_info=(kind, error, trace))

    # -- the thread

    def _is_screening(self) -> bool:
        return threading.current_thread() is self._thread

    def is_own_thread(self) -> bool:
        """Whether who writes is the net itself: what it writes was screened."""
        return self._is_screening()

    def _work(self) -> None:
        waiting = self._waiting
        while True:
            write, begun = waiting.get(), time.thread_time()
            try:
                write()
            except Exception:  # noqa: BLE001  # a handler that fails must not end the net
                self.dropped += 1
            finally:
                waiting.task_done()
            if waiting.empty() and self.dropped > self._told_dropped:
                self._tell_dropped()
            if not self._is_hurried:
                worked = time.thread_time() - begun
                time.sleep(min(worked * REST_FOR_WORK, MAX_REST_SECONDS))

    def _tell_dropped(self) -> None:
        count, self._told_dropped = self.dropped - self._told_dropped, self.dropped
        words = f"{count} messages dropped: more came than could be examined"
        record = Caught(logger.name, logging.WARNING, __file__, 0, words, (), None)
        record.msg = record.screened = words
        with suppress(Exception):
            _call_handlers(logger, record)

    @cached_property
    def _guard(self) -> Guard:
        return self._open_guard()

    def _screened(self, parts: Sequence[Raw | str]) -> str:
        return "".join(self._clear(one.text) if isinstance(one, Raw) else one for one in parts)

    def _clear(self, text: str) -> str:
        if not text.strip():
            return text
        try:
            return self._guard.screen(_shortened(text)).text
        except Exception:  # noqa: BLE001  # whatever broke, stay shut
            return WITHHELD


def hanging_net() -> LastNet | None:
    """Return the net that hangs now, if one does."""
    factory = logging.getLogRecordFactory()
    return factory if isinstance(factory, LastNet) else None


class ScreenedStream(io.TextIOBase):
    """Stands for `sys.stderr`: lines go through the net; a traceback keeps its frames."""

    def __init__(self, net: LastNet, beneath: TextIO) -> None:
        self._net = net
        self._beneath = beneath
        self._turn = threading.Lock()
        self._line = ""
        self._block: list[Raw | str] = []
        self._is_frames = False

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._beneath.encoding

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._beneath.isatty()

    def fileno(self) -> int:
        return self._beneath.fileno()

    def write(self, text: str) -> int:
        if self._net.is_own_thread():  # screened already
            return self._beneath.write(text)
        with self._turn:
            *lines, self._line = (self._line + text).split("\n")
            for line in lines:
                self._take(line)
            if len(self._line) > MAX_CHARS:  # a line that does not end
                self._take(self._line)
                self._line = ""
        return len(text)

    def flush(self) -> None:
        """What is not a whole line yet waits for its end."""
        if self._net.is_own_thread():
            self._beneath.flush()

    def finish(self) -> None:
        """Send what has no end yet: nothing more comes."""
        with self._turn:
            if self._line:
                self._take(self._line)
                self._line = ""
            self._send()

    def _take(self, line: str) -> None:
        if line == TRACEBACK:
            self._is_frames = True
            self._block += [line, "\n"]
        elif self._is_frames and (frame := FRAME.fullmatch(line)):
            self._block += [_frame_line(frame), "\n"]
        elif self._is_frames and line.startswith("    "):
            pass  # a line of code, or the marks under it
        else:
            self._is_frames = False
            kind, ends, rest = line.partition(":")
            spared = kind if is_error_type(kind) else ""
            self._block += [spared + ends, Raw(rest), "\n"] if spared else [Raw(line), "\n"]
            self._send()

    def _send(self) -> None:
        block, self._block = self._block, []
        if block:
            self._net.take_text(block, self._beneath)


def traceback_parts(error: BaseException) -> list[Raw | str]:
    """Return a traceback, with its causes, of which only the messages are to be screened."""
    chain: list[BaseException] = []
    while error not in chain and len(chain) < 10:
        chain.append(error)
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is None:
            break
        error = before
    parts: list[Raw | str] = []
    for one in reversed(chain):
        parts += ["\nThen:\n"] if parts else []
        parts += ["Traceback (most recent call last):\n", *_frames(one)]
        parts += [_type_of(one), Raw(_said(one))]
        if isinstance(one, BaseExceptionGroup):
            for inside in one.exceptions[:10]:
                parts += ["\nIn it:\n", *_frames(inside), _type_of(inside), Raw(_said(inside))]
    return parts


def is_error_type(name: str) -> bool:
    """Whether a name is that of a kind of error which this program has loaded.

    >>> is_error_type("ValueError"), is_error_type("json.decoder.JSONDecodeError")
    (True, True)
    >>> is_error_type("Lefebvre"), is_error_type("json.decoder.Lefebvre")
    (False, False)
    """
    module, _, last = name.rpartition(".")
    found = getattr(sys.modules.get(module or "builtins"), last, None) if last else None
    return isinstance(found, type) and issubclass(found, BaseException)


def _frames(error: BaseException) -> list[str]:
    frames = [
        f'  File "{_short(frame.f_code.co_filename)}", line {line}, in {frame.f_code.co_qualname}\n'
        for frame, line in walk_tb(error.__traceback__)
    ]
    if len(frames) <= MAX_FRAMES:
        return frames
    left_out = f"  … {len(frames) - MAX_FRAMES} more\n"
    return [*frames[: MAX_FRAMES // 4], left_out, *frames[-MAX_FRAMES * 3 // 4 :]]


def _frame_line(frame: re.Match[str]) -> str:
    """Return a line that tells of a frame, without where the program lies on this machine."""
    return f'  File "{_short(frame["path"])}", line {frame["line"]}, in {frame["name"]}'


def _short(path: str) -> str:
    """Return the end of a path: what stands before tells of the machine, not of the program."""
    return "/".join(PurePath(path).parts[-3:])


def _type_of(error: BaseException) -> str:
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    number = f" [errno {error.errno}]" if isinstance(error, OSError) and error.errno else ""
    return f"{module}{kind.__qualname__}{number}: "


def _said(error: BaseException) -> str:
    try:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return "\n".join([str(told), *map(str, getattr(error, "__notes__", ()))])
    except Exception:  # noqa: BLE001  # an error whose own words cannot be made
        return ""


def _message(record: logging.LogRecord) -> str:
    try:
        return logging.LogRecord.getMessage(record)
    except Exception:  # noqa: BLE001  # values that do not fit their sentence
        return f"{WITHHELD} ({record.name})"


def _shortened(text: str) -> str:
    if len(text) <= MAX_CHARS:
        return text
    return f"{text[: MAX_CHARS // 2]}\n[…]\n{text[-MAX_CHARS // 2 :]}"


def _hooks_as_they_are() -> Callable[[], None]:
    """Return what gives back the hooks that stand now."""
    factory, call = logging.getLogRecordFactory(), logging.Logger.callHandlers
    main, unraisable, thread = sys.excepthook, sys.unraisablehook, threading.excepthook

    def give_back() -> None:
        logging.setLogRecordFactory(factory)
        logging.Logger.callHandlers = call  # type: ignore[method-assign]
        sys.excepthook, sys.unraisablehook, threading.excepthook = main, unraisable, thread

    return give_back


def _then(before: Any, plain: Any, ours: Any) -> Any:
    """Return a hook that calls ours, then the one that stood before unless it is Python's own."""

    def hook(*told: Any) -> None:
        ours(*told)
        if before is not plain:
            before(*told)

    return hook
