# SPDX-License-Identifier: EUPL-1.2
"""The shapes of OpenAI's chat completions, as far as they mean something here.

Fields that only bend how a model speaks are taken and change nothing, since no word of an answer
is the model's own choice; fields that promise what is not done here (`tools`, `n` above 1, `stop`,
`logprobs`, another `response_format` than text) are refused, as unknown ones are.
"""

from __future__ import annotations

from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from ui.api.models import Outcome, Shape

MODEL = "greffier"
MAX_MESSAGES = 200
MAX_MESSAGE_CHARS = 200_000


class Part(Shape):
    """A part of a message: text only, no picture and no sound."""

    type: Literal["text"]
    text: str = Field(max_length=MAX_MESSAGE_CHARS)


class Message(BaseModel):
    """A message. Only those of the person count; what an earlier answer carried is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part] | None = Field(None, max_length=MAX_MESSAGE_CHARS)

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(Shape):
    include_usage: bool = False
    include_obfuscation: bool = False


class TextFormat(Shape):
    type: Literal["text"]


class Chat(Shape):
    """A conversation; its last message is the question."""

    model: str = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    response_format: TextFormat | None = None
    # taken, without effect
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None
    user: str | None = None
    safety_identifier: str | None = None
    metadata: dict[str, JsonValue] | None = None
    store: bool | None = None


class Usage(Shape):
    """Counted in words and signs: one count for every model that may stand behind."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Said(Shape):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(Shape):
    index: Literal[0] = 0
    message: Said
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Completion(Shape):
    """A whole answer; `greffier` holds its citations, or why it is a refusal."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage
    greffier: Outcome


class Sparse(Shape):
    """A shape of which nothing is sent that is not there."""

    @model_serializer(mode="wrap")
    def there(self, inner: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in inner(self).items() if value is not None}


class Delta(Sparse):
    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(Shape):
    index: Literal[0] = 0
    delta: Delta
    finish_reason: Literal["stop"] | None = None


class Chunk(Sparse):
    """A piece of an answer; the last one that holds a choice has `greffier`."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoice]
    usage: Usage | None = None
    greffier: Outcome | None = None


class Model(Shape):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class Models(Shape):
    object: Literal["list"] = "list"
    data: list[Model]
