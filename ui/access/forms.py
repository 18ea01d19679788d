# SPDX-License-Identifier: EUPL-1.2
"""A form comes from a page of ours, shown to this very browser: the second lock against CSRF.

    page: token(basis) in a hidden field ─▶ POST: holds(basis, token)

The basis is the session; without one, a random cookie. The gate is the first lock: it wants
every POST to say that it comes from this site.
"""

from __future__ import annotations

from starlette.responses import Response

from ui.access.cookies import Cookie, Cookies
from ui.access.seals import Seals, new_token
from ui.access.visit import Visit

FIELD = "token"


class Forms:
    """Makes and checks the tokens of forms."""

    def __init__(self, seals: Seals, cookies: Cookies) -> None:
        self._seals = seals
        self._cookies = cookies

    def token(self, session: str) -> str:
        """Return the token of the forms of a session."""
        return self._seals.seal("form-session", session)

    def visitor_token(self, visit: Visit) -> tuple[str, str]:
        """Return the token for a browser without session, and the cookie's value it hangs on."""
        basis = self._cookies.read(visit, Cookie.FORM) or new_token()
        return self._seals.seal("form-visitor", basis), basis

    def keep_visitor(self, response: Response, visit: Visit, basis: str) -> None:
        """Set the cookie on which a visitor's token hangs."""
        self._cookies.set(response, visit, Cookie.FORM, basis)

    def holds(self, token: str, session: str) -> bool:
        """Whether a form was made for this session."""
        return bool(session) and self._seals.holds("form-session", session, token)

    def holds_for_visitor(self, token: str, visit: Visit) -> bool:
        """Whether a form was made for this browser."""
        basis = self._cookies.read(visit, Cookie.FORM)
        return bool(basis) and self._seals.holds("form-visitor", basis, token)
