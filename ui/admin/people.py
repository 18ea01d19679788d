# SPDX-License-Identifier: EUPL-1.2
"""Who may come in: accounts made with a one-time link, roles and collections given, shut.

GET /admin/people, POST /admin/people, POST /admin/people/changer
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from ui.access.accounts import Account
from ui.access.person import Role
from ui.admin.desk import Desk, value
from ui.admin.html import Markup, button, field, hidden, join, paragraph, select, text
from ui.admin.kept import Invalid
from ui.admin.services import People

HERE = "/admin/people"


def people_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk), "people")

    @router.post(HERE)
    def add(request: Request, form: FormData = desk.sent) -> Response:
        people, name = _people(desk), value(form, "name")
        path = people.add(name, _role(form), desk.person(request))
        return _linked(desk, request, name, path)

    @router.post(f"{HERE}/changer")
    def change(request: Request, form: FormData = desk.sent) -> Response:
        people, me, name = _people(desk), desk.person(request), value(form, "name")
        match value(form, "do"):
            case "grant":
                people.grant(name, _role(form), _collections(form), me)
            case "shut" | "open" as do:
                people.shut(name, do == "shut", me)
            case "link":
                return _linked(desk, request, name, people.link(name, me))
            case _:
                raise Invalid("people.unknown")
        return desk.back(HERE, "account_changed")

    return router


def _people(desk: Desk) -> People:
    if desk.services.people is None:
        raise Invalid("people.nobody_signs_in")
    return desk.services.people


def _role(form: FormData) -> Role:
    if value(form, "role") not in set(Role):
        raise Invalid("people.unknown")
    return Role(value(form, "role"))


def _collections(form: FormData) -> Sequence[str] | None:
    """Return the collections written, None for an empty field: all those of the role."""
    found = [one.strip() for one in value(form, "collections").split(",") if one.strip()]
    return tuple(found) or None


def _linked(desk: Desk, request: Request, name: str, path: str) -> HTMLResponse:
    """Show a one-time link, this once: it is nowhere else."""
    address = f"{request.url.scheme}://{request.url.netloc}{path}"
    said = join((
        paragraph(desk.say.plain("people.link", name=name)),
        f'<p><code class="link">{text(address)}</code></p>',
    ))  # fmt: skip
    return desk.page("people", _page(desk), said=said)


def _page(desk: Desk) -> Markup:
    if desk.services.people is None:
        return paragraph(desk.say.plain("people.nobody_signs_in"))
    return join((
        paragraph(desk.say.plain("people.intro")),
        _adding(desk),
        f"<h2>{desk.say('people.list')}</h2>",
        *(_account(desk, n, one) for n, one in enumerate(desk.services.people.all())),
    ))  # fmt: skip


def _roles(desk: Desk) -> dict[str, str]:
    return {role.value: desk.say.plain(f"role.{role}") for role in Role}


def _adding(desk: Desk) -> Markup:
    say = desk.say
    return join((
        f"<section><h2>{say('people.add')}</h2>",
        desk.form(
            HERE,
            field("name", say.plain("people.name"), maxlength="64", autocomplete="off",
                  hint=say.plain("people.name_hint"), required="required"),
            select("role", say.plain("people.role"), _roles(desk), Role.AGENT),
            send=say.plain("people.add_now"),
        ),
        "</section>",
    ))  # fmt: skip


def _account(desk: Desk, number: int, account: Account) -> Markup:
    say = desk.say
    state = "disabled" if account.disabled else ("waits" if _waits(account) else "active")
    told = say.plain(f"people.{state}", role=say.plain(f"role.{account.role}"))
    do = "open" if account.disabled else "shut"
    form = desk.form(
        f"{HERE}/changer",
        hidden("name", account.name),
        _select(desk, f"role-{number}", account),
        field(
            "collections",
            say.plain("people.collections"),
            ", ".join(account.collections or ()),
            id=f"collections-{number}",
            hint=say.plain("people.collections_hint"),
        ),
        '<p class="send">',
        button(say.plain("people.grant"), name="do", value="grant"),
        button(say.plain("people.new_link"), name="do", value="link"),
        button(say.plain(f"people.{do}"), name="do", value=do, kind="grave"),
        "</p>",
    )
    return Markup(
        f'<details class="account-line"><summary><strong>{text(account.name)}</strong> '
        f"<span>{text(told)}</span></summary>{form}</details>"
    )


def _waits(account: Account) -> bool:
    return account.method == "password" and not account.password


def _select(desk: Desk, identifier: str, account: Account) -> Markup:
    shown = select("role", desk.say.plain("people.role"), _roles(desk), account.role)
    return Markup(
        shown.replace('for="role"', f'for="{identifier}"').replace(
            'id="role"', f'id="{identifier}"'
        )
    )
