# SPDX-License-Identifier: EUPL-1.2
"""The register in one SQLite file.

    entries          rows, never changed: triggers refuse UPDATE and DELETE
    payloads         sealed payloads; erasing deletes them, with secure_delete
    head             the signed note of the register as it is, renewed at each commit
    notes            signed checkpoints
    open_exchanges   questions without outcome yet, and the writer that owes it
    pending          erasures whose keys are still to be destroyed

WAL with synchronous=FULL: a commit returns once the log is synced. Writers queue on
BEGIN IMMEDIATE; readers see the last commit and wait for nobody.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from guardrails.errors import RegisterError, RegisterTampered, RegisterTooNew, RegisterUnavailable
from guardrails.register.leaves import APPLICATION_ID, SCHEMA_VERSION, Row
from guardrails.register.locks import FileLock
from guardrails.register.schema import STATEMENTS
from guardrails.register.store import OpenExchange, StoreReader, StoreWriter

BUSY_SECONDS = 60
COLUMNS = '"index", at, kind, exchange, public, "key", digest, tree'


class _Reading:
    """Questions to the file through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last(self) -> Row | None:
        query = f'SELECT {COLUMNS} FROM entries ORDER BY "index" DESC LIMIT 1'
        row = self._connection.execute(query).fetchone()
        return None if row is None else _row(row)

    def key_rows(self) -> list[Row]:
        query = f"SELECT {COLUMNS} FROM entries WHERE kind = 'key' ORDER BY \"index\""
        return [_row(row) for row in self._connection.execute(query)]

    def head(self) -> str:
        row = self._connection.execute("SELECT note FROM head").fetchone()
        return "" if row is None else str(row[0])

    def rows(self, start: int, stop: int) -> list[Row]:
        query = f'SELECT {COLUMNS} FROM entries WHERE "index" >= ? AND "index" < ? ORDER BY "index"'
        return [_row(row) for row in self._connection.execute(query, (start, stop))]

    def exchange(self, exchange: str) -> list[Row]:
        query = (
            f"SELECT {COLUMNS} FROM entries WHERE exchange = ? AND exchange != '' "
            'ORDER BY "index"'
        )
        return [_row(row) for row in self._connection.execute(query, (exchange,))]

    def present(self, start: int, stop: int) -> list[int]:
        query = 'SELECT "index" FROM payloads WHERE "index" >= ? AND "index" < ? ORDER BY "index"'
        return [index for (index,) in self._connection.execute(query, (start, stop))]

    def tree(self, index: int) -> bytes:
        query = 'SELECT tree FROM entries WHERE "index" = ?'
        row = self._connection.execute(query, (index,)).fetchone()
        if row is None:
            raise RegisterTampered(f"entry {index} is missing")
        return bytes(row[0])

    def sealed(self, indexes: Sequence[int]) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        query = 'SELECT sealed FROM payloads WHERE "index" = ?'
        for index in indexes:
            row = self._connection.execute(query, (index,)).fetchone()
            if row is not None:
                found[index] = bytes(row[0])
        return found

    def notes(self) -> list[tuple[int, str]]:
        return list(self._connection.execute("SELECT size, note FROM notes ORDER BY size"))

    def last_note_size(self) -> int:
        row = self._connection.execute("SELECT max(size) FROM notes").fetchone()
        return int(row[0] or 0)

    def pending(self) -> list[int]:
        query = "SELECT erasure FROM pending ORDER BY erasure"
        return [erasure for (erasure,) in self._connection.execute(query)]

    def open_exchanges(self) -> list[OpenExchange]:
        query = 'SELECT exchange, writer, "index" FROM open_exchanges ORDER BY "index"'
        return [
            OpenExchange(exchange=exchange, writer=writer, index=index)
            for exchange, writer, index in self._connection.execute(query)
        ]


class _Writing(_Reading):
    """Changes to the file inside one transaction."""

    def insert(self, rows: Iterable[tuple[Row, bytes]]) -> None:
        for row, sealed in rows:
            self._connection.execute(
                f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row.index, row.at, row.kind, row.exchange, row.public, row.key, row.digest,
                 row.tree),
            )  # fmt: skip
            self._connection.execute("INSERT INTO payloads VALUES (?, ?)", (row.index, sealed))

    def begin_exchange(self, exchange: OpenExchange) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO open_exchanges VALUES (?, ?, ?)",
            (exchange.exchange, exchange.writer, exchange.index),
        )

    def end_exchange(self, exchange: str) -> None:
        self._connection.execute("DELETE FROM open_exchanges WHERE exchange = ?", (exchange,))

    def erase(self, indexes: Sequence[int], erasure: int) -> None:
        self._connection.executemany(
            'DELETE FROM payloads WHERE "index" = ?', ((index,) for index in indexes)
        )
        self._connection.execute("INSERT INTO pending VALUES (?)", (erasure,))

    def destroyed(self, erasures: Sequence[int]) -> None:
        self._connection.executemany(
            "DELETE FROM pending WHERE erasure = ?", ((erasure,) for erasure in erasures)
        )

    def set_head(self, note: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?)", (note,))

    def keep_note(self, size: int, note: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (size, note))


class SqliteStore:
    """An AuditStore in one file; threads share it, each process opens its own."""

    def __init__(self, path: Path) -> None:
        if path.is_symlink():
            raise RegisterUnavailable("the register is a link to another file: refused")
        self._path = path
        # Writers queue here in the order in which they come: SQLite's own waiting
        # polls, and a slow poller can starve beside seven busy ones.
        self._queue = FileLock(path.with_suffix(".queue"))
        self._turn = threading.Lock()
        with _sqlite_errors():
            self._connection = self._connect()
            self._prepare()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    def _prepare(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise RegisterTooNew(
                f"the register is of version {version}, this software reads {SCHEMA_VERSION}"
            )
        if version == SCHEMA_VERSION:
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        os.chmod(self._path, 0o600)
        with self._queue:
            self._connection.execute("BEGIN IMMEDIATE")
            if self._connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                for statement in STATEMENTS:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        """Hold the register alone; synced at the end, or rolled back."""
        with self._turn, _sqlite_errors(), self._queue:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield _Writing(self._connection)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[StoreReader]:
        """See one moment of the register; readers and writers do not wait for each other."""
        with _sqlite_errors(), closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield _Reading(connection)

    def copy_to(self, path: Path) -> None:
        """Copy the file whole at one moment, while it is in use."""
        if path.exists():
            raise RegisterUnavailable(f"{path.name} is there already: it is not overwritten")
        with (
            _sqlite_errors(),
            closing(self._connect()) as source,
            closing(sqlite3.connect(path)) as target,
        ):
            source.backup(target)

    def scrub(self) -> None:
        """Empty the write-ahead log, which still holds pages with erased payloads."""
        with self._turn, _sqlite_errors():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._turn, _sqlite_errors():
            self._connection.close()


def _row(values: Sequence[object]) -> Row:
    index, at, kind, exchange, public, key, digest, tree = values
    if not (isinstance(index, int) and isinstance(key, int)):
        raise RegisterTampered("a number of the register is not a number")
    if not (isinstance(digest, bytes) and isinstance(tree, bytes)):
        raise RegisterTampered(f"entry {index} does not hold hashes")
    return Row(
        index=index, at=str(at), kind=str(kind), exchange=str(exchange), public=str(public),
        key=key, digest=digest, tree=tree,
    )  # fmt: skip


@contextmanager
def _sqlite_errors() -> Iterator[None]:
    """Say in the register's words what SQLite could not do."""
    try:
        yield
    except RegisterError:
        raise
    except sqlite3.OperationalError as error:
        raise RegisterUnavailable(f"the register cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise RegisterTampered(f"the register's file is damaged: {error}") from error
