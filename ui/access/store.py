# SPDX-License-Identifier: EUPL-1.2
"""Where accounts, sessions, links and failures are kept: one SQLite file in the data folder.

    access.db   accounts  names, roles, password hashes; what ends the browsers they know
                sessions  digests of tokens, never the tokens; an identity provider's token, locked
                          with ours
                links     digests of the one-time links by which somebody chooses a password
                failures  keyed digests of who failed from where, and counts that leak
                keys      digests of the keys by which programs come in

The command line writes to the same file while the screens run: what it changes counts at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from corpus.storage import keep_private
from ui.access.errors import AccountRefused

FILE = "access.db"
BUSY_MS = 5_000

FIRST = """
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
"""

KEYS = """
DROP TABLE failures;
CREATE TABLE failures (
    who BLOB PRIMARY KEY, of BLOB NOT NULL, count INTEGER NOT NULL, last REAL NOT NULL
) STRICT;
CREATE TABLE keys (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL,
    role TEXT NOT NULL, collections TEXT, created REAL NOT NULL, expires REAL, revoked REAL
) STRICT;
"""

DEVICES = """
ALTER TABLE accounts ADD COLUMN devices TEXT NOT NULL DEFAULT '';
UPDATE accounts SET devices = hex(randomblob(32));
DROP TABLE failures;
CREATE TABLE failures (
    who BLOB PRIMARY KEY, of BLOB NOT NULL, level REAL NOT NULL, last REAL NOT NULL
) STRICT;
"""

ELSEWHERE = """
ALTER TABLE accounts ADD COLUMN awaited TEXT;
UPDATE accounts SET awaited = key WHERE method <> 'password' AND subject IS NULL;
CREATE UNIQUE INDEX accounts_awaited ON accounts (awaited);
ALTER TABLE sessions ADD COLUMN identity BLOB;
"""

STEPS = (FIRST, KEYS, DEVICES, ELSEWHERE)
"""What each version added; the file says in `user_version` how many it has taken. Failures are
forgotten soon: those counted before the last step are not carried over."""


class Store:
    """One connection, one writer at a time in this process; SQLite keeps the others in order."""

    def __init__(self, path: Path) -> None:
        keep_private(path)
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        try:
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "secure_delete = ON",
                "foreign_keys = ON",
                f"busy_timeout = {BUSY_MS}",
            ):
                self._db.execute(f"PRAGMA {pragma}")
            self._step_up()
        except BaseException:
            self._db.close()
            raise

    def _step_up(self) -> None:
        """Take the steps that the file has not taken; one of a later Greffier is refused."""
        with self.at_once():
            taken = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if taken > len(STEPS):
                raise AccountRefused("accounts_too_new")
            for step in STEPS[taken:]:
                for statement in filter(str.strip, step.split(";")):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {len(STEPS)}")

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
