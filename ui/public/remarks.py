# SPDX-License-Identifier: EUPL-1.2
"""What people say of the assistant itself: screened, kept without who said it, for a committee.

text ─guard▶ Screened ─▶ DATA/remarks.db (day, who in general, kind, hidden text) ─▶ CSV

Kept for a year, of which the register says whether it passed. No name, no address of a machine, no
hour.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from corpus.storage import private_database
from guardrails.findings import Screened
from guardrails.writable import cell

FILE = "remarks.db"
KINDS = ("remark", "idea", "problem")
KEPT_DAYS = 365
MAX_CHARS = 2_000
MAX_REMARKS = 5_000
"""Beyond that the box is full: somebody fills it on purpose, or nobody empties it."""

_TABLE = """CREATE TABLE IF NOT EXISTS remarks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, audience TEXT NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL)"""

Audience = Literal["senior", "agent"]


class Full(Exception):
    """The box holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark as it is kept; `day` is an ISO date, `text` its hidden form."""

    number: int
    day: str
    audience: str
    kind: str
    text: str


class Remarks:
    """The box of remarks of a data folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(
        self,
        text: Screened,
        *,
        kind: str,
        audience: Audience,
        believed: datetime,
        today: date | None = None,
    ) -> None:
        """Keep a remark, and let those go that are a year old; raise Full.

        `believed`: how late it is as far as the register bears the clock out. One that is ahead for
        a minute lets nothing go.
        """
        day = today or datetime.now(UTC).date()
        oldest = (min(day, believed.date()) - timedelta(days=KEPT_DAYS)).isoformat()
        with self._open() as database:
            database.execute("DELETE FROM remarks WHERE day < ?", (oldest,))
            (count,) = database.execute("SELECT count(*) FROM remarks").fetchone()
            if count >= MAX_REMARKS:
                raise Full
            database.execute(
                "INSERT INTO remarks (day, audience, kind, text) VALUES (?, ?, ?, ?)",
                (day.isoformat(), audience, kind, text.text),
            )

    def all(self) -> list[Remark]:
        """Return the remarks, the newest first."""
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute(
                "SELECT number, day, audience, kind, text FROM remarks ORDER BY number DESC"
            ).fetchall()
        return [Remark(number=n, day=d, audience=a, kind=k, text=t) for n, d, a, k, t in rows]

    def erase(self, number: int) -> None:
        """Take one out; its bytes are overwritten."""
        with self._open() as database:
            database.execute("DELETE FROM remarks WHERE number = ?", (number,))

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return private_database(self._path, _TABLE)


def as_csv(remarks: Sequence[Remark], heads: Sequence[str]) -> str:
    """Return remarks as a table that a spreadsheet opens, and that it does not take for formulas.

    >>> as_csv([Remark(number=1, day="2026-03-02", audience="agent", kind="idea", text="=1+1")],
    ...        ["jour", "de", "nature", "texte"]).splitlines()[1]
    "2026-03-02;agent;idea;'=1+1"
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    for one in remarks:
        writer.writerow((one.day, one.audience, one.kind, cell(one.text)))
    return "\ufeff" + out.getvalue()
