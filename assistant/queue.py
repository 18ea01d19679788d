# SPDX-License-Identifier: EUPL-1.2
"""One model, many people: who is served next, and how many are before them.

    with queue.enter(actor) as ticket:      at the end of their own line
        while ticket.position: …            a place to show; the reader may leave
            ticket.wait(position, seconds)  until it is another one
        …                                   their turn
    ticket.own, ticket.waits_for_own_only   whether they wait for a question of their own

Each person has a line of their own, and the lines take turns: somebody who asks ten
questions at once waits behind somebody who asks one. Leaving the block gives the
place, or the turn, back, however the block ends.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Event
from types import TracebackType

from assistant.answers import Own
from assistant.errors import UserError
from assistant.leaving import stop_if_gone

MAX_WAITING = 200
MAX_WAITING_EACH = 4

POLL_SECONDS = 1.0
"""How often whoever waits looks whether anybody still waits for them."""


class QueueFull(UserError):
    """Too many questions wait already, of all or of this person (`queue_full_own`); nothing was
    kept of this one."""


class FairQueue:
    """Lets `places` questions through at a time; safe to share between threads."""

    def __init__(
        self,
        *,
        places: int = 1,
        max_waiting: int = MAX_WAITING,
        max_waiting_each: int = MAX_WAITING_EACH,
    ) -> None:
        self._free = places
        self._max_waiting = max_waiting
        self._max_waiting_each = max_waiting_each
        self._lines: dict[str, deque[Ticket]] = {}
        self._served: list[str] = []
        self._changed = Condition()

    def enter(self, actor: str) -> Ticket:
        """Take a place; raise QueueFull where the person or the house has too many waiting. Nobody
        is woken: who comes last is before few, who see it when they look next."""
        with self._changed:
            line = self._lines.get(actor, deque())
            waiting = sum(len(other) for other in self._lines.values())
            # nobody signed in: one shared line, bounded by the house's limit alone
            if actor and len(line) >= self._max_waiting_each:
                raise QueueFull("queue_full_own", waiting=len(line))
            if waiting >= self._max_waiting:
                raise QueueFull("queue_full", waiting=waiting)
            ticket = Ticket(self, actor)
            self._lines.setdefault(actor, line).append(ticket)
            self._serve()
            return ticket

    def __len__(self) -> int:
        """How many wait."""
        with self._changed:
            return sum(len(line) for line in self._lines.values())

    def _serve(self) -> None:
        """Give each free place to the first of the next line; that line goes to the end."""
        while self._free and self._lines:
            actor = next(iter(self._lines))
            line = self._lines.pop(actor)
            line.popleft().is_served = True
            self._served.append(actor)
            self._free -= 1
            if line:
                self._lines[actor] = line

    def _leave(self, ticket: Ticket) -> None:
        with self._changed:
            line = self._lines.get(ticket.actor)
            if ticket.is_served:
                self._served.remove(ticket.actor)
                self._free += 1
            elif line and ticket in line:
                line.remove(ticket)
                if not line:
                    del self._lines[ticket.actor]
            self._serve()
            self._changed.notify_all()

    def _before(self, ticket: Ticket) -> int:
        """How many are served before a ticket, if nobody leaves: its line's turns, in rounds."""
        own = self._own_before(ticket)
        names = list(self._lines)
        mine = names.index(ticket.actor)
        return own + sum(
            min(len(line), own + (names.index(name) < mine))
            for name, line in self._lines.items()
            if name != ticket.actor
        )

    def _own_before(self, ticket: Ticket) -> int:
        """How many of its own line wait before a ticket."""
        return self._lines[ticket.actor].index(ticket)


class Front:
    """Lets a few questions through at a time, in their order; knows whether any is on its way.

    A place is handed to the first of the line and wakes nobody else: fifty threads that are woken
    for each place that is taken or left take more of the processor than what they wait for.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[Event] = deque()
        self._under_way = 0
        self._changed = Condition()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Wait for a place, and hold it in this block; Gone where nobody waits any more."""
        turn = Event()
        with self._changed:
            self._under_way += 1
            self._line.append(turn)
            self._hand_on()
        try:
            stop_if_gone()
            while not turn.wait(POLL_SECONDS):
                stop_if_gone()
            yield
        finally:
            with self._changed:
                if turn.is_set():
                    self._free += 1
                else:
                    self._line.remove(turn)
                self._under_way -= 1
                self._hand_on()
                self._changed.notify_all()

    def _hand_on(self) -> None:
        """Give each free place to the first of the line."""
        while self._free and self._line:
            self._line.popleft().set()
            self._free -= 1

    def empty(self, seconds: float, look: float = POLL_SECONDS) -> bool:
        """Wait until nobody is there or waits to be, `seconds` at most, and only while there are
        fewer at each look: who comes without end keeps nobody. Say whether nobody is there."""
        end = time.monotonic() + seconds
        with self._changed:
            before = self._under_way + 1
            while 0 < self._under_way < before and (left := end - time.monotonic()) > 0:
                before = self._under_way
                self._changed.wait_for(lambda: not self._under_way, min(look, left))
            return not self._under_way


class Ticket:
    """One question's place. Made by `FairQueue.enter`."""

    def __init__(self, queue: FairQueue, actor: str) -> None:
        self._queue = queue
        self.actor = actor
        self.is_served = False

    @property
    def position(self) -> int:
        """0 once it is its turn, else 1 for the next to be served, and so on."""
        with self._queue._changed:
            return self._position()

    def _position(self) -> int:
        return 0 if self.is_served else 1 + self._queue._before(self)

    @property
    def own(self) -> Own | None:
        """Which question of the same person it waits for, if any: one that is read, or one that
        waits before it. Who did not sign in has no other question that is known."""
        with self._queue._changed:
            if self.is_served or not self.actor:
                return None
            if self.actor in self._queue._served:
                return Own.READ
            return Own.WAITS if self._queue._own_before(self) else None

    @property
    def waits_for_own_only(self) -> bool:
        """Whether nobody else is read or waits before it."""
        with self._queue._changed:
            if self.is_served or not self.actor:
                return False
            others = self._queue._before(self) - self._queue._own_before(self)
            return not others and {*self._queue._served} <= {self.actor}

    def wait(self, position: int, seconds: float) -> bool:
        """Wait until its place is another than `position`, `seconds` at most; say whether it is
        its turn. What happens behind it wakes nobody who shows a place."""
        with self._queue._changed:
            self._queue._changed.wait_for(lambda: self._position() != position, seconds)
            return self.is_served

    def __enter__(self) -> Ticket:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._queue._leave(self)


class UnderWay:
    """Counts the questions that are under way, and closes the door before those to come."""

    def __init__(self) -> None:
        self._count = 0
        self._is_closed = False
        self._changed = Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count a question from here to the end of the block, however it ends."""
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    @property
    def count(self) -> int:
        with self._changed:
            return self._count

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def close(self) -> None:
        """Let no other question begin."""
        self._is_closed = True

    def wait_for_none(self, seconds: float) -> bool:
        """Wait until nothing is under way, so long at most; return whether it is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._count, seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What all questions share, whatever is in force for each: the way in, the queue, the count."""

    front: Front
    queue: FairQueue
    under_way: UnderWay = field(default_factory=UnderWay)
