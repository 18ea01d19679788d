# SPDX-License-Identifier: EUPL-1.2
"""The addresses that OpenAI's clients know: one model, `greffier`, which answers as the screens do.

    POST /v1/chat/completions   the last message is the question; the person's earlier ones
                                complete it by rules, in their hidden form
    GET  /v1/models

A refusal is an ordinary message; why stands in `greffier.reason`.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from assistant.answers import Answer, Found, Refusal, Said, Step
from assistant.following import by_rules
from assistant.pipeline import check_question
from assistant.understanding.questions import understand
from corpus.documents import Filters
from guardrails.errors import GuardrailError
from guardrails.findings import Screened
from ui.access.programs import refused_call
from ui.agent.person import Asking
from ui.api import chat_models as shapes
from ui.api.answers import in_words, outcome, sources
from ui.api.errors import EXPLAINED, Refused, Wrong, explained
from ui.api.followed import EventStream, begun, heard, outcome_of
from ui.api.models import Outcome
from ui.api.services import ApiServices
from ui.relay import ReaderLeft

CARRIED = 4
"""How many of the person's earlier messages are looked at."""

MAX_CARRIED_CHARS = 2_000
_TOKEN = re.compile(r"\w+|[^\w\s]")


def chat_router(services: ApiServices) -> APIRouter:
    """The addresses of OpenAI's clients."""
    router = services.router("/v1", "openai")

    @router.get("/models")
    def models() -> shapes.Models:
        return shapes.Models(data=[shapes.Model()])

    @router.post(
        "/chat/completions",
        response_model=shapes.Completion,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def completions(person: Asking, request: Request, chat: shapes.Chat) -> Response:
        asked = await run_in_threadpool(_question, services, chat)
        check_question(asked)
        steps = services.steps(asked, person, Filters())
        reply = _Reply(services, chat)
        if chat.stream:
            return EventStream(reply.chunks(await begun(heard(services, steps, request))))
        question, last = await outcome_of(services, steps, request)
        whole = reply.whole(outcome(last, question, services.texts, services.settings.town))
        return Response(whole.model_dump_json(), media_type="application/json")

    return router


def _question(services: ApiServices, chat: shapes.Chat) -> str:
    """Return the question, with what it takes from the person's earlier ones; Refused."""
    if chat.model != shapes.MODEL:
        told = services.words("model_not_found", model=chat.model[:60])
        raise Refused(Wrong(404, "model_not_found", told, "model"))
    last = chat.messages[-1]
    if last.role != "user" or not last.text.strip():
        raise Refused(Wrong(400, "no_question", services.words("no_question"), "messages"))
    before = ""
    for message in [m for m in chat.messages[:-1] if m.role == "user"][-CARRIED:]:
        if hidden := _hidden(services, message.text):
            whole = _whole(services, hidden, before)
            is_refused = services.tools.reads(understand(Screened(whole))).refusal is not None
            before = before if is_refused else whole
    is_plain = _hidden(services, last.text) == last.text
    return _whole(services, last.text, before, is_plain=is_plain)


def _whole(services: ApiServices, asked: str, before: str, *, is_plain: bool = True) -> str:
    """Return the likeliest of what a question means after another: a program is not asked back.
    Only hidden text is given to a model."""
    follow = services.tools.following if is_plain else by_rules
    found = follow(asked, before)
    return found.text if found else asked


def _hidden(services: ApiServices, text: str) -> str:
    """Return the hidden form of a question, nothing where the guard cannot examine it."""
    guard = services.tools.guard
    if guard is None or not text.strip() or len(text) > MAX_CARRIED_CHARS:
        return ""
    try:
        return guard.screen(text).text
    except GuardrailError:
        return ""


class _Reply:
    """The answer to one conversation, in OpenAI's shapes."""

    def __init__(self, services: ApiServices, chat: shapes.Chat) -> None:
        self._services = services
        self._created = int(time.time())
        self._prompt = sum(_count(message.text) for message in chat.messages)
        self._has_usage = bool(chat.stream_options and chat.stream_options.include_usage)
        self._id = "chatcmpl-"

    def whole(self, end: Outcome) -> shapes.Completion:
        """Return the answer in one piece."""
        content = in_words(end, self._services.texts, self._services.words)
        return shapes.Completion(
            id=self._id + end.record,
            created=self._created,
            choices=[shapes.Choice(message=shapes.Said(content=content))],
            usage=self._usage(content),
            greffier=end,
        )

    async def chunks(
        self, following: AsyncGenerator[Step | None, None]
    ) -> AsyncGenerator[str, None]:
        """Yield the answer as it grows; what fails on the way is the last event."""
        question, content = "", ""
        try:
            async for step in following:
                match step:
                    case Found():
                        question, self._id = step.question, self._id + step.record
                        yield self._chunk(shapes.Delta(role="assistant", content=""))
                    case Said(sentence=sentence):
                        marks = "".join(f" [{number}]" for number in sentence.citations)
                        piece = f"{' ' if content else ''}{sentence.text}{marks}"
                        content += piece
                        yield self._chunk(shapes.Delta(content=piece))
                    case Answer() | Refusal():
                        for event in self._end(step, question, content):
                            yield event
                    case None:
                        yield ": \n\n"
        except ReaderLeft:
            raise
        except EXPLAINED as error:
            wrong = explained(error, self._services.texts)
            body = bytes(refused_call(wrong.status, wrong.code, wrong.message).body).decode()
            yield f"data: {body}\n\n"
        finally:
            await following.aclose()

    def _end(self, last: Answer | Refusal, question: str, content: str) -> list[str]:
        """Return the last chunks: what is left to say, the outcome, the counts."""
        services = self._services
        end = outcome(last, question, services.texts, services.settings.town)
        rest = sources(end, services.texts, services.words)
        if isinstance(last, Refusal):  # what was said before is taken back by its words
            rest = ("\n\n" + end.text if content else end.text) + rest
        events = [
            self._chunk(shapes.Delta(content=rest)) if rest else "",
            self._chunk(shapes.Delta(), end=end),
        ]
        if self._has_usage:
            counted = shapes.Chunk(
                id=self._id, created=self._created, choices=[], usage=self._usage(content + rest)
            )
            events.append(_data(counted))
        return [*filter(None, events), "data: [DONE]\n\n"]

    def _chunk(self, delta: shapes.Delta, end: Outcome | None = None) -> str:
        choice = shapes.ChunkChoice(delta=delta, finish_reason="stop" if end else None)
        chunk = shapes.Chunk(id=self._id, created=self._created, choices=[choice], greffier=end)
        return _data(chunk)

    def _usage(self, content: str) -> shapes.Usage:
        said = _count(content)
        return shapes.Usage(
            prompt_tokens=self._prompt, completion_tokens=said, total_tokens=self._prompt + said
        )


def _data(chunk: shapes.Chunk) -> str:
    return f"data: {chunk.model_dump_json()}\n\n"


def _count(text: str) -> int:
    return len(_TOKEN.findall(text))
