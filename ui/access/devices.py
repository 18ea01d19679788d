# SPDX-License-Identifier: EUPL-1.2
"""Browsers that an account knows: one where somebody signed in with the right password before.

    a sign-in ─remember▶ cookie (half a year) ─▶ known(visit, account) ─▶ its own count of failures

What others try against a name, or from the same town hall, does not delay a browser that the
account knows. The cookie opens nothing: the password is still asked for. It names nobody; several
accounts may share a browser. A new password, a new link, “sign out everywhere” and shutting an
account change what it is sealed with, and it is known no more.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from ui.access.accounts import Account, folded
from ui.access.cookies import Cookie, Cookies
from ui.access.seals import Seals, new_token
from ui.access.visit import Visit

LIFE_SECONDS = 180 * 24 * 3600
MAX_ACCOUNTS = 8
"""How many accounts one browser may be known to; the oldest is forgotten."""


class Devices:
    """Knows browsers by a signed cookie; nothing of them is kept but what ends them."""

    def __init__(self, seals: Seals, cookies: Cookies, now: Callable[[], float]) -> None:
        self._seals = seals
        self._cookies = cookies
        self._now = now

    def known(self, visit: Visit, account: Account | None) -> str:
        """Return what names the browser to the account, empty for one that it does not know."""
        if account is None:
            return ""
        return next(
            (one.partition(":")[0] for one in self._all(visit) if self._holds(one, account)), ""
        )

    def remember(self, response: Response, visit: Visit, account: Account) -> None:
        """Let the browser of a sign-in be known to its account from now on."""
        others = [one for one in self._all(visit) if not self._holds(one, account)]
        token, until = new_token(), str(int(self._now()) + LIFE_SECONDS)
        ours = f"{token}:{until}:{self._seal(token, until, account)}"
        value = "~".join([*others[-(MAX_ACCOUNTS - 1) :], ours])
        self._cookies.set(response, visit, Cookie.DEVICE, value, seconds=LIFE_SECONDS)

    def _all(self, visit: Visit) -> list[str]:
        return [one for one in self._cookies.read(visit, Cookie.DEVICE).split("~") if one]

    def _holds(self, one: str, account: Account) -> bool:
        token, _, rest = one.partition(":")
        until, _, seal = rest.partition(":")
        is_young = until.isascii() and until.isdecimal() and self._now() < int(until)
        return is_young and self._seals.holds(*self._basis(token, until, account), seal)

    def _seal(self, token: str, until: str, account: Account) -> str:
        return self._seals.seal(*self._basis(token, until, account))

    def _basis(self, token: str, until: str, account: Account) -> tuple[str, str]:
        return "device", "\0".join((folded(account.name), account.devices, token, until))
