# SPDX-License-Identifier: EUPL-1.2
"""Signed in by a reverse proxy, by a header: off unless the settings name it and the proxies.

X-Remote-User, from a proxy of the settings ─▶ Account       from anybody else: nothing
"""

from __future__ import annotations

from urllib.parse import unquote

from assistant.settings_access import ReverseProxy
from ui.access.accounts import Account
from ui.access.errors import AccountRefused
from ui.access.journal import Journal
from ui.access.outside import Outsider, Outsiders
from ui.access.visit import Visit

MAX_KNOWN = 10_000


class ProxySignIn:
    """Reads the headers of the proxies that the settings name."""

    def __init__(self, settings: ReverseProxy, outsiders: Outsiders, journal: Journal) -> None:
        self._settings = settings
        self._outsiders = outsiders
        self._journal = journal
        self._entered: set[tuple[str, str]] = set()

    def account(self, visit: Visit) -> Account | None:
        """Return whose request it is, None where no proxy says so. RegisterError lets nobody in."""
        header = self._settings.user_header
        if not header or not visit.by_proxy:
            return None
        told = visit.headers.getlist(header)
        grouped = visit.headers.getlist(self._settings.groups_header or "-")
        if len(told) != 1 or not told[0] or len(grouped) > 1:
            return None  # one of two was written by somebody else: neither is believed
        name, groups = unquote(told[0]), "".join(grouped)
        who = Outsider(
            name=name,
            subject=f"proxy {name}",
            groups=[group.strip() for group in groups.split(",") if group.strip()],
        )
        try:
            return self._let_in(who)
        except AccountRefused:
            return None

    def _let_in(self, who: Outsider) -> Account | None:
        account = self._outsiders.account(who)
        if account is None:
            return None
        seen = (account.name, account.role)
        if seen not in self._entered:  # once a run of the program: a header comes each time
            self._journal.signed_in(account.person, "proxy")
            if len(self._entered) < MAX_KNOWN:
                self._entered.add(seen)
        return account
