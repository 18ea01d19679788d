# SPDX-License-Identifier: EUPL-1.2
"""Which questions are not answered whatever the documents say: two witnesses, either is enough.

    Question ─patterns▶ refusal?     ─▶ Question(refusal)
             ─vector▶ learnt line ▶ likely?

Patterns (`verdicts.py`, `private_data.py`) know forms; people have more of them than any list. The
search's vector of a question knows what it is about: two lines on it, learnt from written questions
by `benchmarks/understanding.py`, say how likely it asks for a verdict on somebody's own case, or
for personal data. In doubt the question is refused, with the rule's sources beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Reason
from assistant.understanding.questions import Question

FOLDER = Path(__file__).parents[1] / "probes"
REASONS = (Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT)
"""What the lines tell, in the order of their rows."""

LIKELY = 1.0
"""Log-odds from which a line is believed (73 %). Of 1,068 ordinary questions, each told by lines
that had not seen it, 11 are refused with it, patterns included, and 19 with half as much."""

Vector = NDArray[np.float32]


class QueryEmbedder(Protocol):
    """What makes a question's vector."""

    @property
    def name(self) -> str: ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Log-odds of each of REASONS: `weights` has shape (reasons, width), `bias` (reasons,)."""

    weights: Vector
    bias: Vector

    def __call__(self, vector: Vector) -> Vector:
        return np.asarray(self.weights @ vector + self.bias, np.float32)

    @classmethod
    def of(cls, embedder: str) -> Lines | None:
        """Return the lines that were learnt for an embedder; nothing where none were."""
        path = FOLDER / f"{embedder}.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            return cls(kept["weights"], kept["bias"])

    def write(self, embedder: str) -> None:
        np.savez(FOLDER / f"{embedder}.npz", weights=self.weights, bias=self.bias)


class Sensitive:
    """Adds the refusal of a question that must not be answered."""

    def __init__(self, embedder: QueryEmbedder) -> None:
        self._embedder = embedder

    @cached_property
    def _lines(self) -> Lines | None:
        return Lines.of(self._embedder.name)

    def __call__(self, question: Question) -> Question:
        """Return the question, refused where the lines say so; what patterns refused stays so."""
        if question.refusal or self._lines is None:
            return question
        odds = self._lines(self._embedder.embed_query(question.text))
        likely = [reason for reason, odd in zip(REASONS, odds, strict=True) if odd > LIKELY]
        return replace(question, refusal=likely[0]) if likely else question
