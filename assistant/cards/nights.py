# SPDX-License-Identifier: EUPL-1.2
"""Proposals in the running service: at night, while nobody asks, so many a night and no more.

    each minute ─night? quiet? left to try?▶ Proposer ─somebody asks▶ at once for them

The model's process is the one that answers: it is called off in the middle of a word as soon as
somebody asks, and the line is tried again later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Protocol

from assistant.idle import BREAKS, Idle
from corpus.cores import quiet_for

logger = logging.getLogger(__name__)

QUIET_SECONDS = 120.0
LOOK_SECONDS = 60.0


class Proposes(Protocol):
    """Tries lines: `proposing.Proposer`."""

    def __call__(self, limit: int, *, night: str, gone: Callable[[], bool]) -> Iterator[object]: ...


class Nights:
    """Tries `most` lines a night, from and until the hours (minutes since midnight) of `hours`.

    `tried_in` says how many lines were tried in the night of a day; `open_proposer` opens what
    tries them. What breaks ends this night's work; tomorrow it is tried again."""

    def __init__(
        self,
        open_proposer: Callable[[], Proposes],
        tried_in: Callable[[str], int],
        *,
        most: int,
        hours: tuple[int, int],
        now: Callable[[], datetime] = datetime.now,
        quiet: Callable[[], float] = quiet_for,
    ) -> None:
        self._open, self._tried_in = open_proposer, tried_in
        self._most, self._hours = most, hours
        self._now, self._quiet = now, quiet
        self._idle = Idle("proposals", self.look, seconds=LOOK_SECONDS)
        self._spent = ""

    def running(self) -> AbstractContextManager[None]:
        """Look each minute while a block runs; nothing at all where none are wanted."""
        return self._idle.running() if self._most else nullcontext()

    def look(self) -> int:
        """Go on with this night's lines, if it is night and nobody asks; return how many."""
        night = night_of(self._now(), self._hours)
        if not night or night == self._spent or self._quiet() < QUIET_SECONDS:
            return 0
        tried = 0
        try:
            left = self._most - self._tried_in(night)
            if left <= 0:
                return 0
            for _ in self._open()(left, night=night, gone=self._is_wanted):
                tried += 1
        except BREAKS as error:
            logger.warning("proposals end for this night: %s", type(error).__name__)
            self._spent = night
        else:
            if not self._is_wanted() and tried < left:
                self._spent = night  # no line is left
        return tried

    def _is_wanted(self) -> bool:
        """Whether somebody else wants the model, or day breaks."""
        is_day = not night_of(self._now(), self._hours)
        return self._idle.is_over or self._quiet() < QUIET_SECONDS or is_day


def night_of(now: datetime, hours: tuple[int, int]) -> str:
    """Return the day (ISO) on which the night of a moment began; empty by day.

    >>> [night_of(datetime(2026, 3, 3, hour), (22 * 60, 6 * 60)) for hour in (3, 12, 23)]
    ['2026-03-02', '', '2026-03-03']
    >>> night_of(datetime(2026, 3, 3, 13), (12 * 60, 14 * 60))
    '2026-03-03'
    """
    start, end = hours
    minute = now.hour * 60 + now.minute
    if start < end:
        return now.date().isoformat() if start <= minute < end else ""
    if minute >= start:
        return now.date().isoformat()
    return (now.date() - timedelta(days=1)).isoformat() if minute < end else ""
