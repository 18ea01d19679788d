# SPDX-License-Identifier: EUPL-1.2
"""Every route of the whole application, tried by every role, and by nobody.

python -m tests.ui.access.walk     writes what was found into docs/access.md
test_routes.py                     checks that what stands there is current

The application is the one that `greffier serve` opens, door and gate included; only behind the
gate, instead of the pages, stands a probe that says that it was reached.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_parts
from tests.assistant.terminal import stand_in
from tests.loops import run_apart
from tests.ui.town import ScriptedAssistant, answering
from ui.access import Desk, open_access
from ui.access.cookies import Cookie
from ui.access.keys import ROLES
from ui.access.passwords import Passwords
from ui.access.person import Role
from ui.access.routes import ROUTES, Kind, find
from ui.app import build_app
from ui.band import Bands
from ui.workspaces import workspaces_of

PAGE = Path(__file__).parents[3] / "docs" / "access.md"
BEGIN, END = "<!-- routes:begin -->", "<!-- routes:end -->"
HERE = "http://127.0.0.1:7860"
WHO: Sequence[Role | None] = (None, *Role)
TAB = "tabofwho"
SAMPLES = {
    "session_hash": TAB,
    "page": "1",
    "number": "1",
    "path": "index.js",
    "ext": "ts",
    "token": "abc",
}
ALSO = {"/transparence/{name}": ("public.css",)}
REACHED = 299


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A route as its program names it, and one address that leads there."""

    template: str
    method: str
    sample: str


@dataclass(frozen=True, slots=True)
class Walked:
    """What each who was told at an address: `yes`, `sign in`, `key`, `no`, or `closed`."""

    address: Address
    told: tuple[str, ...]

    @property
    def is_closed(self) -> bool:
        return set(self.told) == {"closed"}


class Probe:
    """Stands behind the gate instead of the pages."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await PlainTextResponse("reached", REACHED)(scope, receive, send)


def addresses(routes: Sequence[BaseRoute], before: str = "") -> Iterator[Address]:
    """Yield every route, those of what is mounted inside included."""
    for route in routes:
        path = before + str(getattr(route, "path", ""))
        inside = getattr(route, "routes", None)
        if isinstance(route, Mount) and inside:
            yield from addresses(inside, before + route.path)
        elif isinstance(route, Mount):
            yield _address(f"{path}/{{file}}", "GET", "style.css")
        elif hasattr(route, "original_router"):  # FastAPI keeps included routers as they are
            prefix = route.include_context.prefix
            yield from addresses(route.original_router.routes, before + prefix)
        else:
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                for file in ("abc", *ALSO.get(path, ())):
                    yield _address(path, method, file)


def _address(template: str, method: str, file: str = "abc") -> Address:
    def filled(match: re.Match[str]) -> str:
        return SAMPLES.get(match[1].partition(":")[0], file)

    return Address(template.replace(":path", ""), method, re.sub(r"{([^}]+)}", filled, template))


@contextmanager
def whole_app(
    folder: Path,
    *,
    town: str = "",
    agent: Mapping[str, object] | None = None,
    assistant: ScriptedAssistant | None = None,
    **access: object,
) -> Iterator[tuple[FastAPI, Desk]]:
    """Open what `greffier serve` opens, with these settings of `[access]` and no account yet;
    `agent`: the settings of `[agent]`."""
    settings = Settings.model_validate(
        {"town": {"name": town}, "access": access, "agent": agent or {}}
    )
    with (
        open_parts(folder / "data", folder / "keys", settings) as parts,
        open_access(
            parts.folder.path,
            b"secret of the tests",
            settings.access,
            parts.register,
            passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        ) as desk,
    ):
        parts.now.assistant = cast(Any, assistant or ScriptedAssistant(answering))

        async def build() -> FastAPI:
            return build_app(
                parts.assistant,
                Texts("fr"),
                parts.store,
                settings=settings,
                keeper=desk,
                workspaces=workspaces_of(parts, "fr", folder / "keys", desk),
                band=Bands(parts.moratorium, parts.notices),
            )

        yield run_apart(build()), desk  # Gradio makes locks in the loop that runs


def client_of(app: FastAPI, desk: Desk, role: Role | None) -> TestClient:
    """Return a browser in which somebody of a role is signed in, or nobody."""
    client = TestClient(app, base_url=HERE, follow_redirects=False, headers={"origin": HERE})
    if role is not None:
        desk.accounts.add(role.value, role)
        desk.accounts.keep_password(role.value, "hash")
        token = desk.sessions.start(role.value, "password")
        signed = desk.seals.signed("cookie-greffier", token)
        client.cookies.set(Cookie.SESSION.value, signed)
    return client


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody of a role, and a program with a key of the same role; `tab`: their page of
    Gradio."""

    client: TestClient
    secret: str
    tab: str


def walker(app: FastAPI, desk: Desk, role: Role | None) -> Walker:
    """Return who walks for a role; nobody and residents have no key."""
    secret = desk.keys.make(f"key-{role}", role)[1] if role in ROLES else ""
    return Walker(client_of(app, desk, role), secret, f"tab{role}")


def walk(folder: Path) -> list[Walked]:
    """Try every route of the application with every role."""
    oidc = {"issuer": "https://idp.example", "client": "greffier"}
    with whole_app(folder, actions_per_minute=1_000_000, oidc=oidc) as (app, desk):
        walkers = [walker(app, desk, role) for role in WHO]
        found = sorted(set(addresses(app.routes)))
        app.router = Probe()  # type: ignore[assignment]
        return [
            Walked(address, tuple(_tried(one, address) for one in walkers)) for address in found
        ]


def _tried(one: Walker, address: Address) -> str:
    """Ask for an address: with the session, or, where programs ask, with the key."""
    route = find(address.method, address.sample)
    is_program = route is not None and route.kind is Kind.API
    is_read = address.method in {"GET", "HEAD", "OPTIONS"}
    answer = one.client.request(
        address.method,
        address.sample.replace(TAB, one.tab),
        json=None if is_read else {"session_hash": one.tab},
        headers={"authorization": f"Bearer {one.secret}"} if is_program and one.secret else {},
    )
    if answer.status_code == REACHED:
        return "yes"
    if answer.status_code == 401:
        return "key" if is_program else "sign in"
    if answer.headers.get("location", "").startswith("/connexion"):
        return "sign in"
    return {403: "no", 404: "closed"}.get(answer.status_code, str(answer.status_code))


def unused(walked: Sequence[Walked]) -> list[str]:
    """Return the lines of the list of routes to which no route of the application answers."""
    return [
        f"{route.method} {route.pattern.pattern}"
        for route in ROUTES
        if not any(route.fits(w.address.method, w.address.sample) for w in walked)
    ]


def table(walked: Sequence[Walked]) -> str:
    """Return the table of docs/access.md."""
    names = ("nobody", *(role.value for role in Role))
    opened = [w for w in walked if not w.is_closed]
    rows = dict.fromkeys(
        f"| `{w.address.method} {w.address.template or '/'}` | {' | '.join(w.told)} |"
        for w in opened
    )
    return "\n".join(
        (
            f"| route | {' | '.join(names)} |",
            f"|---|{'---|' * len(names)}",
            *rows,
            f"| {len(walked) - len(opened)} others | {' | '.join(['closed'] * len(names))} |",
        )
    )


def kept() -> str:
    """Return the table that stands in the page."""
    return PAGE.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip()


def walked_by_itself() -> list[Walked]:
    """Walk without a test around: the models are stood in for."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        return walk(Path(folder))


if __name__ == "__main__":
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{table(walked_by_itself())}\n{END}{after}", "utf-8")
    sys.exit(0)
