# SPDX-License-Identifier: EUPL-1.2
"""A town with keys: the whole application, a real register, an assistant that follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from assistant.settings import Settings
from assistant.texts import Texts
from guardrails.register import Kind, Register, open_register
from guardrails.register.records import Entry
from tests.ui.access.conftest import Clock
from tests.ui.town import MemoryPages, ScriptedAssistant, answering, town
from tests.ui.workspace import tools
from ui.access import Desk, open_access
from ui.access.clerk import Clerk
from ui.access.passwords import Passwords
from ui.access.person import Person, Role
from ui.app import build_app
from ui.auditor import AuditorServices
from ui.serve import address, listen, server_of
from ui.workspaces import Workspaces

BY = Person("adele", Role.ADMIN)
QUESTION = "Combien coûte le repas ?"


@dataclass
class House:
    """The town; `keys` holds one secret of each role that has something to do here."""

    desk: Desk
    register: Register
    clock: Clock
    settings: Settings
    assistant: ScriptedAssistant
    pages: MemoryPages = field(default_factory=town)
    keys: dict[Role, str] = field(default_factory=dict, repr=False)
    clients: list[httpx.Client] = field(default_factory=list, repr=False)
    url: str = ""

    def __post_init__(self) -> None:
        for role in (Role.AGENT, Role.AUDITOR, Role.ADMIN):
            _, self.keys[role] = self.clerk.make_key(f"program-{role}", role)

    @property
    def clerk(self) -> Clerk:
        return Clerk(self.desk, BY)

    async def build(self) -> FastAPI:
        """Build the application inside a running loop: Gradio makes locks as it is built."""
        agents = tools(self.register)
        assert agents.guard is not None
        auditors = AuditorServices(register=self.register, screen=agents.guard.screen)
        return build_app(
            self.assistant,
            Texts("fr"),
            self.pages,
            settings=self.settings,
            keeper=self.desk,
            workspaces=Workspaces(tools=agents, auditor=auditors),
        )

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve the application on loopback, as `greffier serve` does, in a thread."""
        with ThreadPoolExecutor(1) as thread:
            app = thread.submit(lambda: asyncio.run(self.build())).result()
            listening, is_ready = listen("127.0.0.1", 0), Event()
            self.url = address("127.0.0.1", listening)
            server = server_of(app, lambda: is_ready.set())
            done = thread.submit(server.run, [listening])
            assert is_ready.wait(30)
            try:
                yield
            finally:
                for client in self.clients:
                    client.close()
                server.should_exit = True
                done.result()
                listening.close()

    def program(
        self, role: Role | None = Role.AGENT, *, secret: str = "", **headers: str
    ) -> httpx.Client:
        """Return a program that shows the key of a role, another secret, or none."""
        shown = secret or (self.keys[role] if role else "")
        told = {"authorization": f"Bearer {shown}"} if shown else {}
        client = httpx.Client(base_url=self.url, headers={**told, **headers}, timeout=30)
        self.clients.append(client)
        return client

    def entries(self, kind: Kind) -> list[Entry]:
        return [e for e in self.register.entries(by="test", role="auditor") if e.kind is kind]


def open_house(
    folder: Path,
    closing: ExitStack,
    *,
    assistant: ScriptedAssistant | None = None,
    **access: object,
) -> House:
    """Open a town with the settings of `[access]`; without an assistant, one that answers."""
    settings = Settings.model_validate({"access": {"actions_per_minute": 100_000, **access}})
    register = closing.enter_context(open_register(folder / "register", folder / "keys"))
    clock = Clock()
    desk = closing.enter_context(
        open_access(
            folder,
            b"secret of the tests",
            settings.access,
            register,
            now=clock,
            passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        )
    )
    house = House(desk, register, clock, settings, assistant or ScriptedAssistant(answering))
    closing.enter_context(house.served())
    return house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One town for a module's tests: building Gradio's pages takes seconds."""
    with ExitStack() as closing:
        yield open_house(tmp_path_factory.mktemp("town"), closing)
