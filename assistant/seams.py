# SPDX-License-Identifier: EUPL-1.2
"""The seam behind which any language model stands.

A model here never speaks freely: it chooses among sentences of the sources, or
writes a short text that is checked against them before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the model reads. Built from screened text only (`prompt.py`).

    `begun` is how its own reply starts, so that it has only to go on.
    """

    system: str
    user: str
    begun: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The option that the model took, and its probability among the options (0 to 1)."""

    index: int
    probability: float


class LanguageModel(Protocol):
    """Chooses and writes, always the same way for the same prompt (greedy)."""

    @property
    def name(self) -> str: ...

    def count_tokens(self, text: str) -> int: ...

    def choose(self, prompt: Prompt, options: Sequence[str]) -> Choice:
        """Go on from `prompt.begun` with one of the options, word for word."""

    def write(self, prompt: Prompt, *, max_tokens: int, stop: str) -> Iterator[str]:
        """Yield pieces of text until `stop`, the end, or `max_tokens`."""
