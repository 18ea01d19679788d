# SPDX-License-Identifier: EUPL-1.2
"""A question as the sheet reads it: what is asked, in which language, which words name whose it is.

    question ─taught embedder─┬─ mean ────▶ chance of each fact, and of each language
                              └─ tokens ──▶ which of them name a body, a place or a person

Learnt from invented questions in six languages (`benchmarks/sheet_training.py`), at a low rank on
the embedder's upper layers. It knows meanings, not names: whose telephone it is, the words that it
points out must tell (`asked.py`). What was measured: `docs/decisions/sheet.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from assistant.sheet.facts import TONGUES, Fact
from assistant.understanding.heads import Artefact, Vector
from corpus.seams import Embedder, TokenReader

NAME = "sheet"
ONE_MATTER = (Fact.HOURS, Fact.OPEN)
HEADS = {"fact": ("", *Fact), "language": TONGUES, "named": ("named",)}


class Asking(NamedTuple):
    """What a question asks: the chance of none and of each `Fact`, of each `Tongue`, and where the
    text names whose it is, in spans (start, end)."""

    facts: Vector
    languages: Vector
    named: Sequence[tuple[int, int]]

    def surely(self, sure: float) -> Fact | None:
        """Return the fact that is asked, if its chance is `sure` or more; hours and whether it is
        open are one matter, of which each may have a part."""
        best = int(self.facts.argmax())
        if not best:
            return None
        fact, chance = [*Fact][best - 1], float(self.facts[best])
        if fact in ONE_MATTER:
            chance = float(sum(self.facts[1 + [*Fact].index(one)] for one in ONE_MATTER))
        return fact if chance >= sure else None


class ReadQuestion(Protocol):
    """The seam: a text to what it asks; `sure` is the chance from which a fact is."""

    @property
    def sure(self) -> float: ...

    def __call__(self, text: str) -> Asking: ...


def sure_from(learnt: Artefact, fact: float, named: float) -> Artefact:
    """Return what was learnt with other thresholds: of `fact` the chance from which a question is
    answered, of `named` the one from which a word names somebody."""
    heads = dict(learnt.heads)
    heads["fact"] = replace(heads["fact"], threshold=fact)
    heads["named"] = replace(heads["named"], threshold=named)
    return replace(learnt, heads=heads)


def opened(embedder: Embedder, learnt: Artefact | None = None) -> Reader:
    """Return what reads above an embedder, of what was learnt for it or is given; raise OSError,
    ValueError, KeyError or TypeError."""
    learnt = learnt or Artefact.read(NAME, embedder.name, HEADS)
    return Reader(learnt.taught(embedder), learnt)


class Reader:
    """Reads questions, in any language that the embedder reads."""

    def __init__(self, embedder: TokenReader, learnt: Artefact) -> None:
        self._embedder, self._heads = embedder, learnt.heads
        self.sure = learnt.heads["fact"].threshold

    def __call__(self, text: str) -> Asking:
        """Return what a text asks."""
        found, named = self._embedder.read(text), self._heads["named"]
        chances = zip(found.spans, named.of_each(found.states), strict=True)
        return Asking(
            self._heads["fact"](found.mean),
            self._heads["language"](found.mean),
            [span for span, chance in chances if chance >= named.threshold],
        )
