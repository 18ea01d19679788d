# SPDX-License-Identifier: EUPL-1.2
"""The cookies: four, all of them signed and out of reach of scripts; three go with the browser.

    greffier        the session                                      SameSite=Strict
    greffier-form   what the token of a form without session hangs on SameSite=Strict
    greffier-flow   ties a sign-in or -out at the identity provider to this browser  SameSite=Lax
    greffier-device the accounts that know this browser (half a year)   SameSite=Strict

Under https they are Secure and named `__Host-…`: no other name of the same domain can set them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from starlette.responses import Response

from ui.access.seals import Seals
from ui.access.visit import Visit


class Cookie(StrEnum):
    """What a cookie is for."""

    SESSION = "greffier"
    FORM = "greffier-form"
    FLOW = "greffier-flow"
    DEVICE = "greffier-device"


class Cookies:
    """Reads and sets cookies; one that was changed reads as none."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals

    def read(self, visit: Visit, cookie: Cookie) -> str:
        return self._seals.opened(f"cookie-{cookie}", visit.cookie(_name(visit, cookie)))

    def set(
        self,
        response: Response,
        visit: Visit,
        cookie: Cookie,
        value: str,
        *,
        seconds: int | None = None,
    ) -> None:
        """Set a cookie; without `seconds` it goes with the browser."""
        same_site: Literal["lax", "strict"] = "lax" if cookie is Cookie.FLOW else "strict"
        response.set_cookie(
            _name(visit, cookie),
            self._seals.signed(f"cookie-{cookie}", value),
            max_age=seconds,
            path="/",
            httponly=True,
            secure=visit.is_https,
            samesite=same_site,
        )

    def drop(self, response: Response, visit: Visit, cookie: Cookie) -> None:
        response.delete_cookie(
            _name(visit, cookie), path="/", httponly=True, secure=visit.is_https, samesite="strict"
        )


def _name(visit: Visit, cookie: Cookie) -> str:
    return f"__Host-{cookie}" if visit.is_https else cookie.value
