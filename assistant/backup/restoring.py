# SPDX-License-Identifier: EUPL-1.2
"""Putting a backup back: built beside, checked, entered, then renamed into place.

    archive ─▶ .NAME.restoring/ ─check─▶ vectors ─▶ register: "restored" ─rename─▶ NAME/

Sessions, one-time links and keys of programs that the town had ended since come back with it: a
mark tells whoever opens the accounts next to end them all.

The rename is the last act: a run that dies before it leaves the place as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from assistant.backup.archive import open_archive
from assistant.backup.checking import check
from assistant.backup.manifest import PASSAGES, RESTORED, VECTORS, Kind, Manifest
from assistant.backup.scratch import scratch_folder
from assistant.backup.vectors import put_vectors
from assistant.errors import UserError
from corpus.passages import PassageStore
from corpus.seams import VectorIndex
from guardrails.register.files import sync_folder, write_whole


class ClosableIndex(VectorIndex, Protocol):
    """An index of which the files must be let go before they are moved."""

    def close(self) -> None: ...


OpenIndex = Callable[[Path], ClosableIndex]


def check_archive(file: Path, passphrase: str, scratch: Path) -> Manifest:
    """Open everything in a folder that is removed in the end; keys are read in memory only."""
    with open_archive(file, passphrase) as archive:
        manifest = archive.manifest
        if manifest.kind is Kind.KEYS:
            archive.extract(None)
            return manifest
        with scratch_folder(scratch) as folder:
            archive.extract(folder)
            check(folder, manifest)
            return manifest


def restore_data(
    file: Path,
    passphrase: str,
    target: Path,
    *,
    open_index: OpenIndex,
    enter: Callable[[Path, Manifest], None],
) -> Manifest:
    """Put a data folder back in an empty or absent place; `enter` tells the register first."""
    refuse_filled(target)
    with open_archive(file, passphrase) as archive, scratch_folder(_beside(target)) as folder:
        manifest = archive.manifest
        archive.extract(folder)
        check(folder, manifest)
        _fill_index(folder, manifest, open_index)
        enter(folder, manifest)
        write_whole(folder / RESTORED, manifest.made.isoformat().encode())
        _settle(folder, target)
        return manifest


def restore_keys(file: Path, passphrase: str, base: Path) -> Manifest:
    """Put the keys of a data folder back under the base of keys."""
    with open_archive(file, passphrase) as archive:
        target = base / archive.manifest.folder
        refuse_filled(target)
        with scratch_folder(_beside(target)) as folder:
            archive.extract(folder)
            _settle(folder, target)
        return archive.manifest


def refuse_filled(target: Path) -> None:
    """Refuse a place where something is: nothing is ever written over."""
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise UserError("backup_place_taken")
    if target.is_mount():
        raise UserError("backup_place_mount")  # nothing can be renamed onto it


def _beside(target: Path) -> Path:
    absolute = target.absolute()
    return absolute.with_name(f".{absolute.name}.restoring")


def _settle(folder: Path, target: Path) -> None:
    sync_folder(folder)
    folder.rename(target.absolute())
    sync_folder(target.absolute().parent)


def _fill_index(folder: Path, manifest: Manifest, open_index: OpenIndex) -> None:
    vectors = folder / VECTORS
    if PASSAGES not in manifest.versions or not vectors.exists():
        return
    with (
        closing(PassageStore(folder / PASSAGES)) as store,
        closing(open_index(folder / "vectors")) as index,
    ):
        put_vectors(vectors, manifest.dimension, store, index)
    vectors.unlink()
