# SPDX-License-Identifier: EUPL-1.2
"""What the town announces on every page, from a moment to another; maintenance is one of them.

    announce ══sealed══▶ DATA/notices.json ─current, at each page─▶ shown from `start` to `end`
    withdraw ══sealed══▶        │          ─closing, at each question─▶ refused: `suspended`

A notice that closes is announced as soon as it is kept, takes questions away from `start` to `end`
and ends by itself. What it is late by is told by the register's clock, as its entries are. A file
that cannot be read closes: nobody knows what it held.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.whole_files import changing
from guardrails.register import Register
from guardrails.register.records import AuditRecord, JsonValue, Kind

FILE = "notices.json"
ANNOUNCED, WITHDRAWN = "announced", "withdrawn"
MAX_CHARS = 300
MAX_NOTICES = 20
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Notice(BaseModel):
    """What is announced, from a moment to another; `closes`: no question is answered meanwhile.

    `text` is shown to everybody; it went through the guard.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(default_factory=lambda: secrets.token_hex(8), max_length=32)
    text: str = Field("", max_length=MAX_CHARS)
    start: AwareDatetime
    end: AwareDatetime
    closes: bool = False

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a notice ends after it begins")
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    notices: tuple[Notice, ...] = ()


UNREADABLE = Notice(id="unreadable", start=ALWAYS[0], end=ALWAYS[1], closes=True)


class Notices:
    """The notices of a data folder; `now` is the register's clock."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now

    def all(self) -> tuple[Notice, ...]:
        """Return those that are not over, the oldest first."""
        now = self._now()
        return tuple(notice for notice in self._read() if notice.end > now)

    def current(self) -> tuple[Notice, ...]:
        """Return those to show now: begun, or closing later."""
        now = self._now()
        return tuple(one for one in self.all() if one.closes or one.start <= now)

    def closing(self) -> Notice | None:
        """Return the one that takes questions away now."""
        now = self._now()
        return next((one for one in self.all() if one.closes and one.start <= now), None)

    def add(self, notice: Notice) -> None:
        """Keep one more; those that are over go."""
        with changing(self._path, self.all, _written) as kept:
            kept[:] = [*kept[1 - MAX_NOTICES :], notice]

    def remove(self, identifier: str) -> None:
        with changing(self._path, self.all, _written) as kept:
            kept[:] = [one for one in kept if one.id != identifier]

    def _read(self) -> tuple[Notice, ...]:
        try:
            return _File.model_validate_json(self._path.read_bytes()).notices
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError):
            return (UNREADABLE,)


def _written(notices: Sequence[Notice]) -> str:
    return _File(notices=tuple(notices)).model_dump_json()


def announce(notices: Notices, register: Register, notice: Notice, *, by: str, role: str) -> None:
    """Announce something: in the register first, then on the pages. `by` is a pseudonym."""
    _enter(register, ANNOUNCED, notice, by=by, role=role)
    notices.add(notice)


def withdraw(notices: Notices, register: Register, notice: Notice, *, by: str, role: str) -> None:
    """End a notice before its time; questions are answered again if it closed."""
    _enter(register, WITHDRAWN, notice, by=by, role=role)
    notices.remove(notice.id)


def _enter(register: Register, status: str, notice: Notice, *, by: str, role: str) -> None:
    payload: dict[str, JsonValue] = {
        "status": status,
        "notice": notice.id,
        "text": notice.text,
        "start": notice.start.isoformat(),
        "end": notice.end.isoformat(),
        "closes": notice.closes,
    }
    register.append(AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload=payload))
