# SPDX-License-Identifier: EUPL-1.2
"""The archive: what is in it, in which order, and the hashes that prove it.

    greffier-VERSION/
    ├── install.sh          checks everything, installs without a network
    ├── MANIFEST.sha256     the hash of every other file: `sha256sum --check`
    ├── bundle.json         which system and Python it is for
    ├── requirements.txt    versions and hashes of the wheels
    ├── wheels/  models/    what is installed
    ├── system-packages.txt what Debian brings
    ├── deploy/             the user, the unit, examples of proxies
    ├── licences/           LICENCES.tsv and the texts that the packages carry
    └── sbom.cdx.json       the bill of materials

Names are sorted, times and owners fixed: the same contents give the same bytes, hence one hash.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from assistant.bundle.sbom import bill
from assistant.bundle.wheel import Wheel
from corpus.weights_catalogue import WeightsFile
from corpus.weights_sources import sha256

MANIFEST = "MANIFEST.sha256"
FORMAT = 1
OWN = ("install.sh", "system-packages.txt")
"""Files of this package that are in every bundle as they are."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model file of this machine, whose hash was checked."""

    weights: WeightsFile
    path: Path


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: its bytes, or where they are."""

    name: str
    content: bytes | Path
    digest: str

    @property
    def size(self) -> int:
        if isinstance(self.content, Path):
            return self.content.stat().st_size
        return len(self.content)


def write_archive(
    file: Path,
    version: str,
    wheels: Sequence[Wheel],
    models: Sequence[Model],
    deploy: Sequence[Path] = (),
) -> str:
    """Write the bundle beside its place, then move it there; return the hash of the whole."""
    given = [_made(f"deploy/{path.name}", path.read_bytes()) for path in deploy]
    members = sorted([*_members(version, wheels, models), *given], key=lambda one: one.name)
    listed = "".join(f"{member.digest}  {member.name}\n" for member in members).encode()
    members.append(_made(MANIFEST, listed))
    draft = file.with_name(f"{file.name}.part")
    try:
        with draft.open("wb") as target, tarfile.open(fileobj=target, mode="w") as archive:
            for member in members:
                _add(archive, f"greffier-{version}", member)
        whole = sha256(draft)
        draft.replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
    return whole


def described(version: str, wheels: Sequence[Wheel], models: Sequence[Model]) -> dict[str, object]:
    """Say what a bundle is, and for which machine."""
    return {
        "format": FORMAT,
        "software": version,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": f"{sys.platform}-{platform.machine()}",
        "packages": len(wheels),
        "models": [model.weights.name for model in models],
    }


def _members(version: str, wheels: Sequence[Wheel], models: Sequence[Model]) -> Iterator[Member]:
    about = described(version, wheels, models)
    yield _made("bundle.json", json.dumps(about, indent=1, sort_keys=True).encode())
    locked = "".join(f"{w.name}=={w.version} --hash=sha256:{w.sha256}\n" for w in wheels)
    yield _made("requirements.txt", locked.encode())
    sheet = bill(wheels, [model.weights for model in models])
    yield _made("sbom.cdx.json", json.dumps(sheet, indent=1).encode())
    yield from _licences(wheels, models)
    for name in OWN:
        yield _made(name, files("assistant.bundle").joinpath(name).read_bytes())
    for wheel in wheels:
        yield Member(f"wheels/{wheel.path.name}", wheel.path, wheel.sha256)
    for model in models:
        yield Member(f"models/{model.path.name}", model.path, model.weights.sha256)


def _licences(wheels: Sequence[Wheel], models: Sequence[Model]) -> Iterator[Member]:
    lines = ["name\tversion\tlicence\n"]
    lines += [f"{w.name}\t{w.version}\t{' '.join(w.licence.split())}\n" for w in wheels]
    lines += [f"{m.weights.file}\t\t{m.weights.licence}\n" for m in models]
    yield _made("licences/LICENCES.tsv", "".join(lines).encode())
    for wheel in wheels:
        for name, text in dict(wheel.texts()).items():
            yield _made(f"licences/{wheel.name}-{wheel.version}/{name}", text)


def _made(name: str, content: bytes) -> Member:
    return Member(name, content, hashlib.sha256(content).hexdigest())


def _add(archive: tarfile.TarFile, top: str, member: Member) -> None:
    facts = tarfile.TarInfo(f"{top}/{member.name}")
    facts.size = member.size
    facts.mode = 0o755 if member.name.endswith(".sh") else 0o644
    if isinstance(member.content, bytes):
        archive.addfile(facts, io.BytesIO(member.content))
        return
    with member.content.open("rb") as file:
        if os.fstat(file.fileno()).st_size != facts.size:
            raise OSError(f"{member.name} changed while it was read")
        archive.addfile(facts, file)
