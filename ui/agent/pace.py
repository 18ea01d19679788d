# SPDX-License-Identifier: EUPL-1.2
"""How long answers took in this process, for who waits: counted, never guessed, of nobody.

    View… of a question ─Lap.saw─▶ Pace ─usual()─▶ Usual ─foreseen─▶ what to say from when on

A usual time that is over is no estimate: whoever waits longer hears when those ended that took as
long. Waiting for others is no part of it: it is told by the place in the queue.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from assistant.texts import Texts
from ui.agent.view import Phase, View

LAST = 50
LEAST = 3
"""Of fewer times nothing is said."""

MOMENTS = (10, 15, 20, 30, 45, 60, 90)
"""After so many seconds of reading the estimate is told, then told anew (`static/waiting.js`)."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How long the last answers took, in seconds, without their waiting: LEAST at least."""

    times: tuple[float, ...]

    @property
    def seconds(self) -> int:
        return _whole(self.times)

    def end(self, ran: float) -> int | None:
        """Return when those usually ended that took longer than `ran`; None of fewer than LEAST."""
        longer = [took for took in self.times if took > ran]
        return _whole(longer) if len(longer) >= LEAST else None


class Pace:
    """The times of the last questions that the model read for, in memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._seconds = deque[float](maxlen=LAST)

    def note(self, seconds: float) -> None:
        self._seconds.append(seconds)

    def usual(self) -> Usual | None:
        """Return what is usual; None while too few were answered to say."""
        kept = tuple(self._seconds)
        return Usual(kept) if len(kept) >= LEAST else None


class Lap:
    """One question on its way, from here to its last screen."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._began = pace.clock()
        self._waited = 0.0
        self._is_waiting = False

    def saw(self, view: View) -> None:
        """Follow a screen; keep how long the question took, unless nothing was read for it or it
        was cut short."""
        if self._is_waiting and not view.waiting:
            self._waited = self._pace.clock() - self._began
        self._is_waiting = bool(view.waiting)
        if view.looking and view.phase in {Phase.ANSWERED, Phase.REFUSED}:
            self._pace.note(max(0.0, view.seconds - self._waited))


def foreseen(usual: Usual | None, place: int, texts: Texts) -> list[tuple[int, str]]:
    """Return what to say of how long it takes, each from so many seconds of reading on; `place`:
    in the queue, where nothing is read yet."""

    def say(key: str, **facts: object) -> str:
        return texts("ui", f"estimate_{key}", **facts)

    if usual is None:
        return [(0 if place else MOMENTS[0], say("unknown"))]
    common = usual.seconds
    if place:
        return [(0, say("queue", seconds=place * common, place=place, usual=common))]
    told = list[tuple[int, str]]()
    for ran in MOMENTS:
        end = usual.end(ran)
        if ran < common:
            words = say("usual", usual=common)
        elif end is None:
            words = say("longest", usual=common, count=len(usual.times))
        else:
            words = say("longer", usual=common, ran=ran, end=end)
        if not told or told[-1][1] != words:
            told.append((ran, words))
    return told


def _whole(times: tuple[float, ...] | list[float]) -> int:
    return max(1, round(median(times)))
