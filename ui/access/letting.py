# SPDX-License-Identifier: EUPL-1.2
"""What the addresses of the door share: who asks, the sign-in page, letting somebody in."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.access import pages
from ui.access.accounts import Account
from ui.access.cookies import Cookie
from ui.access.desk import Desk
from ui.access.entrance import Seen
from ui.access.frame import Frame
from ui.access.gate import after_of
from ui.access.oidc import Provider
from ui.access.routes import HOMES, Opens, find
from ui.access.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the addresses need."""

    desk: Desk
    frame: Frame
    provider: Provider | None
    opens: frozenset[Opens]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What was wrong with a sign-in, and what was typed; `wait` is in words."""

    key: str = ""
    code: int = 200
    name: str = ""
    after: str = ""
    wait: str = ""


def visit_of(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


def seen_of(request: Request) -> Seen:
    seen: Seen = request.state.seen
    return seen


def sign_in_page(door: Door, visit: Visit, problem: Problem) -> Response:
    """Return the page where one signs in, with what was wrong the last time."""
    token, basis = door.desk.forms.visitor_token(visit)
    form = pages.Form(
        token=token,
        problem=problem.key,
        facts={"wait": problem.wait},
        name=problem.name,
        after=problem.after,
    )
    has_simple = Opens.SIMPLE in door.opens
    has_oidc = door.provider is not None
    page = pages.sign_in(door.frame, form, has_oidc=has_oidc, has_simple=has_simple)
    response = HTMLResponse(page, problem.code)
    door.desk.forms.keep_visitor(response, visit, basis)
    return response


def entered(
    door: Door, account: Account, method: str, visit: Visit, after: str, identity: str = ""
) -> Response:
    """Let somebody in and lead them to their page. RegisterError lets nobody in."""
    token = door.desk.let_in(account, method, visit, identity)
    account = door.desk.accounts.need(account.name)  # a new password has just changed it
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
    if method != "oidc":
        door.desk.devices.remember(response, visit, account)
    return response
