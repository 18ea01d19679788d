# SPDX-License-Identifier: EUPL-1.2
"""What every test gets: no network but loopback, and a folder of its own."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import tests.examples  # noqa: F401  (the profile `long`)
from corpus import audience
from guardrails.lastnet import hanging_net
from tests.fakes import HashEmbedder, open_head

LONGEST_FIRST = ("promises", "faults", "browser", "benchmarks")
"""Folders whose files take longest: begun last, one of them would be waited for alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, so that all processes end together; a file stays whole."""

    def place(item: pytest.Item) -> int:
        names = [name for name in LONGEST_FIRST if name in item.path.parts]
        return LONGEST_FIRST.index(names[0]) if names else len(LONGEST_FIRST)

    items.sort(key=place)


class NetworkUsed(AssertionError):
    """A sovereign assistant that dials out is broken."""


def _is_local(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def all_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stand-in of the embedder a head to which all is public but mail; a test of letters
    gives it another."""
    real, head = audience._read, open_head()
    monkeypatch.setattr(
        audience, "_read", lambda name: head if name == HashEmbedder.name else real(name)
    )


@pytest.fixture(autouse=True)
def own_priority(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process of the tests keeps its priority: a command that steps back, run here, would slow
    all tests that follow, and what these start."""
    before = os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)

    def of_others(real: Callable[..., None], at: int) -> Callable[..., None]:
        def given(*args: Any) -> None:
            if args[at] in (0, os.getpid()):
                raise PermissionError
            real(*args)

        return given

    monkeypatch.setattr(os, "setpriority", of_others(os.setpriority, 1))
    monkeypatch.setattr(os, "sched_setscheduler", of_others(os.sched_setscheduler, 0))
    yield
    assert (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)) == before


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every name look-up and connection that leaves this machine."""
    real_lookup = socket.getaddrinfo

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host):
            raise NetworkUsed(f"name look-up: {host}")
        return real_lookup(host, *args, **kwargs)

    def guarded(name: str) -> Callable[..., Any]:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_local(address[0]):
                raise NetworkUsed(f"connection: {address}")
            return real(self, address)

        return connect

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket.socket, "connect", guarded("connect"))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded("connect_ex"))


@pytest.fixture(autouse=True)
def no_net_left() -> Iterator[None]:
    """What a test logs is its own: a net that a guard hung is taken down after it."""
    yield
    if net := hanging_net():
        net.remove()
