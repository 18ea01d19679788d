# SPDX-License-Identifier: EUPL-1.2
"""Agents' tools, asked by the protocol's own client, over HTTP and in one process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp import MCPError, types
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from assistant.answers import Own, Said, Step, Waiting
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.errors import StorageFull
from guardrails.errors import RegisterUnavailable
from tests.loops import run_apart
from tests.register.homes import ask_in
from tests.ui.api.conftest import QUESTION, House
from tests.ui.api.test_following import until
from tests.ui.town import CANTEEN, RECORD, ScriptedAssistant, answering, refusing, town
from tests.ui.workspace import RESIDENT, tools
from ui.access.person import Person, Role
from ui.api import ApiServices, Figures
from ui.api.models import Outcome, ProofReply, SearchReply
from ui.mcp.server import mcp_server

MODES = ["legacy", "auto"]
"""The handshake of the protocol's older versions, and what its newest does without."""

Use = Callable[[Client], Awaitable[Any]]


@asynccontextmanager
async def reached(house: House, mode: str, secret: str) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{house.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def use(house: House, mode: str, what: Use, role: Role = Role.AGENT, *, secret: str = "") -> Any:
    """Connect with the key of a role, and do something; return what came, or what was refused."""

    async def done() -> Any:
        async with reached(house, mode, secret or house.keys[role]) as client:
            try:
                return await what(client)
            except MCPError as refused:  # the client's own tasks would wrap it
                return refused

    return run_apart(done())


def call(name: str, **arguments: object) -> Use:
    return lambda client: client.call_tool(name, arguments)


def text_of(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_described_and_change_nothing(house: House, mode: str) -> None:
    listed = use(house, mode, lambda client: client.list_tools())
    assert [tool.name for tool in listed.tools] == ["ask", "search", "proof"]
    for tool in listed.tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        wanted = "record" if tool.name == "proof" else "question"
        assert tool.input_schema["required"] == [wanted]
        assert tool.input_schema["additionalProperties"] is False
        assert tool.annotations is not None and tool.annotations.read_only_hint


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_is_the_one_that_programs_are_given(house: House, mode: str) -> None:
    result = use(house, mode, call("ask", question=QUESTION))
    given = house.program().post("/api/ask", json={"question": QUESTION}).json()
    assert not result.is_error
    assert result.structured_content == given
    assert Outcome.model_validate(result.structured_content).record == RECORD
    text = text_of(result)
    assert text.startswith(given["text"])
    assert "[1] deliberations/2025-31_restauration-scolaire.pdf, page 2" in text
    assert text.endswith(given["notice"])


@pytest.mark.parametrize("mode", MODES)
def test_passages_are_those_that_programs_are_given(house: House, mode: str) -> None:
    result = use(house, mode, call("search", question=QUESTION, limit=1))
    given = house.program().post("/api/search", json={"question": QUESTION, "limit": 1}).json()
    assert result.structured_content == given
    assert SearchReply.model_validate(given).passages[0].document == CANTEEN
    assert "[1] deliberations/2025-31_restauration-scolaire.pdf, page 2" in text_of(result)


def test_a_refusal_is_a_result(house: House) -> None:
    house.assistant._script = refusing
    try:
        result = use(house, "auto", call("ask", question=QUESTION))
    finally:
        house.assistant._script = answering
    assert not result.is_error
    assert result.structured_content["reason"] == "not_answered"
    assert text_of(result) == result.structured_content["text"] != ""


@pytest.mark.parametrize("secret", ["", "gfr_none"])
def test_nobody_comes_in_without_a_key(house: House, secret: str) -> None:
    asked = len(house.assistant.asked)
    answer = house.program(None, secret=secret).post("/mcp", json=initialize())
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == ("key_refused" if secret else "key_missing")
    assert len(house.assistant.asked) == asked


def test_the_key_of_another_role_opens_nothing(house: House) -> None:
    answer = house.program(Role.AUDITOR).post("/mcp", json=initialize())
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "key_role")


def test_there_is_no_stream_to_open_and_no_session_to_end(house: House) -> None:
    program = house.program()
    assert program.get("/mcp").status_code == program.delete("/mcp").status_code == 405


def test_a_site_does_not_ask_through_a_browser(house: House) -> None:
    program = house.program(origin="http://elsewhere.invalid")
    assert program.post("/mcp", json=initialize()).status_code == 403


def test_the_collections_of_the_key_narrow_what_is_seen(house: House) -> None:
    _, secret = house.clerk.make_key("narrow", Role.AGENT, collections=("archives",))
    found = use(house, "auto", call("search", question=QUESTION), secret=secret)
    assert found.structured_content == {"passages": []}
    assert text_of(found) == "Aucun passage trouvé."
    use(house, "auto", call("ask", question=QUESTION, collections=["default"]), secret=secret)
    assert house.assistant.filters[-1].collections == frozenset()


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({}, "question : manque (missing)"),
        ({"question": 3}, "question : doit être un texte (string_type)"),
        (
            {"question": QUESTION, "since": RESIDENT},
            "since : doit être une date (2026-03-01) (date_from_datetime_parsing)",
        ),
        ({"question": QUESTION, RESIDENT: 1}, "(extra_forbidden)"),
    ],
    ids=["missing", "another type", "not a date", "unknown"],
)
def test_what_does_not_fit_is_named_and_never_repeated(
    house: House, arguments: dict[str, Any], field: str
) -> None:
    result = use(house, "legacy", call("ask", **arguments))
    assert result.is_error
    assert field in text_of(result)
    assert RESIDENT not in text_of(result)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RegisterUnavailable("closed"), "register_unavailable"),
        (StorageFull(), "corpus_unavailable"),
    ],
    ids=["register", "disk"],
)
def test_what_fails_is_told_in_words_and_by_its_code(
    house: House, error: Exception, code: str
) -> None:
    def script(question: str) -> list[Step]:
        raise error

    house.assistant._script = script
    try:
        result = use(house, "auto", call("ask", question=QUESTION))
    finally:
        house.assistant._script = answering
    assert result.is_error and text_of(result).endswith(f"({code})")


def test_an_empty_question_is_refused_before_anything(house: House) -> None:
    result = use(house, "auto", call("ask", question=" "))
    assert result.is_error and text_of(result).endswith("(empty_question)")


def test_another_tool_does_not_exist(house: House) -> None:
    refused = use(house, "auto", call("register"))
    assert refused.error.code == types.INVALID_PARAMS
    assert "ask" in refused.error.message


def test_a_caller_who_leaves_ends_the_question(house: House) -> None:
    before = house.assistant.left

    def slow(step: Step) -> None:
        if isinstance(step, Said):
            until(lambda: False, 0.5)

    house.assistant._pause = slow
    try:
        hurried = {"read_timeout_seconds": 0.2}
        left = use(house, "auto", lambda c: c.call_tool("ask", {"question": QUESTION}, **hurried))
        assert isinstance(left, MCPError)
        assert until(lambda: house.assistant.left == before + 1)
    finally:
        house.assistant._pause = lambda step: None


def test_a_key_that_is_revoked_hears_no_more(house: House) -> None:
    key, secret = house.clerk.make_key("leaving", Role.AGENT)

    def revoke(step: Step) -> None:
        if isinstance(step, Said) and step.sentence.citations == (2,):
            house.clerk.revoke_key(key.name)
            until(lambda: False, 3)

    house.assistant._pause = revoke
    try:
        result = use(house, "auto", call("ask", question=QUESTION), secret=secret)
    finally:
        house.assistant._pause = lambda step: None
    assert result.is_error and text_of(result).endswith("(key_refused)")


def local(script: Any, language: Any = "fr", **who: Any) -> tuple[Any, ApiServices]:
    """A server for whoever started it, without a gate."""
    services = ApiServices(
        assistant=ScriptedAssistant(script),
        texts=Texts(language),
        store=town(),
        settings=Settings(),
        figures=Figures(),
        tools=tools(None),  # type: ignore[arg-type]
    )
    return mcp_server(services, **who), services


@pytest.mark.parametrize("mode", MODES)
def test_who_waits_is_told_the_place(mode: str) -> None:
    told: list[str | None] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    def script(question: str) -> list[Step]:
        first, *rest = answering(question)
        own = [Waiting(position=3, own=Own.WAITS), Waiting(position=1, own=Own.READ)]
        return [first, Waiting(position=2), *own, *rest]

    async def done() -> types.CallToolResult:
        server, services = local(script, local=Person("mcp", Role.AGENT))
        async with Client(server, mode=mode) as client:
            result = await client.call_tool("ask", {"question": QUESTION}, progress_callback=heard)
        services.relay.close()
        return result

    assert not run_apart(done()).is_error
    assert told == ["2 passages trouvés ; la réponse est en cours de vérification.",
                    "En attente : place 2.",
                    "Une autre question de cette clé attend aussi et passe d'abord ; "
                    "celle-ci est à la place 3.",
                    "Une autre question de cette clé est en cours de lecture ; "
                    "celle-ci suit, à la place 1."]  # fmt: skip


def test_the_words_are_those_of_the_town_s_language() -> None:
    async def done() -> str:
        server, services = local(answering, "en", local=Person("mcp", Role.AGENT))
        async with Client(server, mode="legacy") as client:
            listed = await client.list_tools()
        services.relay.close()
        return listed.tools[0].description or ""

    assert run_apart(done()).startswith("Answers a question")


def test_without_a_gate_and_without_a_name_nobody_is_answered() -> None:
    server, services = local(answering)

    async def done() -> None:
        async with Client(server, mode="auto") as client:
            with pytest.raises(MCPError):
                await client.call_tool("ask", {"question": QUESTION})

    run_apart(done())
    assert isinstance(services.assistant, ScriptedAssistant) and services.assistant.asked == []
    services.relay.close()


def initialize() -> dict[str, Any]:
    return {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_is_proved_to_who_was_given_it(house: House, mode: str) -> None:
    record = ask_in(house.register, "key:program-agent")
    given = use(house, mode, call("proof", record=record))
    reply = ProofReply.model_validate(given.structured_content)
    assert [proof.kind for proof in reply.proofs] == ["intent", "sentence", "outcome"]
    assert text_of(given).startswith("Ces preuves survivent à un effacement")
    assert "c2sp.org/tlog-proof@v1" in text_of(given)
    other = use(house, mode, call("proof", record=record), Role.ADMIN)
    assert (other.is_error, "no_record" in text_of(other)) == (True, True)
    wrong = use(house, mode, call("proof", record="../x"))
    assert wrong.is_error
