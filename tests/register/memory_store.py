# SPDX-License-Identifier: EUPL-1.2
"""A true stand-in for a store: the register in a few lists."""

from __future__ import annotations

import copy
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guardrails.register.leaves import Row
from guardrails.register.store import OpenExchange, StoreReader, StoreWriter
from guardrails.register.store_sqlite import SqliteStore


@dataclass
class State:
    """All that is stored; a reader and a writer at once."""

    all_rows: list[Row] = field(default_factory=list)
    payloads: dict[int, bytes] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    note: str = ""
    condemned: list[int] = field(default_factory=list)
    owed: dict[str, OpenExchange] = field(default_factory=dict)

    def last(self) -> Row | None:
        return self.all_rows[-1] if self.all_rows else None

    def key_rows(self) -> list[Row]:
        return [row for row in self.all_rows if row.kind == "key"]

    def head(self) -> str:
        return self.note

    def rows(self, start: int, stop: int) -> list[Row]:
        return self.all_rows[start:stop]

    def exchange(self, exchange: str) -> list[Row]:
        return [row for row in self.all_rows if exchange and row.exchange == exchange]

    def present(self, start: int, stop: int) -> list[int]:
        return sorted(index for index in self.payloads if start <= index < stop)

    def tree(self, index: int) -> bytes:
        return self.all_rows[index].tree

    def sealed(self, indexes: Sequence[int]) -> dict[int, bytes]:
        return {index: self.payloads[index] for index in indexes if index in self.payloads}

    def notes(self) -> list[tuple[int, str]]:
        return sorted(self.kept.items())

    def notes_from(self, size: int, count: int) -> list[tuple[int, str]]:
        return [note for note in self.notes() if note[0] >= size][:count]

    def notes_before(self, size: int, count: int) -> list[tuple[int, str]]:
        return [note for note in reversed(self.notes()) if note[0] < size][:count]

    def last_note_size(self) -> int:
        return max(self.kept, default=0)

    def pending(self) -> list[int]:
        return sorted(self.condemned)

    def open_exchanges(self) -> list[OpenExchange]:
        return sorted(self.owed.values(), key=lambda open_: open_.index)

    def insert(self, rows: Iterable[tuple[Row, bytes]]) -> None:
        for row, sealed in rows:
            if row.index != len(self.all_rows):
                raise ValueError("not the next place")
            self.all_rows.append(row)
            self.payloads[row.index] = sealed

    def begin_exchange(self, exchange: OpenExchange) -> None:
        self.owed.setdefault(exchange.exchange, exchange)

    def end_exchange(self, exchange: str) -> None:
        self.owed.pop(exchange, None)

    def erase(self, indexes: Sequence[int], erasure: int) -> None:
        for index in indexes:
            self.payloads.pop(index, None)
        self.condemned.append(erasure)

    def destroyed(self, erasures: Sequence[int]) -> None:
        self.condemned = [erasure for erasure in self.condemned if erasure not in erasures]

    def set_head(self, note: str) -> None:
        self.note = note

    def keep_note(self, size: int, note: str) -> None:
        self.kept[size] = note


class MemoryStore:
    """An AuditStore that forgets everything when it goes."""

    def __init__(self) -> None:
        self._state = State()
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[StoreReader]:
        yield copy.deepcopy(self._state)

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        with self._turn:
            state = copy.deepcopy(self._state)
            yield state
            self._state = state

    def copy_to(self, path: Path) -> None:
        copied = SqliteStore(path)
        with copied.writing() as writer:
            state = self._state
            writer.insert((row, state.payloads.get(row.index, b"")) for row in state.all_rows)
            gone = [row.index for row in state.all_rows if row.index not in state.payloads]
            writer.erase(gone, 0)
            writer.destroyed([0])
            writer.set_head(state.note)
            for size, note in state.kept.items():
                writer.keep_note(size, note)
        copied.close()

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "register.sqlite3"
            self.copy_to(path)
            yield path

    def scrub(self) -> None:
        """Nothing is kept anywhere else."""

    def close(self) -> None:
        """Nothing is open."""
