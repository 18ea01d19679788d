# SPDX-License-Identifier: EUPL-1.2
"""Real servers as fixtures, for a `conftest.py` to import."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.servers.postgresql import new_database, postgresql_server
from tests.servers.process import Started

NUMBERS = count()


@contextmanager
def running(*options: str) -> Iterator[Started]:
    """A real server; its folder is one that another user than root may enter."""
    with TemporaryDirectory(prefix="greffier-postgresql-") as folder:
        os.chmod(folder, 0o755)
        place = Path(folder) / "server"
        place.mkdir()
        server = postgresql_server(place, *options)
        server.start()
        yield server
        server.kill()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Started]:
    """A server that all tests share."""
    with running() as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[Started]:
    """A server that a test may kill."""
    with running() as server:
        yield server


@pytest.fixture
def database(postgresql: Started) -> dict[str, str]:
    """Return the place of an empty database."""
    return new_database(postgresql.port, f"greffier_{next(NUMBERS)}")
