# SPDX-License-Identifier: EUPL-1.2
"""The data folder at one moment, while it is in use, as files that have no name.

    databases   SQLite's online backup, into a file that is unlinked before its first byte
    vectors     as numbers, those of the passages that were copied
    the rest    read as it is: settings, lists of words, checkpoints

A program that dies here leaves nothing in clear: the system frees a file without a name. What is
found in the folder is taken, so that a database that comes later is not forgotten; the register
comes last, so that it tells of all that the others hold.
"""

from __future__ import annotations

import io
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from assistant.backup.archive import Piece
from assistant.backup.manifest import FOLDER, KNOWN, PASSAGES, REGISTER, VECTORS, Kind, Manifest
from assistant.backup.vectors import keep_vectors
from corpus.folder import DataFolder
from corpus.repair import ErasableIndex
from corpus.storage import storage_errors

LEFT_OUT = ("vectors", "deposit", "packs", "register/writers", "calibration")
"""Rebuilt, read and thrown away by a run, or locks of processes."""

NOT_KEPT = (".lock", ".queue", ".draft", "-wal", "-shm", "-journal", ".moved")
DATABASES = (".db", ".sqlite3")
COPY = ".copy-"


@dataclass
class Snapshot:
    """The pieces of an archive, and what is known of them."""

    pieces: list[Piece] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int | str] = field(default_factory=dict)
    """Counts and checkpoint, as the manifest names them."""

    def manifest(self, folder: str) -> Manifest:
        versions = {FOLDER: KNOWN[FOLDER], **self.versions}
        manifest = Manifest(kind=Kind.DATA, folder=folder, files=(), versions=versions)
        return manifest.model_copy(update=self.facts)


def snapshot(
    folder: DataFolder,
    index: ErasableIndex,
    closing_: ExitStack,
    *,
    passages: Callable[[], AbstractContextManager[sqlite3.Connection]] | None = None,
    register: Callable[[], AbstractContextManager[Path]] | None = None,
) -> Snapshot:
    """Copy a data folder; the copies are closed, and so are gone, with `closing_`. `passages` and
    `register` give copies of those that stand elsewhere: the first is asked first, the other last.
    """
    for left in folder.path.glob(f"{COPY}*"):
        left.unlink()  # a run died between naming a copy and taking its name away: it is empty
    taken = Snapshot()
    databases = []
    for path in kept_files(folder.path, LEFT_OUT):
        name = path.relative_to(folder.path).as_posix()
        if path.suffix in DATABASES:  # never opened as a file: closing it would drop SQLite's locks
            databases.append((name, path))
        else:
            taken.pieces.append(Piece(name, io.BytesIO(path.read_bytes())))
    with storage_errors():
        if passages:
            with passages() as source:
                _take(taken, PASSAGES, source, folder.path, index, closing_)
        for name, path in sorted(databases, key=_turn):
            with closing(_reader(path)) as source:
                _take(taken, name, source, folder.path, index, closing_)
        if register:
            with register() as path, closing(_reader(path)) as source:
                _take(taken, REGISTER, source, folder.path, index, closing_)
    return taken


def kept_files(folder: Path, left_out: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the files of a folder that a backup keeps; links are not followed."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        apart = any(name == out or name.startswith(out + "/") for out in left_out)
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_symlink() or not path.is_file() or apart or hidden:
            continue
        if not name.endswith(NOT_KEPT):
            yield path


def _turn(found: tuple[str, Path]) -> tuple[bool, bool, str]:
    name, _ = found
    return name == REGISTER, name != PASSAGES, name


def _take(
    taken: Snapshot,
    name: str,
    source: sqlite3.Connection,
    scratch: Path,
    index: ErasableIndex,
    closing_: ExitStack,
) -> None:
    """Copy a database, and count what it holds at that very moment."""
    # One moment for the counts and the copy: the first question after BEGIN fixes it.
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (version,) = source.execute("PRAGMA user_version").fetchone()
    taken.versions[name] = int(version)
    if name == REGISTER:
        head = source.execute("SELECT note FROM head").fetchone()
        taken.facts["entries"] = _count(source, "entries")
        taken.facts["checkpoint"] = str(head[0]) if head else ""
    copy = closing_.enter_context(_nameless_copy(source, scratch))
    taken.pieces.append(Piece(name, copy))
    if name == PASSAGES:
        taken.facts["documents"] = _count(source, "documents")
        taken.facts["passages"] = _count(source, "passages")
        vectors, count, dimension = keep_vectors(source, index, scratch)
        closing_.enter_context(vectors)
        taken.facts |= {"vectors": count, "dimension": dimension}
        taken.pieces.append(Piece(VECTORS, vectors))


def _reader(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=rw"  # rw: a log that was left is taken up; never made
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)


def _count(source: sqlite3.Connection, table: str) -> int:
    (count,) = source.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def _nameless_copy(source: sqlite3.Connection, scratch: Path) -> BinaryIO:
    path = scratch / f"{COPY}{secrets.token_hex(8)}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    copy = os.fdopen(handle, "r+b")
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as target:
            # Without a journal SQLite does not look for the file's name again.
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            path.unlink()
            source.backup(target)
    except BaseException:
        copy.close()
        raise
    finally:
        path.unlink(missing_ok=True)
    return copy
