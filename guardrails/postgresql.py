# SPDX-License-Identifier: EUPL-1.2
"""How a PostgreSQL of the town's is dialled, for the register and for the passages.

    connect(place, schema)   a connection that takes nothing from the environment, and waits no
                             longer than BUSY_SECONDS
    flaw(connection)         why such a server must not be written to, or nothing
    Marked(connection)       takes `?` for a value, as SQLite does

Each store says in words of its own what went wrong, with `why(error)`: never a value of a row.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

BUSY_SECONDS = 60
CONNECT_SECONDS = 5
NOT_SYNCED = ("fsync", "full_page_writes")
NOTICED = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server whose machine is gone is noticed within a minute, though it says nothing."""


def connect(place: Mapping[str, str], schema: str) -> psycopg.Connection:
    """Open a connection that finds its tables in a schema; `place` holds the parameters of libpq:
    host, port, user, password, dbname…"""
    session = (
        f"-c search_path={schema},pg_temp -c synchronous_commit=on -c jit=off "
        f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={BUSY_SECONDS}s "
        f"-c idle_in_transaction_session_timeout={BUSY_SECONDS}s"
    )
    # Set here, so that the library does not take them from the environment.
    apart = {"hostaddr": "", "passfile": os.devnull, "options": session}
    settings: dict[str, Any] = {**apart, **NOTICED, **place}
    return psycopg.connect(
        make_conninfo(**settings),
        autocommit=True,
        connect_timeout=CONNECT_SECONDS,
        application_name="greffier",
        client_encoding="utf8",
    )


def flaw(connection: psycopg.Connection) -> str:
    """Say in words why the server may lose or change what it takes; nothing if it does not."""
    for name in NOT_SYNCED:
        if told(connection, f"SHOW {name}") != "on":
            return f"this server may lose what it has taken: {name} is off"
    if told(connection, "SHOW server_encoding") != "UTF8":
        return "this database is not in UTF-8"
    return ""


def told(connection: psycopg.Connection, question: str) -> object:
    """Return the first value that a question finds, None if it finds none."""
    row = connection.execute(question).fetchone()
    return row[0] if row else None


def why(error: psycopg.Error) -> str:
    """Name an error without what it says: that may hold a value."""
    return f"PostgreSQL, {type(error).__name__} {error.sqlstate or ''}".rstrip()


class Marked:
    """A connection that takes `?` for a value, and `%` for itself."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        return self._connection.execute(_marked(query), values)

    def executemany(self, query: str, values: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_marked(query), values)


def _marked(query: str) -> str:
    return query.replace("%", "%%").replace("?", "%s")
