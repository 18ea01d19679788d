# SPDX-License-Identifier: EUPL-1.2
"""Names that say nothing without the key: a path or a content, as a keyed hash.

A plain SHA-256 of a path or of a known letter could be guessed and checked; these cannot.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEX_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Opaque:
    """The opaque names of one collection."""

    key: bytes
    collection: str

    def path(self, path: Path) -> str:
        return self._name("path", str(path))

    def root(self, path: Path) -> str:
        """Return the name of a folder that was added; a file added alone has none."""
        return self._name("root", str(path)) if path.is_dir() else ""

    def document(self, content: str) -> str:
        """Return the name of a content, given its SHA-256 in hexadecimal."""
        return self._name("document", content)

    def anywhere(self, content: str) -> str:
        """Return the name of a content whatever collection it is added with."""
        return Opaque(self.key, "").document(content)

    def passages(self, document: str, recipe: str, count: int) -> Sequence[str]:
        return [self._name("passage", document, recipe, str(n)) for n in range(count)]

    def _name(self, purpose: str, *words: str) -> str:
        message = "\0".join((purpose, self.collection, *words)).encode("utf-8", "surrogateescape")
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()[:HEX_DIGITS]
