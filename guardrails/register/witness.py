# SPDX-License-Identifier: EUPL-1.2
"""A witness: it remembers how far each log has come, and signs only what goes on from there.

    found_witness(path, name) ─▶ a file with its key and all that it remembers
    Witness.add_checkpoint(body) ─▶ Reply     c2sp.org/tlog-witness
    Witness.latest(sha256 of an origin) ─▶ the checkpoint that it cosigned last, for monitors

One file holds the key beside the memory: who loses the one loses the other, and nothing signs a
second history after the first was forgotten. An old copy of it must never be put back.
It knows no entry: names, sizes, roots and signatures are all that it is told.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.errors import RegisterError
from guardrails.register.cosignatures import CosignerKey, cosign, cosigner_of
from guardrails.register.files import sync_folder
from guardrails.register.merkle import EMPTY_ROOT, HASH_BYTES, extends
from guardrails.register.notes import (
    Note,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    is_origin,
    read_note,
)
from guardrails.register.witness_client import SIZE_TYPE, Reply

VERSION = 1
APPLICATION_ID = 0x47525754  # "GRWT"
MAX_BODY_BYTES = 1 << 16
MAX_HASHES = 63
MAX_KEPT_REFUSALS = 20
OLD = re.compile(r"old (0|[1-9][0-9]{0,17})")
TEXT = "text/plain; charset=utf-8"
SCHEMA = """
CREATE TABLE self (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT, secret BLOB) STRICT;
CREATE TABLE logs (key TEXT PRIMARY KEY, origin TEXT NOT NULL) STRICT;
CREATE TABLE latest (
    origin TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TABLE refused (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, origin TEXT NOT NULL, note TEXT NOT NULL,
    known TEXT NOT NULL
) STRICT;
"""


class WitnessUnusable(RegisterError):
    """There is no witness here, or there is one already, or its file cannot be used."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedLog:
    """What a witness knows of a log; `refused` counts the signed checkpoints that contradicted
    what it had cosigned, of which it kept the last ones."""

    origin: str
    keys: tuple[str, ...]
    size: int
    at: int
    refused: int


def found_witness(path: Path, name: str) -> CosignerKey:
    """Make a new witness; its name is a URL without scheme, that of who runs it."""
    if not is_origin(name):
        raise WitnessUnusable("name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise WitnessUnusable("exists") from None
    private = Ed25519PrivateKey.generate()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(f"PRAGMA synchronous = FULL; BEGIN; {SCHEMA}")
        secret = private.private_bytes_raw()
        connection.execute("INSERT INTO self VALUES (1, ?, ?)", (name, secret))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    finally:
        connection.close()
    sync_folder(path.parent)
    return cosigner_of(name, private)


class Witness:
    """A witness that exists. Threads share it; several processes may."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        if not path.is_file():
            raise WitnessUnusable("absent")
        self._now, self._turn = now, threading.Lock()
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=10.0
            )
            self._connection.execute("PRAGMA synchronous = FULL")
            kind = self._connection.execute("PRAGMA application_id").fetchone()[0]
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if (kind, version) != (APPLICATION_ID, VERSION):
                raise WitnessUnusable("other")
            self.name, secret = self._connection.execute("SELECT name, secret FROM self").fetchone()
        except sqlite3.DatabaseError:
            raise WitnessUnusable("damaged") from None
        self._private = Ed25519PrivateKey.from_private_bytes(secret)

    @property
    def key(self) -> CosignerKey:
        """By which others know it."""
        return cosigner_of(self.name, self._private)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()

    def trust(self, key: VerifierKey) -> None:
        """Watch over the log of that name and key from now on; a log may have several keys."""
        with self._writing():
            self._connection.execute(
                "INSERT OR IGNORE INTO logs VALUES (?, ?)", (str(key), key.name)
            )

    def forget(self, key: VerifierKey) -> None:
        """Believe that key no longer; how far its log had come is remembered all the same."""
        with self._writing():
            self._connection.execute("DELETE FROM logs WHERE key = ?", (str(key),))

    def logs(self) -> list[WatchedLog]:
        """Return what it knows of each log."""
        with self._turn:
            rows = self._connection.execute(
                "SELECT origin, group_concat(key, ' '), (SELECT size FROM latest l WHERE "
                "l.origin = logs.origin), (SELECT at FROM latest l WHERE l.origin = logs.origin), "
                "(SELECT count(*) FROM refused r WHERE r.origin = logs.origin) "
                "FROM logs GROUP BY origin ORDER BY origin"
            ).fetchall()
        return [
            WatchedLog(
                origin=origin, keys=tuple(keys.split()), size=size or 0, at=at or 0, refused=count
            )
            for origin, keys, size, at, count in rows
        ]

    def refusals(self, origin: str) -> list[tuple[str, str]]:
        """Return pairs of signed checkpoints of a log of which one does not go on from the other:
        what was refused, and what had been cosigned."""
        with self._turn:
            query = "SELECT note, known FROM refused WHERE origin = ? ORDER BY id"
            return list(self._connection.execute(query, (origin,)))

    def latest(self, digest: str) -> str | None:
        """Return what it cosigned last of the log whose name has that SHA-256, in hexadecimal."""
        with self._turn:
            query = "SELECT note FROM latest WHERE digest = ?"
            row = self._connection.execute(query, (digest,)).fetchone()
        return None if row is None else str(row[0])

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer a request: 200 with a cosignature, once what it says is on disk."""
        try:
            old, path, note = _read(body)
        except (NoteMalformed, UnicodeDecodeError):
            return Reply(status=400, kind=TEXT, body="malformed request\n")
        point = note.checkpoint
        keys = self._keys(point.origin)
        if not keys:
            return Reply(status=404, kind=TEXT, body="unknown log\n")
        try:
            note.opened_by(keys)
        except NoteNotSigned:
            return Reply(status=403, kind=TEXT, body="not signed by a known key of this log\n")
        if old > point.size:
            return Reply(status=400, kind=TEXT, body="old size beyond the checkpoint\n")
        with self._writing():
            return self._judged(old, path, note, keys)

    def _judged(
        self, old: int, path: Sequence[bytes], note: Note, keys: Sequence[VerifierKey]
    ) -> Reply:
        """Compare with what was cosigned last, and remember the new one, in one transaction."""
        point = note.checkpoint
        query = "SELECT size, root, note, at FROM latest WHERE origin = ?"
        row = self._connection.execute(query, (point.origin,)).fetchone()
        size, root, known, before = row or (0, EMPTY_ROOT, "", 0)
        if old != size:
            return Reply(status=409, kind=SIZE_TYPE, body=f"{size}\n")
        if old == point.size and root != point.root:
            self._keep_refusal(note, known)
            return Reply(status=409, kind=SIZE_TYPE, body=f"{size}\n")
        goes_on = extends(old, point.size, root, point.root, path) if old else not path
        if not goes_on:
            self._keep_refusal(note, known)
            return Reply(status=422, kind=TEXT, body="not consistent with what was cosigned\n")
        at = max(int(self._now()), before)  # a clock that was set back must not belie the last one
        line = cosign(note.text, self.name, self._private, at)
        self._connection.execute(
            "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET "
            "size = excluded.size, root = excluded.root, note = excluded.note, at = excluded.at",
            (point.origin, digest_of_origin(point.origin), point.size, point.root,
             _signed_by(note, keys) + line, at),
        )  # fmt: skip
        return Reply(status=200, kind=TEXT, body=line)

    def _keep_refusal(self, note: Note, known: str) -> None:
        """Keep the evidence: two checkpoints that one log signed, of which one belies the other."""
        if not known:
            return
        keys = self._keys_unlocked(note.checkpoint.origin)
        origin, text = note.checkpoint.origin, _signed_by(note, keys)
        self._connection.execute(
            "INSERT INTO refused (at, origin, note, known) SELECT ?, ?, ?, ? WHERE NOT EXISTS "
            "(SELECT 1 FROM refused WHERE note = ?)",
            (int(self._now()), origin, text, known, text),
        )
        self._connection.execute(
            "DELETE FROM refused WHERE origin = ? AND id NOT IN (SELECT id FROM refused WHERE "
            "origin = ? ORDER BY id DESC LIMIT ?)",
            (origin, origin, MAX_KEPT_REFUSALS),
        )

    def _keys(self, origin: str) -> list[VerifierKey]:
        with self._turn:
            return self._keys_unlocked(origin)

    def _keys_unlocked(self, origin: str) -> list[VerifierKey]:
        query = "SELECT key FROM logs WHERE origin = ?"
        return [VerifierKey.read(key) for (key,) in self._connection.execute(query, (origin,))]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Alone, and on disk at the end: no other process decides in between."""
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise


def digest_of_origin(origin: str) -> str:
    """Return by what a log is named in an address of a witness."""
    return hashlib.sha256(origin.encode()).hexdigest()


def _read(body: bytes) -> tuple[int, list[bytes], Note]:
    """Return the old size, proof and checkpoint of a request; NoteMalformed if it is none."""
    if len(body) > MAX_BODY_BYTES:
        raise NoteMalformed("the request is too long")
    head, gap, note = body.decode().partition("\n\n")
    first, *lines = head.split("\n")
    old = OLD.fullmatch(first)
    if not gap or old is None or len(lines) > MAX_HASHES:
        raise NoteMalformed("the request does not begin with an old size and a proof")
    return int(old[1]), [_hash(line) for line in lines], read_note(note)


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != HASH_BYTES:
        raise NoteMalformed("a line of the proof is not a hash")
    return value


def _signed_by(note: Note, keys: Sequence[VerifierKey]) -> str:
    """Return a note with the signatures of these keys alone: others were not looked at."""
    known = {(key.name, key.id) for key in keys}
    lines = [
        f"— {name} {base64.b64encode(id_ + signature).decode()}\n"
        for name, id_, signature in note.signatures
        if (name, id_) in known
    ]
    return f"{note.text}\n{''.join(lines)}"
