# SPDX-License-Identifier: EUPL-1.2
"""The seam behind which the register is stored.

    AuditStore ──writing()──▶ StoreWriter      one sequencer: the others wait
        │                        insert, open_exchange, forget…; all or nothing, synced at exit
        └─reading()──▶ StoreReader      one moment of the register; waits for nobody

A store holds rows that only ever grow, and sealed payloads that can be erased. It knows
neither keys nor hashes. SQLite is the default (store_sqlite.py), PostgreSQL a choice
(store_postgresql.py), both by the statements of queries.py; the contract that every
store must pass is in tests/register/store_contract.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from guardrails.register.leaves import Row

Span = tuple[int, int]  # first, one past the last


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenExchange:
    """A question whose outcome is still to come, and the writer that owes it."""

    exchange: str
    writer: str
    index: int


class StoreReader(Protocol):
    """What can be asked of a store at any time."""

    def last(self) -> Row | None:
        """The newest row, or None in an empty register."""

    def key_rows(self) -> list[Row]:
        """The rows that name a signing key, in order."""

    def head(self) -> str:
        """The signed note of the register as it is now; empty in an empty register."""

    def rows(self, start: int, stop: int) -> list[Row]:
        """Rows start to stop (exclusive), in order."""

    def exchange(self, exchange: str) -> list[Row]:
        """The rows of one exchange, in order."""

    def present(self, start: int, stop: int) -> list[int]:
        """Those of the rows start to stop (exclusive) whose payload was not erased."""

    def tree(self, index: int) -> bytes:
        """The leaf of a row and the nodes that it completes."""

    def sealed(self, indexes: Sequence[int]) -> dict[int, bytes]:
        """The sealed payloads that were not erased."""

    def notes(self) -> list[tuple[int, str]]:
        """The checkpoints kept in the store: (size, signed note), in order."""

    def notes_from(self, size: int, count: int) -> list[tuple[int, str]]:
        """Checkpoints of that size or more, the shortest first, so many at most."""

    def notes_before(self, size: int, count: int) -> list[tuple[int, str]]:
        """Checkpoints shorter than that, the longest first, so many at most."""

    def last_note_size(self) -> int:
        """The size of the last checkpoint, 0 if there is none."""

    def pending(self) -> list[int]:
        """The ERASURE entries whose keys are still to be destroyed."""

    def open_exchanges(self) -> list[OpenExchange]:
        """The exchanges without outcome."""


def length(reader: StoreReader) -> int:
    """Return how many entries there are."""
    last = reader.last()
    return 0 if last is None else last.index + 1


class StoreWriter(StoreReader, Protocol):
    """What can be done while holding the register for writing."""

    def insert(self, rows: Iterable[tuple[Row, bytes]]) -> None:
        """Add rows and their sealed payloads at the end."""

    def begin_exchange(self, exchange: OpenExchange) -> None:
        """Remember that an outcome is owed."""

    def end_exchange(self, exchange: str) -> None:
        """Forget it again."""

    def erase(self, indexes: Sequence[int], erasure: int) -> None:
        """Delete payloads, and remember the ERASURE entry whose keys must go with them."""

    def destroyed(self, erasures: Sequence[int]) -> None:
        """The keys of these ERASURE entries are gone: they are no longer pending."""

    def set_head(self, note: str) -> None:
        """Replace the signed note of the register as it is now."""

    def keep_note(self, size: int, note: str) -> None:
        """Keep a checkpoint beside the rows."""


class AuditStore(Protocol):
    """Where the register is kept."""

    def reading(self) -> AbstractContextManager[StoreReader]:
        """See the register as it is now, whoever writes meanwhile."""

    def writing(self) -> AbstractContextManager[StoreWriter]:
        """Hold the register alone; at the end everything is on disk, or nothing is."""

    def copy_to(self, path: Path) -> None:
        """Write the register as it is now to a new SQLite file that the verifier reads."""

    def as_file(self) -> AbstractContextManager[Path]:
        """Give it as a SQLite file that the verifier reads: itself, or a copy, gone afterwards."""

    def scrub(self) -> None:
        """Leave no copy of what was erased in journals or free pages."""

    def close(self) -> None:
        """Let go of files and connections."""
