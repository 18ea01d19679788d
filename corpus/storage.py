# SPDX-License-Identifier: EUPL-1.2
"""What a storage library says in its own words, said in ours.

A full disk reaches us as `OSError` (ENOSPC, EDQUOT), as an `sqlite3` error or as
text inside an error of Chroma's: all become StorageFull.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from corpus.errors import StorageFull


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn a full disk, however it is told, into StorageFull; let all else through."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if is_full(error):
            raise StorageFull from error
        raise


def keep_private(path: Path) -> None:
    """Let a database's file be its owner's alone, made now or before: what SQLite puts beside it
    takes after it, whatever the folder and the umask are."""
    with suppress(OSError):  # a disk that is read-only, another account's file: SQLite's to say
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)


CLOSED = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def is_closed(error: sqlite3.Error) -> bool:
    """Say whether a file could not be got at, which says nothing of what it holds."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in CLOSED


def is_full(error: BaseException) -> bool:
    """Say whether the error means that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    words = str(error)
    return "disk is full" in words or "No space left" in words or "(code: 13)" in words


@contextmanager
def private_database(path: Path, table: str) -> Iterator[sqlite3.Connection]:
    """Open a small database that nobody else may read, made with `table` where it is not there;
    what is deleted in it is overwritten."""
    keep_private(path)
    with closing(sqlite3.connect(path, timeout=10)) as database, database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute(table)
        yield database
