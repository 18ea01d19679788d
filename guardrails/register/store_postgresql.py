# SPDX-License-Identifier: EUPL-1.2
"""The register in PostgreSQL, for a town that already keeps one: the only import of psycopg.

    schema greffier_register     the tables of schema.py, rows that only grow, and `format`

The tree, the seals, the keys and the locks of who writes stay as they are: rows are stored
elsewhere, by the same statements. Writers queue on a lock of the transaction; a commit returns once
the server has synced it (refused where it is set not to). A server that is gone fails each question
shut, and is tried again by the next one.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from guardrails.errors import RegisterError, RegisterTampered, RegisterTooNew, RegisterUnavailable
from guardrails.register.leaves import DATABASE, SCHEMA_VERSION
from guardrails.register.moving import copy_rows
from guardrails.register.queries import Reading, Writing
from guardrails.register.store import StoreReader, StoreWriter
from guardrails.register.store_sqlite import SqliteStore

SCHEMA = """
CREATE SCHEMA greffier_register;
CREATE TABLE entries (
    "index" bigint PRIMARY KEY, at text NOT NULL, kind text NOT NULL, exchange text NOT NULL,
    public text NOT NULL, "key" bigint NOT NULL, digest bytea NOT NULL, tree bytea NOT NULL);
CREATE INDEX entries_exchange ON entries (exchange) WHERE exchange != '';
CREATE INDEX entries_key ON entries ("index") WHERE kind = 'key';
CREATE TABLE payloads ("index" bigint PRIMARY KEY, sealed bytea NOT NULL);
CREATE TABLE notes (size bigint PRIMARY KEY, note text NOT NULL);
CREATE TABLE head (one integer PRIMARY KEY CHECK (one = 1), note text NOT NULL);
CREATE TABLE open_exchanges (
    exchange text PRIMARY KEY, writer text NOT NULL, "index" bigint NOT NULL);
CREATE TABLE pending (erasure bigint PRIMARY KEY);
CREATE TABLE format (version integer NOT NULL);
CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the register only grows'; END $$;
CREATE TRIGGER entries_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
EXECUTE FUNCTION only_grows();
CREATE TRIGGER payloads_never_change BEFORE UPDATE OR TRUNCATE ON payloads
EXECUTE FUNCTION only_grows();
"""

TURN = 0x47524546  # "GREF": the lock on which writers queue
BUSY_SECONDS = 60
CONNECT_SECONDS = 5
READERS_KEPT = 4
SESSION = (
    "-c search_path=greffier_register,pg_temp -c synchronous_commit=on "
    f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={BUSY_SECONDS}s "
    f"-c idle_in_transaction_session_timeout={BUSY_SECONDS}s"
)
APART = {"hostaddr": "", "passfile": os.devnull, "options": SESSION}
"""What the library would otherwise take from the environment."""

NOT_SYNCED = ("fsync", "full_page_writes")


class PostgresqlStore:
    """An AuditStore in a schema of its own; threads share it, each process opens its own."""

    def __init__(self, place: Mapping[str, str]) -> None:
        """Open it; `place` holds the parameters of libpq: host, port, user, password, dbname…"""
        self._place = {**APART, **place}
        self._turn = threading.Lock()
        self._idle: list[psycopg.Connection] = []
        self._is_closed = False
        with _postgresql_errors():
            self._writer = self._connect()
            try:
                self._prepare()
            except BaseException:
                self._writer.close()
                raise

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            **self._place,  # type: ignore[arg-type]
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name="greffier",
            client_encoding="utf8",
        )

    def _prepare(self) -> None:
        for name in NOT_SYNCED:
            if _told(self._writer, f"SHOW {name}") != "on":
                raise RegisterUnavailable(f"this server may lose what it has taken: {name} is off")
        if _told(self._writer, "SHOW server_encoding") != "UTF8":
            raise RegisterUnavailable("this database is not in UTF-8")
        with self._writer.transaction():
            self._writer.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
            if _told(self._writer, "SELECT to_regclass('greffier_register.format')") is None:
                self._writer.execute(SCHEMA)
                self._writer.execute("INSERT INTO format VALUES (%s)", (SCHEMA_VERSION,))
        version = _told(self._writer, "SELECT version FROM format")
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            raise RegisterTooNew(
                f"the register is of version {version}, this software reads {SCHEMA_VERSION}"
            )

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        """Hold the register alone; synced at the end, or rolled back."""
        with self._turn, _postgresql_errors():
            self._refuse_closed()
            if self._writer.closed:
                self._writer = self._connect()
            with self._writer.transaction():
                self._writer.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
                yield Writing(_Marked(self._writer))

    @contextmanager
    def reading(self) -> Iterator[StoreReader]:
        """See one moment of the register; readers and writers do not wait for each other."""
        with _postgresql_errors(), self._reader() as connection:
            yield Reading(_Marked(connection))

    @contextmanager
    def _reader(self) -> Iterator[psycopg.Connection]:
        """Lend a connection inside a transaction that sees one moment."""
        self._refuse_closed()
        connection = self._lent()
        try:
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.execute("SELECT 1")
                yield connection
        finally:
            if len(self._idle) < READERS_KEPT and not (connection.closed or self._is_closed):
                self._idle.append(connection)
            else:
                connection.close()

    def _lent(self) -> psycopg.Connection:
        """Return a connection that answers; those that a restarted server forgot are let go."""
        while self._idle:
            connection = self._idle.pop()
            try:
                connection.execute("SELECT 1")
            except psycopg.OperationalError:
                connection.close()
            else:
                return connection
        return self._connect()

    def copy_to(self, path: Path) -> None:
        """Copy it whole at one moment into a file that the verifier reads."""
        if path.exists():
            raise RegisterUnavailable(f"{path.name} is there already: it is not overwritten")
        with self.reading() as reader, closing(SqliteStore(path)) as copied:
            copy_rows(reader, copied)
        path.with_suffix(".queue").unlink(missing_ok=True)

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """Give a copy, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="greffier-") as folder:
            path = Path(folder) / DATABASE
            self.copy_to(path)
            yield path

    def scrub(self) -> None:
        """Let the server write over what was erased; it may keep it in its log until then. The
        keys are gone already: no copy can be read."""
        with self._turn, _postgresql_errors():
            self._writer.execute("VACUUM payloads")

    def close(self) -> None:
        with self._turn, _postgresql_errors():
            self._is_closed = True
            self._writer.close()
            while self._idle:
                self._idle.pop().close()

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise RegisterUnavailable("the register is closed")


class _Marked:
    """A connection that takes `?` for a value, as queries.py writes it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        return self._connection.execute(query.replace("?", "%s"), values)

    def executemany(self, query: str, values: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(query.replace("?", "%s"), values)


def _told(connection: psycopg.Connection, question: str) -> object:
    row = connection.execute(question).fetchone()
    return row[0] if row else None


@contextmanager
def _postgresql_errors() -> Iterator[None]:
    """Say in the register's words what PostgreSQL could not do; never with a value of a row."""
    try:
        yield
    except RegisterError:
        raise
    except (psycopg.IntegrityError, psycopg.DataError, psycopg.errors.RaiseException) as error:
        raise RegisterTampered(f"the register's rows do not fit: {_why(error)}") from error
    except psycopg.Error as error:
        raise RegisterUnavailable(f"the register cannot be used: {_why(error)}") from error


def _why(error: psycopg.Error) -> str:
    return f"PostgreSQL, {type(error).__name__} {error.sqlstate or ''}".rstrip()
