# SPDX-License-Identifier: EUPL-1.2
"""One visitor alone does not close what is open to all: each place has a share of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answers import Step
from guardrails.findings import Screened
from tests.ui.access.conftest import Open, Place, browser, field_of, words
from tests.ui.access.walk import whole_app
from tests.ui.town import ScriptedAssistant, answering
from ui.access.buckets import Buckets
from ui.access.person import Role
from ui.access.visit import AROUND, Places
from ui.public import SENT_A_PLACE, SENT_AN_HOUR
from ui.public.remarks import Remarks
from ui.senior.asked import MAX_A_PLACE
from ui.senior.voice import MAX_KEPT_BYTES, Robot, TooMuch
from ui.senior.words import Words

At = Callable[..., TestClient]


@pytest.fixture
def crowded(open_place: Open) -> Iterator[At]:
    """The page of a town whose answers take their time; browsers from anywhere."""
    may_answer = threading.Event()

    def slow(question: str) -> Sequence[Step]:
        may_answer.wait(30)
        return answering(question)

    place: Place = open_place(proxy={"addresses": ["10.0.0.2"]})
    place.assistant = ScriptedAssistant(slow)
    app = place.whole_app()

    def at(address: str, **headers: str) -> TestClient:
        client = browser(app, address)
        client.headers.update(headers)
        return client

    yield at
    may_answer.set()


def ask(client: TestClient, number: int) -> int:
    token = field_of(client.get("/simple").text, "token")
    sent = {"question": f"Quel est le prix du repas {number} ?", "token": token}
    return client.post("/simple", data=sent).status_code


def test_one_visitor_has_three_questions_under_way_and_others_have_theirs(crowded: At) -> None:
    codes = [ask(crowded("198.51.100.7"), number) for number in range(MAX_A_PLACE + 3)]
    assert codes == [303] * MAX_A_PLACE + [400] * 3
    assert ask(crowded("198.51.100.8"), 1) == 303


def test_who_is_turned_away_for_their_own_questions_is_told_so(crowded: At) -> None:
    client = crowded("198.51.100.7")
    codes = [ask(client, number) for number in range(MAX_A_PLACE)]
    assert codes == [303] * MAX_A_PLACE
    token = field_of(client.get("/simple").text, "token")
    page = client.post("/simple", data={"question": "Une autre ?", "token": token}).text
    assert Words("fr")("problem_crowded_here") in page
    assert Words("fr")("problem_crowded") not in page


def test_a_machine_with_many_addresses_is_one_visitor(crowded: At) -> None:
    codes = [ask(crowded(f"2001:db8::{n:x}"), n) for n in range(1, MAX_A_PLACE + 2)]
    assert codes == [303] * MAX_A_PLACE + [400]


def test_behind_a_proxy_of_the_settings_each_address_has_its_own_share(crowded: At) -> None:
    def by_proxy(address: str) -> TestClient:
        return crowded("10.0.0.2", **{"x-forwarded-for": address})

    codes = [ask(by_proxy("198.51.100.7"), n) for n in range(MAX_A_PLACE + 1)]
    assert codes == [303] * MAX_A_PLACE + [400]
    assert ask(by_proxy("198.51.100.8"), 1) == 303
    strangers = [  # from anybody else the header is nothing
        ask(crowded("203.0.113.9", **{"x-forwarded-for": f"198.51.100.{n}"}), n)
        for n in range(20, 21 + MAX_A_PLACE)
    ]
    assert strangers == [303] * MAX_A_PLACE + [400]


# -- the voice


def test_a_sound_is_made_once_and_two_at_a_time_one_for_a_place() -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()
    made: list[str] = []

    def say(text: str, language: str) -> bytes:
        made.append(text)
        if text != "court":
            begun.release()
            may_end.wait(30)
        return b"RIFF" + text.encode()

    robot = Robot(say)
    assert robot("court", {"a": 1}) == robot("court", {"b": 1}) == b"RIFFcourt"
    assert made == ["court"]

    threads = [threading.Thread(target=robot, args=(f"long {at}", {at: 1})) for at in ("a", "b")]
    threads[0].start()
    begun.acquire(timeout=30)
    with pytest.raises(TooMuch):  # one for each place
        robot("autre", {"a": 1})
    threads[1].start()
    begun.acquire(timeout=30)
    with pytest.raises(TooMuch):  # two at all
        robot("autre", {"c": 1})
    assert robot("court", {"c": 1}) == b"RIFFcourt"  # what is kept costs nothing
    may_end.set()
    for thread in threads:
        thread.join(30)
    assert made == ["court", "long a", "long b"]
    assert robot("long a", {"c": 1}) == b"RIFFlong a"


def test_what_was_said_does_not_fill_the_memory() -> None:
    robot = Robot(lambda text, language: text.encode() * (MAX_KEPT_BYTES // 4))
    for text in "abcdefgh":
        robot(text, {})
    assert sum(map(len, robot._kept.values())) <= MAX_KEPT_BYTES


def test_a_voice_that_fails_lets_the_next_one_try() -> None:
    def fails(text: str, language: str) -> bytes:
        raise OSError

    robot = Robot(fails)
    for _ in range(5):
        with pytest.raises(OSError):
            robot("un", {"a": 1})


def test_the_voice_says_that_it_has_too_much_to_say(
    crowded: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(text: str, places: Places, language: str) -> bytes:
        assert places == {"198.51.100.7": 1}
        raise TooMuch

    monkeypatch.setattr("ui.senior.speech.ROBOT", refuse)
    answer = crowded("198.51.100.7").get("/simple/voice/home")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


# -- remarks


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("2001:db8::{:x}", SENT_A_PLACE),
        ("2001:db8:0:{:x}::1", SENT_A_PLACE * AROUND[56]),
        ("2001:db8:0:{:x}00::1", SENT_AN_HOUR - SENT_A_PLACE),  # some are left to the others
    ],
)
def test_one_visitor_does_not_fill_the_box_of_remarks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, most: int
) -> None:
    from tests.assistant.terminal import stand_in

    stand_in(monkeypatch)
    kept: list[str] = []

    def add(_: Remarks, text: Screened, **told: Any) -> None:
        kept.append(text.text)

    monkeypatch.setattr(Remarks, "add", add)
    with whole_app(tmp_path) as (app, desk):
        desk.accounts.keep_password(desk.accounts.add("adele", Role.ADMIN).name, "hash")

        def send(address: str) -> int:
            client = browser(app, address)
            token = field_of(client.get("/remarques").text, "token")
            sent = {"text": "Bonjour.", "kind": "remark", "token": token}
            answer = client.post("/remarques", data=sent)
            assert answer.status_code == 200 or "Trop" in words(answer.text)
            return answer.status_code

        codes = [send(address.format(n)) for n in range(1, most + 3)]
        assert codes == [200] * most + [400] * 2
        assert send("198.51.100.7") == 200
    assert len(kept) == most + 1


def test_a_bucket_may_hold_more_than_a_minute_brings() -> None:
    at = [0.0]
    bucket = Buckets(0.1, lambda: at[0], size=6)
    assert [bucket.take({"a": 1}) > 0 for _ in range(7)] == [False] * 6 + [True]
    at[0] += 600.0
    assert [bucket.take({"a": 1}) > 0 for _ in range(2)] == [False, True]
