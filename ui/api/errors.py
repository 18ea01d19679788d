# SPDX-License-Identifier: EUPL-1.2
"""What a program is told when something is wrong: one shape, a code, plain words.

    explained(error, services' words) ─▶ Wrong(status, code, message)

Never what was sent: neither the question nor the text stands in an answer that says no.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from assistant.errors import (
    AssistantError,
    BadQuestion,
    ModelFailed,
    ModelInterrupted,
    PromptTooLong,
)
from assistant.queue import QueueFull
from assistant.texts import Texts
from corpus.errors import CorpusError
from guardrails.errors import DetectorFailed, GuardrailError, RegisterError, TextTooLong
from ui.access.programs import refused_call
from ui.agent.view import explain
from ui.api.words import Words
from ui.relay import ReaderLeft

RETRY_SECONDS = 60
logger = logging.getLogger(__name__)
RESTART_SECONDS = 2
"""When a model that ended can be asked again, as a rule."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a request; `code` is what a program may rely on."""

    status: int
    code: str
    message: str
    param: str | None = None

    @property
    def answer(self) -> Response:
        answer = refused_call(self.status, self.code, self.message, self.param)
        if self.status == 429:
            answer.headers["Retry-After"] = str(RETRY_SECONDS)
        elif self.code == "interrupted":
            answer.headers["Retry-After"] = str(RESTART_SECONDS)
        return answer


class Refused(Exception):
    """A request that ends with what is wrong with it."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.code)
        self.wrong = wrong


def explained(error: Exception, texts: Texts) -> Wrong:
    """Return what is wrong, without a word of what was sent."""
    match error:
        case Refused(wrong=wrong):
            return wrong
        case QueueFull(key=key, facts=facts):
            return Wrong(429, "queue_full", texts("error", key, **facts))
        case BadQuestion(key=key):
            return Wrong(400, key, explain(error, texts), "question")
        case TextTooLong():
            return Wrong(400, "text_too_long", explain(error, texts), "text")
        case RegisterError():
            return Wrong(503, "register_unavailable", explain(error, texts))
        case DetectorFailed():
            return Wrong(503, "guard_unavailable", explain(error, texts))
        case ModelInterrupted():
            return Wrong(503, "interrupted", explain(error, texts))
        case PromptTooLong():
            return Wrong(400, "long_question", explain(error, texts), "question")
        case ModelFailed():
            return Wrong(503, "model_unavailable", explain(error, texts))
        case CorpusError():
            return Wrong(503, "corpus_unavailable", explain(error, texts))
        case _:
            return Wrong(500, "system", explain(error, texts))


EXPLAINED = (Refused, AssistantError, CorpusError, GuardrailError, OSError)


def route_class(texts: Texts, words: Words) -> type[APIRoute]:
    """Return the kind of route whose every failure has the shape of this module."""

    class ApiRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            inner = super().get_route_handler()

            async def handled(request: Request) -> Response:
                try:
                    if not _is_text(await request.body()):
                        told = words.misfit("string_unicode", {})
                        return Wrong(400, "bad_request", words("bad_request", detail=told)).answer
                    return await inner(request)
                except RequestValidationError as error:
                    return _misshapen(error, words).answer
                except HTTPException as error:  # FastAPI's own: a body that cannot be read
                    return Wrong(error.status_code, "bad_json", words("bad_json")).answer
                except ReaderLeft:
                    return Response(status_code=204)
                except EXPLAINED as error:
                    return explained(error, texts).answer
                except Exception as error:  # whatever broke is logged, and told in words
                    logger.exception("a call of a program failed")
                    return explained(error, texts).answer

            return handled

    return ApiRoute


def _is_text(body: bytes) -> bool:
    """Whether every text of a JSON body can be written down: halves of characters cannot, and JSON
    may hold them as escapes."""
    if b"\\u" not in body:
        return True
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    except (ValueError, RecursionError):
        return True  # no JSON at all: told by who reads it
    return True


def _misshapen(error: RequestValidationError, words: Words) -> Wrong:
    """Name the first field that does not fit, never what it holds."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return Wrong(400, "bad_json", words("bad_json"))
    told = words("bad_request", detail=misfit(error.errors(), words))
    return Wrong(400, "bad_request", told, _name(first))


def misfit(errors: Sequence[Any], words: Words) -> str:
    """Say which field is the first that does not fit, and how, in words; then pydantic's own name
    for it, which a programmer may look up. What was sent is not said."""
    first, limits = errors[0], errors[0].get("ctx", {})
    known = {name: limits[name] for name in LIMITS if name in limits}
    how = words.misfit(first["type"], known)
    return words("misfit_named", name=_name(first) or "-", how=how, kind=first["type"])


LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "expected")
"""What pydantic tells of a shape, and not of what was sent."""


def _name(error: Any) -> str:
    places = [str(part) for part in error["loc"] if part not in {"body", "query"}]
    return ".".join(part for part in places if part.isidentifier() or part.isdigit())[:100]
