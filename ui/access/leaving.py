# SPDX-License-Identifier: EUPL-1.2
"""Signing out: here first, then at the identity provider, if the town wants that and it can.

GET, POST /deconnexion       ask, and do it here; the browser is sent on to the provider
GET /deconnexion/retour      it comes back, with the state that it left with
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from guardrails.errors import RegisterError, RegisterUnavailable
from ui.access import pages
from ui.access.aside import aside
from ui.access.cookies import Cookie
from ui.access.forms import FIELD
from ui.access.letting import Door, seen_of, visit_of
from ui.access.routes import HOMES
from ui.access.seals import new_token

RETURN = "/deconnexion/retour"
LIFE_SECONDS = 600
STATE = "sign-out"


def sign_out_router(door: Door) -> APIRouter:
    """The routes of signing out."""
    router, desk = APIRouter(), door.desk

    @router.get("/deconnexion")
    def ask(request: Request) -> Response:
        return HTMLResponse(pages.sign_out(door.frame, desk.forms.token(seen_of(request).session)))

    @router.post("/deconnexion")
    async def sign_out(request: Request) -> Response:
        seen, form = seen_of(request), await request.form()
        if not desk.forms.holds(str(form.get(FIELD, "")), seen.session):
            return RedirectResponse("/deconnexion", 303)
        token = desk.cookies.read(visit_of(request), Cookie.SESSION)
        return await leave(
            door,
            request,
            entering=desk.journal.signing_out(seen.person, seen.method),
            end=lambda: desk.sessions.end(token),
        )

    @router.get(RETURN)
    def come_back(request: Request, state: str = "") -> Response:
        visit, seen = visit_of(request), seen_of(request)
        browser = desk.cookies.read(visit, Cookie.FLOW)
        if not browser or not desk.seals.holds(STATE, browser, state):
            return HTMLResponse(door.frame.message("foreign"), 403)
        if seen.person is not None:  # signed in again meanwhile: the page would not tell the truth
            return RedirectResponse(HOMES[seen.person.role], 303)
        response = HTMLResponse(pages.signed_out(door.frame))
        desk.cookies.drop(response, visit, Cookie.FLOW)
        return response

    return router


async def leave(
    door: Door,
    request: Request,
    *,
    entering: AbstractContextManager[object],
    end: Callable[[], object],
) -> Response:
    """Enter that somebody leaves, end what they have open, take their cookie back, and send their
    browser to the provider that had let them in.

    A disk that is full keeps nobody in: what can be ended is, and the page says what could not.
    """
    desk, visit = door.desk, visit_of(request)
    identity, failed = await aside(_left, door, request, entering, end)
    browser, to = new_token(), ""
    if identity and door.provider:
        state = desk.seals.seal(STATE, browser)
        to = await door.provider.leaving(identity, state, visit.site + RETURN)
    if failed:
        page = door.frame.message(failed, link=to, words="sign_out_there")
    elif to:  # by a page of ours: a form may lead to no other site, not even by a redirect
        page = door.frame.moving(to)
    else:
        page = pages.signed_out(door.frame, stays_there=bool(identity))
    response = HTMLResponse(page, 503 if failed else 200)
    desk.cookies.drop(response, visit, Cookie.SESSION)
    if to:
        desk.cookies.set(response, visit, Cookie.FLOW, browser, seconds=LIFE_SECONDS)
    return response


def _left(
    door: Door,
    request: Request,
    entering: AbstractContextManager[object],
    end: Callable[[], object],
) -> tuple[str, str]:
    """End it here; return what signs somebody out at the provider, and the words of what failed."""
    token, identity = door.desk.cookies.read(visit_of(request), Cookie.SESSION), ""
    with suppress(sqlite3.Error):  # what comes after keeps nobody in
        identity = door.desk.sessions.identity(token)
    failed = ""
    try:
        with entering:
            failed = _failed(end)
            if failed:
                raise RegisterUnavailable(failed)  # what did not happen is not entered as done
    except RegisterError:
        failed = failed or _failed(end) or "left_unentered"
    return identity, failed


def _failed(end: Callable[[], object]) -> str:
    try:
        end()
    except sqlite3.Error:
        return "left_unended"
    return ""
