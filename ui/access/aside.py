# SPDX-License-Identifier: EUPL-1.2
"""What may wait for a database is done aside: the event loop waits for nobody.

    await aside(work, …) ─▶ what it returns │ TookTooLong, a RegisterError: nothing is shown

The register waits for its own locks (`patient`) less long than is waited here. What still waits for
a thread is not begun any more; what has one goes on, and asks `refuse_given_up` after it entered
something: what was entered too late takes no effect, since who asked was told that it did not.
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

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="greffier-aside")
_given_up: ContextVar[Event | None] = ContextVar("given_up", default=None)
_under_way = 0


class TookTooLong(RegisterUnavailable):
    """It could not be done in time; who asked is told so, and nothing is shown."""


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do some work in a thread and return what it returns; TookTooLong after some seconds."""
    global _under_way
    if _under_way >= MAX_WAITING:
        raise TookTooLong("too much waits already")
    context, loop, given_up = copy_context(), asyncio.get_running_loop(), Event()
    context.run(_given_up.set, given_up)
    doing = loop.run_in_executor(_threads, partial(context.run, partial(work, *given, **named)))
    _under_way += 1
    doing.add_done_callback(_over)
    done, _ = await asyncio.wait({doing}, timeout=MOST_SECONDS)
    if not done:
        given_up.set()
        doing.cancel()  # one that has a thread goes on, and nobody hears of it
        raise TookTooLong("it took too long")
    return doing.result()


def refuse_given_up() -> None:
    """Raise TookTooLong in a thread whose work nobody waits for any more."""
    given_up = _given_up.get()
    if given_up is not None and given_up.is_set():
        raise TookTooLong("who asked was told that it took too long")


def _over(doing: asyncio.Future[T]) -> None:
    global _under_way
    _under_way -= 1
    if not doing.cancelled():
        doing.exception()  # somebody has looked at it, even if nobody waits any more
