# SPDX-License-Identifier: EUPL-1.2
"""Who may come in: accounts made with a one-time link, roles and collections given, shut.

GET /admin/people, POST /admin/people, POST /admin/people/changer
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from corpus.documents import PUBLIC
from ui.access.accounts import Account
from ui.access.errors import AccountRefused
from ui.access.person import Person, Role
from ui.admin.desk import Desk, collection_name
from ui.admin.html import (
    Markup,
    button,
    checkbox,
    group,
    hidden,
    join,
    paragraph,
    select,
    text,
)
from ui.admin.kept import Invalid
from ui.admin.services import People
from ui.admin.typed import Typed, typed_in
from ui.forms import value, values

HERE = "/admin/people"
NEW = ""
"""Instead of the name of an account: the form that makes one."""


def people_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk), "people")

    @router.post(HERE)
    def add(request: Request, form: FormData = desk.sent) -> Response:
        people, name = _people(desk), value(form, "name")
        try:
            path = people.add(name, _role(form), desk.person(request))
        except AccountRefused as error:
            return _refused(desk, NEW, form, error)
        return _linked(desk, request, name, path)

    @router.post(f"{HERE}/changer")
    def change(request: Request, form: FormData = desk.sent) -> Response:
        people, name = _people(desk), value(form, "name")
        try:
            if path := _changed(people, name, form, desk.person(request)):
                return _linked(desk, request, name, path)
        except AccountRefused as error:
            return _refused(desk, name, form, error)
        return desk.back(HERE, "account_changed")

    return router


def _changed(people: People, name: str, form: FormData, me: Person) -> str:
    """Do what a button of an account says; return the path of a link, if it made one."""
    match value(form, "do"):
        case "grant":
            people.grant(name, _role(form), _chosen(form) or None, me)
        case "shut" | "open" as do:
            people.shut(name, do == "shut", me)
        case "link":
            return people.link(name, me)
        case _:
            raise Invalid("people.unknown")
    return ""


def _chosen(form: FormData) -> list[str]:
    """Return the collections that are ticked; none: all those of the role."""
    return [name for name in values(form, "collections") if name.strip()]


def _refused(desk: Desk, whose: str, form: FormData, error: AccountRefused) -> HTMLResponse:
    """Return the page with the form of an account as it was filled, and why not, beside it."""
    key = f"refused.{error.key}"
    field = "name" if whose == NEW else "refused"
    told = Invalid(key, field=field, **error.facts) if desk.say.has(key) else error
    chosen = _chosen(form)

    def page(problems: Mapping[str, str]) -> Markup:
        return _page(desk, whose, Typed(typed_in(form), problems), chosen)

    return desk.wrong("people", page, told)


def _people(desk: Desk) -> People:
    if desk.services.people is None:
        raise Invalid("people.nobody_signs_in")
    return desk.services.people


def _role(form: FormData) -> Role:
    if value(form, "role") not in set(Role):
        raise Invalid("people.unknown")
    return Role(value(form, "role"))


def _linked(desk: Desk, request: Request, name: str, path: str) -> HTMLResponse:
    """Show a one-time link, this once: it is nowhere else."""
    address = f"{request.url.scheme}://{request.url.netloc}{path}"
    said = join((
        paragraph(desk.say.plain("people.link", name=name)),
        f'<p><code class="link">{text(address)}</code></p>',
    ))  # fmt: skip
    return desk.page("people", _page(desk), said=said)


def _page(
    desk: Desk, whose: str = "", typed: Typed | None = None, chosen: Sequence[str] = ()
) -> Markup:
    """Return the page; `typed` and `chosen` stand in the form of that account, or of a new one."""
    if desk.services.people is None:
        return paragraph(desk.say.plain("people.nobody_signs_in"))
    found = desk.services.people.all()
    known = {
        PUBLIC,
        *desk.services.collections(),
        *(c for one in found for c in one.collections or ()),
    }
    return join((
        paragraph(desk.say.plain("people.intro")),
        _adding(desk, typed if typed is not None and whose == NEW else Typed()),
        f"<h2>{desk.say('people.list')}</h2>",
        *(
            _account(desk, n, one, sorted(known), (typed, chosen) if one.name == whose else None)
            for n, one in enumerate(found)
        ),
    ))  # fmt: skip


def _roles(desk: Desk) -> dict[str, str]:
    return {role.value: desk.say.plain(f"role.{role}") for role in Role}


def _adding(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    return join((
        f"<section><h2>{say('people.add')}</h2>",
        desk.form(
            HERE,
            typed.field("name", say.plain("people.name"), maxlength="64", autocomplete="off",
                        hint=say.plain("people.name_hint"), required="required"),
            select("role", say.plain("people.role"), _roles(desk), typed.get("role", Role.AGENT)),
            send=say.plain("people.add_now"),
        ),
        "</section>",
    ))  # fmt: skip


def _account(
    desk: Desk,
    number: int,
    account: Account,
    known: Sequence[str],
    given: tuple[Typed | None, Sequence[str]] | None,
) -> Markup:
    say = desk.say
    typed, chosen = given or (None, account.collections or ())
    typed = Typed({"role": account.role}) if typed is None else typed
    state = "disabled" if account.disabled else ("waits" if _waits(account) else "active")
    told = say.plain(f"people.{state}", role=say.plain(f"role.{account.role}"))
    do = "open" if account.disabled else "shut"
    boxes = [
        checkbox("collections", name, collection_name(desk, name), checked=name in chosen,
                 id=f"collections-{number}-{place}")
        for place, name in enumerate(known)
    ]  # fmt: skip
    form = desk.form(
        f"{HERE}/changer",
        hidden("name", account.name),
        select("role", say.plain("people.role"), _roles(desk), typed.get("role", account.role),
               id=f"role-{number}"),
        group(say.plain("people.collections"), boxes, hint=say.plain("people.collections_hint"),
              name="refused", problem=typed.problems.get("refused", "")),
        '<p class="send">',
        button(say.plain("people.grant"), name="do", value="grant"),
        button(say.plain("people.new_link"), name="do", value="link"),
        button(say.plain(f"people.{do}"), name="do", value=do, kind="grave"),
        "</p>",
    )  # fmt: skip
    return Markup(
        f'<details class="account-line"{" open" if given else ""}><summary>'
        f"<strong>{text(account.name)}</strong> <span>{text(told)}</span></summary>{form}</details>"
    )


def _waits(account: Account) -> bool:
    return account.method == "password" and not account.password
