# SPDX-License-Identifier: EUPL-1.2
"""A register in a folder of the test's own, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guardrails.register import Register
from tests.register.homes import Home, ask_in
from tests.servers.fixtures import database, own_server, postgresql

__all__ = ["database", "own_server", "postgresql"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def register(home: Home) -> Iterator[Register]:
    with home.open() as opened:
        yield opened


@pytest.fixture
def ask(register: Register) -> Callable[..., str]:
    """Write the entries of one question; return its exchange."""

    def ask(user: str = "agent-7", *, reason: str = "", collection: str = "actes") -> str:
        return ask_in(register, user, reason=reason, collection=collection)

    return ask
