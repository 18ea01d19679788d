# SPDX-License-Identifier: EUPL-1.2
"""What `/ready` stands on: each part is looked at, and one that is stuck holds nobody up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.readiness import KEPT_SECONDS, Readiness
from assistant.settings import Settings
from assistant.wiring import open_parts
from guardrails.errors import RegisterUnavailable
from guardrails.register import open_register
from tests.assistant.terminal import stand_in


def fails() -> None:
    raise OSError("a secret place")


def test_each_part_says_whether_it_works() -> None:
    looks = {"whole": lambda: None, "sure": lambda: True, "gone": lambda: False, "broken": fails}
    assert Readiness(looks)() == {"whole": True, "sure": True, "gone": False, "broken": False}
    assert Readiness({})() == {}


def test_a_part_that_is_stuck_is_not_ready_and_holds_one_thread() -> None:
    is_free, looks, clock = threading.Event(), list[str](), iter(range(0, 1000, 10))

    def stuck() -> None:
        looks.append("stuck")
        is_free.wait()

    readiness = Readiness(
        {"stuck": stuck, "sure": lambda: True}, seconds=0.05, now=lambda: float(next(clock))
    )
    for _ in range(3):
        assert readiness() == {"stuck": False, "sure": True}
    assert looks == ["stuck"]
    is_free.set()
    while not readiness()["stuck"]:
        pass


def test_who_asks_often_costs_nothing() -> None:
    looks, now = list[int](), [0.0]
    readiness = Readiness({"one": lambda: looks.append(1)}, now=lambda: now[0])
    for _ in range(100):
        readiness()
    assert looks == [1]
    now[0] += KEPT_SECONDS
    readiness()
    assert looks == [1, 1]


def test_a_register_that_can_be_written_stays_as_it_is(tmp_path: Path) -> None:
    with open_register(tmp_path / "register", tmp_path / "keys") as register:
        size = register.size()
        register.check_writable()
        assert register.size() == size
        assert register.verify().holds
    with pytest.raises(RegisterUnavailable):
        register.check_writable()


def test_a_register_that_another_program_holds_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()) as parts:
        assert parts.readiness() == {"register": True, "model": True, "index": True}
        held, is_free = threading.Event(), threading.Event()

        def holds() -> None:
            with parts.register._store.writing():
                held.set()
                is_free.wait()

        holder = threading.Thread(target=holds)
        holder.start()
        held.wait()
        try:
            parts.readiness._seen_at = float("-inf")
            parts.readiness._seconds = 0.1
            assert parts.readiness() == {"register": False, "model": True, "index": True}
        finally:
            is_free.set()
            holder.join()
