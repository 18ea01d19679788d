# SPDX-License-Identifier: EUPL-1.2
"""Archives (ZIP, TAR, TAR.GZ): what they hold, and each file's bytes, without unpacking them.

    a.zip ─members─▶ a.zip/b.pdf, a.zip/c.zip/d.odt …   ─read─▶ bytes

Nothing is written to disk, so a path that climbs out of its folder (`../`) cannot: it is
reported. Bounded: archives in archives, number and size of files, and what they unfold to,
archives in archives included; a walk has one `Budget` for all of them. Where files come from
others, all this is done in a reading process (`pool.py`).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

from corpus.errors import UnreadableFile

ENDINGS = (".zip", ".tar", ".tgz", ".tar.gz")
MAX_DEPTH = 3
MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 200 * 1024 * 1024
MAX_NESTED_BYTES = 64 * 1024 * 1024
MAX_UNFOLDED_BYTES = 2 * 1024**3
MAX_RATIO = 200
RATIO_FROM_BYTES = 10 * 1024 * 1024
"""A small file of one repeated letter folds a thousandfold: only what is large is a bomb."""

WALK_MEMBERS = 200_000
WALK_UNFOLDED_BYTES = 32 * 1024**3
"""What all archives of one walk may hold together."""

MAX_HEADER_BYTES = 64 * 1024
MAX_COMMON_BYTES = 4 * 1024
"""A tape's long names and notes on one file, and its notes on every file that follows: tarfile
holds them in memory, the latter once a file."""

MAX_NAME_CHARS = 4_096
PASSES = 8
"""How often a packed tape may be unfolded while it stays open: it has no directory."""

LEFT_ALONE = ("__MACOSX/",)
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, RecursionError),
    *(NotImplementedError, ValueError, KeyError, UnicodeDecodeError),
)
_NOTES = frozenset({
    *(tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
})  # fmt: skip


class Exhausted(UnreadableFile):
    """An archive that holds too much, or one too many on this walk: none of it is listed."""


@dataclass(slots=True)
class Budget:
    """What the archives of a walk may still hold."""

    members: int = WALK_MEMBERS
    unfolded_bytes: int = WALK_UNFOLDED_BYTES


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: the names that lead to it; `reason` is set if it must not be read."""

    inside: tuple[str, ...]
    stamp: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        return "/".join(self.inside)


def is_archive(name: str) -> bool:
    """Say whether a file is opened as an archive, by its name."""
    return name.lower().endswith(ENDINGS)


def is_tar(name: str) -> bool:
    return not name.lower().endswith(".zip")


def members(archive: Path, budget: Budget | None = None) -> list[Member]:
    """List the files of an archive, archives in it included; raise UnreadableFile as a whole."""
    with archive.open("rb") as file:
        return OpenArchive(file, archive.name).members(budget)


def read_member(archive: Path, inside: tuple[str, ...]) -> bytes:
    """Return a member's bytes; raise UnreadableFile if it is broken or too large."""
    return _opened(archive, archive.stat().st_mtime_ns).read(inside)


class OpenArchive:
    """An archive whose directory is read once, and the archives in it that lead to what is read.

    Files that are read in the order of the directory are unfolded once.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._packed_bytes = file.seek(0, io.SEEK_END)
        self._effort = _Effort()
        self._reader = _reader(file, name, self._effort)
        self._way: list[tuple[str, _Reader]] = []

    def members(self, budget: Budget | None = None) -> list[Member]:
        """List the files, archives in it included; what they hold is taken from the budget."""
        budget = budget or Budget()
        holds = _Holds(self._packed_bytes, budget, self._effort)
        try:
            return list(_members(self._reader, (), holds))
        finally:
            budget.members -= holds.count
            budget.unfolded_bytes -= max(holds.unfolded_bytes, self._effort.unfolded_bytes)
            self._effort.unfolded_bytes = 0  # paid for

    def read(self, inside: tuple[str, ...]) -> bytes:
        """Return the bytes of what `inside` leads to; raise UnreadableFile."""
        reader = self._reader
        for depth, step in enumerate(inside[:-1]):
            if len(self._way) <= depth or self._way[depth][0] != step:
                del self._way[depth:]
                inside_it = _reader(io.BytesIO(reader.read(step)), step, self._effort)
                self._way.append((step, inside_it))
            reader = self._way[depth][1]
        return reader.read(inside[-1])

    def digest(self, inside: tuple[str, ...]) -> str:
        """Return the SHA-256 of a file; raise UnreadableFile, for an empty one too."""
        data = self.read(inside)
        if not data.strip():
            raise UnreadableFile("empty")
        return hashlib.sha256(data).hexdigest()


def most_unfolded(packed_bytes: int) -> int:
    """Return to how much an archive of that size may unfold."""
    return max(RATIO_FROM_BYTES, MAX_RATIO * max(1, packed_bytes))


class _Effort:
    """What the packed tapes of an archive were unfolded to since it was listed, or before that to
    list it, those that failed included."""

    unfolded_bytes = 0

    def add(self, count: int) -> None:
        self.unfolded_bytes += count
        if self.unfolded_bytes > PASSES * MAX_UNFOLDED_BYTES:
            raise Exhausted(reason="too_large")


class _Holds:
    """What an archive holds, archives in it included; too much is not counted to its end."""

    def __init__(self, packed_bytes: int, budget: Budget, effort: _Effort) -> None:
        self._most_bytes = most_unfolded(packed_bytes)
        self._budget = budget
        self.effort = effort
        self.count = self.unfolded_bytes = 0

    def add(self, size: int) -> None:
        self.count, self.unfolded_bytes = self.count + 1, self.unfolded_bytes + size
        if self.count > MAX_MEMBERS or self.unfolded_bytes > MAX_UNFOLDED_BYTES:
            raise Exhausted(reason="too_large")
        if self.unfolded_bytes > self._most_bytes:
            raise Exhausted(reason="too_large")
        left = self._budget
        if self.count > left.members or self.unfolded_bytes > left.unfolded_bytes:
            raise Exhausted(reason="archives_full")


def _members(reader: _Reader, above: tuple[str, ...], holds: _Holds) -> Iterator[Member]:
    for entry in reader.entries:
        holds.add(entry.size)
        if entry.is_left_alone:
            continue
        inside = (*above, entry.name)
        if entry.reason or not is_archive(entry.name):
            yield Member(inside, entry.stamp, entry.reason)
        elif len(inside) >= MAX_DEPTH or entry.size > MAX_NESTED_BYTES:
            yield Member(inside, entry.stamp, "too_large")
        else:
            yield from _nested(reader, entry, inside, holds)


def _nested(
    reader: _Reader, entry: _Entry, inside: tuple[str, ...], holds: _Holds
) -> Iterator[Member]:
    """Yield the files of an archive in an archive; one that is bad is reported alone."""
    try:
        data = io.BytesIO(reader.read(entry.name))
        found = list(_members(_reader(data, entry.name, holds.effort), inside, holds))
    except Exhausted:
        raise
    except UnreadableFile as error:
        yield Member(inside, entry.stamp, error.reason)
        return
    yield from (Member(m.inside, f"{entry.stamp}/{m.stamp}", m.reason) for m in found)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of an archive's directory."""

    name: str
    size: int
    stamp: str
    reason: str = ""

    @property
    def is_left_alone(self) -> bool:
        parts = PurePosixPath(self.name).parts
        hidden = any(part.startswith(".") and part != ".." for part in parts)
        return hidden or self.name.startswith(LEFT_ALONE)


class _Reader(Protocol):
    """An archive with its directory read; of two files with one name the last one counts."""

    @property
    def entries(self) -> list[_Entry]: ...

    def read(self, name: str) -> bytes: ...


def _reader(file: IO[bytes], name: str, effort: _Effort) -> _Reader:
    return _TarReader(file, effort) if is_tar(name) else _ZipReader(file)


class _ZipReader:
    """A ZIP, each name as `_zip_entry` writes it."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
            infos = self._archive.infolist()
            if len(infos) > MAX_MEMBERS:
                raise UnreadableFile("too_large")
            found = [(_zip_entry(info), info) for info in infos if not info.is_dir()]
        except _BROKEN as error:
            raise UnreadableFile("broken") from error
        self._by_name = {entry.name: (entry, info) for entry, info in found}

    @property
    def entries(self) -> list[_Entry]:
        return [entry for entry, _ in self._by_name.values()]

    def read(self, name: str) -> bytes:
        if name not in self._by_name:
            raise UnreadableFile("broken")
        entry, info = self._by_name[name]
        if info.flag_bits & 1:
            raise UnreadableFile("encrypted")
        # The size that it claims is not trusted; it was counted, so no more than that is read.
        most = min(entry.size, MAX_MEMBER_BYTES)
        try:
            with self._archive.open(info) as part:
                data = part.read(most + 1)
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableFile("broken") from error
        if len(data) > most:
            raise UnreadableFile("too_large" if most == MAX_MEMBER_BYTES else "broken")
        return data


def _zip_entry(info: zipfile.ZipInfo) -> _Entry:
    name = info.filename
    if not info.flag_bits & 0x800:
        # Windows writes names in the code page of its console, which zipfile takes for cp437.
        name = name.encode("cp437", "replace").decode("cp850", "replace")
    reason = _path_reason(info.filename)
    if info.flag_bits & 1:
        reason = "encrypted"
    elif stat.S_ISLNK(info.external_attr >> 16):
        reason = "outside_folder"
    elif info.file_size > MAX_MEMBER_BYTES:
        reason = "too_large"
    return _entry(info.filename if reason else name, info.file_size, _stamp(info), reason)


def _stamp(info: zipfile.ZipInfo) -> str:
    return f"{info.CRC:08x}:{info.file_size}"


class _TarReader:
    """A tape archive, read forwards: a member behind the last one is found without a new start."""

    def __init__(self, file: IO[bytes], effort: _Effort) -> None:
        packed_bytes = file.seek(0, io.SEEK_END)
        file.seek(0)
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        self._stream = _Unfolding(file, packed_bytes, effort) if is_packed else file
        self._by_name: dict[str, tuple[_Entry, int]] = {}
        try:
            tape = tarfile.open(  # noqa: SIM115 (what it holds is let go with it)
                fileobj=cast("IO[bytes]", self._stream), mode="r:", tarinfo=_BoundedInfo
            )
            for count, info in enumerate(tape):
                tape.members = []  # type: ignore[attr-defined] # it would hold all of them
                if count > MAX_MEMBERS:
                    raise UnreadableFile("too_large")
                if not info.isdir():
                    entry = _tar_entry(info)
                    self._by_name.pop(entry.name, None)
                    self._by_name[entry.name] = entry, info.offset_data
        except _BROKEN as error:
            raise UnreadableFile("broken") from error

    @property
    def entries(self) -> list[_Entry]:
        return [entry for entry, _ in self._by_name.values()]

    def read(self, name: str) -> bytes:
        if name not in self._by_name:
            raise UnreadableFile("broken")
        entry, at = self._by_name[name]
        if entry.reason:
            raise UnreadableFile(entry.reason)
        try:
            self._stream.seek(at)
            return self._stream.read(entry.size)
        except _BROKEN as error:
            raise UnreadableFile("broken") from error


class _Unfolding:
    """A packed tape that is unfolded as far as it is read, and so often and no more."""

    def __init__(self, file: IO[bytes], packed_bytes: int, effort: _Effort) -> None:
        self._stream = gzip.GzipFile(fileobj=file)
        self._effort = effort
        most = min(MAX_UNFOLDED_BYTES, most_unfolded(packed_bytes))
        self._once_bytes = most
        self._left_bytes = PASSES * most

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, position: int) -> int:
        at = self._stream.tell()
        self._take(position, position if position < at else position - at)
        return self._stream.seek(position)

    def read(self, size: int) -> bytes:
        self._take(self._stream.tell() + size, size)
        return self._stream.read(size)

    def _take(self, until: int, count: int) -> None:
        self._left_bytes -= count
        self._effort.add(count)
        # Two empty blocks and some filling stand at the end of a tape.
        if until > self._once_bytes + MAX_HEADER_BYTES or self._left_bytes < 0:
            raise UnreadableFile("too_large")


class _BoundedInfo(tarfile.TarInfo):
    """A file of a tape whose long name and notes are only held in memory if they are short."""

    def _proc_member(self, tape: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _NOTES and self.size > MAX_HEADER_BYTES:
            raise UnreadableFile("too_large")
        if self.type == tarfile.XGLTYPE and (
            self.size + sum(len(k) + len(v) for k, v in tape.pax_headers.items()) > MAX_COMMON_BYTES
        ):
            raise UnreadableFile("too_large")
        return cast("tarfile.TarInfo", super()._proc_member(tape))  # type: ignore[misc]


def _tar_entry(info: tarfile.TarInfo) -> _Entry:
    reason = _path_reason(info.name)
    if not info.isreg():
        reason = "outside_folder" if info.issym() or info.islnk() else "unknown_format"
    elif info.size > MAX_MEMBER_BYTES:
        reason = "too_large"
    return _entry(info.name, info.size, f"{info.size}:{info.mtime}:{info.chksum}", reason)


def _entry(name: str, size: int, stamp: str, reason: str) -> _Entry:
    if len(name) > MAX_NAME_CHARS:  # no disk could hold it
        return _Entry(name[:MAX_NAME_CHARS], size, stamp, "broken")
    return _Entry(name, size, stamp, reason)


def _path_reason(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    climbs = path.is_absolute() or ".." in path.parts or (name[1:2] == ":" and name[:1].isalpha())
    return "outside_folder" if climbs else ""


class _Kept(OpenArchive):
    """An archive on the disk that stays open until another one takes its place."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        super().__init__(self._file, path.name)

    def __del__(self) -> None:
        with suppress(AttributeError):
            self._file.close()


@lru_cache(maxsize=1)
def _opened(archive: Path, _changed: int) -> OpenArchive:
    """Keep the last archive open: its files are read one after another."""
    return _Kept(archive)
