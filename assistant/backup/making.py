# SPDX-License-Identifier: EUPL-1.2
"""Making a backup, from a command or from a page: a place that will do, an entry, a file.

refuse_place ─▶ back_up ══entered══▶ FILE ─▶ "when the last one was made", in the corpus
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from assistant import passphrases
from assistant.backup.archive import Piece, kind_of, open_archive, write_archive
from assistant.backup.manifest import Kind, Manifest
from assistant.backup.snapshot import kept_files, snapshot
from assistant.errors import UserError
from assistant.wiring import Parts
from corpus.folder import MARKER
from corpus.passages import PassageStore
from guardrails.register.events import Backup, enter_backup
from guardrails.register.locks import FileLock

MIN_CHARS = 12
VARIABLES = {
    Kind.DATA: passphrases.BACKUP,
    Kind.KEYS: passphrases.BACKUP_KEYS,
}
"""Where a passphrase is found that nobody types."""


def refuse_place(path: Path, *, data: Path, keys_base: Path) -> None:
    """Raise UserError where a backup cannot or must not be written."""
    if not (data / MARKER).is_file():
        raise UserError("backup_nothing")  # a backup of nothing, every night, would pass for one
    if not path.absolute().parent.is_dir():
        raise UserError("backup_no_folder")
    if path.exists():
        raise UserError("backup_there", name=path.name)
    for place in (data, keys_base):
        if path.absolute().resolve().is_relative_to(place.absolute().resolve()):
            raise UserError("backup_inside")


def refuse_passphrase(words: str) -> None:
    """Raise UserError for a passphrase that is too short to protect anything."""
    if len(words) < MIN_CHARS:
        raise UserError("backup_passphrase_short", chars=MIN_CHARS)


def refuse_shared(kind: Kind, words: str, folders: Iterable[Path]) -> None:
    """Raise UserError for the passphrase of the other kind, as far as that can be seen: who has
    the data would have their keys as well.

    Seen are the variable of the other kind, and its newest backup in these folders.
    """
    other = Kind.DATA if kind is Kind.KEYS else Kind.KEYS
    if passphrases.passphrase(VARIABLES[other]) == words:
        raise UserError("backup_passphrase_same")
    newest = max(_backups(other, folders), key=lambda path: path.stat().st_mtime_ns, default=None)
    if newest is not None and _opens(newest, words):
        raise UserError("backup_passphrase_same")


def _backups(kind: Kind, folders: Iterable[Path]) -> Iterator[Path]:
    for folder in {folder.absolute() for folder in folders}:
        for path in folder.glob("*.backup"):
            with suppress(OSError, UserError):
                if path.is_file() and kind_of(path) is kind:
                    yield path


def _opens(path: Path, words: str) -> bool:
    try:
        with open_archive(path, words):
            return True
    except (OSError, UserError):
        return False


def back_up(
    parts: Parts, kind: Kind, path: Path, passphrase: str, *, by: str, role: str
) -> Manifest:
    """Enter the backup, make it, remember when; `by` is a pseudonym."""
    what = Backup.DATA if kind is Kind.DATA else Backup.KEYS
    enter_backup(parts.register, what, by=by, role=role)
    parts.register.checkpoint()
    made = _write(parts, kind, path, passphrase)
    parts.store.set_state(_state(kind), made.made.isoformat())
    return made


def last_made(store: PassageStore, kind: Kind) -> datetime | None:
    """Return when the last backup of a kind was finished, None if none was."""
    written = store.state(_state(kind))
    return datetime.fromisoformat(written) if written else None


def _write(parts: Parts, kind: Kind, path: Path, passphrase: str) -> Manifest:
    if kind is Kind.KEYS:
        manifest = Manifest(kind=kind, folder=parts.folder.id, files=())
        return write_archive(path, passphrase, manifest, key_pieces(parts.keys))
    with ExitStack() as copies:
        register = parts.register.as_file if parts.settings.register_.database else None
        passages = parts.passages_as_file if parts.settings.index.database else None
        taken = snapshot(parts.folder, parts.index, copies, passages=passages, register=register)
        return write_archive(path, passphrase, taken.manifest(parts.folder.id), taken.pieces)


def _state(kind: Kind) -> str:
    return f"backup_{kind.value}"


def key_pieces(keys: Path) -> list[Piece]:
    """Return the files of a folder of keys, at one moment: nobody changes them meanwhile. They are
    read into memory, never to the disk."""
    with ExitStack() as held:
        for lock in sorted(keys.glob("register/register-*/lock.json")):
            held.enter_context(FileLock(lock.with_name("keys.lock")))
        return [
            Piece(path.relative_to(keys).as_posix(), io.BytesIO(path.read_bytes()))
            for path in kept_files(keys)
        ]
