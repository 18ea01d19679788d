# SPDX-License-Identifier: EUPL-1.2
"""Accounts that came out of a backup: what the town had ended since must not open anything again.

    mark of the restore ─▶ sessions and one-time links ended, keys of programs revoked ─▶ entered

Which keys were revoked after the backup was made, nobody can know: all of them go, and programs get
new ones. A list of accounts is for a person to look through: who was shut out since is in again.
"""

from __future__ import annotations

from pathlib import Path

from assistant.backup.manifest import RESTORED
from guardrails.register.events import AccountChange
from ui.access.journal import Journal
from ui.access.keys import Keys, as_account
from ui.access.person import Person, Role
from ui.access.store import Store

NO_ONE = Person("", Role.ADMIN)


def end_what_came_back(data: Path, store: Store, keys: Keys, journal: Journal, now: float) -> None:
    """End what a restored backup brought back; done once, by the first who opens the accounts."""
    mark = data / RESTORED
    if not mark.exists():
        return
    with store.at_once():
        store.write("DELETE FROM sessions")
        store.write("DELETE FROM links")
    for key in keys.all():
        if key.holds(now):
            its = as_account(key.name, key.role)
            with journal.changing(AccountChange.KEY_REVOKED, its, NO_ONE):
                keys.revoke(key.name)
    mark.unlink(missing_ok=True)
