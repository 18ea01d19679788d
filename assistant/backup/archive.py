# SPDX-License-Identifier: EUPL-1.2
"""An archive: the manifest's length, the manifest, then its files end to end, encrypted.

FILE.part is written beside, synced, and gets its name once it is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.backup.manifest import Item, Kind, Manifest
from assistant.backup.sealing import HEADER_BYTES, Sealer, Unsealer, kind_in
from assistant.errors import UserError
from guardrails.register.files import sync_folder

BLOCK_BYTES = 1 << 18
MAX_MANIFEST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that goes into an archive: open, static, read from its start."""

    name: str
    file: BinaryIO

    def item(self) -> Item:
        """Hash it from its start to its end."""
        digest, size = hashlib.sha256(), 0
        for block in self.blocks():
            digest.update(block)
            size += len(block)
        return Item(name=self.name, bytes=size, sha256=digest.hexdigest())

    def blocks(self) -> Iterator[bytes]:
        self.file.seek(0)
        while block := self.file.read(BLOCK_BYTES):
            yield block


def write_archive(
    path: Path, passphrase: str, manifest: Manifest, pieces: Sequence[Piece]
) -> Manifest:
    """Write an archive whole, or leave nothing under its name; return its manifest, with files."""
    told = manifest.model_copy(update={"files": tuple(piece.item() for piece in pieces)})
    with _becoming(path) as out:
        sealer = Sealer(out, told.kind, passphrase)
        text = told.model_dump_json().encode()
        sealer.write(len(text).to_bytes(8, "big") + text)
        for piece in pieces:
            for block in piece.blocks():
                sealer.write(block)
        sealer.finish()
    return told


@contextmanager
def _becoming(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes its name once the block ends well; the part goes if it does not."""
    part = path.with_name(path.name + ".part")
    if path.exists():
        raise UserError("backup_there", name=path.name)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError("backup_busy") from error
        try:
            out.truncate(0)  # what a run that was killed left
            yield out
            out.flush()
            os.fsync(out.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def kind_of(path: Path) -> Kind:
    """Return what a file says that it holds, without its passphrase."""
    with path.open("rb") as source:
        return kind_in(source.read(HEADER_BYTES))


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was opened: its manifest, then its files in their order."""

    manifest: Manifest
    _stream: Unsealer

    def extract(self, folder: Path | None) -> None:
        """Write every file under `folder`, or none without one; all is checked to the last byte."""
        for item in self.manifest.files:
            if folder is None:
                self._copy(item, None)
                continue
            path = folder / item.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                self._copy(item, out)
                out.flush()
                os.fsync(out.fileno())
        self._stream.end()

    def _copy(self, item: Item, out: BinaryIO | None) -> None:
        digest, left = hashlib.sha256(), item.bytes
        while left:
            block = self._stream.read(min(left, BLOCK_BYTES))
            digest.update(block)
            left -= len(block)
            if out is not None:
                out.write(block)
        if digest.hexdigest() != item.sha256:
            raise UserError("backup_changed")


@contextmanager
def open_archive(path: Path, passphrase: str) -> Iterator[Archive]:
    """Open an archive; UserError says in one line why it does not open."""
    with path.open("rb") as source:
        stream = Unsealer(source, passphrase)
        length = int.from_bytes(stream.read(8), "big")
        if length > MAX_MANIFEST_BYTES:
            raise UserError("backup_changed")
        yield Archive(Manifest.read(stream.read(length)), stream)


def facts(manifest: Manifest) -> Mapping[str, str | int]:
    """Return what a person wants to know of an archive."""
    return {
        "kind": manifest.kind.value,
        "made": manifest.made.isoformat(),
        "software": manifest.software,
        "folder": manifest.folder,
        "files": len(manifest.files),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "vectors": manifest.vectors,
        "entries": manifest.entries,
        "checkpoint": manifest.checkpoint,
    }
