# SPDX-License-Identifier: EUPL-1.2
"""What the town's committee decided about the assistant: a day and a sentence, told to everybody.

text ─guard▶ nothing personal ══sealed══▶ DATA/committee.db ─▶ /transparence/comite
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.storage import private_database
from guardrails.register import Register
from guardrails.register.records import AuditRecord, JsonValue, Kind

FILE = "committee.db"
MAX_CHARS = 600

_TABLE = """CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, text TEXT NOT NULL)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision; `day` is an ISO date."""

    number: int
    day: str
    text: str


class Decisions:
    """The decisions of a data folder. Whoever changes them went through the guard."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[Decision]:
        """Return the decisions, the newest day first."""
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute(
                "SELECT number, day, text FROM decisions ORDER BY day DESC, number DESC"
            ).fetchall()
        return [Decision(number=number, day=day, text=text) for number, day, text in rows]

    def add(self, register: Register, text: str, *, day: date, by: str, role: str) -> None:
        """Keep a decision: in the register first. `by` is a pseudonym."""
        _enter(register, "decided", {"sentence": text, "day": day.isoformat()}, by=by, role=role)
        with self._open() as database:
            database.execute(
                "INSERT INTO decisions (day, text) VALUES (?, ?)", (day.isoformat(), text)
            )

    def withdraw(self, register: Register, number: int, *, by: str, role: str) -> None:
        """Take a decision back from the page; the register keeps that it was there."""
        _enter(register, "withdrawn", {"decision": number}, by=by, role=role)
        with self._open() as database:
            database.execute("DELETE FROM decisions WHERE number = ?", (number,))

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return private_database(self._path, _TABLE)


def _enter(
    register: Register, status: str, said: dict[str, JsonValue], *, by: str, role: str
) -> None:
    payload: dict[str, JsonValue] = {"status": status, **said}
    register.append(AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload=payload))
