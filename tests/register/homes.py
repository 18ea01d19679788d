# SPDX-License-Identifier: EUPL-1.2
"""Registers for tests: where they stand, a clock that the test moves, a question's entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guardrails.register import AuditRecord, Kind, Register, open_register


class Clock:
    """Says when the test says it is, a second later each time it is asked."""

    def __init__(self, moment: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.moment = moment

        self.elapsed = 0.0

    def __call__(self) -> datetime:
        self.let(seconds=1)
        return self.moment

    def let(self, **span: float) -> None:
        """Let time pass, on the wall and in the machine; who sets `moment` sets the wall's."""
        self.moment += timedelta(**span)
        self.elapsed += timedelta(**span).total_seconds()

    def monotonic(self) -> float:
        return self.elapsed


@dataclass
class Home:
    """Where a register and its keys stand, and how to open it."""

    path: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def file(self) -> Path:
        return self.data / "register.sqlite3"

    @property
    def latest(self) -> str:
        return (self.data / "checkpoints" / "checkpoint-latest.txt").read_text("utf-8")

    def open(self, **options: object) -> Register:
        given = {"now": self.clock, "monotonic": self.clock.monotonic, **options}
        return open_register(self.data, self.keys, **given)  # type: ignore[arg-type]


def live(home: Home, register: Register, days: int) -> None:
    """Let days pass on which somebody signs in."""
    for _ in range(days):
        home.clock.let(days=1)
        register.append(AuditRecord(kind=Kind.READING))


def ask_in(
    register: Register, user: str = "agent-7", *, reason: str = "", collection: str = "actes"
) -> str:
    """Write the entries of one question into a register; return its exchange."""
    exchange, actor = register.new_exchange(), register.pseudonym(user)

    def record(kind: Kind, **payload: object) -> AuditRecord:
        return AuditRecord(
            kind=kind,
            exchange=exchange,
            actor=actor,
            role="agent",
            payload=payload,  # type: ignore[arg-type]
        )

    register.append(
        record(
            Kind.INTENT,
            question="Quand ouvre la [LIEU_1] ?",
            collections=[collection],
            hidden={"PERSON": 1},
            language="fr",
        )
    )
    if reason:
        outcome = record(Kind.OUTCOME, status="refusal", reason=reason, seconds=0.5, energy_wh=0.01)
    else:
        register.append(record(Kind.SENTENCE, text="Elle ouvre à neuf heures."))
        outcome = record(Kind.OUTCOME, status="answer", seconds=2.0, energy_wh=0.25)
    register.append(outcome)
    return exchange
