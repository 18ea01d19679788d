# SPDX-License-Identifier: EUPL-1.2
"""Everything that accounts need, opened once for a data folder.

    with open_access(data, secret, settings, register) as desk:  desk.check(name, password, visit)

Passwords are hashed on half of the cores: each takes 64 MiB and a core for a tenth of a second, and
a flood of them must not stop the rest.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from assistant.errors import BadSettings
from assistant.settings_access import AccessSettings
from guardrails.register import Register
from guardrails.register.events import AccountChange
from ui.access.accounts import Account, Accounts, Method
from ui.access.aside import aside
from ui.access.bearer import Bearer
from ui.access.cookies import Cookie, Cookies
from ui.access.cut_short import finish_changes
from ui.access.devices import Devices
from ui.access.entrance import AccountsEntrance
from ui.access.forms import Forms
from ui.access.journal import Journal
from ui.access.keys import Keys
from ui.access.links import FIRST, Links
from ui.access.outside import Outsiders
from ui.access.passwords import Passwords
from ui.access.proxy import ProxySignIn
from ui.access.restored import end_what_came_back
from ui.access.seals import Seals
from ui.access.sessions import Lifetime, Sessions
from ui.access.store import FILE, Store
from ui.access.throttle import Throttle
from ui.access.visit import Visit, Visits

HASHED_AT_ONCE = max(1, len(os.sched_getaffinity(0)) // 2)
MAX_WAITING = 20
T = TypeVar("T")


class Crowded(Exception):
    """Too many passwords wait to be looked at."""


class Unclaimed(Exception):
    """What allowed a new password is gone."""


@dataclass(kw_only=True)
class Desk:
    """The accounts of a data folder and all that stands around them."""

    settings: AccessSettings
    accounts: Accounts
    sessions: Sessions
    devices: Devices
    links: Links
    throttle: Throttle
    passwords: Passwords
    journal: Journal
    cookies: Cookies
    forms: Forms
    visits: Visits
    seals: Seals
    entrance: AccountsEntrance
    keys: Keys
    bearer: Bearer
    hashers: ThreadPoolExecutor = field(repr=False)
    _waiting: int = 0

    async def check(self, account: Account | None, password: str) -> bool:
        """Whether a password is that of an account; nobody's costs the same time."""
        kept = account.password if account and not account.disabled else ""
        return await self._hashed(lambda: self.passwords.verify(kept or None, password))

    async def choose(
        self, account: Account, password: str, *, claim: Callable[[], bool] = lambda: True
    ) -> bool:
        """Keep the password that somebody chose, and end their other sessions.

        `claim` uses up what allows it, once the register has taken it: False if that was gone.
        """
        hashed = await self._hashed(lambda: self.passwords.hash(password))
        return await aside(self._keep_password, account, hashed, claim)

    def _keep_password(self, account: Account, hashed: str, claim: Callable[[], bool]) -> bool:
        with (
            suppress(Unclaimed),
            self.journal.changing(AccountChange.PASSWORD, account, account.person),
        ):
            if not claim():
                raise Unclaimed
            self.accounts.keep_password(account.name, hashed)
            self.sessions.end_all(account.name)
            self.throttle.forgive(account.name)
            return True
        return False

    async def _hashed(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Crowded
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.hashers, work)
        finally:
            self._waiting -= 1

    def first_link(self) -> str:
        """Return a new link for the first administrator, nothing once there is one."""
        return "" if self.accounts.is_open else self.links.make(FIRST)

    def outsiders(self, method: Method) -> Outsiders:
        """Return those who sign in elsewhere, with the roles that the settings give them."""
        table = self.settings.oidc if method is Method.OIDC else self.settings.proxy
        return Outsiders(self.accounts, self.journal, method, table.roles)

    def let_in(self, account: Account, method: str, visit: Visit, identity: str = "") -> str:
        """Enter a sign-in and return the token of a new session; the old one ends."""
        old = self.cookies.read(visit, Cookie.SESSION)
        self.journal.signed_in(account.person, method)
        if old:
            self.sessions.end(old)
        return self.sessions.start(account.name, method, identity)


@contextmanager
def open_access(
    data: Path,
    secret: bytes,
    settings: AccessSettings,
    register: Register,
    *,
    now: Callable[[], float] = time.time,
    passwords: Passwords | None = None,
) -> Iterator[Desk]:
    """Open the accounts of a data folder; BadSettings if a proxy's address is none."""
    try:
        visits = Visits(settings.proxy.addresses)
    except ValueError as error:
        raise BadSettings(
            "settings_invalid",
            file="greffier.toml",
            name="access.proxy.addresses",
            detail=str(error),
        ) from error
    store, seals = Store(data / FILE), Seals(secret)
    accounts, journal, cookies = Accounts(store), Journal(register), Cookies(seals)
    lifetime = Lifetime(whole=settings.hours * 3600.0, idle=settings.idle_minutes * 60.0)
    sessions = Sessions(store, seals, lifetime, now)
    outsiders = Outsiders(accounts, journal, Method.PROXY, settings.proxy.roles)
    proxy = ProxySignIn(settings.proxy, outsiders, journal)
    throttle, keys = Throttle(store, seals, now), Keys(store, now)
    try:
        finish_changes(accounts, sessions, keys, journal)
        end_what_came_back(data, store, keys, journal, now())
    except BaseException:
        store.close()
        raise
    hashers = ThreadPoolExecutor(HASHED_AT_ONCE, thread_name_prefix="greffier-password")
    try:
        yield Desk(
            hashers=hashers,
            settings=settings,
            accounts=accounts,
            sessions=sessions,
            devices=Devices(seals, cookies, now),
            links=Links(store, now),
            throttle=throttle,
            passwords=passwords or Passwords(),
            journal=journal,
            cookies=cookies,
            forms=Forms(seals, cookies),
            visits=visits,
            seals=seals,
            entrance=AccountsEntrance(accounts, sessions, cookies, proxy),
            keys=keys,
            bearer=Bearer(keys, throttle, journal, now),
        )
    finally:
        hashers.shutdown(wait=True, cancel_futures=True)
        store.close()
