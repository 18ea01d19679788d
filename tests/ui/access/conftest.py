# SPDX-License-Identifier: EUPL-1.2
"""A town with accounts: a real register, a clock that the tests turn, cheap hashes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from assistant.settings import Settings
from guardrails.register import Kind, Register, open_register
from guardrails.register.records import Entry
from tests.ui.access.idp import Idp, provider
from tests.ui.building import built
from tests.ui.town import ScriptedAssistant, answering, town
from ui.access import Desk, Gatehouse, open_access
from ui.access.passwords import Passwords
from ui.access.person import Role, person_of
from ui.access.routes import AREAS
from ui.door import Door

HERE = "http://127.0.0.1:7860"
PASSWORD = "le puits de la place"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAMES = {
    Role.RESIDENT: "rachid",
    Role.AGENT: "agnes",
    Role.AUDITOR: "aude",
    Role.ADMIN: "adele",
}


@dataclass
class Clock:
    """Seconds, as the tests want them."""

    at: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at

    def turn(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Place:
    """One town with accounts."""

    desk: Desk
    register: Register
    clock: Clock
    settings: Settings
    assistant: ScriptedAssistant = field(default_factory=lambda: ScriptedAssistant(answering))

    def app(self) -> FastAPI:
        """The door and the gate as they are, and behind them pages that say who came in."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        gatehouse = Gatehouse(self.desk, self.settings, "fr")
        gatehouse.mount(app)
        app.add_api_route("/{path:path}", _who, methods=["GET", "POST"])
        gatehouse.close(app, mounted=AREAS)
        app.add_middleware(
            Door,
            hosts=(),
            closed_page="closed",
            dress=lambda page, nonce: page,
            closing=asyncio.Event(),
        )
        return app

    @cached_property
    def app_once(self) -> FastAPI:
        """The same application at each call, with what it remembers."""
        return self.app()

    def whole_app(self) -> FastAPI:
        return built(self.assistant, town(), settings=self.settings, keeper=self.desk)

    def account(
        self, role: Role, name: str = "", collections: tuple[str, ...] | None = None
    ) -> str:
        """Make an account with the password of all tests; return its name."""
        name = name or NAMES[role]
        self.desk.accounts.add(name, role, collections=collections)
        self.desk.accounts.keep_password(name, self.desk.passwords.hash(PASSWORD))
        return name

    def entries(self, kind: Kind) -> list[Entry]:
        return [e for e in self.register.entries(by="test", role="auditor") if e.kind is kind]

    def statuses(self, kind: Kind = Kind.SIGN_IN) -> list[str]:
        """Return what became of what was begun, one by one."""
        told = [str(entry.payload["status"]) for entry in self.entries(kind)]
        return [status for status in told if status != "begun"]


def _who(request: Request) -> JSONResponse:
    person = person_of(request)
    return JSONResponse([person.name, person.role, person.collections])


Open = Callable[..., Place]


@pytest.fixture
def open_place(tmp_path: Path) -> Iterator[Open]:
    """Open towns with the settings of `[access]`."""
    with ExitStack() as closing:

        def start(**access: object) -> Place:
            settings = Settings.model_validate({"access": access})
            register = closing.enter_context(
                open_register(tmp_path / "register", tmp_path / "keys")
            )
            clock = Clock()
            desk = closing.enter_context(
                open_access(
                    tmp_path,
                    b"secret of the tests",
                    settings.access,
                    register,
                    now=clock,
                    passwords=Passwords(CHEAP),
                )
            )
            return Place(desk, register, clock, settings)

        yield start


@pytest.fixture
def idp() -> Iterator[Idp]:
    """A provider where people sign in."""
    with provider() as started:
        yield started


@pytest.fixture
def place(open_place: Open) -> Place:
    """A town with one account of each role."""
    town_ = open_place()
    for role in Role:
        town_.account(role)
    return town_


def browser(app: FastAPI, address: str = "198.51.100.7") -> TestClient:
    """A browser: it follows no redirect by itself, and says where its forms come from."""
    return TestClient(
        app,
        base_url=HERE,
        follow_redirects=False,
        client=(address, 50_000),
        headers={"origin": HERE},
    )


def field_of(page: str, name: str) -> str:
    node = LexborHTMLParser(page).css_first(f"[name={name}]")
    assert node is not None, page[:2000]
    return str(node.attributes["value"])


def sign_in(
    client: TestClient, name: str, password: str = PASSWORD, after: str = ""
) -> httpx.Response:
    """Fill the form of the page where one signs in, and send it."""
    page = client.get("/connexion", params={"suite": after} if after else None).text
    sent = {"name": name, "password": password, "token": field_of(page, "token")}
    return client.post("/connexion", data={**sent, "suite": field_of(page, "suite")})


def words(page: str, selector: str = "main") -> str:
    node = LexborHTMLParser(page).css_first(selector)
    return " ".join(node.text().split()) if node else ""
