# SPDX-License-Identifier: EUPL-1.2
"""The service manager hears that we are ready, that the event loop turns, and that we stop."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.loops import run_apart
from ui import serve
from ui.notify import Manager

LONG_SECONDS = 60.0


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    """A manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(LONG_SECONDS)
        yield listening


def environment(heard: socket.socket, micros: str = "30000") -> dict[str, str]:
    return {
        "NOTIFY_SOCKET": heard.getsockname(),
        "WATCHDOG_USEC": micros,
        "WATCHDOG_PID": str(os.getpid()),
        "LANG": "C",
    }


def test_its_address_is_taken_out_of_the_environment(heard: socket.socket) -> None:
    given = environment(heard)
    manager = Manager(given)
    assert given == {"LANG": "C"}
    manager.tell("READY=1")
    assert heard.recv(100) == b"READY=1"
    assert manager.seconds == 0.03


def test_an_address_without_a_file_is_reached_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0greffier-test-notify")
        Manager({"NOTIFY_SOCKET": "@greffier-test-notify"}).tell("READY=1")
        listening.settimeout(LONG_SECONDS)
        assert listening.recv(100) == b"READY=1"


def test_without_a_manager_nothing_is_said_and_nothing_fails() -> None:
    manager = Manager({})
    manager.tell("READY=1")
    run_apart(manager.pings())  # ends at once
    Manager({"NOTIFY_SOCKET": "/nowhere"}).tell("READY=1")


def test_a_watch_over_another_process_is_not_ours(heard: socket.socket) -> None:
    assert Manager(environment(heard) | {"WATCHDOG_PID": "1"}).seconds == 0.0
    assert Manager(environment(heard, "soon")).seconds == 0.0


def test_pings_come_as_long_as_the_event_loop_turns_and_only_then(heard: socket.socket) -> None:
    manager = Manager(environment(heard))

    async def works() -> int:
        pings = asyncio.create_task(manager.pings())
        for _ in range(5):
            assert (await asyncio.to_thread(heard.recv, 100)) == b"WATCHDOG=1"
        heard.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                heard.recv(100)
        threading.Event().wait(0.2)  # the loop stands still, for many pings' time
        count = 0
        with suppress(BlockingIOError):
            while heard.recv(100):
                count += 1
        pings.cancel()
        return count

    assert run_apart(works()) == 0


def test_a_service_says_that_it_is_ready_lives_and_stops(
    heard: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(heard).items():
        monkeypatch.setenv(name, value)
    listening = serve.listen("127.0.0.1", 0)
    server = serve.server_of(FastAPI(), lambda: None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    with listening:
        thread.start()
        told = [heard.recv(100) for _ in range(4)]
        server.should_exit = True
        thread.join()
    assert told == [b"READY=1", *[b"WATCHDOG=1"] * 3]
    last = b""
    while last != b"STOPPING=1":
        last = heard.recv(100)
    assert "NOTIFY_SOCKET" not in os.environ
