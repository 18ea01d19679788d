# SPDX-License-Identifier: EUPL-1.2
"""What the auditor's pages need: the register, the guard, and what lasts longer than a page.

AuditorServices(register, screen) ─▶ build(services), export_router(services)
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from assistant.texts import Language
from guardrails.findings import Screened
from guardrails.register import Register, Selection, Verdict
from guardrails.register.streams import AnyForm

TICKET_SECONDS = 600.0
MAX_TICKETS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What somebody asked to take away; only they may, and not for long."""

    person: str
    selection: Selection
    form: AnyForm
    until: float
    sizes: tuple[int, ...] = ()
    """Of the checkpoints from which a bundle is to prove that it goes on."""


class Tickets:
    """Exports that were asked for and may be fetched; kept in memory, forgotten in minutes."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._held: dict[str, Ticket] = {}
        self._turn = threading.Lock()

    def give(
        self, person: str, selection: Selection, form: AnyForm, sizes: tuple[int, ...] = ()
    ) -> str:
        """Return the name under which the export may be fetched; nobody can guess it."""
        name = secrets.token_urlsafe(24)
        now = self._now()
        ticket = Ticket(
            person=person, selection=selection, form=form, until=now + TICKET_SECONDS, sizes=sizes
        )
        with self._turn:
            alive = {n: t for n, t in self._held.items() if t.until > now}
            self._held = dict(list(alive.items())[-MAX_TICKETS + 1 :]) | {name: ticket}
        return name

    def find(self, name: str, person: str) -> Ticket | None:
        """Return a ticket of this person that still holds."""
        ticket = self._held.get(name)
        holds = ticket is not None and ticket.person == person and ticket.until > self._now()
        return ticket if holds else None


@dataclass(slots=True)
class LastCheck:
    """What the last verification of this service found, and when; everybody sees the same."""

    verdict: Verdict | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditorServices:
    """`screen` is the guard's: what an auditor writes goes through it. `path` is where the page
    is mounted; `zone` that of the hours shown, the machine's own by default."""

    register: Register
    screen: Callable[[str], Screened]
    language: Language = "fr"
    zone: tzinfo | None = None
    path: str = "/auditeur"
    tickets: Tickets = field(default_factory=Tickets)
    last_check: LastCheck = field(default_factory=LastCheck)
