# SPDX-License-Identifier: EUPL-1.2
"""Which sentences of a letter ask something (logistic regression on its words and its embedding).

    sentence ─embedder▶ vector ────────────┐
             ─words, pairs, four letters────┴▶ AskLines ─▶ log-odds that it asks, that it leans

A request needs no question mark (« Merci de m'indiquer les horaires »), and a question mark no
request (« De qui se moque-t-on ? »): the vector knows what is spoken of, the small words how. The
lines learnt from letters and from sentences written for them (`benchmarks/mail_sentences.py`, which
prints them beside the question mark alone). With an embedder that they were not learnt for, the
form decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.leaning import OPENING, is_part, names_nothing, points
from assistant.pieces import marked, own_words
from assistant.replying.frames import frame_in
from assistant.replying.matter import BY_PLACE, Beside, MatterLine
from assistant.replying.plain import without_marks
from corpus.french import flat

FOLDER = Path(__file__).parents[1] / "probes"
ASKS_FROM, LEANS_FROM = 0.0, 0.0
"""Log-odds from which a sentence counts as asking, and a question as leaning on another."""

_TOKEN = re.compile(r"-?[a-z@]+'?|\d+|[?!.:;,…]+")
GRAM_LETTERS, STEM_LETTERS = 4, 5
FEW_GRAMS = 8
"""A shorter sentence weighs each of its grams no more."""

Vector = NDArray[np.float32]


class QueryEmbedder(Protocol):
    """What makes a sentence's vector."""

    @property
    def name(self) -> str: ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """Log-odds that a sentence asks something, and that what it asks leans on what stands before
    it (« Jusqu'à quand ? »)."""

    asks: float
    leans: float

    @property
    def is_asked(self) -> bool:
        return self.asks > ASKS_FROM

    @property
    def is_leaning(self) -> bool:
        return self.leans > LEANS_FROM


@dataclass(frozen=True, slots=True)
class AskLines:
    """`grams` maps a gram to its place; `by_gram` has shape (2, grams), `weights` (2, width of the
    embedder), `bias` (2,): asks, leans. `matter`: which statements a question is completed with."""

    grams: Mapping[str, int]
    by_gram: Vector
    weights: Vector
    bias: Vector
    matter: MatterLine

    def __call__(self, sentence: str, vector: Vector) -> Asking:
        """Tell a sentence in its hidden form, and its vector, shape (width,)."""
        held = grams_of(sentence)
        known = [self.grams[gram] for gram in held if gram in self.grams]
        said = self.by_gram[:, known].sum(axis=1) * gram_scale(held)
        asks, leans = self.weights @ vector + said + self.bias
        return Asking(float(asks), float(leans))

    @classmethod
    def of(cls, embedder: str) -> AskLines | None:
        """Return the lines that were learnt for an embedder; nothing where none were."""
        path = path_of(embedder)
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            grams = {gram: place for place, gram in enumerate(kept["grams"].tolist())}
            topic = kept["topic"] if len(kept["topic"]) else None
            matter = MatterLine(kept["matter"], float(kept["matter_bias"]), topic=topic)
            by_gram = kept["by_gram"].astype(np.float32)
            return cls(grams, by_gram, kept["weights"], kept["bias"], matter)

    def write(self, embedder: str) -> None:
        """Keep the lines; a gram's weight takes two bytes."""
        np.savez_compressed(
            path_of(embedder),
            grams=np.array([*self.grams]),
            by_gram=self.by_gram.astype(np.float16),
            weights=self.weights,
            bias=self.bias,
            matter=self.matter.weights,
            matter_bias=np.float32(self.matter.bias),
            topic=np.zeros(0) if self.matter.topic is None else self.matter.topic,
        )


def path_of(embedder: str) -> Path:
    return FOLDER / f"asks-{embedder}.npz"


class Asks:
    """Tells of each sentence whether it asks."""

    def __init__(self, embedder: QueryEmbedder) -> None:
        self._embedder = embedder

    @cached_property
    def _lines(self) -> AskLines | None:
        return AskLines.of(self._embedder.name)

    def __call__(self, sentence: str) -> Asking:
        """Return the log-odds of a sentence in its hidden form."""
        if self._lines is None:
            return by_form(sentence)
        return self._lines(sentence, self.vector(sentence))

    def vector(self, text: str) -> Vector:
        return self._embedder.embed_query(without_marks(text))

    @property
    def beside(self) -> Beside:
        """What tells which statements a question is completed with."""
        return Beside(self._lines.matter, self.vector) if self._lines else BY_PLACE


def grams_of(sentence: str) -> frozenset[str]:
    """Return what is written in a sentence: its words, their stems, pairs of words, and each four
    letters in a row, which hold whoever spells as they speak.

    >>> sorted(gram for gram in grams_of("Où ça ?") if not gram.startswith("#"))
    ['?', '? $', '^ o@', 'ca', 'ca ?', 'o@', 'o@ ca']
    """
    words = ["0" if w[0].isdigit() else w for w in _TOKEN.findall(marked(without_marks(sentence)))]
    ends = ["^", *words, "$"]
    line = f" {' '.join(words)} "
    return frozenset(
        [
            *words,
            *(f"{word[:STEM_LETTERS]}*" for word in words if len(word) > STEM_LETTERS),
            *(f"{one} {two}" for one, two in pairwise(ends)),
            *(f"#{line[at : at + GRAM_LETTERS]}" for at in range(len(line) - GRAM_LETTERS + 1)),
        ]
    )


def gram_scale(held: frozenset[str]) -> float:
    """Return what each gram of a sentence weighs: a long one has many."""
    return float(1 / np.sqrt(max(FEW_GRAMS, len(held))))


def by_form(sentence: str) -> Asking:
    """Tell by the form alone: a question mark or a request in so many words."""
    plain = without_marks(sentence)
    is_asked = plain.rstrip().endswith("?") or frame_in(plain) is not None
    folded = flat(OPENING.sub("", plain).strip(" ?.!"))
    is_leaning = len(own_words(plain)) == 0 or is_part(folded)
    is_leaning |= points(folded) and names_nothing(folded)
    return Asking(1.0 if is_asked else -1.0, 1.0 if is_leaning else -1.0)
