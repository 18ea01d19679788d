# SPDX-License-Identifier: EUPL-1.2
"""Sign-ins and changes of accounts, entered in the register before they take effect.

A register that cannot be written lets nobody in; what was entered after who asked was told so takes
no effect either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from guardrails.register import Entry, Register
from guardrails.register.events import (
    ACCOUNTS,
    AccountChange,
    SignIn,
    changed_account,
    changing_account,
    enter_sign_in,
)
from ui.access.accounts import Account
from ui.access.aside import entering, refuse_given_up
from ui.access.person import Person


class Journal:
    """Enters what happens at the door; of names, the register keeps pseudonyms."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def signed_in(self, person: Person, method: str) -> None:
        entering()
        enter_sign_in(
            self._register, SignIn.SIGNED_IN, user=person.name, role=person.role, method=method
        )
        refuse_given_up()

    @contextmanager
    def signing_out(self, person: Person | None, method: str) -> Iterator[None]:
        if person is not None:
            enter_sign_in(
                self._register, SignIn.SIGNED_OUT, user=person.name, role=person.role, method=method
            )
        yield

    def refused(self, name: str, method: str, *, locks: bool = False) -> None:
        """Enter that somebody was not let in, and whether a delay begins with it."""
        entering()
        what = SignIn.LOCKED if locks else SignIn.REFUSED
        enter_sign_in(self._register, what, user=name, method=method)

    @contextmanager
    def changing(self, what: AccountChange, account: Account, by: Person) -> Iterator[None]:
        """Enter what is about to become of an account, and who does it; then that it did."""
        entering()
        with changing_account(
            self._register,
            what,
            user=account.name,
            account_role=account.role,
            by=by.name,
            role=by.role,
        ):
            refuse_given_up()
            yield

    def cut_short(self) -> list[Entry]:
        """Return the changes that processes which are gone had begun."""
        return [begun for begun in self._register.unfinished() if changed_account(begun)]

    def is_of(self, begun: Entry, name: str) -> bool:
        """Whether an entry is about the account, or the key, of this name."""
        return changed_account(begun) in self._register.keyring.pseudonyms(name)

    def end(self, begun: Entry, status: str) -> None:
        """Enter what became of a change that was cut short."""
        self._register.end_unfinished(begun, status, public=ACCOUNTS)
