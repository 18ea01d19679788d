# SPDX-License-Identifier: EUPL-1.2
"""A validated answer is served to programs too, whatever way they come in, and so is what bars it.

The pipeline, the cards and their pages are the real ones; every way in is asked the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from assistant.answers import Author, Step
from assistant.cards import State
from assistant.cards.same import LearnedSame
from assistant.moratorium import Pause
from assistant.pipeline import Assistant
from corpus.documents import PUBLIC
from corpus.rights import Rights
from guardrails.register import Kind
from tests.assistant.conftest import CANTEEN, register
from tests.assistant.test_cards_serving import ANSWER, QUESTION, QUOTE, OpenTown, Town, open_town
from tests.fakes import HashEmbedder
from tests.ui.api.conftest import House, open_house
from tests.ui.api.test_mcp import MODES, call, text_of, use
from tests.ui.town import ScriptedAssistant, answering
from ui.access.person import Role

__all__ = ["open_town", "register"]

Ask = Callable[[House, str, str], dict[str, Any]]
"""Asks a question with a key's secret, and returns the outcome's fields."""


class Lent(ScriptedAssistant):
    """The assistant of the town that a test opened."""

    def __init__(self) -> None:
        super().__init__(answering)
        self.lender: Assistant | None = None

    def steps(self, question: str, **who: Any) -> Iterator[Step]:
        assert self.lender is not None
        return self.lender.steps(question, **who)


LENT = Lent()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as closing:
        yield open_house(tmp_path_factory.mktemp("town"), closing, assistant=LENT)


@pytest.fixture
def town(open_town: OpenTown) -> Iterator[Town]:
    opened = open_town()
    opened.write(CANTEEN)
    LENT.lender = opened.assistant
    yield opened
    LENT.lender = None


def by_api(house: House, question: str, secret: str) -> dict[str, Any]:
    told = house.program(secret=secret).post("/api/ask", json={"question": question})
    end: dict[str, Any] = told.json()
    return {**end, "words": end["text"]}


def by_stream(house: House, question: str, secret: str) -> dict[str, Any]:
    asked = {"question": question, "stream": True}
    told = house.program(secret=secret).post("/api/ask", json=asked)
    events = [json.loads(line[6:]) for line in told.text.splitlines() if line.startswith("data: ")]
    return {**events[-1], "words": events[-1]["text"]}


def by_openai(house: House, question: str, secret: str) -> dict[str, Any]:
    asked = {"model": "greffier", "messages": [{"role": "user", "content": question}]}
    told = house.program(secret=secret).post("/v1/chat/completions", json=asked).json()
    return {**told["greffier"], "words": told["choices"][0]["message"]["content"]}


def by_openai_stream(house: House, question: str, secret: str) -> dict[str, Any]:
    asked = {
        "model": "greffier", "stream": True, "messages": [{"role": "user", "content": question}],
    }  # fmt: skip
    told = house.program(secret=secret).post("/v1/chat/completions", json=asked)
    *data, _done = (line[6:] for line in told.text.splitlines() if line.startswith("data: "))
    chunks = [json.loads(one) for one in data]
    words = "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks)
    return {**chunks[-1]["greffier"], "words": words}


def by_tool(mode: str) -> Ask:
    def ask(house: House, question: str, secret: str) -> dict[str, Any]:
        told = use(house, mode, call("ask", question=question), secret=secret)
        return {**told.structured_content, "words": text_of(told)}

    return ask


WAYS: dict[str, Ask] = {
    "api": by_api,
    "api stream": by_stream,
    "openai": by_openai,
    "openai stream": by_openai_stream,
    **{f"mcp {mode}": by_tool(mode) for mode in MODES},
}
each_way = pytest.mark.parametrize("way", WAYS)


def ask(house: House, way: str, question: str = QUESTION, *, secret: str = "") -> dict[str, Any]:
    return WAYS[way](house, question, secret or house.keys[Role.AGENT])


@each_way
def test_a_card_is_served_with_its_name_and_its_quotes(house: House, town: Town, way: str) -> None:
    identifier = town.add()
    end = ask(house, way, "combien coute le repas de la cantine")
    assert (end["status"], end["via"], end["card"]) == ("answer", "card", identifier)
    assert end["text"] == f"{ANSWER} [1]"
    assert end["sentences"][0]["author"] == Author.PERSON
    assert [(c["file"], c["quote"]) for c in end["citations"]] == [("cantine.txt", QUOTE)]
    assert not end["ai_generated"] and "établie par la mairie" in end["notice"]
    assert end["words"].startswith(end["text"])

    sealed = [e for e in town.register.entries() if e.exchange == end["record"]]
    (outcome,) = (entry for entry in sealed if entry.kind is Kind.OUTCOME)
    assert (outcome.payload["via"], outcome.payload["card"]) == ("card", identifier)
    assert outcome.actor == town.register.pseudonym("key:program-agent")


@each_way
def test_a_key_of_other_collections_gets_no_card(house: House, town: Town, way: str) -> None:
    identifier = town.add()
    name = f"elsewhere-{way.replace(' ', '-')}"
    _, secret = house.clerk.make_key(name, Role.AGENT, collections=["autre"])
    end = ask(house, way, secret=secret)
    assert (end["status"], end["card"], end["citations"]) == ("refusal", "", [])
    assert end["leads"] == end["nearest"] == []
    assert QUOTE not in json.dumps(end, ensure_ascii=False)
    assert town.state(identifier)[0] is State.SERVED
    assert ask(house, way)["card"] == identifier


@each_way
def test_what_agents_may_not_read_they_get_from_no_card(
    house: House, open_town: OpenTown, way: str
) -> None:
    town = open_town(Rights({"agent": frozenset({"autre"}), "senior": None}))
    town.write(CANTEEN)
    LENT.lender = town.assistant
    town.add()
    end = ask(house, way)
    assert (end["status"], end["card"]) == ("refusal", "")
    assert QUOTE not in json.dumps(end, ensure_ascii=False)


@each_way
def test_a_card_of_residents_is_not_served_to_programs(house: House, town: Town, way: str) -> None:
    town.add(audience="senior")
    assert ask(house, way)["card"] == ""


@each_way
@pytest.mark.parametrize("pause", [Pause(), Pause(collection=PUBLIC), Pause(audience="agent")])
def test_a_pause_holds_for_cards(house: House, town: Town, way: str, pause: Pause) -> None:
    identifier = town.add()
    town.moratorium.add(pause)
    end = ask(house, way)
    assert (end["status"], end["reason"], end["card"]) == ("refusal", "suspended", "")
    assert QUOTE not in end["words"]
    town.moratorium.remove(pause)
    assert ask(house, way)["card"] == identifier


@each_way
def test_a_near_card_is_a_lead_that_says_which(house: House, town: Town, way: str) -> None:
    identifier = town.add()
    town.find = replace(town.find, same=LearnedSame(HashEmbedder()))
    end = ask(house, way, "Combien coûte le repas de la cantine, sans le dessert ?")
    assert (end["status"], end["via"], end["card"]) == ("refusal", "documents", "")
    assert identifier in [lead["card"] for lead in end["leads"]]
