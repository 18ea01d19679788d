# SPDX-License-Identifier: EUPL-1.2
"""Changes of accounts that a kill cut short: what was to be closed is closed, the rest is told.

    the register: begun, without an outcome ─▶ closed again ─▶ finished_later │ interrupted

An account that was being opened is left as it is found: an administrator sees it in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardrails.register.events import AccountChange
from ui.access.accounts import Accounts
from ui.access.errors import AccountRefused
from ui.access.journal import Journal
from ui.access.keys import BEFORE_NAME, Keys
from ui.access.sessions import Sessions


def finish_changes(accounts: Accounts, sessions: Sessions, keys: Keys, journal: Journal) -> None:
    """Finish what processes that are gone had begun, before anybody enters."""
    closes: Mapping[str, Callable[[str], object]] = {
        AccountChange.DISABLED: accounts.shut,
        AccountChange.EVERYWHERE: sessions.end_all,
        AccountChange.KEY_REVOKED: lambda name: keys.revoke(name.removeprefix(BEFORE_NAME)),
    }
    for begun in journal.cut_short():
        close = closes.get(str(begun.payload.get("change")))
        names = [account.name for account in accounts.all()]
        names += [key.person.name for key in keys.all()]
        name = next((one for one in names if journal.is_of(begun, one)), None)
        is_closed = close is not None and name is not None and _done(close, name)
        journal.end(begun, "finished_later" if is_closed else "interrupted")


def _done(close: Callable[[str], object], name: str) -> bool:
    try:
        close(name)
    except AccountRefused:  # the last administrator stays
        return False
    return True
