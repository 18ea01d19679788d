# SPDX-License-Identifier: EUPL-1.2
"""The corpus's text in PostgreSQL, for a town that keeps its data there.

    schema greffier_corpus     the tables of schema.sql, those of schema_postgresql.sql

Each write raises `totals.writes` first: writers queue on that row, and readers see that the corpus
has changed. Who adds or removes documents holds a lock of the connection, which is lost with it:
such a run fails rather than go on beside another. Any other question is asked again once on a new
connection, so that a server that was restarted is not missed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from corpus.database import STEPS, VERSION
from corpus.errors import CorpusBusy, FolderTooNew, PassagesUnusable, StorageFull
from corpus.postings import Postings
from corpus.storage import storage_errors
from corpus.store_seams import Writing
from guardrails.postgresql import Marked, connect, flaw, told, why

SCHEMA = "greffier_corpus"
SCRIPTS = ("schema.sql", "schema_postgresql.sql")
TURN = 0x434F5250  # "CORP": the lock of who adds or removes documents
MAKING = TURN + 1  # the lock of who makes the tables
TYPES = (
    (r"\bkey INTEGER\b", "key bigint"),
    (r"\bTEXT\b", 'text COLLATE "C"'),
    (r"\bINTEGER\b", "integer"),
    (r"\bREAL\b", "double precision"),
    (r"\) STRICT(, WITHOUT ROWID)?;", ");"),
    (r"CREATE VIRTUAL TABLE [^;]*;", ""),
)
"""What SQLite writes otherwise than PostgreSQL, in `schema.sql` and in STEPS."""

Answer = TypeVar("Answer")


class PostgresqlDatabase:
    """A PassageDatabase in a schema of its own; each process opens its own connection."""

    def __init__(self, place: Mapping[str, str]) -> None:
        """Open it; `place` holds the parameters of libpq: host, port, user, password, dbname…"""
        self._place = dict(place)
        self.full_text = Postings(self)
        self._lock = threading.RLock()
        self._is_held = self._is_within = self._is_closed = False
        with _postgresql_errors():
            self._connection = connect(self._place, SCHEMA)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        if flaw(self._connection):
            raise PassagesUnusable("unsafe")
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
            found = self._version()
            if found > VERSION:
                raise FolderTooNew(found, VERSION)
            if found == VERSION:
                return
            for version in range(found, VERSION) if found else ():
                for statement in STEPS[version]:
                    self._connection.execute(in_postgresql(statement))
            self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            for script in SCRIPTS:
                text = Path(__file__).with_name(script).read_text("utf-8")
                self._connection.execute(in_postgresql(text))
            self._connection.execute("DELETE FROM format")
            self._connection.execute("INSERT INTO format VALUES (%s)", (VERSION,))

    def _version(self) -> int:
        if told(self._connection, f"SELECT to_regclass('{SCHEMA}.format')") is None:
            return 0
        return int(str(told(self._connection, "SELECT version FROM format")))

    def read(self, question: str, values: Sequence[Any] = ()) -> list[tuple[object, ...]]:
        """Return all rows of a SELECT."""
        with self._lock, _postgresql_errors():
            return self._answer(
                lambda: Marked(self._connection).execute(question, values).fetchall()
            )

    def read_whole(
        self, columns: int, question: str, values: Sequence[Any] = ()
    ) -> list[tuple[object, ...]]:
        """Return all rows of a SELECT: they come in one piece over the connection."""
        return self.read(question, values)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Run the block as one transaction: all of it is kept, or nothing."""
        with self._transaction("BEGIN"), storage_errors():
            self._connection.execute("UPDATE totals SET writes = writes + 1")
            yield Marked(self._connection)
            self._connection.execute("COMMIT")

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Run the block's questions as of one moment, whatever others write."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        """Begin on a connection that answers; what the block has not kept by then is undone."""
        with self._lock, _postgresql_errors():
            self._answer(lambda: self._connection.execute(begin))
            self._is_within = True
            try:
                yield
            finally:
                self._is_within = False
                with suppress(psycopg.Error):
                    self._connection.rollback()

    @contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Hold the corpus for one writer; raise CorpusBusy if another connection has it."""
        with self._lock:
            if self._is_held or self.read("SELECT pg_try_advisory_lock(?)", (TURN,)) != [(True,)]:
                raise CorpusBusy
            self._is_held = True
        try:
            yield
        finally:
            with self._lock:
                self._is_held = False
                with suppress(psycopg.Error):  # a lost connection has lost its locks
                    self._connection.execute("SELECT pg_advisory_unlock(%s)", (TURN,))

    def _answer(self, ask: Callable[[], Answer]) -> Answer:
        """Ask; once more on a new connection if this one is gone and nothing hangs on it."""
        try:
            return ask()
        except psycopg.OperationalError:
            hangs_on_it = self._is_held or self._is_within or self._is_closed
            if hangs_on_it or not self._connection.closed:
                raise
        self._connection = connect(self._place, SCHEMA)
        return ask()

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once any process has written."""
        ((writes,),) = self.read("SELECT writes FROM totals")
        return int(str(writes)), 0

    def purge(self) -> None:
        """Write the tables anew without what was deleted. The server's log, its free blocks and
        its own backups are its administrator's."""
        with self._lock, _postgresql_errors():
            tables = self.read("SELECT tablename FROM pg_tables WHERE schemaname = ?", (SCHEMA,))
            self._connection.execute("SET statement_timeout = 0")
            try:
                for (table,) in tables:
                    self._connection.execute(f"VACUUM (FULL) {table}")
            finally:
                with suppress(psycopg.Error):
                    self._connection.execute("RESET statement_timeout")

    def forget(self) -> None:
        """As `purge`: what was deleted stands in its table until that is written anew."""
        self.purge()

    @contextmanager
    def apart(self) -> Iterator[PostgresqlDatabase]:
        """Give another connection, so that a long reading keeps nobody waiting."""
        with closing(PostgresqlDatabase(self._place)) as other:
            yield other

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._connection.close()


def in_postgresql(statements: str) -> str:
    """Return the same statements as PostgreSQL writes them.

    >>> in_postgresql("CREATE TABLE t (a TEXT NOT NULL, b INTEGER) STRICT;")
    'CREATE TABLE t (a text COLLATE "C" NOT NULL, b integer);'
    """
    for theirs, ours in TYPES:
        statements = re.sub(theirs, ours, statements)
    return statements


@contextmanager
def _postgresql_errors() -> Iterator[None]:
    """Say in the corpus's words what PostgreSQL could not do; never with a value of a row."""
    try:
        yield
    except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory) as error:
        raise StorageFull from error
    except psycopg.errors.LockNotAvailable as error:
        raise CorpusBusy from error
    except psycopg.OperationalError as error:
        raise PassagesUnusable("unreachable", why(error)) from error
    except psycopg.Error as error:
        raise PassagesUnusable("refused", why(error)) from error
