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
    """What the model reads. Built from screened text only (`prompt.py`).

    `begun` is how its own reply starts, so that it has only to go on.
    """

    system: str
    user: str
    begun: str = ""


class LanguageModel(Protocol):
    """Weighs words and writes, always the same way for the same prompt (greedy)."""

    @property
    def name(self) -> str: ...

    def count_tokens(self, text: str) -> int: ...

    def likelihood(self, prompt: Prompt, reply: str) -> float:
        """Mean natural logarithm of the probability of each token of a reply; 0 at best."""

    def preference(self, prompt: Prompt, word: str, other: str) -> float:
        """Probability (0 to 1) that the reply begins with one word rather than the other."""

    def write(self, prompt: Prompt, *, max_tokens: int, stop: str) -> Iterator[str]:
        """Yield pieces of text until `stop`, the end, or `max_tokens`."""
