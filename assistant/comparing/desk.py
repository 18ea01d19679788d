# SPDX-License-Identifier: EUPL-1.2
"""A comparison from what is asked to what may be shown: read, hidden, compared, entered.

Asked, Asked ─SideReader▶ Side, Side ─compare_pages▶ Comparison ══register══▶ Compared
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from assistant.comparing import Change, Comparison, compare_pages
from assistant.comparing.sides import Asked, Side, SideReader
from corpus.errors import WeightsError
from corpus.rights import Rights
from corpus.seams import Embedder
from guardrails.register import Register
from guardrails.register.events import enter_comparison
from guardrails.register.records import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What may be shown: it is in the register under `record`."""

    a: Side
    b: Side
    found: Comparison
    record: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CompareDesk:
    """Compares for one person, who may see what its reader may. Without an embedder, or where it
    does not open, words and values alone align the acts."""

    reader: SideReader
    register: Register
    rights: Rights
    embedder: Callable[[], Embedder] | None = None

    def compare(self, a: Asked, b: Asked, *, by: str, role: str) -> Compared:
        """Return what differs, entered already; raise NotComparable, GuardrailError."""
        started = time.monotonic()
        one, other = self.reader.both(a, b)
        hints = one.hint, other.hint
        found = compare_pages(one.pages, other.pages, hints=hints, embedder=self._embedder())
        seconds = round(time.monotonic() - started, 2)
        record = enter_comparison(
            self.register,
            {"a": self._said(one), "b": self._said(other), "unchanged": found.unchanged},
            [*_entered(found)],
            by=by,
            role=role,
        )
        return Compared(a=one, b=other, found=found, record=record, seconds=seconds)

    def _said(self, side: Side) -> JsonValue:
        """Return what the register says of an act: its id in the index, or that it was only read,
        and whether residents may read it too."""
        is_public = bool(side.collection) and self.rights.sees("senior", side.collection)
        return {
            "document": side.document,
            "file": side.file,
            "pages": len(side.pages),
            "via": "documents" if side.document else "file",
            "audience": "public" if is_public else "agents",
        }

    def _embedder(self) -> Embedder | None:
        try:
            return self.embedder() if self.embedder else None
        except (WeightsError, OSError):
            return None


def _entered(found: Comparison) -> Iterator[JsonValue]:
    for part in ("changes", "wording", "formal"):
        for change in getattr(found, part):
            yield {"part": part, **as_contract(change)}


def as_contract(change: Change) -> dict[str, JsonValue]:
    """Return a difference as the command-line contract has it."""
    told = asdict(change)
    return {**told, "kind": change.kind.value}
