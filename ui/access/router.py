# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the door. What they may do was decided by the gate; here it is done.

| address | module |
|---|---|
| GET, POST /connexion: signing in with a password | this one |
| GET, POST /deconnexion, GET /deconnexion/retour: signing out | leaving.py |
| GET /connexion/oidc, /connexion/oidc/retour: signing in elsewhere | flows.py |
| GET, POST /bienvenue/TOKEN: choosing a password by a one-time link | choosing.py |
| GET, POST /compte, POST /compte/partout: one's password, all of one's sessions | own.py |
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import FormData

from guardrails.errors import RegisterError
from ui.access.accounts import Account
from ui.access.aside import aside
from ui.access.choosing import welcome_router
from ui.access.desk import Crowded, Desk
from ui.access.forms import FIELD
from ui.access.frame import STATIC
from ui.access.gate import after_of
from ui.access.leaving import sign_out_router
from ui.access.letting import Door, Problem, entered, seen_of, sign_in_page, visit_of
from ui.access.own import account_router
from ui.access.routes import HOMES
from ui.access.visit import Visit

FOLDER = Path(__file__).with_name("static")


def mount_styles(app: FastAPI) -> None:
    """Put the style of the door's pages and of the bar into the application."""
    app.mount(STATIC, StaticFiles(directory=FOLDER))


def mount_access(app: FastAPI, door: Door) -> None:
    """Put the addresses of the door into the application; Gradio's catch all that is left."""
    for router in (
        _sign_in(door),
        sign_out_router(door),
        welcome_router(door),
        account_router(door),
    ):
        app.include_router(router)


def _sign_in(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/connexion")
    def show(request: Request, suite: str = "") -> Response:
        seen = seen_of(request)
        if seen.person is not None:
            return RedirectResponse(HOMES[seen.person.role], 303)
        problem = Problem(after=after_of(*suite.partition("?")[::2]))
        return sign_in_page(door, visit_of(request), problem)

    @router.post("/connexion")
    async def sign_in(request: Request) -> Response:
        visit, form = visit_of(request), await request.form()
        typed = Problem(
            name=str(form.get("name", ""))[:64],
            after=after_of(*str(form.get("suite", "")).partition("?")[::2]),
        )
        try:
            tried = await _tried(door, visit, form, typed)
        except Crowded:
            tried = replace(typed, key="busy", code=503)
        except RegisterError:
            tried = replace(typed, key="register", code=503)
        return tried if isinstance(tried, Response) else sign_in_page(door, visit, tried)

    return router


async def _tried(door: Door, visit: Visit, form: FormData, typed: Problem) -> Response | Problem:
    """Let somebody in whose password is right; return what is wrong otherwise."""
    desk, name = door.desk, typed.name
    if not desk.forms.holds_for_visitor(str(form.get(FIELD, "")), visit):
        return replace(typed, key="again", code=403)
    account, device, wait = await aside(_attempt, desk, visit, name)
    if wait:
        slow = replace(typed, key="wait", code=429, wait=door.frame.say.wait(wait))
        response = sign_in_page(door, visit, slow)
        response.headers["Retry-After"] = str(int(wait) + 1)
        return response
    if not await desk.check(account, str(form.get("password", ""))) or account is None:
        await aside(_refused, desk, visit, name, device)
        return replace(typed, key="wrong", code=403)
    response = await aside(entered, door, account, "password", visit, typed.after)
    await aside(desk.throttle.succeeded, name, visit.places, device)
    return response


def _attempt(desk: Desk, visit: Visit, name: str) -> tuple[Account | None, str, float]:
    """Count an attempt; return whose it is, the browser if they know it, and what to wait."""
    account = desk.accounts.get(name)
    device = desk.devices.known(visit, account)
    return account, device, desk.throttle.attempt(name, visit.places, device)


def _refused(desk: Desk, visit: Visit, name: str, device: str) -> None:
    locks = desk.throttle.locks(name, visit.places, device)
    desk.journal.refused(name, "password", locks=locks)
