# SPDX-License-Identifier: EUPL-1.2
"""Choosing a password by a one-time link: GET, POST /bienvenue/TOKEN.

The link without a name makes the first administrator, and only as long as there is none.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from guardrails.errors import RegisterError
from ui.access import pages
from ui.access.accounts import Account
from ui.access.aside import aside
from ui.access.clerk import Clerk
from ui.access.desk import Crowded, Desk
from ui.access.errors import AccountRefused
from ui.access.forms import FIELD
from ui.access.letting import Door, entered, visit_of
from ui.access.links import FIRST
from ui.access.passwords import weakness
from ui.access.person import Person, Role


def welcome_router(door: Door) -> APIRouter:
    """The routes of one-time links."""
    router = APIRouter()

    @router.get("/bienvenue/{token}")
    def show(request: Request, token: str) -> Response:
        return _page(door, request, token)

    @router.post("/bienvenue/{token}")
    async def choose(request: Request, token: str) -> Response:
        form = await request.form()
        holder = await aside(_holder, door.desk, token)
        if holder is None:
            return await aside(_page, door, request, token)
        name = holder or str(form.get("name", ""))[:64]
        problem, code = _wrong(door, request, form, name)
        try:
            if not problem:
                return await _chosen(door, request, token, (name, str(form["new"])))
        except AccountRefused as error:
            problem, code = error.key, 400
        except Crowded:
            problem, code = "busy", 503
        except RegisterError:
            problem, code = "register", 503
        return await aside(_page, door, request, token, (problem, code, name))

    return router


async def _chosen(door: Door, request: Request, token: str, chosen: tuple[str, str]) -> Response:
    """Keep the name and the password that were chosen, and let their owner in."""
    desk, (name, password) = door.desk, chosen
    account = await aside(_opened, desk, token, name)
    # used up once it is entered what for: a register that is held leaves the link as it was
    if not await desk.choose(account, password, claim=lambda: desk.links.use(token)):
        return await aside(_page, door, request, token)
    return await aside(entered, door, account, "link", visit_of(request), "")


def _opened(desk: Desk, token: str, name: str) -> Account:
    """Return whose account a link opens; the first one makes it."""
    is_first = desk.links.holder(token) == FIRST
    return _first(desk, name) if is_first else desk.accounts.need(name)


def _wrong(door: Door, request: Request, form: FormData, name: str) -> tuple[str, int]:
    """Return what is wrong with a form, and the status that says so; nothing if it is right."""
    if not door.desk.forms.holds_for_visitor(str(form.get(FIELD, "")), visit_of(request)):
        return "again", 403
    new = str(form.get("new", ""))
    if new != str(form.get("again", "")):
        return "different", 400
    return weakness(new, name), 400


def _page(
    door: Door, request: Request, token: str, problem: tuple[str, int, str] = ("", 200, "")
) -> Response:
    holder = _holder(door.desk, token)
    if holder is None:
        return HTMLResponse(door.frame.message("link_dead"), 404)
    desk, visit, (key, code, typed) = door.desk, visit_of(request), problem
    form_token, basis = desk.forms.visitor_token(visit)
    form = pages.Form(token=form_token, problem=key, name=typed)
    name = desk.accounts.need(holder).name if holder else ""
    shown = pages.welcome(door.frame, form, f"/bienvenue/{token}", name=name)
    response = HTMLResponse(shown, code)
    desk.forms.keep_visitor(response, visit, basis)
    return response


def _holder(desk: Desk, token: str) -> str | None:
    """Return whose link it is, None for one that opens nothing (any more)."""
    holder = desk.links.holder(token)
    return None if holder == FIRST and desk.accounts.is_open else holder


def _first(desk: Desk, name: str) -> Account:
    """Make the first administrator; one that a first try left without a password is taken up."""
    known = desk.accounts.get(name)
    if known is not None and known.role is Role.ADMIN and not known.password:
        return known
    return Clerk(desk, Person(name, Role.ADMIN)).add(name, Role.ADMIN)
