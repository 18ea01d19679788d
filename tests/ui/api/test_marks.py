# SPDX-License-Identifier: EUPL-1.2
"""Each way in for programs says what made an answer, read by its protocol's own client."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import openai
import pytest

from assistant.answers import Answer, Author, Said, Step
from tests.ui.api.conftest import QUESTION, House
from tests.ui.api.test_mcp import call, use
from tests.ui.town import RECORD, answering, refusing
from ui.access.person import Role

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype"


def quoting(question: str) -> list[Step]:
    """An answer in the words of the documents alone."""

    def quoted(step: Step) -> Step:
        if isinstance(step, Said):
            return replace(step, sentence=replace(step.sentence, author=Author.SOURCE))
        if isinstance(step, Answer):
            said = tuple(replace(one, author=Author.SOURCE) for one in step.sentences)
            return replace(step, sentences=said)
        return step

    return [quoted(step) for step in answering(question)]


def own(house: House) -> Mapping[str, Any]:
    return dict(house.program().post("/api/ask", json={"question": QUESTION}).json())


def own_stream(house: House) -> Mapping[str, Any]:
    sent = {"question": QUESTION, "stream": True}
    lines = house.program().post("/api/ask", json=sent).text.splitlines()
    data = [json.loads(li.removeprefix("data: ")) for li in lines if li.startswith("data: ")]
    return dict(data[-1])


def chat(house: House) -> Mapping[str, Any]:
    with openai.OpenAI(base_url=f"{house.url}/v1", api_key=house.keys[Role.AGENT]) as client:
        reply = client.chat.completions.create(
            model="greffier", messages=[{"role": "user", "content": QUESTION}]
        )
    return dict((reply.model_extra or {})["greffier"])


def tools(house: House) -> Mapping[str, Any]:
    return dict(use(house, "auto", call("ask", question=QUESTION)).structured_content)


@pytest.fixture(params=[own, own_stream, chat, tools], ids=lambda way: way.__name__)
def way(request: pytest.FixtureRequest, house: House) -> Iterator[Any]:
    yield lambda: request.param(house)
    house.assistant._script = answering


@pytest.mark.parametrize(
    ("script", "is_generated", "source", "authors"),
    [
        (answering, True, "compositeSynthetic", ["model", "model"]),
        (quoting, False, "composite", ["source", "source"]),
        (refusing, False, "composite", []),
    ],
)
def test_every_way_in_for_programs_says_what_made_an_answer(
    house: House, way: Any, script: Any, is_generated: bool, source: str, authors: list[str]
) -> None:
    house.assistant._script = script
    told = way()
    assert told["ai_generated"] is is_generated
    assert told["digital_source_type"] == f"{IPTC}/{source}"
    assert told["proof"].keys() >= {"record", "origin", "index", "leaf"}
    assert told["proof"]["record"] == RECORD
    assert [sentence["author"] for sentence in told["sentences"]] == authors


def test_an_answer_without_a_quote_is_told_to_be_a_machine_s_too(house: House) -> None:
    def counted(question: str) -> list[Step]:
        first, *_, last = answering(question)
        assert isinstance(last, Answer)
        bare = replace(last.sentences[0], citations=())
        return [first, replace(last, sentences=(bare,), citations=())]

    house.assistant._script = counted
    try:
        result = use(house, "auto", call("ask", question=QUESTION))
    finally:
        house.assistant._script = answering
    (content,) = result.content
    assert content.text.endswith(result.structured_content["notice"])
