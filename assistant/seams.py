# SPDX-License-Identifier: EUPL-1.2
"""The seams behind which any language model stands, and the guard of what is asked and said.

A model here never speaks freely: it says how likely given words are, or writes a
short text that is checked against the sources before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from guardrails.findings import Screened


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
        """Natural logarithm of the probability that the reply is this one (0 at best); OddsUnknown
        where the model does not tell any."""

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        """Yield pieces of text until `stop`, the end, or `max_tokens`.

        `instead_of` is a reply that it may not begin, where the model can be held to that.
        """


@runtime_checkable
class StructuredModel(LanguageModel, Protocol):
    """A model that can be asked for JSON."""

    @property
    def reads_several(self) -> bool:
        """Whether it is worth a try to show it several passages at once: it is large, or not known
        to be small."""

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        """Yield pieces of JSON under a schema, as far as the model can be held to it: what comes
        may be cut, or no JSON at all."""


@runtime_checkable
class ProbedModel(Protocol):
    """A model whose inner state was learnt to read (`probe.py`)."""

    def answerability(self, prompt: Prompt) -> float | None:
        """Log-odds that the prompt's excerpt answers its question; None where that was not learnt
        for this model."""


class Extract(NamedTuple):
    """Some lines of a passage under the end of its heading."""

    heading: str
    lines: tuple[str, ...]


@runtime_checkable
class SelectingModel(Protocol):
    """A model that was taught which line of several excerpts answers (`selector.py`)."""

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        """Log-odds of each line, in their order, from one reading; None where that was not learnt
        for this model."""


@runtime_checkable
class ComparingModel(Protocol):
    """A model that may have been taught when two questions are one (`selector.py`)."""

    @property
    def compares(self) -> bool:
        """Whether it was."""

    def same_odds(self, asked: str, card: str) -> float | None:
        """Log-odds that what a validated answer says (`card`: its question and the answer) answers
        what is asked; None where that was not learnt for this model."""


class Tags(NamedTuple):
    """What a question is after another: `kinds`: how likely each is (`following.reading.Kind`);
    `unclear`: how likely a reader would ask which of two things is meant; `kept` and `said`: of
    each word of the earlier question and of the one that follows, how likely it is part of what is
    meant."""

    kinds: Sequence[float]
    unclear: float
    kept: Sequence[float]
    said: Sequence[float]


@runtime_checkable
class TaggingModel(Protocol):
    """A model that was taught what a question is after another (`following/`)."""

    def tags(self, question: str, before: str) -> Tags | None:
        """What the question is, and which words of both stay; None where that was not learnt for
        this model, or where both are too long to be read."""


@runtime_checkable
class OwnProcessModel(Protocol):
    """A model in a process of its own on this machine (`model/`)."""

    def processor_seconds(self) -> float:
        """What that process spent so far, and those before it."""

    def is_answering(self) -> bool:
        """Whether it lives and can be asked, or is at work."""


class QuestionGuard(Protocol):
    """The part of the guard that a question and its answer need."""

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened: ...
