# SPDX-License-Identifier: EUPL-1.2
"""Which files of a folder are to be read.

Hidden files, editors' lock files and what `.greffierignore` names are left alone. A link
that leads out of the folder is reported, never followed; one that stays inside leads to a
file that is read anyway. An archive is a folder: `lot.zip/courrier.pdf` is a file of its own; what
is in it is listed by a reading process, and all archives of a walk share one budget.

`.greffierignore` (at the top of the folder added) holds one pattern a line: `brouillons/`
a folder, `*.tmp` a name anywhere, `archives/2010/*` a path, `!garder.tmp` an exception;
`#` starts a comment, the last line that fits decides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from corpus.errors import NoSuchPath, UnreadableFile
from corpus.readers.archive import (
    MAX_UNFOLDED_BYTES,
    Budget,
    Member,
    is_archive,
    is_tar,
    most_unfolded,
)

IGNORE_FILE = ".greffierignore"
NOT_DOCUMENTS = ("~$*", ".~lock.*", "Thumbs.db", "desktop.ini", "*.part", "*.crdownload")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file to read; `reason` is set if it must not be.

    `inside` leads to it in the archive that `file` is; `path` then goes on into the archive.
    """

    path: Path
    root: Path
    name: str
    stamp: str = ""
    reason: str = ""
    inside: tuple[str, ...] = ()
    archive: Path | None = None

    @property
    def file(self) -> Path:
        """Return the file on the disk."""
        return self.archive or self.path


class Lister(Protocol):
    """What looks into archives: `corpus.readers.pool.ReadingPool`."""

    def members(self, archive: Path, budget: Budget) -> Sequence[Member]:
        """List what an archive holds, and take it from the budget; raise UnreadableFile."""


def walk(paths: Sequence[Path], lister: Lister) -> Iterator[FoundFile]:
    """Yield the files under each path, in a steady order; raise NoSuchPath for a missing one."""
    return _Walk(lister).files(paths)


class _Walk:
    """One walk, and what the archives on it may still hold."""

    def __init__(self, lister: Lister) -> None:
        self._lister = lister
        self._budget = Budget()

    def files(self, paths: Sequence[Path]) -> Iterator[FoundFile]:
        for position, given in enumerate(paths):
            if not given.exists():
                raise NoSuchPath(position)
        for given in paths:
            root = given.resolve()
            if root.is_dir():
                yield from self._folder(root, root, _patterns(root))
            else:
                yield from self._opened(_file(root, root, root.name), [])

    def _folder(self, folder: Path, root: Path, patterns: Sequence[str]) -> Iterator[FoundFile]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            name = folder.relative_to(root).as_posix()
            yield FoundFile(path=folder, root=root, name=name, reason="no_access")
            return
        for entry in entries:
            path = Path(entry.path)
            name = path.relative_to(root).as_posix()
            is_dir = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith(".") or _is_ignored(name, is_dir, patterns):
                continue
            if entry.is_symlink():
                if not path.resolve().is_relative_to(root):
                    yield FoundFile(path=path, root=root, name=name, reason="outside_folder")
            elif is_dir:
                yield from self._folder(path, root, patterns)
            else:
                yield from self._opened(_file(path, root, name), patterns)

    def _charge(self, found: FoundFile, reason: str) -> None:
        """Take from the walk what a packed tape that was refused, or an archive that took too long,
        may have been unfolded to by then, where nobody could say it."""
        is_packed = is_tar(found.name) and not found.name.lower().endswith(".tar")
        if reason == "too_slow" or (is_packed and reason != "no_access"):
            with suppress(OSError):
                most = most_unfolded(found.path.stat().st_size)
                self._budget.unfolded_bytes -= min(most, MAX_UNFOLDED_BYTES)

    def _opened(self, found: FoundFile, patterns: Sequence[str]) -> Iterator[FoundFile]:
        """Yield a file, or what is in it if it is an archive."""
        if found.reason or not is_archive(found.name):
            yield found
            return
        before = self._budget.unfolded_bytes
        try:
            inside = self._lister.members(found.path, self._budget)
        except UnreadableFile as error:
            if self._budget.unfolded_bytes == before:
                self._charge(found, error.reason)
            yield replace(found, reason=error.reason)
            return
        if not inside:
            yield replace(found, reason="empty")
        for member in inside:
            name = f"{found.name}/{member.name}"
            if not _is_ignored(name, False, patterns):
                # A tape notes no sum of what it holds: it is the same while the file is.
                stamp = f"{found.stamp}/{member.stamp}" if is_tar(found.name) else member.stamp
                yield FoundFile(
                    path=found.path / member.name,
                    root=found.root,
                    name=name,
                    stamp=stamp,
                    reason=member.reason,
                    inside=member.inside,
                    archive=found.path,
                )


def _file(path: Path, root: Path, name: str) -> FoundFile:
    try:
        seen = path.stat()
    except OSError:
        return FoundFile(path=path, root=root, name=name, reason="no_access")
    if not path.is_file():
        return FoundFile(path=path, root=root, name=name, reason="unknown_format")
    stamp = f"{seen.st_size}:{seen.st_mtime_ns}:{seen.st_ctime_ns}:{seen.st_ino}"
    return FoundFile(path=path, root=root, name=name, stamp=stamp)


def _patterns(root: Path) -> list[str]:
    try:
        lines = (root / IGNORE_FILE).read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    return [*NOT_DOCUMENTS, *(s for line in lines if (s := line.strip()) and s[0] != "#")]


def _is_ignored(name: str, is_dir: bool, patterns: Sequence[str]) -> bool:
    ignored = False
    for line in patterns:
        pattern = line.removeprefix("!")
        if pattern.endswith("/") and not is_dir:
            continue
        bare = pattern.strip("/")
        subject = name if "/" in pattern.rstrip("/") else name.rsplit("/", 1)[-1]
        if fnmatchcase(subject, bare):
            ignored = not line.startswith("!")
    return ignored
