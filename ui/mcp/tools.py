# SPDX-License-Identifier: EUPL-1.2
"""The tools as they are described to a model, and what they give it to read.

    TOOLS ─described▶ types.Tool…        in_words(Outcome) │ listed(SearchReply) ─▶ text

What is described is what is checked: the schema of the arguments is the shape that reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mcp import types
from pydantic import BaseModel

from assistant.pack.words import file_words
from assistant.texts import Texts
from ui.api import models
from ui.api.answers import pack_in
from ui.api.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """What a tool takes and gives, and the keys of its words."""

    takes: type[BaseModel]
    gives: type[BaseModel]
    title: str
    words: str


TOOLS: Mapping[str, Tool] = MappingProxyType({
    "ask": Tool(
        takes=models.Question, gives=models.Outcome, title="mcp_ask_title", words="mcp_ask"
    ),
    "search": Tool(
        takes=models.Search,
        gives=models.SearchReply,
        title="mcp_search_title",
        words="mcp_search",
    ),
    "proof": Tool(
        takes=models.Record, gives=models.ProofReply, title="mcp_proof_title", words="mcp_proof"
    ),
})  # fmt: skip

READS_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def described(words: Words) -> list[types.Tool]:
    """Return the tools as a model reads them."""
    return [
        types.Tool(
            name=name,
            title=words(tool.title),
            description=words(tool.words),
            input_schema=tool.takes.model_json_schema(),
            output_schema=tool.gives.model_json_schema(mode="serialization"),
            annotations=READS_ONLY,
        )
        for name, tool in TOOLS.items()
    ]


def listed(reply: models.SearchReply, words: Words, texts: Texts) -> str:
    """Return passages as text: where each stands, then its words."""
    if not reply.passages:
        return words("mcp_nothing")
    return "\n\n".join(
        words(
            "mcp_passage",
            number=number,
            page=one.page,
            text=one.text,
            file=file_words(one.file, pack_in(one.pack), texts),
        )
        for number, one in enumerate(reply.passages, start=1)
    )
