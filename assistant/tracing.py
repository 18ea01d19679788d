# SPDX-License-Identifier: EUPL-1.2
"""How long each part of a question took, as spans that hold numbers and never a word.

    trace = tracing.begin()              one question
    with timed(trace, "search") as span: one part of it
        span.count(passages=10)
    trace.end(answered=1)

Off unless the settings name a collector (`tracing_otlp.py`). Names of spans and counts are written
in the program; a value that is not a number is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Span(Protocol):
    """A part of a question that is under way."""

    def count(self, **numbers: float) -> None:
        """Add numbers, by name."""


class Trace(Protocol):
    """One question: its parts, then its end."""

    def begin(self, name: str) -> Span:
        """Begin a part."""

    def finish(self, span: Span) -> None:
        """End a part."""

    def end(self, **numbers: float) -> None:
        """End the question, with its last numbers."""


class Tracing(Protocol):
    """Where traces go."""

    def begin(self) -> Trace:
        """Begin a question."""


class _Nothing:
    """No tracing: a span, a trace and where they go in one."""

    def count(self, **numbers: float) -> None:
        """Count nothing."""

    def begin(self, name: str = "") -> _Nothing:
        return self

    def finish(self, span: Span) -> None:
        """End nothing."""

    def end(self, **numbers: float) -> None:
        """End nothing."""


NO_TRACING = _Nothing()


@contextmanager
def timed(trace: Trace, name: str) -> Iterator[Span]:
    """Time a block as a part of a question; one that breaks is counted as `failed`."""
    span = trace.begin(name)
    try:
        yield span
    except Exception:
        span.count(failed=1)  # never the error itself: its words may be a document's
        raise
    finally:
        trace.finish(span)
