# SPDX-License-Identifier: EUPL-1.2
"""Streams that end before their time: a reader who leaves, a key that is revoked, a failure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

import httpx
import pytest

from assistant.answers import Own, Said, Step, Waiting
from assistant.errors import ModelFailed, ModelInterrupted, PromptTooLong
from assistant.queue import QueueFull
from guardrails.errors import RegisterUnavailable
from tests.table import each
from tests.ui.api.conftest import QUESTION, House
from tests.ui.town import answering
from ui.access.person import Role

ASK = {"question": QUESTION}
CHAT = {"model": "greffier", "messages": [{"role": "user", "content": QUESTION}]}
STREAMS = [("/api/ask", ASK), ("/v1/chat/completions", CHAT)]


def until(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.fixture
def held(house: House) -> Iterator[Event]:
    """Hold the assistant after its first sentence, until the event is set."""
    go_on = Event()

    def pause(step: Step) -> None:
        if isinstance(step, Said) and step.sentence.citations == (2,):
            go_on.wait(20)

    house.assistant._pause = pause
    yield go_on
    go_on.set()
    house.assistant._pause = lambda step: None


def breaking(error: Exception, after: int) -> Callable[[str], Iterator[Step]]:
    def script(question: str) -> Iterator[Step]:
        yield from answering(question)[:after]
        raise error

    return script


@pytest.mark.parametrize(("path", "body"), STREAMS)
def test_a_key_that_is_revoked_hears_no_more(
    house: House, held: Event, path: str, body: dict[str, Any]
) -> None:
    name = f"revoked{path.replace('/', '-')}"
    _, secret = house.clerk.make_key(name, Role.AGENT)
    left = house.assistant.left
    with house.program(secret=secret).stream("POST", path, json={**body, "stream": True}) as got:
        lines = got.iter_lines()
        heard = [line for line in iter(lambda: next(lines), "") if line]
        house.clerk.revoke_key(name)
        heard += [line for line in lines if line]
    held.set()
    assert any("sources" in line or "assistant" in line for line in heard)
    assert "key_refused" in heard[-1]
    assert not [line for line in heard if "depuis le 1er septembre" in line]
    assert until(lambda: house.assistant.left == left + 1)
    assert house.program(secret=secret).post(path, json=body).status_code == 401


@pytest.mark.parametrize("is_stream", [True, False])
@pytest.mark.parametrize(("path", "body"), STREAMS)
def test_a_reader_who_leaves_ends_the_question(
    house: House, held: Event, path: str, body: dict[str, Any], is_stream: bool
) -> None:
    left, asked = house.assistant.left, len(house.assistant.asked)
    told: list[object] = []
    house_pause = house.assistant._pause

    def pause(step: Step) -> None:
        told.append(step)
        house_pause(step)

    house.assistant._pause = pause
    with (
        house.program() as client,
        pytest.raises(httpx.ReadTimeout),
        client.stream("POST", path, json={**body, "stream": is_stream}, timeout=1.0) as answer,
    ):
        answer.read()
    assert len(house.assistant.asked) == asked + 1
    time.sleep(0.3)  # the server hears of it
    held.set()
    assert until(lambda: house.assistant.left == left + 1)
    assert len(told) == 3  # sources and two sentences: not the outcome


@each("path, body", STREAMS)
@each(
    "error, status, code",
    [
        (RegisterUnavailable("disk"), 503, "register_unavailable"),
        (ModelFailed("model_broken"), 503, "model_unavailable"),
        (ModelInterrupted("model_interrupted", name="petit"), 503, "interrupted"),
        (PromptTooLong("prompt_too_long", tokens=9, max_tokens=8), 400, "long_question"),
        (QueueFull("queue_full", waiting=200), 429, "queue_full"),
        (OSError("a secret place"), 500, "system"),
    ],
)
def test_what_fails_is_told_without_its_details(
    house: House, path: str, body: dict[str, Any], error: Exception, status: int, code: str
) -> None:
    for after in (0, 2):
        house.assistant._script = breaking(error, after)  # type: ignore[assignment]
        try:
            whole = house.program().post(path, json=body)
            stream = house.program().post(path, json={**body, "stream": True})
        finally:
            house.assistant._script = answering
        assert (whole.status_code, whole.json()["error"]["code"]) == (status, code)
        assert "secret" not in whole.text + stream.text
        assert ("retry-after" in whole.headers) is (code in {"queue_full", "interrupted"})
        if after == 0:  # nothing was sent yet: the status says it
            assert (stream.status_code, stream.json()["error"]["code"]) == (status, code)
        else:
            last = stream.text.strip().split("\n\n")[-1]
            assert stream.status_code == 200
            assert f'"code":"{code}"' in last
            assert "[DONE]" not in stream.text


def test_a_program_that_waits_for_its_own_question_is_told_so(house: House) -> None:
    def script(question: str) -> list[Step]:
        first, *rest = answering(question)
        return [first, Waiting(position=1, own=Own.READ), Waiting(position=1), *rest]

    house.assistant._script = script
    try:
        told = house.program().post("/api/ask", json={**ASK, "stream": True}).text
    finally:
        house.assistant._script = answering
    assert 'event: waiting\ndata: {"position":1,"own":"read"}' in told
    assert 'event: waiting\ndata: {"position":1,"own":null}' in told


def test_a_question_that_lasts_is_kept_alive(house: House, held: Event) -> None:
    seen: list[Sequence[str]] = []
    with house.program().stream("POST", "/api/ask", json={**ASK, "stream": True}) as answer:
        for line in answer.iter_lines():
            seen.append(line)
            if line.startswith(":"):
                held.set()
    assert ": " in seen
    assert "event: outcome" in seen
