# SPDX-License-Identifier: EUPL-1.2
"""Sign-ins that are under way at the identity provider, each in the browser that began it.

GET /connexion/oidc          begin: the browser goes to the provider
GET /connexion/oidc/retour   it comes back with a code, once, within ten minutes
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from guardrails.errors import RegisterError
from ui.access.accounts import Account, Method
from ui.access.aside import aside
from ui.access.cookies import Cookie
from ui.access.errors import AccountRefused
from ui.access.gate import after_of
from ui.access.letting import Door, Problem, entered, sign_in_page, visit_of
from ui.access.oidc import Flow, Provider, ProviderRefused
from ui.access.outside import Outsider
from ui.access.seals import new_token
from ui.access.visit import NOWHERE, Places

RETURN = "/connexion/oidc/retour"
LIFE_SECONDS = 600.0
MAX_FLOWS = 1_000
MAX_OF_A_PLACE = 100
"""So that one place cannot have those of the others forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in under way; `browser` is what the cookie of its browser holds."""

    flow: Flow
    browser: str
    after: str
    until: float
    place: frozenset[str] = frozenset()


class Flows:
    """Sign-ins under way, kept in memory; the oldest are forgotten."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._begun: OrderedDict[str, Begun] = OrderedDict()

    def keep(self, flow: Flow, browser: str, after: str, places: Places = NOWHERE) -> None:
        place = frozenset(name for name, times in places.items() if times == 1)
        until = self._now() + LIFE_SECONDS
        of_place = [state for state, one in self._begun.items() if place & one.place]
        for state in of_place[: max(0, len(of_place) - MAX_OF_A_PLACE + 1)]:
            del self._begun[state]
        self._begun[flow.state] = Begun(
            flow=flow, browser=browser, after=after, until=until, place=place
        )
        while len(self._begun) > MAX_FLOWS:
            self._begun.popitem(last=False)

    def take(self, state: str, browser: str) -> Begun | None:
        """Return a sign-in that this browser began; nobody can take it twice."""
        begun = self._begun.pop(state, None)
        if begun is None or not browser or begun.browser != browser or begun.until < self._now():
            return None
        return begun


def oidc_router(door: Door, provider: Provider) -> APIRouter:
    """The routes of the sign-in at the provider."""
    router, desk, flows = APIRouter(), door.desk, Flows()
    outsiders = desk.outsiders(Method.OIDC)

    @router.get("/connexion/oidc")
    async def begin(request: Request, suite: str = "") -> Response:
        visit = visit_of(request)
        try:
            flow = await provider.start(visit.site + RETURN)
        except ProviderRefused:
            return sign_in_page(door, visit, Problem(key="outside", code=502))
        browser = desk.cookies.read(visit, Cookie.FLOW) or new_token()
        flows.keep(flow, browser, after_of(*suite.partition("?")[::2]), visit.places)
        response = RedirectResponse(flow.url, 303)
        desk.cookies.set(response, visit, Cookie.FLOW, browser)
        return response

    @router.get(RETURN)
    async def come_back(request: Request, state: str = "", code: str = "") -> Response:
        visit = visit_of(request)
        begun = flows.take(state, desk.cookies.read(visit, Cookie.FLOW))
        if begun is None:
            return sign_in_page(door, visit, Problem(key="outside", code=403))
        try:
            who = await provider.finish(begun.flow, code) if code else None
            account = await aside(_account, who)
            if who and account:
                signed_in = (account, "oidc", visit, begun.after, who.identity)
                return await aside(entered, door, *signed_in)
            await aside(desk.journal.refused, who.subject if who else "", "oidc")
        except ProviderRefused:
            return sign_in_page(door, visit, Problem(key="outside", code=502))
        except RegisterError:
            return sign_in_page(door, visit, Problem(key="register", code=503))
        why = who.barred if who else ""
        return sign_in_page(door, visit, Problem(key=why or "outside", code=403))

    def _account(who: Outsider | None) -> Account | None:
        try:
            return outsiders.account(who) if who else None
        except AccountRefused:
            return None

    return router
