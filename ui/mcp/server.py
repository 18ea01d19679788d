# SPDX-License-Identifier: EUPL-1.2
"""One server for both ways in: a tool's call is a program's request, with the same end.

    call ─shape─▶ guard, search, model, register (services) ─▶ text and fields │ what is wrong

Who asks is the holder of the key that the gate let in; without a request, who started the program.
A caller who leaves or cancels ends the question at its current step, and the register says so.
"""

from __future__ import annotations

from threading import Event
from typing import Any

from anyio import to_thread
from fastapi.concurrency import run_in_threadpool
from mcp import MCPError, types
from mcp.server import Server, ServerRequestContext
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from assistant.answers import Answer, Found, Refusal, Step, Waiting
from assistant.pipeline import check_question
from ui.access.person import Person, person_of
from ui.api import models
from ui.api.answers import in_words, outcome
from ui.api.errors import EXPLAINED, explained, misfit
from ui.api.followed import heard
from ui.api.own import searched
from ui.api.proofs import proved
from ui.api.services import ApiServices
from ui.mcp.tools import TOOLS, described, listed
from ui.relay import ReaderLeft

NAME = "greffier"
WAITING = {None: "mcp_waiting", "read": "mcp_waiting_read", "waits": "mcp_waiting_waits"}
"""What is said of a place in the queue, by the key's other question."""
Context = ServerRequestContext[dict[str, Any], Request]


def mcp_server(services: ApiServices, local: Person | None = None) -> Server[dict[str, Any]]:
    """Return the server. `local`: who asks where there is no request."""
    calls, words = _Calls(services, local), services.words

    async def list_tools(
        _: ServerRequestContext[dict[str, Any]], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=described(words))

    server: Server[dict[str, Any]] = Server(
        NAME,
        title="Greffier",
        instructions=words("mcp_instructions"),
        on_list_tools=list_tools,
        on_call_tool=calls,
    )
    server.middleware.clear()  # its traces would carry the words of an error
    return server


class _Calls:
    """Answers the calls of tools."""

    def __init__(self, services: ApiServices, local: Person | None) -> None:
        self._services = services
        self._local = local

    async def __call__(
        self, context: Context, call: types.CallToolRequestParams
    ) -> types.CallToolResult:
        services = self._services
        if call.name not in TOOLS:
            raise MCPError(types.INVALID_PARAMS, services.words("mcp_unknown_tool"))
        try:
            asked = TOOLS[call.name].takes.model_validate(call.arguments or {})
            if isinstance(asked, models.Search):
                return await self._search(context, asked)
            if isinstance(asked, models.Record):
                return await self._prove(context, asked)
            assert isinstance(asked, models.Question)
            return await self._ask(context, asked)
        except ValidationError as error:
            told = services.words(
                "mcp_bad_arguments", detail=misfit(error.errors(), services.words)
            )
            return _failed(told, "bad_request")
        except ReaderLeft:
            return _failed("", "left")
        except EXPLAINED as error:
            wrong = explained(error, services.texts)
            return _failed(wrong.message, wrong.code)

    async def _search(self, context: Context, asked: models.Search) -> types.CallToolResult:
        services, person = self._services, self._person(context)
        limiter = services.tools.searches
        reply = await to_thread.run_sync(searched, services, person, asked, limiter=limiter)
        return _given(listed(reply, services.words, services.texts), reply)

    async def _prove(self, context: Context, asked: models.Record) -> types.CallToolResult:
        person = self._person(context)
        reply = await run_in_threadpool(proved, self._services, person, asked.record)
        return _given(f"{reply.notice}\n\n{''.join(one.text for one in reply.proofs)}", reply)

    async def _ask(self, context: Context, asked: models.Question) -> types.CallToolResult:
        check_question(asked.question)
        services, question = self._services, ""
        steps = services.steps(asked.question, self._person(context), asked.filters())
        last: Step | None = None
        following = (
            heard(services, steps, context.request)
            if context.request is not None
            else services.relay.follow(steps, Event())
        )
        try:
            async for step in following:
                await self._tell(context, step)
                question = getattr(step, "question", question)
                last = step or last
        finally:
            await following.aclose()
        assert isinstance(last, Answer | Refusal), "the pipeline ended without an outcome"
        end = outcome(last, question, services.texts, services.settings.town)
        return _given(in_words(end, services.texts, services.words), end)

    async def _tell(self, context: Context, step: Step | None) -> None:
        """Say how far a question is, to who asked to be told."""
        words = self._services.words
        match step:
            case Waiting(position=position, own=own):
                key = WAITING[own]
                await context.session.report_progress(0, message=words(key, place=position))
            case Found():
                count = len(step.evidence)
                await context.session.report_progress(1, message=words("mcp_found", count=count))

    def _person(self, context: Context) -> Person:
        """Return who asks; LookupError where nobody was let in."""
        if context.request is not None:
            return person_of(context.request)
        if self._local is None:
            raise LookupError("no gate stood before this call")
        return self._local


def _given(text: str, shape: BaseModel) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(text=text)], structured_content=shape.model_dump(mode="json")
    )


def _failed(message: str, code: str) -> types.CallToolResult:
    """What a model reads instead of a result; never what was sent."""
    return types.CallToolResult(
        content=[types.TextContent(text=f"{message} ({code})".strip())], is_error=True
    )
