# SPDX-License-Identifier: EUPL-1.2
"""A database file that cannot be read leaves no connection behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.database import Database
from corpus.errors import FolderUnusable
from guardrails.register.inspection import Broken, _opened
from guardrails.register.store_sqlite import SqliteStore
from ui.access.store import Store

OPENERS: list[tuple[Callable[[Path], object], type[Exception]]] = [
    (Database, FolderUnusable),
    (SqliteStore, Exception),
    (_opened, Broken),
    (Store, sqlite3.DatabaseError),
]


@pytest.mark.parametrize(("opens", "refusal"), OPENERS)
def test_a_connection_that_came_to_nothing_is_closed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    opens: Callable[[Path], object],
    refusal: type[Exception],
) -> None:
    file = tmp_path / "passages.db"
    file.write_bytes(b"not a database at all" * 500)
    opened: list[sqlite3.Connection] = []
    closed: list[sqlite3.Connection] = []

    class Seen(sqlite3.Connection):
        def close(self) -> None:
            closed.append(self)
            super().close()

    real = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        opened.append(real(*given, factory=Seen, **named))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(refusal):
        opens(file)
    assert opened
    assert {*map(id, opened)} == {*map(id, closed)}
