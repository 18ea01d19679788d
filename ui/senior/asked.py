# SPDX-License-Identifier: EUPL-1.2
"""Questions under way and answers just given, in memory only, each under a key nobody guesses.

    desk.ask(question) ─▶ key      a thread: assistant.steps ─▶ views ─▶ Asked
                                   (its page waits in the event loop and holds none)
    desk.get(key)      ─▶ Asked    for a quarter of an hour after somebody last looked

A page that waits looks once a second. A question that nobody looks at for LEFT_SECONDS is left: it
is worked on no more, and its page says so; a page that is loaded again sooner goes on.

So an answer can be read again larger, printed, or spoken without being asked again, and a reload
asks nothing twice. The question as it was typed is not kept: only its hidden form.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from hashlib import sha256
from threading import Condition, Lock
from typing import cast

from assistant.answers import Step
from assistant.leaving import Gone, stop_if_gone, watched
from assistant.pipeline import Answering
from assistant.texts import Texts
from corpus.documents import Filters
from corpus.rights import NO_FILTER
from guardrails.register.locks import patient
from ui.access.buckets import fits
from ui.access.visit import NOWHERE, Places
from ui.agent import Phase, View, views
from ui.relay import SEAL_SECONDS
from ui.senior.urgent import Urgent

KEPT_SECONDS = 15 * 60
LEFT_SECONDS = 15.0
"""So long a page may be away from a question under way: on its way, loaded again, or cut off."""

MAX_KEPT = 400
MAX_UNDER_WAY = 100
"""Each has a thread, so that its sources are shown whoever waits for an answer before it."""
MAX_A_PLACE = 3
"""Questions under way from one place: one visitor alone must not close the page to all others."""


class Crowded(Exception):
    """Too many questions are under way, of all or of one place; nothing was kept of this one."""


class CrowdedHere(Crowded):
    """All those of one place are its own."""


class Asked:
    """One question: its screen as it grows, whom to call at once, whether anybody looks."""

    def __init__(
        self,
        urgent: tuple[Urgent, ...],
        once: bytes = b"",
        places: Places = NOWHERE,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`once`: a digest of the form and the question together; `places`: where it came from,
        as `ui/access/visit.py` counts them."""
        self._clock = clock
        self._looked = clock()
        self._is_left = False
        self.urgent = urgent
        self.places = places
        self.once = once
        self._view = View(phase=Phase.SEARCHING)
        self._lock = Lock()
        self._readers = set[Callable[[], object]]()

    @property
    def view(self) -> View:
        return self._view

    def look(self) -> None:
        """Somebody looks at it."""
        self._looked = self._clock()

    def leave(self) -> None:
        """Nobody will look at it any more."""
        self._is_left = True

    @property
    def is_left(self) -> bool:
        """Whether nobody looks at it; who comes back later finds it so."""
        self._is_left = self._is_left or self._clock() - self._looked > LEFT_SECONDS
        return self._is_left

    def show(self, view: View) -> None:
        with self._lock:
            self._view = view
            for wake in self._readers:
                with suppress(RuntimeError):  # the loop of a reader who left
                    wake()

    async def after(self, seen: View, seconds: float) -> View:
        """Return the screen, once it is another than `seen` or after `seconds`."""
        self.look()
        changed = asyncio.Event()
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, changed.set)
        with self._lock:
            if self._view is not seen:
                return self._view
            self._readers.add(wake)
        try:
            await asyncio.wait_for(changed.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._readers.discard(wake)
        return self._view


class Desk:
    """Asks in threads of its own; what it keeps is gone with the process."""

    def __init__(
        self, assistant: Answering, texts: Texts, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._assistant = assistant
        self._texts = texts
        self._kept: OrderedDict[str, tuple[float, Asked]] = OrderedDict()
        self._lock = Condition()
        self._workers = ThreadPoolExecutor(MAX_UNDER_WAY, thread_name_prefix="greffier-simple")

    def ask(
        self,
        question: str,
        urgent: tuple[Urgent, ...] = (),
        filters: Filters = NO_FILTER,
        *,
        form: str = "",
        places: Places = NOWHERE,
        language: str = "",
    ) -> str:
        """Start on a question and return its key; raise Crowded. `filters`: what who asks may
        see of what residents see; `form`: what only the form it came from holds, so that a
        button that is pressed twice asks once; `language`: that of the page."""
        once = sha256(f"{form}\0{question}".encode()).digest() if form else b""
        asked = Asked(urgent, once, places, clock=self._clock)
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._forget_old()
            if form and (known := self._asked_before(once)):
                return known
            busy = [kept.places for _, kept in self._kept.values() if kept.view.is_busy]
            if len(busy) >= MAX_UNDER_WAY:
                raise Crowded
            if not fits(busy, places, of_one=MAX_A_PLACE, of_all=MAX_UNDER_WAY):
                raise CrowdedHere
            if len(self._kept) >= MAX_KEPT:
                self._make_room()
            self._kept[key] = (self._clock(), asked)
        self._workers.submit(self._work, question, asked, filters, language)
        return key

    def get(self, key: str) -> Asked | None:
        """Return a question that is still kept, and keep it on."""
        with self._lock:
            self._forget_old()
            if key not in self._kept:
                return None
            _, asked = self._kept[key]
            asked.look()
            self._kept[key] = (self._clock(), asked)
            self._kept.move_to_end(key)
            return asked

    def forget(self, key: str) -> None:
        """Drop what was kept under a key."""
        with self._lock:
            _, asked = self._kept.pop(key, (0.0, None))
        if asked:
            asked.leave()

    def close(self) -> None:
        """Wait for the questions under way."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _work(self, question: str, asked: Asked, filters: Filters, language: str) -> None:
        steps = self._assistant.steps(
            question, role="resident", audience="senior", filters=filters, language=language
        )
        shown = views(cast(Generator[Step, None, None], steps), self._texts)
        end = View(phase=Phase.FAILED, error=self._texts("ui", "error_system"))
        try:
            with watched(lambda: asked.is_left), patient(SEAL_SECONDS), closing(shown) as screens:
                for view in screens:
                    if view.is_busy:
                        stop_if_gone()  # else it is sealed, and shown to who comes back
                    asked.show(view)
        except Gone:
            end = View(phase=Phase.STOPPED)
        finally:
            if asked.view.is_busy:  # broken in a way that nobody foresaw: never leave it waiting
                asked.show(end)

    def _asked_before(self, once: bytes) -> str:
        """Return the key of a question that is under way or over; not of one that was left."""
        for key, (_, kept) in self._kept.items():
            if kept.once == once and kept.view.phase is not Phase.STOPPED:
                return key
        return ""

    def _forget_old(self) -> None:
        oldest = self._clock() - KEPT_SECONDS
        while self._kept:
            key, (seen, _) = next(iter(self._kept.items()))
            if seen > oldest:
                return
            del self._kept[key]

    def _make_room(self) -> None:
        """Forget the oldest of the place, or of the network around it, that has most beside what
        it may have: who asks without end loses their own."""
        places = {key: kept.places or {"": 1} for key, (_, kept) in self._kept.items()}
        counts = Counter(part for each in places.values() for part in each.items())
        most, _ = max(counts, key=lambda part: counts[part] / part[1])
        oldest = next(key for key, each in places.items() if most in each)
        self._kept.pop(oldest)[1].leave()
