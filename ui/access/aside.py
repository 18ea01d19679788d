# SPDX-License-Identifier: EUPL-1.2
"""What may wait for a database is done aside: the event loop waits for nobody.

    await aside(work, …) ─▶ what it returns │ TookTooLong, a RegisterError: nothing is shown
    await looked(work, …) ─▶ the same, of what is looked up; what must be entered after all is begun
                             again with the others (`entering`)

Who may come in is looked up in threads of its own: those that wait for the register, which anybody
can fill with wrong passwords while another program holds it, keep nobody from a page. The register
waits for its own locks (`patient`) less long than is waited here. What still waits for a thread is
not begun any more; what has one goes on, and asks `refuse_given_up` after it entered something:
what was entered too late takes no effect, since who asked was told that it did not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from threading import Event
from typing import ParamSpec, TypeVar

from guardrails.errors import RegisterUnavailable

P = ParamSpec("P")
T = TypeVar("T")

LOCK_SECONDS = 5.0
"""How long a request waits for the register's lock."""

MOST_SECONDS = 8.0
THREADS = 16
MAX_WAITING = 400

_given_up: ContextVar[Event | None] = ContextVar("given_up", default=None)
_only_looks: ContextVar[bool] = ContextVar("only_looks", default=False)


class Enters(Exception):
    """What was to be looked up only would have to be entered."""


class TookTooLong(RegisterUnavailable):
    """It could not be done in time; who asked is told so, and nothing is shown."""


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do some work in a thread and return what it returns; TookTooLong after some seconds."""
    return await _entering.do(partial(work, *given, **named))


async def looked(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do some work that enters nothing as a rule; once more, as `aside` does, where it would."""
    try:
        return await _looking.do(partial(work, *given, **named), only_looks=True)
    except Enters:
        return await aside(work, *given, **named)


def entering() -> None:
    """Say that something is about to be entered: no thread that only looks waits for that. Nothing
    was changed before, since the work begins anew elsewhere."""
    if _only_looks.get():
        raise Enters


def refuse_given_up() -> None:
    """Raise TookTooLong in a thread whose work nobody waits for any more."""
    given_up = _given_up.get()
    if given_up is not None and given_up.is_set():
        raise TookTooLong("who asked was told that it took too long")


class _Threads:
    """Some threads, and a bound on what waits for them."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._under_way = 0

    async def do(self, work: Callable[[], T], *, only_looks: bool = False) -> T:
        if self._under_way >= MAX_WAITING:
            raise TookTooLong("too much waits already")
        context, loop, given_up = copy_context(), asyncio.get_running_loop(), Event()
        context.run(_given_up.set, given_up)
        context.run(_only_looks.set, only_looks)
        doing = loop.run_in_executor(self._threads, partial(context.run, work))
        self._under_way += 1
        doing.add_done_callback(self._over)
        done, _ = await asyncio.wait({doing}, timeout=MOST_SECONDS)
        if not done:
            given_up.set()
            doing.cancel()  # one that has a thread goes on, and nobody hears of it
            raise TookTooLong("it took too long")
        return doing.result()

    def _over(self, doing: asyncio.Future[T]) -> None:
        self._under_way -= 1
        if not doing.cancelled():
            doing.exception()  # somebody has looked at it, even if nobody waits any more


_entering, _looking = _Threads("greffier-aside"), _Threads("greffier-gate")
