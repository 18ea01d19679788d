# SPDX-License-Identifier: EUPL-1.2
"""The lock file, read: each package's version and the hashes that it may have.

requirements.lock ─read_lock▶ {name: Pin}      markers of another system or Python are left out
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from assistant.errors import UserError

_HASH = re.compile(r"\s--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def line(self) -> str:
        """How pip reads it again."""
        return " ".join((f"{self.name}=={self.version}", *(f"--hash={h}" for h in self.hashes)))


def read_lock(text: str) -> dict[str, Pin]:
    """Return the packages that hold on this system; UserError for a line that pins nothing."""
    pins: dict[str, Pin] = {}
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        hashes = tuple(_HASH.findall(line))
        try:
            requirement = Requirement(_HASH.sub("", line).strip())
        except InvalidRequirement as error:
            raise UserError("bundle_lock", line=line[:60]) from error
        (specifier, *others) = [*requirement.specifier] or [None]
        if specifier is None or others or specifier.operator != "==" or not hashes:
            raise UserError("bundle_lock", line=line[:60])
        if requirement.marker is None or requirement.marker.evaluate():
            name = canonicalize_name(requirement.name)
            pins[name] = Pin(name, specifier.version, hashes)
    return pins
