# SPDX-License-Identifier: EUPL-1.2
"""The tables of a register's file: one text for who writes it and who verifies it.

SCHEMA ──▶ STATEMENTS (executed once, in a new file)
       └─▶ OBJECTS    (what such a file holds: a trigger or a view more is tampering, whatever
                       its name)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

SCHEMA = """
CREATE TABLE entries (
    "index" INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    exchange TEXT NOT NULL,
    public TEXT NOT NULL,
    "key" INTEGER NOT NULL,
    digest BLOB NOT NULL,
    tree BLOB NOT NULL
) STRICT;
CREATE INDEX entries_exchange ON entries(exchange) WHERE exchange != '';
CREATE INDEX entries_key ON entries("index") WHERE kind = 'key';
CREATE TABLE payloads ("index" INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE notes (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), note TEXT NOT NULL) STRICT;
CREATE TABLE open_exchanges (
    exchange TEXT PRIMARY KEY, writer TEXT NOT NULL, "index" INTEGER NOT NULL
) STRICT;
CREATE TABLE pending (erasure INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER payloads_no_update BEFORE UPDATE ON payloads
BEGIN SELECT RAISE(ABORT, 'a payload is erased, never changed'); END;
"""


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement.strip().rstrip(";")
            statement = ""


def objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return all that a file's schema holds, by kind and name, with what makes it."""
    query = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
    return {
        (str(kind), str(name)): f"{table}: {' '.join(str(sql).split())}"
        for kind, name, table, sql in connection.execute(query)
    }


def foreign(connection: sqlite3.Connection) -> str:
    """Return the first object that is not as it should be, empty if all are."""
    found = objects(connection)
    differing = (o for o in sorted({*found, *OBJECTS}) if found.get(o) != OBJECTS.get(o))
    return " ".join(next(differing, ()))


def _fresh() -> dict[tuple[str, str], str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
        return objects(connection)


STATEMENTS = tuple(_statements(SCHEMA))
OBJECTS = _fresh()
