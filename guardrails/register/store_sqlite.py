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
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from guardrails.errors import RegisterError, RegisterTampered, RegisterTooNew, RegisterUnavailable
from guardrails.register.leaves import APPLICATION_ID, SCHEMA_VERSION
from guardrails.register.locks import FileLock, busy_seconds, taken
from guardrails.register.queries import Reading, Writing
from guardrails.register.schema import STATEMENTS, foreign
from guardrails.register.store import StoreReader, StoreWriter


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
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=busy_seconds(), isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise RegisterTooNew(
                f"the register is of version {version}, this software reads {SCHEMA_VERSION}"
            )
        if version == SCHEMA_VERSION:
            self._refuse_foreign()
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
            self._refuse_foreign()
            self._connection.execute("COMMIT")

    def _refuse_foreign(self) -> None:
        """Refuse a file that holds a trigger or a table of others: it would act on ours."""
        if found := foreign(self._connection):
            raise RegisterTampered(f"the register's file holds what is not of it: {found}")

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        """Hold the register alone; synced at the end, or rolled back."""
        with taken(self._turn), _sqlite_errors(), self._queue:
            self._connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds() * 1000)}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Writing(self._connection)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[StoreReader]:
        """See one moment of the register; readers and writers do not wait for each other."""
        with _sqlite_errors(), closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield Reading(connection)

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

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """It is one already."""
        yield self._path

    def scrub(self) -> None:
        """Empty the write-ahead log, which still holds pages with erased payloads."""
        with taken(self._turn), _sqlite_errors():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._turn, _sqlite_errors():
            self._connection.close()


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
