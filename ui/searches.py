# SPDX-License-Identifier: EUPL-1.2
"""What somebody looks for, kept in memory under a name that says nothing: it may hold a person's,
and an address ends in histories, in logs of proxies, on a screen that others see.

    POST words ─keep▶ ?recherche=NAME ─find▶ words, for a few hours, for who sent them
    a question ─keep▶ ?recherche=its exchange's number
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

FIELD = "recherche"
KEPT_SECONDS = 4 * 3600
MAX_KEPT = 1_000


class Searches:
    """The searches of all people; the oldest are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[str, str, float]] = OrderedDict()
        self._turn = Lock()

    def keep(self, who: str, words: str, name: str = "") -> str:
        """Return the name under which a person may find their words, a new one unless one is
        given; empty for none."""
        if not words:
            return ""
        name = name or secrets.token_urlsafe(12)
        with self._turn:
            self._kept[name] = (who, words, self._clock() + KEPT_SECONDS)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return name

    def find(self, who: str, name: str) -> str | None:
        """Return what this person looks for, None for what is forgotten or somebody else's."""
        with self._turn:
            owner, words, until = self._kept.get(name, ("", "", 0.0))
            if not words or owner != who or until < self._clock():
                return None
            return words
