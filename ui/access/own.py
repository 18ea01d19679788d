# SPDX-License-Identifier: EUPL-1.2
"""One's own account: GET, POST /compte (the password), POST /compte/partout (all sessions)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from guardrails.errors import RegisterError
from guardrails.register.events import AccountChange
from ui.access import pages
from ui.access.accounts import Account
from ui.access.aside import aside
from ui.access.cookies import Cookie
from ui.access.desk import Crowded, Desk
from ui.access.forms import FIELD
from ui.access.leaving import leave
from ui.access.letting import Door, seen_of, visit_of
from ui.access.passwords import weakness
from ui.access.routes import HOMES


def account_router(door: Door) -> APIRouter:
    """The routes of one's own account."""
    router, desk = APIRouter(), door.desk

    @router.get("/compte")
    def show(request: Request, change: str = "") -> Response:
        return _page(door, request, done=change == "fait")

    @router.post("/compte")
    async def change(request: Request) -> Response:
        form = await request.form()
        account = await aside(_account, desk, request, form)
        if account is None:
            return await aside(_page, door, request, "again", 403)
        try:
            problem, code = await _changed(desk, request, account, form)
            if not problem:
                return await aside(_gone_on, desk, request, account)
        except Crowded:
            problem, code = "busy", 503
        except RegisterError:
            problem, code = "register", 503
        return await aside(_page, door, request, problem, code)

    @router.post("/compte/partout")
    async def everywhere(request: Request) -> Response:
        account = await aside(_account, desk, request, await request.form())
        if account is None:
            return RedirectResponse("/compte", 303)
        return await leave(
            door,
            request,
            entering=desk.journal.changing(AccountChange.EVERYWHERE, account, account.person),
            end=lambda: desk.sessions.end_all(account.name),
        )

    return router


def _gone_on(desk: Desk, request: Request, account: Account) -> Response:
    """Begin a new session after a new password; of all browsers the account knows this one."""
    response, visit = RedirectResponse("/compte?change=fait", 303), visit_of(request)
    token = desk.sessions.start(account.name, seen_of(request).method)
    desk.cookies.set(response, visit, Cookie.SESSION, token)
    desk.devices.remember(response, visit, desk.accounts.need(account.name))
    return response


def _account(desk: Desk, request: Request, form: FormData) -> Account | None:
    """Return whose form it is, None for one that this session did not get."""
    seen = seen_of(request)
    if seen.person is None or not desk.forms.holds(str(form.get(FIELD, "")), seen.session):
        return None
    return desk.accounts.get(seen.person.name)


async def _changed(
    desk: Desk, request: Request, account: Account, form: FormData
) -> tuple[str, int]:
    """Change the password; return what is wrong with the form and a status, or nothing."""
    current, new = str(form.get("current", "")), str(form.get("new", ""))
    visit = visit_of(request)
    counted = (account.name, visit.places, desk.devices.known(visit, account))
    if await aside(desk.throttle.attempt, *counted):
        return "busy", 429
    if not await desk.check(account, current):
        return "current", 403
    await aside(desk.throttle.succeeded, *counted)
    problem = "different" if new != str(form.get("again", "")) else ""
    problem = problem or weakness(new, account.name) or ("same" if new == current else "")
    if problem:
        return problem, 400
    await desk.choose(account, new)
    return "", 200


def _page(
    door: Door, request: Request, problem: str = "", code: int = 200, *, done: bool = False
) -> Response:
    seen, desk = seen_of(request), door.desk
    account = desk.accounts.get(seen.person.name) if seen.person else None
    if account is None:
        return RedirectResponse("/connexion", 303)
    form = pages.Form(token=desk.forms.token(seen.session), problem=problem)
    sessions, home = desk.sessions.count(account.name), HOMES[account.role]
    page = pages.account(door.frame, form, account, sessions=sessions, home=home, done=done)
    return HTMLResponse(page, code)
