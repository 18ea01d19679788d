# SPDX-License-Identifier: EUPL-1.2
"""A question goes on in its own thread, and is closed when its reader leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing
from threading import Event, current_thread
from typing import TypeVar

import pytest
from anyio import CapacityLimiter
from starlette.requests import Request

import ui.relay
from assistant.leaving import stop_if_gone
from guardrails.register.locks import PATIENCE
from tests.loops import run_apart
from ui.door import _Heard
from ui.relay import ReaderLeft, Relay, in_turn

T = TypeVar("T")


def heard(
    relay: Relay,
    steps: Iterable[T],
    at_most: int = 100,
    before_leaving: Callable[[], object] = lambda: None,
) -> list[T]:
    """Return the first steps that a reader hears, who then leaves."""

    async def read() -> list[T]:
        read = list[T]()
        async with aclosing(relay.follow(steps, Event())) as following:
            async for step in following:
                read.append(step)
                if len(read) == at_most:
                    break
            await asyncio.to_thread(before_leaving)
        return read

    return run_apart(read())


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay(2)
    yield relay
    relay.close()


def test_all_steps_run_in_one_thread_that_is_not_the_readers(relay: Relay) -> None:
    def names() -> Iterator[str]:
        for _ in range(3):
            yield current_thread().name

    seen = set(heard(relay, names()))

    assert len(seen) == 1
    assert current_thread().name not in seen


def test_what_breaks_there_is_raised_here(relay: Relay) -> None:
    def breaking() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    assert heard(relay, breaking(), 1) == [1]
    with pytest.raises(ZeroDivisionError):
        heard(relay, breaking())


def test_a_reader_who_leaves_closes_the_question_at_its_next_step(relay: Relay) -> None:
    is_gone, is_closed, worked = Event(), Event(), []

    def working() -> Iterator[int]:
        try:
            for number in range(5):
                worked.append(number)
                yield number
                is_gone.wait(5)
        finally:
            is_closed.set()

    assert heard(relay, working(), 1) == [0]
    is_gone.set()

    assert is_closed.wait(5)
    assert len(worked) < 5


def test_a_question_goes_on_even_if_nobody_reads_its_steps(relay: Relay) -> None:
    is_done = Event()

    def working() -> Iterator[int]:
        yield from range(3)
        is_done.set()

    assert heard(relay, working(), 1, lambda: is_done.wait(5)) == [0]
    assert is_done.is_set()


def test_a_reader_who_leaves_stops_the_model_at_work() -> None:
    began, went_on, is_left = Event(), Event(), Event()

    def steps() -> Iterator[int]:
        yield 1
        began.set()
        is_left.wait(5)
        stop_if_gone()
        went_on.set()
        yield 2

    relay = Relay(1)
    assert heard(relay, steps(), 1, lambda: began.wait(5)) == [1]
    assert began.is_set()
    is_left.set()
    relay.close()

    assert not went_on.is_set()


def test_a_slow_reader_gets_what_came_meanwhile_as_one_step(relay: Relay) -> None:
    is_done = Event()

    def counting() -> Iterator[tuple[int, ...]]:
        for number in range(5):
            yield (number,)
        is_done.set()

    async def read() -> list[tuple[int, ...]]:
        read = list[tuple[int, ...]]()
        following = relay.follow(counting(), Event(), merged=lambda a, b: a + b, first_after=5)
        async with aclosing(following):
            async for step in following:
                read.append(step)
                await asyncio.to_thread(is_done.wait, 5)
        return read

    steps = run_apart(read())
    assert len(steps) <= 2  # the first is kept back for the second at least
    assert sum(steps, ()) == (0, 1, 2, 3, 4)


def test_the_first_step_comes_alone_where_no_other_does(relay: Relay) -> None:
    go_on = Event()

    def waiting() -> Iterator[list[int]]:
        yield [1]
        assert go_on.wait(5)
        yield [2]

    async def read() -> list[list[int]]:
        following = relay.follow(waiting(), Event(), merged=lambda a, b: a + b, first_after=0.05)
        async with aclosing(following):
            first = await anext(following)
            go_on.set()
            return [first, *[step async for step in following]]

    assert run_apart(read()) == [[1], [2]]


def test_what_stands_for_nothing_comes_while_nothing_does(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui.relay, "LOOK_SECONDS", 0.01)
    go_on, nothing = Event(), ["nothing"]

    def waiting() -> Iterator[list[str]]:
        yield ["first"]
        assert go_on.wait(5)
        yield ["second"]

    async def read() -> list[list[str]]:
        read = list[list[str]]()
        async with aclosing(relay.follow(waiting(), Event(), meanwhile=nothing)) as following:
            async for step in following:
                read.append(step)
                if read.count(nothing) == 3:
                    go_on.set()
        return read

    steps = run_apart(read())
    assert [step for step in steps if step is not nothing] == [["first"], ["second"]]
    assert steps.count(nothing) >= 3


def test_the_more_follow_the_less_often_each_is_given_nothing() -> None:
    """Fifty who wait were given fifty screens a second, and no question got on."""
    relay, go_on = Relay(50), Event()

    def waiting() -> Iterator[str]:
        yield "first"
        assert go_on.wait(10)

    async def follow() -> list[float]:
        found = [relay.look_seconds]
        following = [relay.follow(waiting(), Event(), meanwhile="nothing") for _ in range(50)]
        for one in following:
            await anext(one)
        found.append(relay.look_seconds)
        go_on.set()
        for one in following:
            await one.aclose()
        relay.close()
        return [*found, relay.look_seconds]

    alone, among_fifty, after = run_apart(follow())
    assert alone == after == ui.relay.LOOK_SECONDS
    assert 50 / among_fifty <= ui.relay.LOOKS_A_SECOND


def test_a_question_waits_for_the_register_and_not_for_ever(relay: Relay) -> None:
    told = list[float | None]()

    def sealing() -> Iterator[float | None]:
        try:
            for _ in range(2):
                yield PATIENCE.get()
        finally:
            told.append(PATIENCE.get())  # what was left is entered as abandoned

    assert heard(relay, sealing()) == [ui.relay.SEAL_SECONDS] * 2
    heard(relay, sealing(), at_most=1)
    relay.close()
    assert told == [ui.relay.SEAL_SECONDS] * 2


def test_work_that_waited_for_a_place_is_not_begun_for_who_has_left() -> None:
    """Two long maskings whose readers had gone held both places, and those behind them too."""
    done = list[str]()

    class Asking(Request):
        """As the door hands it on: a look that gives up at once only begins to listen."""

        def __init__(self, name: str, has_left: bool) -> None:
            self.name, self.closing = name, asyncio.Event()

            async def receive() -> dict[str, str]:
                if not has_left:
                    await asyncio.Event().wait()
                return {"type": "http.disconnect"}

            super().__init__({"type": "http"}, _Heard(receive, self.closing))

    async def all_of_them() -> list[object]:
        places = CapacityLimiter(1)
        asking = [Asking("a", False), Asking("b", True), Asking("c", False)]
        work = [in_turn(places, one, done.append, one.name) for one in asking]
        return list(await asyncio.gather(*work, return_exceptions=True))

    told = run_apart(all_of_them())
    assert [type(one) for one in told] == [type(None), ReaderLeft, type(None)]
    assert done == ["a", "c"]
