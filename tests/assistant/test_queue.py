# SPDX-License-Identifier: EUPL-1.2
"""Who is served next: one line a person, and the lines take turns."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from threading import Event, Thread
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Own
from assistant.leaving import Gone, watched
from assistant.queue import FairQueue, Front, QueueFull, Ticket


def test_a_lone_question_is_served_at_once() -> None:
    queue = FairQueue()

    with queue.enter("a") as ticket:
        assert ticket.position == 0
    assert len(queue) == 0


def test_one_question_passes_before_the_third_of_somebody_else() -> None:
    queue = FairQueue()
    first = queue.enter("a")
    second, third = queue.enter("a"), queue.enter("a")
    other = queue.enter("b")

    assert [second.position, other.position, third.position] == [1, 2, 3]
    first.__exit__(None, None, None)
    assert [second.position, other.position, third.position] == [0, 1, 2]


def test_who_leaves_the_line_gives_the_place_back() -> None:
    queue = FairQueue()
    serving = queue.enter("a")
    leaving, staying = queue.enter("b"), queue.enter("c")

    leaving.__exit__(None, None, None)

    assert staying.position == 1
    serving.__exit__(None, None, None)
    assert staying.position == 0


def test_an_answer_that_breaks_gives_the_turn_back() -> None:
    queue = FairQueue()

    with pytest.raises(RuntimeError), queue.enter("a"):
        raise RuntimeError

    assert queue.enter("b").position == 0


def test_too_many_waiting_are_turned_away() -> None:
    queue = FairQueue(max_waiting=3, max_waiting_each=2)
    for actor in ("a", "a", "a"):
        queue.enter(actor)

    with pytest.raises(QueueFull) as own:
        queue.enter("a")
    queue.enter("b")
    with pytest.raises(QueueFull) as all_:
        queue.enter("c")
    assert (own.value.key, own.value.facts) == ("queue_full_own", {"waiting": 2})
    assert (all_.value.key, all_.value.facts) == ("queue_full", {"waiting": 3})


def test_who_waits_for_another_question_of_their_own_knows_it() -> None:
    queue = FairQueue()
    first, second, third = (queue.enter("a") for _ in range(3))
    assert [t.own for t in (first, second, third)] == [None, Own.READ, Own.READ]
    assert [t.waits_for_own_only for t in (first, second, third)] == [False, True, True]

    other = queue.enter("b")
    assert (other.own, other.waits_for_own_only) == (None, False)
    assert [t.waits_for_own_only for t in (second, third)] == [True, False]  # the lines take turns

    first.__exit__(None, None, None)  # a's second question is read
    assert other.position == 1
    assert (third.own, third.waits_for_own_only) == (Own.READ, False)
    second.__exit__(None, None, None)  # b's is read
    fourth = queue.enter("a")
    assert (third.own, third.waits_for_own_only) == (None, False)
    assert (fourth.own, fourth.waits_for_own_only) == (Own.WAITS, False)


def test_who_did_not_sign_in_has_no_other_question_that_is_known() -> None:
    queue = FairQueue()
    queue.enter("")
    second = queue.enter("")
    assert (second.position, second.own, second.waits_for_own_only) == (1, None, False)


def test_several_places_serve_several_at_once() -> None:
    queue = FairQueue(places=2)

    assert [queue.enter(actor).position for actor in ("a", "b", "c")] == [0, 0, 1]


def test_a_waiting_thread_wakes_when_its_turn_comes() -> None:
    queue = FairQueue()
    serving, waiting = queue.enter("a"), queue.enter("b")
    seen: list[bool] = []
    thread = Thread(target=lambda: seen.append(waiting.wait(1, 30)))
    thread.start()

    serving.__exit__(None, None, None)
    thread.join(30)

    assert seen == [True]


def test_who_comes_behind_wakes_nobody() -> None:
    queue = FairQueue()
    serving, waiting = queue.enter("a"), queue.enter("b")
    seen: list[bool] = []
    thread = Thread(target=lambda: seen.append(waiting.wait(1, 30)))
    thread.start()

    for actor in "cdefgh":
        queue.enter(actor)
    thread.join(0.3)
    assert thread.is_alive()  # fifty who come would be fifty screens drawn again for each of fifty
    serving.__exit__(None, None, None)
    thread.join(30)
    assert seen == [True]


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=20))
def test_positions_foretell_the_order_in_which_all_are_served(actors: list[str]) -> None:
    queue = FairQueue(max_waiting_each=100)
    serving = queue.enter("somebody")
    tickets = [queue.enter(actor) for actor in actors]
    foretold = sorted(tickets, key=lambda ticket: ticket.position)

    served: list[Ticket] = []
    while len(served) < len(tickets):
        serving.__exit__(None, None, None)
        serving = next(t for t in tickets if t.is_served and t not in served)
        served.append(serving)

    assert served == foretold


def test_at_the_front_a_few_pass_at_a_time_in_their_order() -> None:
    front, passed = Front(1), list[int]()
    entered = [Event() for _ in range(3)]
    go_on = Event()

    def pass_(number: int) -> None:
        with front.passing():
            passed.append(number)
            entered[number].set()
            go_on.wait(30)

    threads = list[Thread]()
    with front.passing():
        for number in range(3):
            threads.append(Thread(target=pass_, args=(number,)))
            threads[-1].start()
            while len(front._line) <= number:
                sleep(0.001)
        assert not front.empty(0.01)
        assert not passed
    assert entered[0].wait(30)
    assert passed == [0]
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert passed == [0, 1, 2]
    assert front.empty(0)


def test_who_leaves_the_line_at_the_front_lets_the_next_one_pass() -> None:
    front, gone, passed = Front(1), Event(), Event()

    def leave() -> None:
        with suppress(Gone), watched(gone.is_set), front.passing():
            raise AssertionError("nobody waits for it")

    def pass_() -> None:
        with front.passing():
            passed.set()

    threads = [Thread(target=leave), Thread(target=pass_)]
    with front.passing():
        for number, thread in enumerate(threads):
            thread.start()
            while len(front._line) <= number:
                sleep(0.001)
        gone.set()
        threads[0].join(30)
        assert len(front._line) == 1
        assert not passed.is_set()
    assert passed.wait(30)
    threads[1].join(30)
    assert front.empty(0)


def test_what_breaks_at_the_front_gives_its_place_back() -> None:
    front = Front(1)
    with pytest.raises(RuntimeError), front.passing():
        raise RuntimeError
    assert front.empty(0)
    with front.passing():
        pass


def test_the_model_waits_while_there_are_fewer_at_the_front_and_no_longer() -> None:
    front, looks = Front(4), list[float]()
    with ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(front.passing())

        def look(until: object, seconds: float) -> bool:
            """One goes on at each of the first two looks, then none does."""
            looks.append(seconds)
            if len(looks) < 3:
                with front._changed:
                    front._under_way -= 1
            return False

        real, front._changed.wait_for = front._changed.wait_for, look  # type: ignore[method-assign]
        assert not front.empty(60.0, look=1.0)
        front._changed.wait_for = real  # type: ignore[method-assign]
        front._under_way += 2
    assert looks == [1.0, 1.0, 1.0]
    assert front.empty(0)
