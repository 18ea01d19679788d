# SPDX-License-Identifier: EUPL-1.2
"""Who has a whole network of IPv6 is no crowd: limits count the networks around a place too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.ui.access.conftest import Open, Place, browser, sign_in
from tests.ui.access.test_crowding import At, ask, crowded
from ui.access.person import Role
from ui.access.throttle import LIMITS
from ui.access.visit import AROUND
from ui.senior.asked import MAX_A_PLACE
from ui.senior.voice import Robot, TooMuch

__all__ = ["crowded"]

ELSEWHERE = "2001:db9::1"


def of(length: int) -> Iterator[str]:
    """Yield addresses of one network, each in a smaller one of its own that is counted too."""
    for number in range(1 << 16):
        group = number if length == 56 else number << 8
        yield f"2001:db8:0:{group & 0xFFFF:x}::{number:x}"


def until(answers: Callable[[str], bool], length: int) -> int:
    """Return how many addresses of a network were let in before one was not."""
    for count, address in enumerate(of(length)):
        if not answers(address):
            return count
    raise AssertionError("nothing counts them")


@pytest.mark.parametrize("length", [56, 48])
def test_reads_are_counted_by_the_networks_around_a_place(open_place: Open, length: int) -> None:
    place = open_place(actions_per_minute=1)
    place.account(Role.AGENT)

    def reads(address: str) -> bool:
        return browser(place.app_once, address).get("/connexion").status_code == 200

    free = 5 * AROUND[length]
    assert free <= until(reads, length) < 2 * free  # some come back while they are taken
    assert reads(ELSEWHERE)


@pytest.mark.parametrize("length", [56, 48])
def test_wrong_keys_are_counted_by_the_networks_around_a_place(place: Place, length: int) -> None:
    numbers = iter(range(1000))

    def tries(address: str) -> bool:
        wrong = f"gfr_{next(numbers):012x}_{'0' * 64}"
        client = browser(place.app_once, address)
        answer = client.get("/v1/models", headers={"authorization": f"Bearer {wrong}"})
        return answer.status_code == 401

    assert until(tries, length) == LIMITS["address"].free * AROUND[length]
    assert tries(ELSEWHERE)


def test_wrong_passwords_are_counted_by_the_networks_around_a_place(open_place: Open) -> None:
    place = open_place(actions_per_minute=10_000)
    place.account(Role.AGENT)
    free = LIMITS["address"].free * AROUND[56]

    def tries(address: str) -> bool:
        return sign_in(browser(place.app_once, address), f"nom{address}", "faux").status_code == 403

    assert until(tries, 56) == free
    assert sign_in(browser(place.app_once, ELSEWHERE), "agnes").status_code == 303
    place.clock.turn(31)  # as a place: half a minute at most
    assert sign_in(browser(place.app_once, next(of(56))), "agnes").status_code == 303


@pytest.mark.parametrize("length", [56, 48])
def test_a_network_does_not_close_the_simple_page(crowded: At, length: int) -> None:
    numbers = iter(range(1000))

    def asks(address: str) -> bool:
        return ask(crowded(address), next(numbers)) == 303

    assert until(asks, length) == MAX_A_PLACE * AROUND[length]
    assert asks("198.51.100.7")


def test_a_network_does_not_take_both_voices() -> None:
    """Few are under way at all: the last one is for somebody elsewhere."""
    here, near = ({**place, "around": AROUND[56]} for place in ({"a": 1}, {"b": 1}))

    def say(text: str, language: str) -> bytes:
        if text == "long":
            with pytest.raises(TooMuch):
                robot("autre", near)
            assert robot("court", {"c": 1}) == b"court"
        return text.encode()

    robot = Robot(say)
    assert robot("long", here) == b"long"


def test_each_ipv4_address_is_one_place(open_place: Open) -> None:
    place = open_place(actions_per_minute=1)
    place.account(Role.AGENT)
    codes = [
        browser(place.app_once, f"198.51.100.{n}").get("/connexion").status_code
        for n in range(1, 200)
    ]
    assert codes == [200] * 199
