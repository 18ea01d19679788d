# SPDX-License-Identifier: EUPL-1.2
"""Reading a register's file as an auditor does: for reading only, and the very file named.

path ─▶ no link, right version, right tables ─▶ rows in order ─▶ Audit ─▶ Verdict
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from guardrails.register.audit import Audit, Broken, StoredLine
from guardrails.register.leaves import APPLICATION_ID, SCHEMA_VERSION
from guardrails.register.notes import NoteMalformed, VerifierKey
from guardrails.register.schema import foreign
from guardrails.register.trust_policy import TrustPolicy
from guardrails.register.verdicts import Trouble, Verdict

LINES = """
SELECT e."index", e.at, e.kind, e.exchange, e.public, e."key", e.digest, e.tree, p.sealed
FROM entries AS e LEFT JOIN payloads AS p ON p."index" = e."index" ORDER BY e."index"
"""
STRAYS = """
SELECT min("index") FROM payloads
WHERE "index" < 0 OR "index" > (SELECT max("index") FROM entries)
"""


def verify_file(
    path: Path,
    *,
    notes: Sequence[str] = (),
    keys: Sequence[str] = (),
    policy: TrustPolicy | None = None,
) -> Verdict:
    """Verify a register's file against checkpoints, public keys and a policy kept elsewhere.

    NoteMalformed if a checkpoint or key given is not written as one.
    """
    kept_keys = [VerifierKey.read(key) for key in keys]
    audit = Audit(notes)
    try:
        with closing(_opened(path)) as connection:
            _check_structure(connection)
            stored = list(connection.execute("SELECT size, note FROM notes ORDER BY size"))
            head = connection.execute("SELECT note FROM head").fetchone()
            audit.expect(stored, "" if head is None else str(head[0]))
            for line in _lines(connection):
                audit.take(line)
            verdict = audit.conclude(kept_keys, policy)
            audit.check_rest(*_rest(connection))
            # Last, since it names no entry: an index that lies, a page that nothing reads.
            sound = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            return verdict if sound == "ok" else audit.failed(damage(audit.size, sound))
    except Broken as broken:
        return audit.failed(broken)
    except sqlite3.DatabaseError as error:
        return audit.failed(damage(audit.size, str(error)))


def _rest(connection: sqlite3.Connection) -> tuple[int | None, dict[str, int], list[int]]:
    stray = connection.execute(STRAYS).fetchone()[0]
    open_ = dict(connection.execute('SELECT exchange, "index" FROM open_exchanges').fetchall())
    pending = [place for (place,) in connection.execute("SELECT erasure FROM pending")]
    return stray, open_, pending


def damage(size: int, what: str) -> Broken:
    """Say that SQLite found the file damaged after so many entries."""
    return Broken(Trouble.DAMAGED, index=size, note=" ".join(what.split()))


def origin_of(path: Path) -> str:
    """Return the name that a register's first entry gives itself, empty if there is none."""
    query = 'SELECT public FROM entries WHERE "index" = 0'
    try:
        with closing(_opened(path)) as connection:
            [(public,)] = connection.execute(query).fetchall()
            return VerifierKey.read(str(json.loads(public)["key"])).name
    except (Broken, sqlite3.DatabaseError, ValueError, KeyError, TypeError, NoteMalformed):
        return ""


def _opened(path: Path) -> sqlite3.Connection:
    """Open the very file that was named, for reading only."""
    for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if part.is_symlink():
            raise Broken(Trouble.LINK)
    if not path.is_file():
        raise Broken(Trouble.ABSENT)
    before = os.stat(path)
    uri = path.absolute().as_uri()
    connection = None
    try:
        connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # A medium that cannot be written to: no journal may be open there.
            connection.close()
            wal = path.with_name(path.name + "-wal")
            if wal.exists() and wal.stat().st_size:
                raise
            connection = sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        is_unreadable = isinstance(error, sqlite3.OperationalError)
        trouble = Trouble.UNREADABLE if is_unreadable else Trouble.NOT_A_REGISTER
        raise Broken(trouble, note=str(error)) from error
    after = os.stat(path)
    if path.is_symlink() or (before.st_dev, before.st_ino) != (after.st_dev, after.st_ino):
        connection.close()
        raise Broken(Trouble.LINK)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("BEGIN")  # one moment of the register, even while it is written
    return connection


def _check_structure(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Broken(Trouble.NOT_A_REGISTER)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise Broken(Trouble.TOO_NEW, note=str(version))
    if found := foreign(connection):
        raise Broken(Trouble.STRUCTURE, note=found)


def _lines(connection: sqlite3.Connection) -> Iterator[StoredLine]:
    for index, at, kind, exchange, public, key, digest, tree, sealed in connection.execute(LINES):
        texts, numbers, blobs = (at, kind, exchange, public), (index, key), (digest, tree)
        well_typed = (
            all(isinstance(value, str) for value in texts)
            and all(isinstance(value, int) for value in numbers)
            and all(isinstance(value, bytes) for value in blobs)
        )
        if not well_typed:
            raise Broken(Trouble.ENTRY_CHANGED, index=int(index))
        yield StoredLine(
            index=index, at=at, kind=kind, exchange=exchange, public=public, key=key,
            digest=digest, tree=tree, sealed=sealed,
        )  # fmt: skip
