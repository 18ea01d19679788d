# SPDX-License-Identifier: EUPL-1.2
"""What an administrator does with accounts; each act is in the register before it counts, and
once it does.

    Clerk(desk, by).add("marie", Role.AGENT) ─▶ Account     .link("marie") ─▶ "/bienvenue/…"

The command line and the administrator's page both go through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from guardrails.register.events import AccountChange
from ui.access.accounts import NAME, Account, Method
from ui.access.desk import Desk
from ui.access.errors import AccountRefused
from ui.access.keys import ROLES, Key, as_account
from ui.access.passwords import weakness
from ui.access.person import Person, Role


class Clerk:
    """Makes and changes accounts in the name of somebody."""

    def __init__(self, desk: Desk, by: Person) -> None:
        self._desk = desk
        self._by = by

    def add(
        self,
        name: str,
        role: Role,
        *,
        collections: Sequence[str] | None = None,
        method: Method = Method.PASSWORD,
        known_as: str = "",
    ) -> Account:
        """Make an account; AccountRefused if the name is taken or cannot be. `known_as`: what they
        are called where they sign in, never entered in the register."""
        accounts = self._desk.accounts
        if known_as and method is Method.PASSWORD:
            raise AccountRefused("account_known_here")
        if method is not Method.PASSWORD and accounts.awaiting(known_as or name):
            raise AccountRefused("account_awaited", name=known_as or name)
        if accounts.get(name) is not None:
            raise AccountRefused("account_exists", name=name)
        if not NAME.fullmatch(name):
            raise AccountRefused("bad_account_name")
        with self._entering(AccountChange.CREATED, Account(name=name, role=role, method=method)):
            return accounts.add(
                name, role, collections=collections, method=method, known_as=known_as
            )

    def link(self, name: str) -> str:
        """Return the path of a new one-time link; the sessions of the account end."""
        account = self._desk.accounts.need(name)
        if account.method is not Method.PASSWORD:
            raise AccountRefused("account_elsewhere", name=account.name)
        if account.disabled:
            raise AccountRefused("account_disabled", name=account.name)
        with self._entering(AccountChange.LINK, account):
            self._desk.sessions.end_all(account.name)
            self._desk.throttle.forgive(account.name)
            return f"/bienvenue/{self._desk.links.make(account.name)}"

    def password(self, name: str, password: str) -> Account:
        """Give a password, which its owner must change at the first sign-in."""
        account = self._desk.accounts.need(name)
        if account.method is not Method.PASSWORD:
            raise AccountRefused("account_elsewhere", name=account.name)
        if problem := weakness(password, account.name):
            raise AccountRefused(f"password_{problem}")
        hashed = self._desk.passwords.hash(password)
        with self._entering(AccountChange.PASSWORD, account):
            self._desk.accounts.keep_password(account.name, hashed, must_change=True)
            self._desk.sessions.end_all(account.name)
            self._desk.throttle.forgive(account.name)
        return self._desk.accounts.need(name)

    def grant(self, name: str, role: Role, collections: Sequence[str] | None = None) -> Account:
        """Give another role, and collections; what is open changes at once."""
        self._desk.accounts.check_leaving(name, role)
        account = self._desk.accounts.need(name)
        with self._entering(AccountChange.RIGHTS, Account(name=account.name, role=role)):
            return self._desk.accounts.grant(name, role, collections)

    def shut(self, name: str, disabled: bool = True) -> Account:
        """Disable an account and end its sessions, or enable it again."""
        if disabled:
            self._desk.accounts.check_leaving(name, None)
        what = AccountChange.DISABLED if disabled else AccountChange.ENABLED
        with self._entering(what, self._desk.accounts.need(name)):
            return self._desk.accounts.shut(name, disabled)

    def make_key(
        self,
        name: str,
        role: Role,
        *,
        collections: Sequence[str] | None = None,
        seconds: float | None = None,
    ) -> tuple[Key, str]:
        """Make a key for a program; return it and its secret, which is shown this once."""
        if role not in ROLES:
            raise AccountRefused("bad_key_role")
        self._desk.keys.check_new(name)
        with self._entering(AccountChange.KEY_CREATED, as_account(name, role)):
            return self._desk.keys.make(name, role, collections=collections, seconds=seconds)

    def revoke_key(self, name: str) -> Key:
        """Revoke a key for good."""
        key = self._desk.keys.need(name)
        with self._entering(AccountChange.KEY_REVOKED, as_account(key.name, key.role)):
            return self._desk.keys.revoke(name)

    def _entering(self, what: AccountChange, account: Account) -> AbstractContextManager[None]:
        return self._desk.journal.changing(what, account, self._by)


class AccountsDesk:
    """The same for a page that several administrators use: each act says who does it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def all(self) -> Sequence[Account]:
        return self._desk.accounts.all()

    def add(self, name: str, role: Role, by: Person) -> str:
        """Make an account; return the path of its one-time link."""
        clerk = Clerk(self._desk, by)
        return clerk.link(clerk.add(name, role).name)

    def grant(self, name: str, role: Role, collections: Sequence[str] | None, by: Person) -> None:
        """Give another role and collections (None: all those of the role)."""
        Clerk(self._desk, by).grant(name, role, collections)

    def shut(self, name: str, disabled: bool, by: Person) -> None:
        """Close an account and its sessions, or open it again."""
        Clerk(self._desk, by).shut(name, disabled)

    def link(self, name: str, by: Person) -> str:
        """Return the path of a new one-time link; the one before opens nothing any more."""
        return Clerk(self._desk, by).link(name)
