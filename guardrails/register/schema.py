# SPDX-License-Identifier: EUPL-1.2
"""The tables of a register's file: one text for who writes it and who verifies it.

SCHEMA ──▶ STATEMENTS (executed once, in a new file)
       └─▶ OBJECTS    (compared by the verifier: a trigger or a view more is tampering)
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

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


def _object(statement: str) -> tuple[tuple[str, str], str]:
    match = re.match(r"CREATE (TABLE|INDEX|TRIGGER) (\w+)", statement)
    if match is None:
        raise ValueError("the schema holds something else than tables, indexes and triggers")
    return (match[1].lower(), match[2]), " ".join(statement.split())


STATEMENTS = tuple(_statements(SCHEMA))
OBJECTS = dict(map(_object, STATEMENTS))
