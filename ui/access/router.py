# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the door. What they may do was decided by the gate; here it is done.

| address | |
|---|---|
| GET, POST /connexion | signing in with a password |
| GET, POST /deconnexion | signing out |
| GET, POST /bienvenue/TOKEN | choosing a password by a one-time link |
| GET, POST /compte, POST /compte/partout | one's password, all of one's sessions |
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from guardrails.errors import RegisterError
from guardrails.register.events import AccountChange
from ui.access import pages
from ui.access.accounts import Account
from ui.access.cookies import Cookie
from ui.access.desk import Crowded, Desk
from ui.access.entrance import Seen
from ui.access.errors import AccountRefused
from ui.access.forms import FIELD
from ui.access.frame import STATIC, Frame
from ui.access.gate import after_of
from ui.access.links import FIRST
from ui.access.passwords import weakness
from ui.access.person import Person, Role
from ui.access.routes import HOMES, Opens, find
from ui.access.visit import Visit

FOLDER = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the addresses need."""

    desk: Desk
    frame: Frame
    has_oidc: bool
    opens: frozenset[Opens]


def mount_styles(app: FastAPI) -> None:
    """Put the style of the door's pages and of the bar into the application."""
    app.mount(STATIC, StaticFiles(directory=FOLDER))


def mount_access(app: FastAPI, door: Door) -> None:
    """Put the addresses of the door into the application; Gradio's catch all that is left."""
    for router in (_sign_in(door), _sign_out(door), _welcome(door), _account(door)):
        app.include_router(router)


def visit_of(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


def seen_of(request: Request) -> Seen:
    seen: Seen = request.state.seen
    return seen


def entered(door: Door, account: Account, method: str, visit: Visit, after: str) -> Response:
    """Let somebody in and lead them to their page. RegisterError lets nobody in."""
    token = door.desk.let_in(account, method, visit)
    to = HOMES[account.role]
    path, _, query = after.partition("?")
    route = find("GET", path)
    if route and account.role in route.roles:
        to = after_of(path, query) or to
    # a page of ours asks for the next one: after a redirect from another site, the strict
    # cookie would not go with it
    response: Response = (
        HTMLResponse(door.frame.moving(to)) if method == "oidc" else RedirectResponse(to, 303)
    )
    door.desk.cookies.set(response, visit, Cookie.SESSION, token)
    door.desk.cookies.drop(response, visit, Cookie.FORM)
    return response


def sign_in_page(
    door: Door, visit: Visit, problem: str = "", code: int = 200, **form: object
) -> Response:
    """Return the page where one signs in, with what was wrong the last time."""
    token, basis = door.desk.forms.visitor_token(visit)
    facts = {name: value for name, value in form.items() if name not in {"name", "after"}}
    shown = pages.Form(
        token=token,
        problem=problem,
        facts=facts,
        name=str(form.get("name", "")),
        after=str(form.get("after", "")),
    )
    page = pages.sign_in(
        door.frame, shown, has_oidc=door.has_oidc, has_simple=Opens.SIMPLE in door.opens
    )
    response = HTMLResponse(page, code)
    door.desk.forms.keep_visitor(response, visit, basis)
    return response


def _sign_in(door: Door) -> APIRouter:
    router, desk = APIRouter(), door.desk

    @router.get("/connexion")
    def show(request: Request, suite: str = "") -> Response:
        seen = seen_of(request)
        if seen.person is not None:
            return RedirectResponse(HOMES[seen.person.role], 303)
        return sign_in_page(door, visit_of(request), after=after_of(*suite.partition("?")[::2]))

    @router.post("/connexion")
    async def sign_in(request: Request) -> Response:
        visit, form = visit_of(request), await request.form()
        name, password = str(form.get("name", ""))[:64], str(form.get("password", ""))
        after = after_of(*str(form.get("suite", "")).partition("?")[::2])
        again = {"name": name, "after": after}
        if not desk.forms.holds_for_visitor(str(form.get(FIELD, "")), visit):
            return sign_in_page(door, visit, "again", 403, **again)
        wait = desk.throttle.attempt(name, visit.address)
        if wait:
            words = door.frame.say.wait(wait)
            response = sign_in_page(door, visit, "wait", 429, wait=words, **again)
            response.headers["Retry-After"] = str(int(wait) + 1)
            return response
        try:
            account = desk.accounts.get(name)
            if not await desk.check(account, password) or account is None:
                locks = desk.throttle.locks(name, visit.address)
                desk.journal.refused(name, "password", locks=locks)
                return sign_in_page(door, visit, "wrong", 403, **again)
            response = entered(door, account, "password", visit, after)
        except Crowded:
            return sign_in_page(door, visit, "busy", 503, **again)
        except RegisterError:
            return sign_in_page(door, visit, "register", 503, **again)
        desk.throttle.succeeded(name, visit.address)
        return response

    return router


def _sign_out(door: Door) -> APIRouter:
    router, desk = APIRouter(), door.desk

    @router.get("/deconnexion")
    def ask(request: Request) -> Response:
        return HTMLResponse(pages.sign_out(door.frame, desk.forms.token(seen_of(request).session)))

    @router.post("/deconnexion")
    async def sign_out(request: Request) -> Response:
        seen, visit, form = seen_of(request), visit_of(request), await request.form()
        if not desk.forms.holds(str(form.get(FIELD, "")), seen.session):
            return RedirectResponse("/deconnexion", 303)
        desk.sessions.end(desk.cookies.read(visit, Cookie.SESSION))
        if seen.person is not None:
            desk.journal.signed_out(seen.person, seen.method)
        return _left(door, visit)

    @router.post("/compte/partout")
    async def everywhere(request: Request) -> Response:
        seen, visit, form = seen_of(request), visit_of(request), await request.form()
        if seen.person is None or not desk.forms.holds(str(form.get(FIELD, "")), seen.session):
            return RedirectResponse("/compte", 303)
        account = desk.accounts.need(seen.person.name)
        desk.sessions.end_all(account.name)
        desk.journal.changed(AccountChange.EVERYWHERE, account, seen.person)
        return _left(door, visit)

    return router


def _left(door: Door, visit: Visit) -> Response:
    response = HTMLResponse(pages.signed_out(door.frame))
    door.desk.cookies.drop(response, visit, Cookie.SESSION)
    return response


def _welcome(door: Door) -> APIRouter:
    router, desk = APIRouter(), door.desk

    def page(
        request: Request, token: str, problem: str = "", code: int = 200, name: str = ""
    ) -> Response:
        holder = desk.links.holder(token)
        if holder is None or (holder == FIRST and desk.accounts.is_open):
            return HTMLResponse(door.frame.message("link_dead"), 404)
        visit = visit_of(request)
        form_token, basis = desk.forms.visitor_token(visit)
        form = pages.Form(token=form_token, problem=problem, name=name)
        shown = desk.accounts.need(holder).name if holder else ""
        action = f"/bienvenue/{token}"
        response = HTMLResponse(pages.welcome(door.frame, form, action, name=shown), code)
        desk.forms.keep_visitor(response, visit, basis)
        return response

    @router.get("/bienvenue/{token}")
    def show(request: Request, token: str) -> Response:
        return page(request, token)

    @router.post("/bienvenue/{token}")
    async def choose(request: Request, token: str) -> Response:
        visit, form = visit_of(request), await request.form()
        holder = desk.links.holder(token)
        if holder is None or (holder == FIRST and desk.accounts.is_open):
            return page(request, token)
        name = holder or str(form.get("name", ""))[:64]
        new = str(form.get("new", ""))
        if not desk.forms.holds_for_visitor(str(form.get(FIELD, "")), visit):
            return page(request, token, "again", 403, name)
        problem = "different" if new != str(form.get("again", "")) else weakness(new, name)
        if problem:
            return page(request, token, problem, 400, name)
        try:
            account = _first(desk, name) if holder == FIRST else desk.accounts.need(holder)
            if not desk.links.use(token):
                return page(request, token)
            await desk.choose(account, new)
            return entered(door, account, "link", visit, "")
        except AccountRefused as error:
            return page(request, token, error.key, 400, name)
        except Crowded:
            return page(request, token, "busy", 503, name)
        except RegisterError:
            return page(request, token, "register", 503, name)

    return router


def _first(desk: Desk, name: str) -> Account:
    """Make the first administrator; one that a first try left without a password is taken up."""
    known = desk.accounts.get(name)
    if known is not None and known.role is Role.ADMIN and not known.password:
        return known
    account = desk.accounts.add(name, Role.ADMIN)
    desk.journal.changed(AccountChange.CREATED, account, Person(name, Role.ADMIN))
    return account


def _account(door: Door) -> APIRouter:
    router, desk = APIRouter(), door.desk

    def page(
        request: Request, problem: str = "", code: int = 200, *, done: bool = False
    ) -> Response:
        seen = seen_of(request)
        account = desk.accounts.get(seen.person.name) if seen.person else None
        if account is None:
            return RedirectResponse("/connexion", 303)
        form = pages.Form(token=desk.forms.token(seen.session), problem=problem)
        shown = pages.account(
            door.frame,
            form,
            account,
            sessions=desk.sessions.count(account.name),
            home=HOMES[account.role],
            done=done,
        )
        return HTMLResponse(shown, code)

    @router.get("/compte")
    def show(request: Request, change: str = "") -> Response:
        return page(request, done=change == "fait")

    @router.post("/compte")
    async def change(request: Request) -> Response:
        seen, visit, form = seen_of(request), visit_of(request), await request.form()
        account = desk.accounts.get(seen.person.name) if seen.person else None
        if account is None or not desk.forms.holds(str(form.get(FIELD, "")), seen.session):
            return page(request, "again", 403)
        current, new = str(form.get("current", "")), str(form.get("new", ""))
        if desk.throttle.attempt(account.name, visit.address):
            return page(request, "busy", 429)
        try:
            if not await desk.check(account, current):
                return page(request, "current", 403)
            desk.throttle.succeeded(account.name, visit.address)
            problem = "different" if new != str(form.get("again", "")) else ""
            problem = problem or weakness(new, account.name) or ("same" if new == current else "")
            if problem:
                return page(request, problem, 400)
            await desk.choose(account, new)
            token = desk.sessions.start(account.name, seen.method)
        except Crowded:
            return page(request, "busy", 503)
        except RegisterError:
            return page(request, "register", 503)
        response = RedirectResponse("/compte?change=fait", 303)
        desk.cookies.set(response, visit, Cookie.SESSION, token)
        return response

    return router
