# SPDX-License-Identifier: EUPL-1.2
"""Whether questions can be answered and sealed just now: what `/ready` says.

    Readiness({"register": look, "model": look, …})() ─▶ {"register": True, "model": False, …}

Each part is looked at in a thread of its own and for a short while only: one that does not come
back is not ready. What was seen is kept for some seconds: whoever asks often costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import TypeVar

T = TypeVar("T")

LOOK_SECONDS = 3.0
KEPT_SECONDS = 2.0

Look = Callable[[], object]
"""Says False, or raises, where its part cannot do its work."""


class Readiness:
    """Looks at the parts of a service; threads may share it."""

    def __init__(
        self,
        parts: Mapping[str, Look],
        *,
        seconds: float = LOOK_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts, self._seconds, self._now = dict(parts), seconds, now
        self._lock = Lock()
        self._under_way: dict[str, Future[bool]] = {}
        self._seen: dict[str, bool] = {}
        self._seen_at = float("-inf")

    def __call__(self) -> dict[str, bool]:
        """Return which parts can do their work."""
        with self._lock:
            if self._now() - self._seen_at >= KEPT_SECONDS:
                self._seen = self._looked()
                self._seen_at = self._now()
            return dict(self._seen)

    def _looked(self) -> dict[str, bool]:
        for name, look in self._parts.items():
            before = self._under_way.get(name)
            if before is None or before.done():  # else it is stuck there: one thread is enough
                self._under_way[name] = _begun(look)
        done, _ = wait(self._under_way.values(), self._seconds)
        return {name: at in done and at.result() for name, at in self._under_way.items()}


def kept_a_while(
    look: Callable[[], T], *, now: Callable[[], float] = time.monotonic
) -> Callable[[], T]:
    """Return a look whose answer is kept for some seconds; what it raises is not."""
    lock, seen = Lock(), dict[str, tuple[float, T]]()

    def kept() -> T:
        with lock:
            if "last" not in seen or now() - seen["last"][0] >= KEPT_SECONDS:
                seen["last"] = (now(), look())
            return seen["last"][1]

    return kept


def _begun(look: Look) -> Future[bool]:
    """Look in a thread that a stop does not wait for."""
    seen = Future[bool]()

    def holds() -> None:
        try:
            seen.set_result(look() is not False)
        except Exception:  # noqa: BLE001  whatever it is, it does not work
            seen.set_result(False)

    Thread(target=holds, name="greffier-ready", daemon=True).start()
    return seen
