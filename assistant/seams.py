# SPDX-License-Identifier: EUPL-1.2
"""The seam behind which any language model stands.

A model here never speaks freely: it says how likely given words are, or writes a
short text that is checked against the sources before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the model reads. Built from screened text only (`prompt.py`)."""

    system: str
    user: str


class LanguageModel(Protocol):
    """Writes and weighs words, always the same way for the same prompt (greedy)."""

    @property
    def name(self) -> str: ...

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        """Natural logarithm of the probability that the reply is this one (0 at best)."""

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        """Yield pieces of text until `stop`, the end, or `max_tokens`.

        `instead_of` is a reply that it may not begin, where the model can be held to that.
        """
