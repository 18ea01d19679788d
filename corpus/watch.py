# SPDX-License-Identifier: EUPL-1.2
"""Keeping in step as files change: the only import of watchfiles.

    folder changes ─▶ gathered ─▶ sync ─▶ told
                                   └─ failed: told, tried again, never the end

Changes only say *when* to look: `sync` finds out what changed. So a change that the system
did not report (a network share) is caught by the next look, which comes anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import watchfiles

from corpus.errors import CorpusError
from guardrails.errors import GuardrailError

TOGETHER_MS = 1_600
"""Changes within this long are one: a copy of many files is few syncs."""

LOOK_MS = 15_000
LOOKS_BETWEEN_SYNCS = 240
"""Without any change, all is compared again after this many looks: one hour."""

LOOKS_BEFORE_RETRY = 2

PASSING: tuple[type[Exception], ...] = (CorpusError, GuardrailError, OSError)
"""What keeps a sync from being done, and may be over at the next one."""


def watch(
    paths: Sequence[Path],
    sync: Callable[[], None],
    failed: Callable[[Exception], None],
    *,
    stop: threading.Event,
    poll: bool = False,
    passing: tuple[type[Exception], ...] = PASSING,
    together_ms: int = TOGETHER_MS,
    look_ms: int = LOOK_MS,
) -> None:
    """Call `sync` at once and after each change, until `stop` is set.

    `failed` is told of what kept it from being done, one of `passing`; `sync` is then tried again.
    With `poll`, folders are compared instead of listened to: for shares that report no change.
    """
    wait = _attempt(sync, failed, passing)
    changes = watchfiles.watch(
        *paths,
        watch_filter=None,
        debounce=together_ms,
        stop_event=stop,
        rust_timeout=look_ms,
        yield_on_timeout=True,
        force_polling=poll or None,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    for changed in changes:
        wait -= 1
        if (changed or wait <= 0) and not stop.is_set():
            wait = _attempt(sync, failed, passing)


def _attempt(
    sync: Callable[[], None],
    failed: Callable[[Exception], None],
    passing: tuple[type[Exception], ...],
) -> int:
    """Sync; return how many looks without a change may pass before the next time."""
    try:
        sync()
    except passing as error:
        failed(error)
        return LOOKS_BEFORE_RETRY
    return LOOKS_BETWEEN_SYNCS
