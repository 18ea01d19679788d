# SPDX-License-Identifier: EUPL-1.2
"""The accounts: who there is, with which role and which collections.

    Accounts.add("marie", Role.AGENT, collections=("etat-civil",)) ─▶ Account

A name is one whatever its capitals. The last administrator who can enter cannot be shut out.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ui.access.errors import AccountRefused
from ui.access.person import Person, Role
from ui.access.seals import new_token
from ui.access.store import Store

NAME = re.compile(r"[\w.@+-]{1,64}")


class Method(StrEnum):
    """How somebody shows who they are; an account knows one way only."""

    PASSWORD = "password"
    OIDC = "oidc"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`collections`: None for all those of the role; `subject`: who it is for the identity
    provider, empty before the first time; `password`: the hash, empty before it was chosen;
    `by_groups`: the role came from groups of elsewhere, and goes with them; `devices`: what the
    cookies of the browsers it knows are sealed with (devices.py)."""

    name: str
    role: Role
    collections: tuple[str, ...] | None = None
    method: Method = Method.PASSWORD
    subject: str = ""
    password: str = ""
    must_change: bool = False
    disabled: bool = False
    by_groups: bool = False
    devices: str = ""

    @property
    def person(self) -> Person:
        return Person(self.name, self.role, self.collections)


class Accounts:
    """The accounts of a data folder."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        name: str,
        role: Role,
        *,
        collections: Sequence[str] | None = None,
        method: Method = Method.PASSWORD,
        subject: str = "",
        by_groups: bool = False,
        known_as: str = "",
    ) -> Account:
        """Make an account without a password yet; AccountRefused for a name that cannot be.

        `known_as`: what those who sign in elsewhere are called there, if not by this name.
        """
        if not NAME.fullmatch(name):
            raise AccountRefused("bad_account_name")
        sql = (
            "INSERT INTO accounts"
            " (key, name, role, collections, method, subject, by_groups, devices, awaited)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        values = (
            folded(name),
            name,
            role,
            _dumped(collections),
            method,
            subject or None,
            by_groups,
            new_token(),
            None if method is Method.PASSWORD or subject else folded(known_as or name),
        )
        if not self._store.write(sql, *values):
            raise AccountRefused("account_exists", name=name)
        return self.need(name)

    def get(self, name: str) -> Account | None:
        """Return the account of a name, if there is one."""
        row = self._store.row("SELECT * FROM accounts WHERE key = ?", folded(name))
        return _account(row) if row else None

    def need(self, name: str) -> Account:
        """Return the account of a name; AccountRefused if there is none."""
        account = self.get(name)
        if account is None:
            raise AccountRefused("no_such_account", name=name)
        return account

    def of_subject(self, subject: str) -> Account | None:
        """Return the account of somebody whom the identity provider knows."""
        row = self._store.row("SELECT * FROM accounts WHERE subject = ?", subject)
        return _account(row) if row else None

    def awaiting(self, called: str) -> Account | None:
        """Return the account made for somebody whom another program calls so, until they came."""
        row = self._store.row("SELECT * FROM accounts WHERE awaited = ?", folded(called))
        return _account(row) if row else None

    def all(self) -> list[Account]:
        """Return all accounts, by name."""
        return [_account(row) for row in self._store.rows("SELECT * FROM accounts ORDER BY key")]

    @property
    def is_open(self) -> bool:
        """Whether an administrator exists who can enter: before that, nobody can."""
        return self._administrators() > 0

    def grant(
        self,
        name: str,
        role: Role,
        collections: Sequence[str] | None = None,
        *,
        by_groups: bool = False,
    ) -> Account:
        """Give a role, and collections; it counts at the next request of who is signed in."""
        with self._store.at_once():
            self.check_leaving(name, role)
            self._store.write(
                "UPDATE accounts SET role = ?, collections = ?, by_groups = ? WHERE key = ?",
                *(role, _dumped(collections), by_groups, folded(name)),
            )
        return self.need(name)

    def shut(self, name: str, disabled: bool = True) -> Account:
        """Disable an account and end its sessions, or enable it again."""
        with self._store.at_once():
            self.need(name)
            if disabled:
                self.check_leaving(name, None)
            key = folded(name)
            self._store.write("UPDATE accounts SET disabled = ? WHERE key = ?", disabled, key)
            if disabled:
                self._store.write("DELETE FROM sessions WHERE key = ?", key)
                self._store.write("DELETE FROM links WHERE key = ?", key)
                self._store.write("UPDATE accounts SET devices = ? WHERE key = ?", new_token(), key)
        return self.need(name)

    def keep_password(self, name: str, hashed: str, *, must_change: bool = False) -> None:
        """Keep the hash of a password; `must_change`: somebody else chose it."""
        self._store.write(
            "UPDATE accounts SET password = ?, must_change = ? WHERE key = ?",
            *(hashed, must_change, folded(name)),
        )

    def tie(self, name: str, subject: str) -> None:
        """Remember who an account is for the identity provider, and what it awaited no more."""
        sql = "UPDATE accounts SET subject = ?, awaited = NULL WHERE key = ?"
        self._store.write(sql, subject, folded(name))

    def check_leaving(self, name: str, role: Role | None) -> None:
        """Raise AccountRefused if an account, given another role or none, would leave the town
        without an administrator who can enter."""
        account = self.need(name)
        can_enter = bool(account.password) or account.method is not Method.PASSWORD
        is_one = account.role is Role.ADMIN and not account.disabled and can_enter
        if is_one and role is not Role.ADMIN and self._administrators() <= 1:
            raise AccountRefused("last_administrator")

    def _administrators(self) -> int:
        row = self._store.row(
            "SELECT count(*) FROM accounts WHERE role = 'admin' AND NOT disabled"
            " AND (password IS NOT NULL OR method <> 'password')"
        )
        return int(row[0]) if row else 0


def folded(name: str) -> str:
    """Return what makes a name unique.

    >>> folded("Hélène") == folded("HÉLÈNE")
    True
    """
    return unicodedata.normalize("NFKC", name).casefold()


def _dumped(collections: Sequence[str] | None) -> str | None:
    return None if collections is None else json.dumps(sorted(set(collections)))


def _account(row: sqlite3.Row) -> Account:
    kept = row["collections"]
    return Account(
        name=row["name"],
        role=Role(row["role"]),
        collections=None if kept is None else tuple(json.loads(kept)),
        method=Method(row["method"]),
        subject=row["subject"] or "",
        password=row["password"] or "",
        must_change=bool(row["must_change"]),
        disabled=bool(row["disabled"]),
        by_groups=bool(row["by_groups"]),
        devices=row["devices"],
    )
