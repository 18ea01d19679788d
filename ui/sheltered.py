# SPDX-License-Identifier: EUPL-1.2
"""What a page of Gradio runs, so that what nobody foresaw is logged, and printed by nobody.

    event ─sheltered▶ the same; an error ─▶ a log line (the last net) and a failure without words

Gradio prints the traceback of whatever an event raises on stderr, past every log handler; of its
own kind of error it can be told not to.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from contextlib import aclosing
from functools import wraps
from typing import Any, NoReturn

import gradio as gr

logger = logging.getLogger(__name__)


def sheltered(event: Callable[..., Any]) -> Callable[..., Any]:
    """Return an event of a page that raises nothing but what Gradio does not print."""
    if inspect.isasyncgenfunction(event):

        @wraps(event)
        async def each_in_loop(*given: Any, **named: Any) -> Any:
            try:
                async with aclosing(event(*given, **named)) as shown:
                    async for one in shown:
                        yield one
            except Exception:  # noqa: BLE001  # whatever it is, its page says that it failed
                _failed(event)

        return each_in_loop
    if inspect.iscoroutinefunction(event):

        @wraps(event)
        async def whole_in_loop(*given: Any, **named: Any) -> Any:
            try:
                return await event(*given, **named)
            except Exception:  # noqa: BLE001  # whatever it is, its page says that it failed
                _failed(event)

        return whole_in_loop
    if inspect.isgeneratorfunction(event):

        @wraps(event)
        def each(*given: Any, **named: Any) -> Any:
            try:
                yield from event(*given, **named)
            except Exception:  # noqa: BLE001  # whatever it is, its page says that it failed
                _failed(event)

        return each

    @wraps(event)
    def whole(*given: Any, **named: Any) -> Any:
        try:
            return event(*given, **named)
        except Exception:  # noqa: BLE001  # whatever it is, its page says that it failed
            _failed(event)

    return whole


def _failed(event: Callable[..., Any]) -> NoReturn:
    logger.exception("an event of a page failed: %s", event.__qualname__)
    raise gr.Error("", print_exception=False) from None
