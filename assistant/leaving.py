# SPDX-License-Identifier: EUPL-1.2
"""Whether whoever asked is gone: what nobody waits for any more is not read to its end.

    with watched(gone): …        around a question, in the thread that works on it
        stop_if_gone()           between two things that take long

A closed connection is noticed elsewhere than where the model works; the next step of an answer may
be seconds away, and others wait for their turn meanwhile. So each stage looks: who waits to be
searched or for a turn, once a second; guard, search and weighing, between each other; the model,
between two computations, and within one where it can be stopped there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Gone(Exception):
    """Nobody waits for this question."""


def _never() -> bool:
    return False


_gone: ContextVar[Callable[[], bool]] = ContextVar("gone", default=_never)


@contextmanager
def watched(gone: Callable[[], bool]) -> Iterator[None]:
    """Say how it is known that whoever asked has left, for what runs in this block."""
    before = _gone.set(gone)
    try:
        yield
    finally:
        _gone.reset(before)


def stop_if_gone() -> None:
    """Raise Gone where nobody waits any more."""
    if _gone.get()():
        raise Gone
