# SPDX-License-Identifier: EUPL-1.2
"""What every test of the screens proves besides: the event loop reads no database, nor draws."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from traceback import walk_stack
from typing import Any

import pytest
from starlette import routing

from assistant.cards.store import CardStore
from assistant.moratorium import Moratorium
from assistant.notices import Notices
from corpus.database import Database
from guardrails.register.store_sqlite import SqliteStore
from ui.access.store import Store as AccessStore
from ui.admin import deposit
from ui.admin.desk import Desk as AdminDesk
from ui.agent.frame import Frame
from ui.api.models import Hidden
from ui.glance import GlanceBlock
from ui.public import pages as public

WAITING: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (deposit, ("emptied", "put", "clear")),
    (public, ("remark_form",)),
    (AccessStore, ("row", "rows", "write", "at_once")),
    (SqliteStore, ("reading", "writing")),
    (CardStore, ("_read", "_writing")),
    (Database, ("read", "writing", "generation")),
    (Notices, ("current",)),
    (Moratorium, ("pauses",)),
    (Frame, ("page",)),
    (AdminDesk, ("page",)),
    (GlanceBlock, ("html",)),
    (Hidden, ("__init__",)),
)
"""What may wait for a lock or a disk, or compute for long."""


def is_asked() -> bool:
    """Whether a request is under way: an application is built, and a command is run, in a loop too,
    before anybody asks it anything."""
    codes = (frame.f_code for frame, _ in walk_stack(None))
    return any(c.co_filename == routing.__file__ and c.co_name != "lifespan" for c in codes)


@pytest.fixture(autouse=True)
def a_free_loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None of it is done in an application's event loop."""
    done = list[str]()

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def whole(*given: Any, **named: Any) -> Any:
            with suppress(RuntimeError):
                asyncio.get_running_loop()
                # a browser of another test keeps a loop running in the main thread
                is_apart = threading.current_thread() is not threading.main_thread()
                if is_apart and is_asked():
                    done.append(real.__qualname__)
            return real(*given, **named)

        return whole

    for kind, names in WAITING:
        for name in names:
            monkeypatch.setattr(kind, name, watched(getattr(kind, name)))
    yield
    assert not done, f"done in the event loop: {sorted(set(done))}"
