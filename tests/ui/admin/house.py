# SPDX-License-Identifier: EUPL-1.2
"""A small town hall for the administrator: real stores and register, stand-ins for models."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from httpx import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.settings import Settings
from assistant.texts import Language
from assistant.wiring import Parts, open_parts
from tests.assistant.conftest import CANTEEN, LIBRARY
from tests.assistant.terminal import RESIDENT, RosterGuard, stand_in
from ui.access.accounts import Account
from ui.access.errors import AccountRefused
from ui.access.person import Person, Role, carry
from ui.admin import AdminServices, Desk, build, open_desk

LETTER = f"Je soussigné {RESIDENT} vous écris du lavoir.\n\nDepuis mars, je perçois le RSA.\n"
STYLES = Path(__file__).parents[3] / "ui" / "static"


@dataclass
class MemoryPeople:
    """Accounts in a list, with the same refusals as the real ones."""

    accounts: dict[str, Account] = field(default_factory=dict)
    entered: list[tuple[str, str, str]] = field(default_factory=list)

    def all(self) -> Sequence[Account]:
        return [self.accounts[name] for name in sorted(self.accounts)]

    def add(self, name: str, role: Role, by: Person) -> str:
        if name in self.accounts:
            raise AccountRefused("account_exists", name=name)
        self.accounts[name] = Account(name=name, role=role)
        self.entered.append(("added", name, by.name))
        return "/bienvenue/jeton-de-" + name

    def grant(self, name: str, role: Role, collections: Sequence[str] | None, by: Person) -> None:
        kept = None if collections is None else tuple(collections)
        self.accounts[name] = replace(self.accounts[name], role=role, collections=kept)
        self.entered.append(("granted", name, by.name))

    def shut(self, name: str, disabled: bool, by: Person) -> None:
        if name == by.name:
            raise AccountRefused("last_administrator")
        self.accounts[name] = replace(self.accounts[name], disabled=disabled)
        self.entered.append(("shut" if disabled else "opened", name, by.name))

    def link(self, name: str, by: Person) -> str:
        return "/bienvenue/autre-jeton-de-" + name


class Carrying:
    """Stands where the gate stands: says who asks."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._house.person is not None:
            carry(scope, self._house.person)
        await self._app(scope, receive, send)


@dataclass
class House:
    """The town hall and a browser without a screen."""

    parts: Parts
    town: Path
    desk: Desk
    people: MemoryPeople
    person: Person | None = field(default_factory=lambda: Person("alix", Role.ADMIN))

    def app(self) -> FastAPI:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.include_router(build(self.desk))
        app.mount("/ui", StaticFiles(directory=STYLES))
        app.add_api_route("/source/{document}/{page}", lambda: PlainTextResponse("source"))
        app.add_middleware(Carrying, house=self)
        return app

    @property
    def data(self) -> Path:
        return self.parts.folder.path

    def settings(self) -> Settings:
        return Settings.read(self.data / "greffier.toml")

    def entries(self, kind: str) -> list[dict[str, object]]:
        """Return the payloads of the register's entries of a kind."""
        return [dict(e.payload) for e in self.parts.register.entries() if e.kind == kind]


@contextmanager
def opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, language: Language = "fr"
) -> Iterator[House]:
    """Open the house with two documents; a guard that hides one resident's name."""
    guard = RosterGuard(RESIDENT, trap="PIÈGE")
    stand_in(monkeypatch, guard=guard)
    for name in ("models", "keys"):
        monkeypatch.setenv(f"GREFFIER_{name.upper()}", str(folder / name))
    monkeypatch.delenv("GREFFIER_SHARES", raising=False)
    town = folder / "town"
    town.mkdir()
    (town / "cantine.txt").write_text(CANTEEN, "utf-8")
    (town / "bibliotheque.txt").write_text(LIBRARY, "utf-8")
    with open_parts(folder / "data", folder / "keys", Settings.model_validate({})) as parts:
        people = MemoryPeople({"alix": Account(name="alix", role=Role.ADMIN, password="x")})
        services = AdminServices(
            parts=parts, keys_base=folder / "keys", people=people, language=language
        )
        desk = open_desk(services)
        yield House(parts=parts, town=town, desk=desk, people=people)
        desk.jobs.close()


@dataclass
class Browser:
    """Sends forms as a browser does: with the token that the page holds."""

    client: TestClient
    house: House

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def token(self, page: str = "/admin/town") -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.client.get(page).text)
        assert found
        return found[1]

    def post(self, address: str, **fields: str) -> Response:
        """Send a form and follow where it leads, once the work that it began is done."""
        data = {"token": self.token()} | fields
        answer = self.client.post(address, data=data, follow_redirects=False)
        self.house.desk.jobs.wait()
        return self.client.get(answer.headers["location"]) if answer.is_redirect else answer

    def send(self, *files: tuple[str, bytes], collection: str = "default") -> Response:
        """Send files."""
        answer = self.client.post(
            "/admin/documents/depot",
            data={"token": self.token(), "collection": collection},
            files=[("files", (name, content)) for name, content in files],
            follow_redirects=False,
        )
        self.house.desk.jobs.wait()
        return self.client.get(answer.headers["location"]) if answer.is_redirect else answer


def words(page: str) -> str:
    """Return what a page says, without its tags."""
    main = page.partition("<main")[2].partition(">")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
