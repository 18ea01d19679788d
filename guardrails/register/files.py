# SPDX-License-Identifier: EUPL-1.2
"""Small files that are whole or absent, and that leave no trace when replaced."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

READINGS = 20  # a file is replaced at each erasure: hardly twice while it is read


def write_whole(path: Path, content: bytes, *, mode: int = 0o600, wipe_old: bool = False) -> None:
    """Put content at a path at once and for good: written aside, synced, renamed, synced.

    With `wipe_old`, the file that stood there is overwritten first through a second
    name, as far as the disk lets that happen (see docs/register.md on SSDs).
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        _write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    replaced = wipe_old and path.exists()
    before = path.with_name(f".{path.name}.old")
    if replaced:
        discard(before, path)
        os.link(path, before)
    os.replace(aside, path)
    sync_folder(path.parent)
    if replaced:
        wipe(before)


def read_whole(path: Path) -> bytes:
    """Read a file as it stood at one moment.

    One that is replaced while it is read may be noise by the end (see `wipe`); it is read again.
    The open file keeps its number from being given to another, so that numbers tell; on a disk
    whose numbers do not stay, the last reading counts.
    """
    for _ in range(READINGS):
        with path.open("rb") as opened:
            content = opened.read()
            if os.fstat(opened.fileno()).st_ino == path.stat().st_ino:
                break
    return content


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def leftovers(folder: Path, names: str) -> list[Path]:
    """Return what writes of these files that were cut short left: the former content under its
    second name, or the new one that had no name yet."""
    return sorted(folder.glob(f".{names}.*"))


def discard(left: Path, path: Path) -> None:
    """Overwrite and remove a leftover of a file; of a mere second name, only the name goes."""
    if not left.exists():
        return
    if path.exists() and left.samefile(path):
        left.unlink()
        sync_folder(left.parent)
    else:
        wipe(left)


def wipe(path: Path) -> None:
    """Overwrite a file with noise, then remove it."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        _write_all(descriptor, secrets.token_bytes(os.fstat(descriptor).st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink()
    sync_folder(path.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
