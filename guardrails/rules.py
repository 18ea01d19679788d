# SPDX-License-Identifier: EUPL-1.2
"""Which rules hid a text: one short hash over the guard's code, lexicons and settings.

A text kept under other rules is read and screened again, and each entry of the
register says under which rules its question was hidden.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
HASH_CHARS = 16


def rules_hash(
    roster: Sequence[str] = (), policies: Path | None = None, known: Sequence[str] = ()
) -> str:
    """Return the hash of the rules in force with this roster, what is known of the town as public,
    and its own policies."""
    own = [hashlib.sha256(policies.read_bytes()).hexdigest()] if policies else []
    told = ["known", *sorted(known)] if known else []
    return _hashed(_shipped(), *sorted(roster), *told, *own)


@cache
def _shipped() -> str:
    files = sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".toml", ".txt", ".tsv", ".json"}
        and path.relative_to(PACKAGE).parts[0] != "register"
    )
    return _hashed(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in files))


def _hashed(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8")).hexdigest()[:HASH_CHARS]
