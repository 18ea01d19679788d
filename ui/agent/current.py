# SPDX-License-Identifier: EUPL-1.2
"""Which question each page is at: one that was stopped, or followed by another, is left.

Gradio can cancel an event, but what it was doing goes on to its next step, which would then be
drawn over what is on the screen by then.
"""

from __future__ import annotations

from threading import Event, Lock


class Current:
    """The question of each page, by the page's own name."""

    def __init__(self) -> None:
        self._at: dict[str, Event] = {}
        self._lock = Lock()

    def begin(self, page: str) -> Event:
        """Return what is set once the page leaves a new question; it leaves the one before."""
        is_left = Event()
        with self._lock:
            before, self._at[page] = self._at.get(page), is_left
        if before:
            before.set()
        return is_left

    def leave(self, page: str) -> None:
        """The page is at no question any more."""
        with self._lock:
            before = self._at.pop(page, None)
        if before:
            before.set()

    def end(self, page: str, question: Event) -> None:
        """A question is over, if the page is still at it; nobody left it."""
        with self._lock:
            if self._at.get(page) is question:
                del self._at[page]
