# SPDX-License-Identifier: EUPL-1.2
"""Files that agents dropped to ask them: in memory only, each its owner's, an hour at most.

held.keep(who, dropped, …) ─▶ Held(token) ─▶ held.find(who, token) │ held.of(who, document)
its owner ends it, another hour begins, the service ends ─▶ nothing of it is left
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread, Timer

from assistant.glance import Glance
from corpus.dropped import Dropped
from corpus.rows import StoredDocument
from ui.agent.view import View

KEPT_SECONDS = 3_600.0
MOST_EACH = 3
MOST = 60
"""Of all people together: an open file takes some megabytes."""

MOST_TURNS = 20


@dataclass(slots=True, kw_only=True)
class Held:
    """A dropped file, its conversation, and until when it is there (by the clock of the desk)."""

    token: str
    who: str
    dropped: Dropped
    document: StoredDocument
    glance: Glance
    until: float
    orders: int = 0
    """How many orders to a machine were taken out of it."""

    turns: list[View] = field(default_factory=list)
    asking: Lock = field(default_factory=Lock)
    """Held while a question looks into it, so that it is closed under none."""

    def followed(self, view: View) -> None:
        self.turns = [*self.turns, view][-MOST_TURNS:]


class HeldFiles:
    """All dropped files of a service."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = Lock()
        self._rest: Timer | None = None

    def keep(
        self,
        who: str,
        dropped: Dropped,
        document: StoredDocument,
        glance: Glance,
        *,
        orders: int = 0,
    ) -> Held:
        """Hold a file for an hour; a person's oldest goes where there are too many."""
        held = Held(
            token=secrets.token_urlsafe(16),
            who=who,
            dropped=dropped,
            document=document,
            glance=glance,
            until=self._clock() + KEPT_SECONDS,
            orders=orders,
        )
        with self._lock:
            mine = [one for one in self._held.values() if one.who == who]
            self._drop(mine[: max(0, len(mine) - MOST_EACH + 1)])
            self._drop(list(self._held.values())[: max(0, len(self._held) - MOST + 1)])
            self._held[held.token] = held
        self._wake()
        return held

    def find(self, who: str, token: str) -> Held | None:
        """Return a file of this person, if it is still there."""
        self.sweep()
        with self._lock:
            held = self._held.get(token)
            return held if held and held.who == who else None

    def of(self, who: str, document: str) -> Held | None:
        """Return the file of this person that has this document, if it is still there."""
        self.sweep()
        with self._lock:
            mine = (one for one in self._held.values() if one.who == who)
            return next((one for one in mine if one.document.id == document), None)

    def drop(self, who: str, token: str) -> None:
        """Forget a file of this person, and what was answered from it."""
        held = self.find(who, token)
        if held:
            with self._lock:
                self._drop([held])

    def sweep(self) -> None:
        """Forget what had its hour."""
        now = self._clock()
        with self._lock:
            self._drop([held for held in self._held.values() if held.until <= now])

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._drop(list(self._held.values()))
            if self._rest:
                self._rest.cancel()

    def _drop(self, some: list[Held]) -> None:
        for held in some:
            self._held.pop(held.token, None)
            Thread(target=_forget, args=(held,), daemon=True).start()

    def _wake(self) -> None:
        """Sweep once the hour of the newest is over: nobody need come back for that."""
        with self._lock:
            if self._rest:
                self._rest.cancel()
            self._rest = Timer(KEPT_SECONDS + 1, self.sweep)
            self._rest.daemon = True
            self._rest.start()


def _forget(held: Held) -> None:
    """Close a file once no question looks into it."""
    with held.asking:
        held.turns = []
        held.dropped.close()
