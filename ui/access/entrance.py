# SPDX-License-Identifier: EUPL-1.2
"""Who stands in front of the gate: three answers to one question.

Demo        whoever sits at this machine is an agent, without an account
Accounts    a session, or a proxy of the settings that signs people in
(tests)     anything with `who`

entrance.who(visit) ─▶ Seen(person, session, …)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ui.access.accounts import Accounts
from ui.access.cookies import Cookie, Cookies
from ui.access.person import Person, Role
from ui.access.proxy import ProxySignIn
from ui.access.sessions import Sessions
from ui.access.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who it is, if anybody. `session`: what ties their requests together, never a secret;
    `must_change`: nothing is open to them before they chose a password of their own."""

    person: Person | None = None
    session: str = ""
    method: str = ""
    must_change: bool = False


NOBODY = Seen()


class Entrance(Protocol):
    """Says who stands in front of the gate. `is_used`: the person does something, so that
    their session goes on."""

    @property
    def is_demo(self) -> bool: ...

    def who(self, visit: Visit, *, is_used: bool = True) -> Seen: ...


class Demo:
    """Without accounts: an agent, on this machine only, and nothing through a proxy."""

    is_demo = True

    def who(self, visit: Visit, *, is_used: bool = True) -> Seen:
        if not visit.is_local:
            return NOBODY
        return Seen(person=Person("", Role.AGENT), session="demo", method="demo")


class AccountsEntrance:
    """With accounts: the role and rights of now, whatever they were when the session began."""

    is_demo = False

    def __init__(
        self, accounts: Accounts, sessions: Sessions, cookies: Cookies, proxy: ProxySignIn
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._cookies = cookies
        self._proxy = proxy

    def who(self, visit: Visit, *, is_used: bool = True) -> Seen:
        account = self._proxy.account(visit)
        if account is not None:
            return Seen(person=account.person, session=f"proxy-{account.name}", method="proxy")
        token = self._cookies.read(visit, Cookie.SESSION)
        session = self._sessions.find(token, is_used=is_used) if token else None
        account = self._accounts.get(session.name) if session else None
        if session is None or account is None or account.disabled:
            return NOBODY
        return Seen(
            person=account.person,
            session=session.id,
            method=session.method,
            must_change=account.must_change,
        )
