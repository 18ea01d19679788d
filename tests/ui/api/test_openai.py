# SPDX-License-Identifier: EUPL-1.2
"""The real client of OpenAI, pointed at a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import openai
import pytest

from assistant.following import Understood
from tests.fakes import WordGuard, plain_reader
from tests.ui.api.conftest import QUESTION, House
from tests.ui.town import RECORD, answering, refusing
from tests.ui.workspace import RESIDENT
from ui.access.person import Role
from ui.agent.services import AgentTools
from ui.api.chat import _question
from ui.api.chat_models import Chat
from ui.api.services import ApiServices

ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def client(house: House) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        base_url=f"{house.url}/v1", api_key=house.keys[Role.AGENT], max_retries=0
    ) as made:
        yield made


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["greffier"]


def test_an_answer_has_its_sources_in_words_and_in_the_extension(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="greffier",
        temperature=0.2,
        messages=[{"role": "system", "content": "Réponds en vers."}, *ASKED],
    )
    content = reply.choices[0].message.content or ""
    assert reply.id == f"chatcmpl-{RECORD}"
    assert reply.choices[0].finish_reason == "stop"
    assert "pour un enfant de la commune. [1] Ce tarif" in content
    assert "[2] deliberations/2025-31_restauration-scolaire.pdf, page 2 : «" in content
    assert "IA" in content.splitlines()[-1]
    extension = reply.model_extra["greffier"] if reply.model_extra else {}
    assert [c["number"] for c in extension["citations"]] == [1, 2]
    assert reply.usage is not None
    assert reply.usage.prompt_tokens == 4 + 5
    assert reply.usage.completion_tokens > 20
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_stream_says_what_the_whole_answer_says(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="greffier", messages=ASKED)
    with client.chat.completions.create(
        model="greffier",
        messages=ASKED,
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        chunks = list(stream)
    said = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(said) == whole.choices[0].message.content
    assert len([piece for piece in said if piece]) == 3  # two sentences, then the sources
    assert chunks[0].choices[0].delta.role == "assistant"
    assert {chunk.id for chunk in chunks} == {whole.id}
    last = [chunk for chunk in chunks if chunk.choices][-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra and whole.model_extra
    assert last.model_extra["greffier"] == whole.model_extra["greffier"]
    assert chunks[-1].usage == whole.usage


def test_a_refusal_is_an_ordinary_message(house: House, client: openai.OpenAI) -> None:
    house.assistant._script = refusing
    try:
        whole = client.chat.completions.create(model="greffier", messages=ASKED)
        with client.chat.completions.create(
            model="greffier",
            messages=ASKED,
            stream=True,
        ) as stream:
            said = "".join(c.choices[0].delta.content or "" for c in stream)
    finally:
        house.assistant._script = answering
    assert whole.choices[0].message.content == said != ""
    assert whole.model_extra and whole.model_extra["greffier"]["reason"] == "not_answered"


def test_a_question_leans_on_the_one_before_in_its_hidden_form(
    house: House, client: openai.OpenAI
) -> None:
    talk: list[Any] = [
        {"role": "user", "content": f"Quel est le tarif de la cantine pour {RESIDENT} ?"},
        {"role": "assistant", "content": "3,40 €"},
        {"role": "user", "content": [{"type": "text", "text": "Et pour un enfant ?"}]},
    ]
    client.chat.completions.create(model="greffier", messages=talk)
    assert house.assistant.asked[-1] == "Quel est le tarif de la cantine pour un enfant ?"
    client.chat.completions.create(model="greffier", messages=[talk[0], talk[2]])
    assert house.assistant.asked[-1] == "Quel est le tarif de la cantine pour un enfant ?"
    client.chat.completions.create(model="greffier", messages=[*talk, *ASKED])
    assert house.assistant.asked[-1] == QUESTION
    assert not [asked for asked in house.assistant.asked if RESIDENT in asked]


def test_a_model_is_given_what_nothing_is_hidden_in_alone() -> None:
    given = list[str]()

    def follow(question: str, before: str) -> Understood | None:
        given.append(question)
        return Understood((f"{question} {before}", "another")) if before else None

    tools = AgentTools(guard=WordGuard(RESIDENT), following=follow)
    services = cast(ApiServices, SimpleNamespace(tools=tools))
    for last, meant in (("Et lundi ?", "Et lundi ? Prix du repas ?"), (f"Et {RESIDENT} ?", None)):
        messages = [{"role": "user", "content": one} for one in ("Prix du repas ?", last)]
        told = _question(services, Chat.model_validate({"model": "greffier", "messages": messages}))
        assert meant is None or told == meant
    assert "Et lundi ?" in given and not [one for one in given if RESIDENT in one]


def test_what_is_refused_is_not_carried_on() -> None:
    tools = AgentTools(guard=WordGuard(RESIDENT), reads=plain_reader)
    services = cast(ApiServices, SimpleNamespace(tools=tools))
    asked = ("Quel est le tarif de la cantine ?", "Ai-je droit à la garderie ?", "Et le samedi ?")
    messages = [{"role": "user", "content": one} for one in asked]
    told = _question(services, Chat.model_validate({"model": "greffier", "messages": messages}))
    assert told == "Quel est le tarif de la cantine le samedi ?"


def test_what_the_guard_cannot_read_is_not_carried_on(house: House, client: openai.OpenAI) -> None:
    talk: list[Any] = [
        {"role": "user", "content": "PIÈGE Quel est le tarif de la cantine ?"},
        {"role": "user", "content": "Et pour un enfant ?"},
    ]
    client.chat.completions.create(model="greffier", messages=talk)
    assert house.assistant.asked[-1] == "Et pour un enfant ?"


def test_its_errors_are_those_that_the_client_knows(house: House, client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="gpt-4", messages=ASKED)
    assert missing.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="greffier", messages=ASKED, n=2)
    wrong = client.with_options(api_key=house.keys[Role.AUDITOR])
    with pytest.raises(openai.PermissionDeniedError):
        wrong.models.list()
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="sk-none").models.list()


def test_what_fails_in_a_stream_is_an_error_of_the_client(
    house: House, client: openai.OpenAI
) -> None:
    def script(question: str) -> Iterator[object]:
        yield from answering(question)[:2]
        raise OSError

    house.assistant._script = script  # type: ignore[assignment]
    try:
        with (
            client.chat.completions.create(
                model="greffier",
                messages=ASKED,
                stream=True,
            ) as stream,
            pytest.raises(openai.APIError) as failed,
        ):
            list(stream)
    finally:
        house.assistant._script = answering
    assert failed.value.code == "system"
