# SPDX-License-Identifier: EUPL-1.2
"""The register in PostgreSQL, for a town that already keeps one.

    schema greffier_register     the tables of schema.py, rows that only grow, and `format`

The tree, the seals, the keys and the locks of who writes stay as they are: rows are stored
elsewhere, by the same statements. Writers queue on a lock of the transaction; a commit returns once
the server has synced it (refused where it is set not to). A server that is gone fails each question
shut, and is tried again by the next one.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from guardrails.errors import RegisterError, RegisterTampered, RegisterTooNew, RegisterUnavailable
from guardrails.postgresql import Marked, connect, flaw, told, why
from guardrails.register.leaves import DATABASE, SCHEMA_VERSION
from guardrails.register.locks import busy_seconds, taken
from guardrails.register.moving import copy_rows
from guardrails.register.queries import Reading, Writing
from guardrails.register.schema_postgresql import QUERY, foreign
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
READERS_KEPT = 4


class PostgresqlStore:
    """An AuditStore in a schema of its own; threads share it, each process opens its own."""

    def __init__(self, place: Mapping[str, str]) -> None:
        """Open it; `place` holds the parameters of libpq: host, port, user, password, dbname…"""
        self._place = dict(place)
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
        return connect(self._place, "greffier_register")

    def _prepare(self) -> None:
        if found := flaw(self._writer):
            raise RegisterUnavailable(found)
        with self._writer.transaction():
            self._writer.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
            if told(self._writer, "SELECT to_regclass('greffier_register.format')") is None:
                self._writer.execute(SCHEMA)
                self._writer.execute("INSERT INTO format VALUES (%s)", (SCHEMA_VERSION,))
        version = told(self._writer, "SELECT version FROM format")
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            raise RegisterTooNew(
                f"the register is of version {version}, this software reads {SCHEMA_VERSION}"
            )
        _refuse_foreign(self._writer)

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        """Hold the register alone; synced at the end, or rolled back."""
        with taken(self._turn), _postgresql_errors():
            self._refuse_closed()
            if self._writer.closed:
                self._writer = self._connect()
                _refuse_foreign(self._writer)
            with self._writer.transaction():
                patience = f"{int(busy_seconds() * 1000)}ms"
                self._writer.execute("SELECT set_config('lock_timeout', %s, true)", (patience,))
                self._writer.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
                yield Writing(Marked(self._writer))

    @contextmanager
    def reading(self) -> Iterator[StoreReader]:
        """See one moment of the register; readers and writers do not wait for each other."""
        with _postgresql_errors(), self._reader() as connection:
            yield Reading(Marked(connection))

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
        with (
            _postgresql_errors(),
            self._reader() as connection,
            closing(SqliteStore(path)) as copied,
        ):
            _refuse_foreign(connection)  # a copy of rows would not show it to who verifies
            copy_rows(Reading(Marked(connection)), copied)
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


def _refuse_foreign(connection: psycopg.Connection) -> None:
    """Raise RegisterTampered where the schema holds what is not ours, or not as we made it."""
    if found := foreign(str(row[0]) for row in connection.execute(QUERY)):
        raise RegisterTampered(f"the register's schema is not as it was made: {found[:80]}")


@contextmanager
def _postgresql_errors() -> Iterator[None]:
    """Say in the register's words what PostgreSQL could not do; never with a value of a row."""
    try:
        yield
    except RegisterError:
        raise
    except (psycopg.IntegrityError, psycopg.DataError, psycopg.errors.RaiseException) as error:
        raise RegisterTampered(f"the register's rows do not fit: {why(error)}") from error
    except psycopg.Error as error:
        raise RegisterUnavailable(f"the register cannot be used: {why(error)}") from error
