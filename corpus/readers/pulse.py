# SPDX-License-Identifier: EUPL-1.2
"""A sign of life between the pages of a long file.

Who reads in a process of its own listens to it: a reader that gives none for too long hangs.
"""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def beat() -> None:
    """Say that one more page was read."""
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Be told of each page from now on."""
    _listeners.append(listener)
