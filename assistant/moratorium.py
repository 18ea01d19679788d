# SPDX-License-Identifier: EUPL-1.2
"""The switch that stops generated answers, for all, for an audience or for a collection.

    suspend ══sealed══▶ DATA/moratorium.json ──left, at each question──▶ what an answer may rest on
    resume  ══sealed══▶        │             entries of the register ──history──▶ Change…

The file is read at each question: a switch in any process holds at once in every other, and after
a restart. Search and extracts stay. A file that cannot be read suspends all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers import Reason
from assistant.whole_files import changing
from corpus.documents import Filters, Retrieved
from guardrails.register import Register
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind
from guardrails.register.selection import text

FILE = "moratorium.json"
SUSPENDED, RESUMED = "suspended", "resumed"
MAX_SENTENCE_CHARS = 300
UNANSWERED = frozenset({Reason.NO_EVIDENCE, Reason.NOT_ANSWERED, Reason.NOT_GROUNDED})
"""Refusals that may come from what a pause keeps out: the pause is then the honest reason."""


class Pause(BaseModel):
    """No generated answers for an audience (empty: for all), from a collection (empty: from any).

    `sentence` is shown to the public; it went through the guard.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    audience: Literal["", "agent", "senior"] = ""
    collection: str = Field("", max_length=64)
    sentence: str = Field("", max_length=MAX_SENTENCE_CHARS)
    since: datetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def scope(self) -> tuple[str, str]:
        return self.audience, self.collection


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What an answer may rest on. `is_narrowed`: a passage that was found is kept out of it;
    `is_partial`: a collection that the audience sees is, so that a count would be wrong."""

    evidence: tuple[Retrieved, ...]
    filters: Filters
    is_narrowed: bool = False
    is_partial: bool = False

    @property
    def refusal(self) -> Reason | None:
        """Say that a pause leaves nothing to rest on; None where it does not."""
        is_closed = self.is_narrowed and not self.evidence
        return Reason.SUSPENDED if is_closed or self.filters.is_closed else None

    def told(self, reason: Reason | None) -> Reason | None:
        """Return why there is no answer: a pause, where it may have hidden one."""
        return Reason.SUSPENDED if self.is_narrowed and reason in UNANSWERED else reason


class Moratorium:
    """The pauses in force. `collections` names those of the corpus, asked only in a pause."""

    def __init__(
        self, path: Path | None = None, collections: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._path = path
        self._collections = collections

    def pauses(self) -> tuple[Pause, ...]:
        """Return what is suspended, the oldest first; all of it where the file is no good."""
        if self._path is None:
            return ()
        try:
            return _File.model_validate_json(self._path.read_bytes()).pauses
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError):
            return (Pause(),)

    def left(self, audience: str, evidence: tuple[Retrieved, ...], filters: Filters) -> Left:
        """Return what an answer to this audience may rest on now."""
        pauses = self._for(audience)
        if not pauses:
            return Left(evidence=evidence, filters=filters)
        if any(not pause.collection for pause in pauses):
            return Left(evidence=(), filters=replace(filters, collections=frozenset()))
        apart = {pause.collection for pause in pauses}
        allowed = filters.collections
        if allowed is None:
            allowed = frozenset(self._collections())
        usable = tuple(found for found in evidence if found.passage.collection not in apart)
        return Left(
            evidence=usable,
            filters=replace(filters, collections=allowed - apart),
            is_narrowed=len(usable) < len(evidence),
            is_partial=not allowed.isdisjoint(apart),
        )

    def sentence(self, audience: str) -> str:
        """Return the town's public sentence for an audience, the newest one; empty if none."""
        said = [pause.sentence for pause in self._for(audience) if pause.sentence]
        return said[-1] if said else ""

    def add(self, pause: Pause) -> None:
        """Put a pause in force, in place of one of the same scope."""
        with self._changing() as kept:
            kept[:] = [*(k for k in kept if k.scope != pause.scope), pause]

    def remove(self, pause: Pause) -> None:
        """End the pause of that scope."""
        with self._changing() as kept:
            kept[:] = [k for k in kept if k.scope != pause.scope]

    def _for(self, audience: str) -> list[Pause]:
        return [pause for pause in self.pauses() if pause.audience in {"", audience}]

    def _changing(self) -> AbstractContextManager[list[Pause]]:
        """Read, change and put back the file whole, one process at a time."""
        if self._path is None:
            raise ValueError("no file to keep a pause in")
        return changing(self._path, self.pauses, _written)


def _written(pauses: Sequence[Pause]) -> str:
    return _File(pauses=tuple(pauses)).model_dump_json()


def suspend(
    moratorium: Moratorium, register: Register, pause: Pause, *, by: str, role: str
) -> None:
    """Stop generated answers: in the register first, then in force. `by` is a pseudonym."""
    _enter(register, SUSPENDED, pause, by=by, role=role)
    moratorium.add(pause)


def resume(moratorium: Moratorium, register: Register, pause: Pause, *, by: str, role: str) -> None:
    """Let answers be generated again, as far as this pause goes."""
    _enter(register, RESUMED, pause, by=by, role=role)
    moratorium.remove(pause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Answers were suspended, or resumed, as the register tells."""

    at: datetime
    is_pause: bool
    audience: str
    collection: str
    sentence: str


def history(entries: Iterable[Entry]) -> list[Change]:
    """Return what was suspended and resumed, the newest first; contents that were erased at the
    end of their time are not in it."""
    return [
        Change(
            at=entry.at,
            is_pause=status == SUSPENDED,
            audience=text(entry.payload, "audience"),
            collection=text(entry.payload, "collection"),
            sentence=text(entry.payload, "sentence"),
        )
        for entry in entries
        if entry.kind is Kind.SETTINGS
        and (status := text(entry.payload, "status")) in {SUSPENDED, RESUMED}
    ][::-1]


def _enter(register: Register, status: str, pause: Pause, *, by: str, role: str) -> None:
    payload: dict[str, JsonValue] = {
        "status": status,
        "audience": pause.audience,
        "collection": pause.collection,
        "sentence": pause.sentence,
    }
    register.append(AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload=payload))
