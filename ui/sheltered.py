# SPDX-License-Identifier: EUPL-1.2
"""What a page of Gradio runs, so that what nobody foresaw is logged, and printed by nobody.

    event ─sheltered▶ the same; an error ─▶ a log line (the last net) and a failure without words

Whatever it enters waits for the register as long as a route's does: Gradio runs it past the gate,
which sees to that elsewhere. Gradio prints the traceback of whatever an event raises on stderr,
past every log handler; of its own kind of error it can be told not to.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import aclosing, closing, contextmanager
from functools import wraps
from typing import Any

import gradio as gr

from guardrails.register.locks import patient
from ui.access.aside import LOCK_SECONDS

_END = object()

logger = logging.getLogger(__name__)


def sheltered(event: Callable[..., Any]) -> Callable[..., Any]:
    """Return an event of a page that raises nothing but what Gradio does not print."""
    if inspect.isasyncgenfunction(event):

        @wraps(event)
        async def each_in_loop(*given: Any, **named: Any) -> Any:
            with _without_words(event):
                async with aclosing(event(*given, **named)) as shown:
                    while True:
                        with patient(LOCK_SECONDS):  # of each step: a context ends with it
                            one = await anext(shown, _END)
                        if one is _END:
                            return
                        yield one

        return each_in_loop
    if inspect.iscoroutinefunction(event):

        @wraps(event)
        async def whole_in_loop(*given: Any, **named: Any) -> Any:
            with _without_words(event), patient(LOCK_SECONDS):
                return await event(*given, **named)

        return whole_in_loop
    if inspect.isgeneratorfunction(event):

        @wraps(event)
        def each(*given: Any, **named: Any) -> Any:
            with _without_words(event), closing(event(*given, **named)) as shown:
                while True:
                    with patient(LOCK_SECONDS):
                        one = next(shown, _END)
                    if one is _END:
                        return
                    yield one

        return each

    @wraps(event)
    def whole(*given: Any, **named: Any) -> Any:
        with _without_words(event), patient(LOCK_SECONDS):
            return event(*given, **named)

    return whole


@contextmanager
def _without_words(event: Callable[..., Any]) -> Iterator[None]:
    """Log whatever the block raises, and raise what Gradio does not print."""
    try:
        yield
    except Exception:  # whatever it is, its page says that it failed
        logger.exception("an event of a page failed: %s", event.__qualname__)
        raise gr.Error("", print_exception=False) from None
