# SPDX-License-Identifier: EUPL-1.2
"""Which question each page is at: what one that was stopped says later is not shown.

Gradio can cancel an event, but what it was doing goes on to its next step, which would then be
drawn over what is on the screen by then.
"""

from __future__ import annotations

from threading import Lock


class Current:
    """The question of each page, by the page's own name."""

    def __init__(self) -> None:
        self._at: dict[str, object] = {}
        self._lock = Lock()

    def begin(self, page: str) -> object:
        """Return what stands for a new question; the one before is over."""
        question = object()
        with self._lock:
            self._at[page] = question
        return question

    def holds(self, page: str, question: object) -> bool:
        """Whether the page is still at a question."""
        return self._at.get(page) is question

    def end(self, page: str, question: object | None = None) -> None:
        """The page is at no question any more, or at none if it was at this one."""
        with self._lock:
            if question is None or self._at.get(page) is question:
                self._at.pop(page, None)
