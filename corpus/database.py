# SPDX-License-Identifier: EUPL-1.2
"""The SQLite file of the corpus: opened safely, written whole or not at all.

`secure_delete` overwrites what is deleted; WAL lets the screens read while a folder is
added; the full-text index forgets deleted words at once where SQLite can (3.42), else
when it is merged.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import FolderTooNew, FolderUnusable
from corpus.storage import is_closed, storage_errors

STEPS: dict[int, tuple[str, ...]] = {
    1: ("ALTER TABLE passages ADD COLUMN item INTEGER NOT NULL DEFAULT 0",),
}
"""What a file of each earlier version lacks, besides what `schema.sql` makes where it is not there.
`tests/assistant/folders` keeps a file of each."""

VERSION = len(STEPS) + 1
FORGETS_AT_ONCE = sqlite3.sqlite_version_info >= (3, 42)


class Database:
    """One connection, shared by threads one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            with storage_errors():
                self._connection = sqlite3.connect(
                    path, isolation_level=None, check_same_thread=False, timeout=30
                )
                self._prepare()
        except sqlite3.DatabaseError as error:
            raise FolderUnusable("no_access" if is_closed(error) else "broken") from error

    def _prepare(self) -> None:
        for pragma in ("secure_delete = ON", "foreign_keys = ON", "synchronous = FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self.writing():
            (found,) = self._connection.execute("PRAGMA user_version").fetchone()
            if found > VERSION:
                raise FolderTooNew(found, VERSION)
            for version in range(found, VERSION) if found else ():
                for statement in STEPS[version]:
                    self._connection.execute(statement)
            if found < VERSION:
                for statement in _statements(Path(__file__).with_name("schema.sql")):
                    self._connection.execute(statement)
                if FORGETS_AT_ONCE:
                    self._connection.execute(
                        "INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1)"
                    )
                self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: all of it is kept, or nothing."""
        with self._lock, storage_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                # A full disk may have rolled back already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def read(
        self, question: str, values: tuple[object, ...] | dict[str, object] = ()
    ) -> list[tuple[object, ...]]:
        """Return all rows of a SELECT."""
        with self._lock:
            return self._connection.execute(question, values).fetchall()

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once any process has written."""
        with self._lock:
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return int(version), self._connection.total_changes

    def purge(self) -> None:
        """Merge the full-text index, give free pages back and empty the write-ahead log."""
        with self._lock, storage_errors():
            self._connection.execute("INSERT INTO terms (terms) VALUES ('optimize')")
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _statements(script: Path) -> Iterator[str]:
    """Yield the script's statements: `executescript` would commit between them."""
    statement = ""
    for line in script.read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
