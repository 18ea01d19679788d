# SPDX-License-Identifier: EUPL-1.2
"""Passwords: hashed with argon2id, checked at the same cost whether the account exists or not.

    Passwords.hash(password) ─▶ "$argon2id$…"       Passwords.verify(hash or None, password)

The only door to argon2-cffi. No rule of composition: length counts (CNIL, deliberation 2022-100).
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_CHARS = 12
MAX_CHARS = 200
MIN_DISTINCT = 6
COMMON = frozenset({
    "admin", "administrateur", "administrator", "azerty", "azertyuiop", "bienvenue", "bonjour",
    "changeme", "doudou", "greffier", "jetaime", "loulou", "mairie", "motdepasse", "passw",
    "password", "qwerty", "qwertyuiop", "secret", "soleil", "welcome",
})  # fmt: skip
"""What stands first in every list of stolen passwords, without the figures around it."""


class Passwords:
    """Hashes and verifies; `hasher` sets the cost (64 MiB and three passes by default)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=2)
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return self._hasher.hash(_normal(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one; where none is kept the same work is done for nothing."""
        try:
            is_right = self._hasher.verify(kept or self._nobody, _normal(password)[:MAX_CHARS])
        except (VerificationError, InvalidHashError):
            return False
        return is_right and kept is not None

    def is_old(self, kept: str) -> bool:
        """Whether it was hashed at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)


def weakness(password: str, name: str) -> str:
    """Return why a password is refused: `short`, `long`, `name`, `plain`, `common`, or nothing.

    >>> weakness("motdepasse2026", "marie"), weakness("le puits de la place", "marie")
    ('common', '')
    """
    plain = _normal(password).casefold()
    if len(plain) < MIN_CHARS:
        return "short"
    if len(plain) > MAX_CHARS:
        return "long"
    if name and name.casefold() in plain and len(plain) - len(name) < MIN_CHARS:
        return "name"
    if len(set(plain)) < MIN_DISTINCT:
        return "plain"
    return "common" if re.sub(r"[\W\d_]", "", plain) in COMMON else ""


def _normal(password: str) -> str:
    """The same password typed on another keyboard is the same password."""
    return unicodedata.normalize("NFKC", password)
