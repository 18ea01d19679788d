# SPDX-License-Identifier: EUPL-1.2
"""Where accounts, sessions, links and failures are kept: one SQLite file in the data folder.

    access.db   accounts  names, roles, password hashes
                sessions  digests of tokens, never the tokens
                links     digests of the one-time links by which somebody chooses a password
                failures  keyed digests of who failed from where

The command line writes to the same file while the screens run: what it changes counts at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

FILE = "access.db"
BUSY_MS = 5_000

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, collections TEXT,
    method TEXT NOT NULL, subject TEXT UNIQUE, password TEXT,
    must_change INTEGER NOT NULL DEFAULT 0, disabled INTEGER NOT NULL DEFAULT 0,
    by_groups INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    digest BLOB PRIMARY KEY, key TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    method TEXT NOT NULL, started REAL NOT NULL, seen REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_of ON sessions (key);
CREATE TABLE IF NOT EXISTS links (
    digest BLOB PRIMARY KEY, key TEXT NOT NULL, expires REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS failures (
    who BLOB PRIMARY KEY, count INTEGER NOT NULL, last REAL NOT NULL
) STRICT;
PRAGMA user_version = 1;
"""


class Store:
    """One connection, one writer at a time in this process; SQLite keeps the others in order."""

    def __init__(self, path: Path) -> None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_MS}",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA)

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of a question, if there is one."""
        with self._lock:
            row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
            return row

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return all rows of a question."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        """Write, and return how many rows changed."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Hold all that is read and written inside together, against other processes too."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._db.close()
