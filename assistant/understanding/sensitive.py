# SPDX-License-Identifier: EUPL-1.2
"""Which messages are not answered whatever the documents say: two witnesses, either is enough.

    Question ─patterns▶ refusal?     ─▶ Question(refusal)
             ─vector▶ learnt line ▶ likely?

Patterns (`verdicts.py`, `private_data.py`) know forms; people have more of them than any list. The
search's vector of a question knows what it is about: four lines on it, learnt from written ones by
`benchmarks/understanding.py`, say how likely it asks for a verdict on somebody's own case, for
personal data, or nothing of the town, and of that, whether it is said to the assistant itself (a
greeting, which is greeted) or asks of another matter (the weather: no document speaks of it). In
doubt the first two are refused, with the rule's sources beside it; the third is not, as a question
that is taken for talk is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answers import NO_QUESTION, Reason
from assistant.understanding.questions import Question
from corpus.search import WORD_LETTERS, holds_no_word

FOLDER = Path(__file__).parents[1] / "probes"
REASONS = (Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT, Reason.OFF_TOPIC)
"""What the first lines tell, in the order of their rows. One more tells, of what asks nothing of
the town, what is said to the assistant itself from another matter: Reason.TALK."""

LIKELY = 1.0
"""Log-odds from which a line is believed (73 %). Of 1,068 ordinary questions, each told by lines
that had not seen it, 11 are refused with it, patterns included, and 19 with half as much."""

SURELY_TALK = 2.0
"""The same for talk (88 %). Of 3,081 questions, each told by lines that had not seen it, 2 are told
as talk, 7 with `LIKELY`; of 260 messages that are talk 152, with `LIKELY` 190."""

FROM = {Reason.OFF_TOPIC: SURELY_TALK}

Vector = NDArray[np.float32]


class QueryEmbedder(Protocol):
    """What makes a question's vector."""

    @property
    def name(self) -> str: ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Log-odds of each of REASONS, then of TALK: `weights` has shape (4, width), `bias` (4,)."""

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
        told = likely(self._lines(self._embedder.embed_query(question.text)))
        if told in NO_QUESTION and self._is_at_random(question.text):
            return question  # « xyzzy » is no talk: the search says that it finds nothing
        return replace(question, refusal=told) if told else question

    def _is_at_random(self, text: str) -> bool:
        """Whether a text has letters enough for a word and none that the embedder knows; « ok » and
        « mdr » are short, and talk."""
        return any(len(word) >= WORD_LETTERS for word in text.split()) and holds_no_word(
            text, self._embedder
        )


def likely(odds: Vector) -> Reason | None:
    """Return the first of REASONS that its line is sure enough of; what asks nothing of the town is
    talk where the last line holds it likelier than another matter."""
    *each, talks = odds
    sure = (r for r, odd in zip(REASONS, each, strict=True) if odd > FROM.get(r, LIKELY))
    told = next(sure, None)
    return Reason.TALK if told is Reason.OFF_TOPIC and talks > 0 else told
