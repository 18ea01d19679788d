# SPDX-License-Identifier: EUPL-1.2
"""Archives (ZIP, TAR, TAR.GZ): what they hold, and each file's bytes, without unpacking them.

    a.zip ─members─▶ a.zip/b.pdf, a.zip/c.zip/d.odt …   ─read_member─▶ bytes

Nothing is written to disk, so a path that climbs out of its folder (`../`) cannot: it is
reported. Bounded: archives in archives, number and size of files, and what they unfold to.
"""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

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

LEFT_ALONE = ("__MACOSX/",)
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError),
    *(NotImplementedError, ValueError, KeyError, UnicodeDecodeError),
)


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


def members(archive: Path) -> list[Member]:
    """List the files of an archive, archives in it included; raise UnreadableFile as a whole."""
    with archive.open("rb") as file:
        return list(_members(file, archive.name, ()))


def members_of(data: bytes, name: str) -> list[Member]:
    """List the files of an archive that is in memory."""
    return list(_members(io.BytesIO(data), name, ()))


def read_member(archive: Path, inside: tuple[str, ...]) -> bytes:
    """Return a member's bytes; raise UnreadableFile if it is broken or too large."""
    data = _opened(archive, archive.stat().st_mtime_ns).reader.read(inside[0])
    return member_of(data, inside[0], inside[1:])


def member_of(data: bytes, name: str, inside: tuple[str, ...]) -> bytes:
    """Return the bytes of what `inside` leads to in an archive that is in memory."""
    for step in inside:
        data = _reader(io.BytesIO(data), name).read(step)
        name = step
    return data


def is_tar(name: str) -> bool:
    return not name.lower().endswith(".zip")


def _members(file: IO[bytes], name: str, above: tuple[str, ...]) -> Iterator[Member]:
    total = count = 0
    packed = file.seek(0, io.SEEK_END)
    file.seek(0)
    for entry in _entries(file, name):
        if entry.is_left_alone:
            continue
        count, total = count + 1, total + entry.size
        suspicious = total > RATIO_FROM_BYTES and total > MAX_RATIO * max(1, packed)
        if count > MAX_MEMBERS or total > MAX_UNFOLDED_BYTES or suspicious:
            raise UnreadableFile("too_large")
        inside = (*above, entry.name)
        if entry.reason or not is_archive(entry.name):
            yield Member(inside, entry.stamp, entry.reason)
        elif len(inside) >= MAX_DEPTH or entry.size > MAX_NESTED_BYTES:
            yield Member(inside, entry.stamp, "too_large")
        else:
            yield from _nested(file, name, entry, inside)


def _nested(file: IO[bytes], name: str, entry: _Entry, inside: tuple[str, ...]) -> Iterator[Member]:
    """Yield the files of an archive in an archive; one that is bad is reported alone."""
    at = file.tell()
    try:
        data = _reader(file, name).read(entry.name)
        found = list(_members(io.BytesIO(data), entry.name, inside))
    except UnreadableFile as error:
        yield Member(inside, entry.stamp, error.reason)
        return
    finally:
        file.seek(at)
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


def _entries(file: IO[bytes], name: str) -> list[_Entry]:
    try:
        if is_tar(name):
            return [_tar_entry(info) for info in _TarReader(file, name).infos]
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_MEMBERS:
                raise UnreadableFile("too_large")
            return [_zip_entry(info) for info in infos if not info.is_dir()]
    except _BROKEN as error:
        raise UnreadableFile("broken") from error


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
    return _Entry(info.filename if reason else name, info.file_size, _stamp(info), reason)


def _stamp(info: zipfile.ZipInfo) -> str:
    return f"{info.CRC:08x}:{info.file_size}"


def _tar_entry(info: tarfile.TarInfo) -> _Entry:
    reason = _path_reason(info.name)
    if not info.isreg():
        reason = "outside_folder" if info.issym() or info.islnk() else "unknown_format"
    elif info.size > MAX_MEMBER_BYTES:
        reason = "too_large"
    return _Entry(info.name, info.size, f"{info.size}:{info.mtime}:{info.chksum}", reason)


def _path_reason(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    climbs = path.is_absolute() or ".." in path.parts or (name[1:2] == ":" and name[:1].isalpha())
    return "outside_folder" if climbs else ""


class _ZipReader:
    """An archive with its directory read once, each name as `_zip_entry` writes it."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise UnreadableFile("broken") from error
        self._by_name = {_zip_entry(info).name: info for info in self._archive.infolist()}

    def read(self, name: str) -> bytes:
        info = self._by_name.get(name)
        if info is None:
            raise UnreadableFile("broken")
        if info.flag_bits & 1:
            raise UnreadableFile("encrypted")
        try:
            with self._archive.open(info) as part:
                data = part.read(MAX_MEMBER_BYTES + 1)  # the size that it claims is not trusted
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableFile("broken") from error
        if len(data) > MAX_MEMBER_BYTES:
            raise UnreadableFile("too_large")
        return data


class _TarReader:
    """A tape archive, read forwards: a member behind the last one is found without a new start."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        file.seek(0)
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        self._stream: IO[bytes] = gzip.GzipFile(fileobj=file) if is_packed else file  # type: ignore[assignment]
        self.infos: list[tarfile.TarInfo] = []
        try:
            with tarfile.open(fileobj=self._stream, mode="r:") as tape:
                total = 0
                for info in tape:
                    total += info.size
                    if total > MAX_UNFOLDED_BYTES or len(self.infos) > MAX_MEMBERS:
                        raise UnreadableFile("too_large")
                    if not info.isdir():
                        self.infos.append(info)
        except _BROKEN as error:
            raise UnreadableFile("broken") from error
        self._by_name = {info.name: info for info in self.infos}

    def read(self, name: str) -> bytes:
        info = self._by_name.get(name)
        if info is None or not info.isreg():
            raise UnreadableFile("broken")
        if info.size > MAX_MEMBER_BYTES:
            raise UnreadableFile("too_large")
        try:
            self._stream.seek(info.offset_data)
            return self._stream.read(info.size)
        except _BROKEN as error:
            raise UnreadableFile("broken") from error


def _reader(file: IO[bytes], name: str) -> _TarReader | _ZipReader:
    return _TarReader(file, name) if is_tar(name) else _ZipReader(file)


class _OpenArchive:
    """An archive on the disk that stays open until another one takes its place."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self.reader = _reader(file, name)

    def __del__(self) -> None:
        self._file.close()


@lru_cache(maxsize=1)
def _opened(archive: Path, _changed: int) -> _OpenArchive:
    """Keep the last archive open: its files are read one after another."""
    return _OpenArchive(archive.open("rb"), archive.name)
