# SPDX-License-Identifier: EUPL-1.2
"""Somebody whom another program knows: which account they have here, with which role.

    (name, subject, groups) ─Outsiders.account▶ Account │ None

Their groups give the role, and take it away; without a group of the settings, an account must
have been made for them (`greffier user add NAME --sign-in oidc`), and keeps the role given to it.
What they are called there (`--known-as`) is forgotten once they came: the register makes pseudonyms
of the account's own name. An account with a password is never theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guardrails.register.events import AccountChange
from ui.access.accounts import NAME, Account, Accounts, Method
from ui.access.journal import Journal
from ui.access.person import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """What another program says of somebody; `subject` is who they are for it, for ever; `barred`:
    why the town's settings keep them out whatever their account is, a key of words; `identity`: by
    what they are signed out there, empty where they are not."""

    name: str
    subject: str
    groups: Sequence[str] = ()
    barred: str = ""
    identity: str = ""


class Outsiders:
    """Finds or makes the accounts of those who sign in elsewhere."""

    def __init__(
        self, accounts: Accounts, journal: Journal, method: Method, roles: Mapping[str, str]
    ) -> None:
        self._accounts = accounts
        self._journal = journal
        self._method = method
        self._roles = roles

    def account(self, who: Outsider) -> Account | None:
        """Return the account that may enter, None for nobody."""
        if who.barred:
            return None
        role = self._role(who.groups)
        known = self._accounts.of_subject(who.subject)
        if known is None:
            known = self._newcomer(who, role)
        if known is None or known.method is not self._method or known.disabled:
            return None
        if not known.by_groups:
            return known
        if role is None:
            return None  # their groups give them no place here any more
        if role is not known.role:
            name, kept = known.name, known.collections
            given = replace(known, role=role)
            with self._journal.changing(AccountChange.RIGHTS, given, Person("", role)):
                known = self._accounts.grant(name, role, kept, by_groups=True)
        return known

    def _newcomer(self, who: Outsider, role: Role | None) -> Account | None:
        """Return the account made beforehand for somebody, or a new one if their groups say so."""
        made = self._accounts.awaiting(who.name)
        if made is None:
            if role is None or not NAME.fullmatch(who.name) or self._accounts.get(who.name):
                return None  # no place for them, or the name is somebody else's
            made = Account(name=who.name, role=role, method=self._method)
            with self._journal.changing(AccountChange.CREATED, made, Person("", role)):
                return self._accounts.add(
                    who.name, role, method=self._method, subject=who.subject, by_groups=True
                )
        if made.method is not self._method:
            return None
        with self._journal.changing(AccountChange.TIED, made, Person("", made.role)):
            self._accounts.tie(made.name, who.subject)
        return made

    def _role(self, groups: Sequence[str]) -> Role | None:
        """Return the role of the first line of the settings that fits."""
        return next((Role(role) for group, role in self._roles.items() if group in groups), None)
