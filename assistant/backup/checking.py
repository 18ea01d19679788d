# SPDX-License-Identifier: EUPL-1.2
"""What a data folder out of a backup must hold before it is believed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.backup.manifest import PASSAGES, REGISTER, VECTORS, Manifest
from assistant.backup.vectors import size_of
from assistant.errors import UserError
from guardrails.register.inspection import verify_file
from guardrails.register.notes import NoteMalformed


def check(folder: Path, manifest: Manifest) -> None:
    """Look into every database; UserError names the first that is not what was backed up."""
    for name in manifest.databases:
        if not (folder / name).is_file() or not _is_sound(folder / name, manifest.versions[name]):
            raise UserError("backup_unsound", name=name)
    if PASSAGES in manifest.versions and _counts(folder / PASSAGES) != (
        manifest.documents,
        manifest.passages,
    ):
        raise UserError("backup_unsound", name=PASSAGES)
    vectors = folder / VECTORS
    if vectors.exists() and vectors.stat().st_size != size_of(manifest.vectors, manifest.dimension):
        raise UserError("backup_unsound", name=VECTORS)
    if REGISTER in manifest.versions:
        _check_register(folder / REGISTER, manifest)


def _is_sound(path: Path, version: int) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            (found,) = database.execute("PRAGMA user_version").fetchone()
            (sound,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(found == version and sound == "ok")


def _counts(path: Path) -> tuple[int, int]:
    query = "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
    with closing(sqlite3.connect(path)) as database:
        documents, passages = database.execute(query).fetchone()
    return int(documents), int(passages)


def _check_register(path: Path, manifest: Manifest) -> None:
    notes = [manifest.checkpoint] if manifest.checkpoint else []
    try:
        verdict = verify_file(path, notes=notes)
    except NoteMalformed as error:
        raise UserError("backup_unsound", name=REGISTER) from error
    if not verdict.holds or verdict.size != manifest.entries:
        raise UserError("backup_unsound", name=REGISTER)
