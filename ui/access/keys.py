# SPDX-License-Identifier: EUPL-1.2
"""Keys by which programs come in: shown once, only their digests are kept.

    Keys.make("intranet", Role.AGENT, …) ─▶ (Key, "gfr_0123456789ab_…")     .find(secret) ─▶ Key

A key has a name of its own for good: what it asked stands in the register under it. It knows
no page and no cookie; what it may do is its role, within its collections, until it expires or is
revoked.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.access.accounts import NAME, Account, folded
from ui.access.errors import AccountRefused
from ui.access.person import Person, Role
from ui.access.seals import digest
from ui.access.store import Store

SECRET = re.compile(r"gfr_([0-9a-f]{12})_[0-9a-f]{64}")
ROLES = (Role.AGENT, Role.AUDITOR, Role.ADMIN)
"""Roles that have something to do here without a screen."""

BEFORE_NAME = "key:"
"""No account's name holds a colon: a key and an account never share a pseudonym."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """`id`: the part of the secret that may be shown; `collections`: None for all those of the
    role; `created`, `expires`, `revoked`: seconds since 1970, None for never."""

    id: str
    name: str
    role: Role
    collections: tuple[str, ...] | None
    created: float
    expires: float | None
    revoked: float | None

    @property
    def person(self) -> Person:
        return Person(f"{BEFORE_NAME}{self.name}", self.role, self.collections)

    def holds(self, now: float) -> bool:
        """Whether it still opens something."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class Keys:
    """The keys of a data folder."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now

    def check_new(self, name: str) -> None:
        """Raise AccountRefused for a name that cannot be, or that a key has or had."""
        if not NAME.fullmatch(name):
            raise AccountRefused("bad_key_name")
        if self._store.row("SELECT 1 FROM keys WHERE key = ?", folded(name)):
            raise AccountRefused("key_exists", name=name)

    def make(
        self,
        name: str,
        role: Role,
        *,
        collections: Sequence[str] | None = None,
        seconds: float | None = None,
    ) -> tuple[Key, str]:
        """Make a key that lasts `seconds`, for ever if None; return it and its secret."""
        self.check_new(name)
        key_id, now = secrets.token_hex(6), self._now()
        secret = f"gfr_{key_id}_{secrets.token_hex(32)}"
        dumped = None if collections is None else json.dumps(sorted(set(collections)))
        expires = None if seconds is None else now + seconds
        sql = (
            "INSERT INTO keys (key, name, id, digest, role, collections, created, expires)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        values = (folded(name), name, key_id, digest(secret), role, dumped, now, expires)
        if not self._store.write(sql, *values):
            raise AccountRefused("key_exists", name=name)
        return self.need(name), secret

    def need(self, name: str) -> Key:
        """Return the key of a name; AccountRefused if there is none."""
        row = self._store.row("SELECT * FROM keys WHERE key = ?", folded(name))
        if row is None:
            raise AccountRefused("no_such_key", name=name)
        return _key(row)

    def all(self) -> list[Key]:
        """Return all keys, those that are over included, by name."""
        return [_key(row) for row in self._store.rows("SELECT * FROM keys ORDER BY key")]

    def find(self, secret: str) -> Key | None:
        """Return the key of a secret, over or not; None if it is none of ours."""
        read = SECRET.fullmatch(secret)
        row = self._store.row("SELECT * FROM keys WHERE id = ?", read[1]) if read else None
        if row is None or not hmac.compare_digest(bytes(row["digest"]), digest(secret)):
            return None
        return _key(row)

    def revoke(self, name: str) -> Key:
        """Revoke a key; what it has open ends within seconds."""
        self.need(name)
        sql = "UPDATE keys SET revoked = ? WHERE key = ? AND revoked IS NULL"
        self._store.write(sql, self._now(), folded(name))
        return self.need(name)


def as_account(name: str, role: Role) -> Account:
    """Return what the register is told of a key."""
    return Account(name=f"{BEFORE_NAME}{name}", role=role)


def _key(row: sqlite3.Row) -> Key:
    kept = row["collections"]
    return Key(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        collections=None if kept is None else tuple(json.loads(kept)),
        created=row["created"],
        expires=row["expires"],
        revoked=row["revoked"],
    )
