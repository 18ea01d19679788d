# SPDX-License-Identifier: EUPL-1.2
"""The SQLite file of the corpus: opened safely, written whole or not at all.

`secure_delete` overwrites what is deleted; WAL lets the screens read while a folder is
added; the full-text index forgets deleted words at once where SQLite can (3.42), else
when it is merged.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.documents import CORRESPONDENCE
from corpus.errors import CorpusBusy, FolderTooNew, FolderUnusable
from corpus.full_text import Fts5
from corpus.storage import is_closed, keep_private, storage_errors

STEPS: dict[int, tuple[str, ...]] = {
    1: ("ALTER TABLE passages ADD COLUMN item INTEGER NOT NULL DEFAULT 0",),
    2: (
        "ALTER TABLE documents ADD COLUMN declared TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN audience TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN content TEXT NOT NULL DEFAULT ''",
        f"UPDATE documents SET declared = collection, collection = '{CORRESPONDENCE}'",
    ),
    3: (),
    4: (),
}
"""What a file of each earlier version lacks, besides what `schema.sql` makes where it is not there.
`tests/assistant/folders` keeps a file of each."""

VERSION = len(STEPS) + 1
FORGETS_AT_ONCE = sqlite3.sqlite_version_info >= (3, 42)


class Database:
    """One connection, shared by threads one at a time."""

    def __init__(self, path: Path | None, *, in_memory: bool = False) -> None:
        """Open a file, made if it is not there; None: one without a name, gone once closed.
        `in_memory`: one that no disk ever sees, not even while it is large."""
        self.path = path
        self.full_text = Fts5(self)
        self._lock = threading.RLock()
        try:
            with storage_errors():
                if path is not None:
                    keep_private(path)
                self.connection = sqlite3.connect(
                    path or (":memory:" if in_memory else ""),
                    isolation_level=None,
                    check_same_thread=False,
                    timeout=30,
                )
                try:
                    self._prepare()
                except BaseException:
                    self.connection.close()
                    raise
        except sqlite3.DatabaseError as error:
            raise FolderUnusable("no_access" if is_closed(error) else "broken") from error

    def _prepare(self) -> None:
        for pragma in ("secure_delete = ON", "foreign_keys = ON", "synchronous = FULL"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("PRAGMA temp_store = MEMORY")
        self.connection.execute("PRAGMA journal_mode = WAL")
        with self.writing():
            (found,) = self.connection.execute("PRAGMA user_version").fetchone()
            if found > VERSION:
                raise FolderTooNew(found, VERSION)
            for version in range(found, VERSION) if found else ():
                for statement in STEPS[version]:
                    self.connection.execute(statement)
            if found < VERSION:
                for statement in statements(Path(__file__).with_name("schema.sql")):
                    self.connection.execute(statement)
                if FORGETS_AT_ONCE:
                    self.connection.execute(
                        "INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1)"
                    )
                self.connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: all of it is kept, or nothing."""
        with self._lock, storage_errors():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                # A full disk may have rolled back already.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def read(self, question: str, values: Sequence[Any] = ()) -> list[tuple[object, ...]]:
        """Return all rows of a SELECT."""
        with self._lock:
            return self.connection.execute(question, values).fetchall()

    def read_whole(
        self, columns: int, question: str, values: Sequence[Any] = ()
    ) -> list[tuple[object, ...]]:
        """Return the same rows from one row of JSON: Python gives its interpreter up at each row,
        and waits for it among all who ask at that moment. Numbers have fifteen digits."""
        names = ", ".join(f"c{column}" for column in range(columns))
        whole = f"SELECT json_group_array(json_array({names})) FROM found"
        ((rows,),) = self.read(f"WITH found ({names}) AS ({question}) {whole}", values)
        return [tuple(row) for row in json.loads(str(rows))]

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Run the block's questions as of one moment, whatever others write."""
        with self._lock:
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    @contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Hold the corpus for one writer; raise CorpusBusy if another process has it."""
        if self.path is None:
            yield
            return
        with self.path.with_suffix(".lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CorpusBusy from error
            yield

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once any process has written."""
        with self._lock:
            (version,) = self.connection.execute("PRAGMA data_version").fetchone()
            return int(version), self.connection.total_changes

    def purge(self) -> None:
        """Merge the full-text index, give free pages back and empty the write-ahead log."""
        with self._lock, storage_errors():
            self.connection.execute("INSERT INTO terms (terms) VALUES ('optimize')")
            self.connection.execute("VACUUM")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def forget(self) -> None:
        """Leave nothing of what was just deleted. Its pages were overwritten (`secure_delete`) and
        so were its words, so that only the log holds it still; an older SQLite writes all anew."""
        if not FORGETS_AT_ONCE:
            self.purge()
            return
        with self._lock, storage_errors():
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self.connection.close()


def statements(script: Path) -> Iterator[str]:
    """Yield the script's statements: `executescript` would commit between them."""
    statement = ""
    for line in script.read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
