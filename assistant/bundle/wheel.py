# SPDX-License-Identifier: EUPL-1.2
"""A wheel, looked into without running any of it: its name, needs and licence.

FILE.whl ─read_wheel▶ Wheel(name, version, needs, licence, …)
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assistant.errors import UserError
from corpus.weights_sources import sha256

MAX_NAME_CHARS = 120
"""A `License` field that is longer holds the text itself, not its name."""

_TEXTS = ("licen", "copying", "notice", "authors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """One package of the bundle. `expression`: its licence in SPDX, if it says so; `licence`: in
    whatever words it has."""

    path: Path
    sha256: str
    name: str
    version: str
    needs: tuple[Requirement, ...]
    expression: str
    licence: str

    @property
    def ref(self) -> str:
        """How a bill of materials names it."""
        return f"pkg:pypi/{self.name}@{self.version}"

    def wants(self, extras: frozenset[str]) -> Iterator[Requirement]:
        """Yield what it needs here, with those of its extras."""
        for need in self.needs:
            asked = extras or {""}
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in asked):
                yield need

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Yield the licence texts that it carries, by their names."""
        with zipfile.ZipFile(self.path) as archive:
            for member in archive.namelist():
                path = PurePosixPath(member)
                is_text = path.name.lower().startswith(_TEXTS)
                if len(path.parts) > 1 and ".dist-info" in path.parts[0] and is_text:
                    yield "-".join(path.parts[1:]), archive.read(member)


def read_wheel(path: Path) -> Wheel:
    """Read what a wheel says of itself; UserError for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            (place,) = [n for n in archive.namelist() if _is_metadata(n)]
            told = BytesParser().parsebytes(archive.read(place))
    except (zipfile.BadZipFile, ValueError) as error:
        raise UserError("bundle_wheel", name=path.name) from error
    expression = str(told.get("License-Expression", ""))
    return Wheel(
        path=path,
        sha256=sha256(path),
        name=canonicalize_name(str(told["Name"])),
        version=str(told["Version"]),
        needs=tuple(Requirement(str(need)) for need in told.get_all("Requires-Dist", [])),
        expression=expression,
        licence=expression or _in_words(told),
    )


def _is_metadata(name: str) -> bool:
    path = PurePosixPath(name)
    return len(path.parts) == 2 and path.parts[0].endswith(".dist-info") and path.name == "METADATA"


def _in_words(told: Message) -> str:
    """Return the licence in the words of a package that does not say it in SPDX."""
    classifiers = [
        str(line).rpartition(" :: ")[2]
        for line in told.get_all("Classifier", [])
        if str(line).startswith("License :: ") and not str(line).endswith(":: OSI Approved")
    ]
    if classifiers:
        return ", ".join(classifiers)
    first = str(told.get_all("License", [""])[0]).strip()
    return first if len(first) <= MAX_NAME_CHARS and "\n" not in first else ""
