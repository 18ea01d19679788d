# SPDX-License-Identifier: EUPL-1.2
"""Sign-ins and changes of accounts, entered in the register before they take effect.

A register that cannot be written lets nobody in; what was entered after who asked was told so takes
no effect either.
"""

from __future__ import annotations

from guardrails.register import Register
from guardrails.register.events import AccountChange, SignIn, enter_account, enter_sign_in
from ui.access.accounts import Account
from ui.access.aside import refuse_given_up
from ui.access.person import Person


class Journal:
    """Enters what happens at the door; of names, the register keeps pseudonyms."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def signed_in(self, person: Person, method: str) -> None:
        enter_sign_in(
            self._register, SignIn.SIGNED_IN, user=person.name, role=person.role, method=method
        )
        refuse_given_up()

    def signed_out(self, person: Person, method: str) -> None:
        enter_sign_in(
            self._register, SignIn.SIGNED_OUT, user=person.name, role=person.role, method=method
        )

    def refused(self, name: str, method: str, *, locks: bool = False) -> None:
        """Enter that somebody was not let in, and whether a delay begins with it."""
        what = SignIn.LOCKED if locks else SignIn.REFUSED
        enter_sign_in(self._register, what, user=name, method=method)

    def changed(self, what: AccountChange, account: Account, by: Person) -> None:
        """Enter what became of an account, and who did it."""
        enter_account(
            self._register,
            what,
            user=account.name,
            account_role=account.role,
            by=by.name,
            role=by.role,
        )
        refuse_given_up()
