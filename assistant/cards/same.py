# SPDX-License-Identifier: EUPL-1.2
"""Whether two questions are one: what the card answers may be said to whoever asked, or not.

    question, asking ─▶ word for word? ─▶ the same
                     └▶ a value that the card does not know? ─▶ another
                     └▶ states of their tokens ─Alignment▶ probability ─threshold▶ the same

What decides was taught on pairs by authors who saw no code (`benchmarks/cards_training.py`), for
one embedder; the threshold is set on pairs of others (`benchmarks/cards.py`). With another
embedder, only what is asked word for word is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.cards.alignment import Alignment
from assistant.cards.card import asking_key
from assistant.grounding import numbers
from assistant.understanding.spellings import spelled_out
from corpus.french import MONTHS, WEEKDAYS, fold
from corpus.seams import Embedder, TokenEmbedder, TokenStates

ARTEFACT = Path(__file__).with_suffix(".npz")
THRESHOLDS = Path(__file__).with_suffix(".json")
"""From which probability on two questions are one, by the embedder's name."""

KEPT = 512
"""Questions whose reading is kept: the same few cards are near most questions."""

_CALENDAR = frozenset({word.removesuffix("s") for word in (*MONTHS, *WEEKDAYS)})


@dataclass(frozen=True, slots=True)
class AskingRead:
    """A question as it is compared."""

    tokens: TokenStates
    values: frozenset[str]


class Same(Protocol):
    """Tells how likely a question is a card's."""

    threshold: float

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        """Return a probability (0 to 1); `said` is the card's answer and its quotes."""


class LearnedSame:
    """The strict check, then what was learnt of pairs."""

    def __init__(
        self, embedder: Embedder, *, threshold: float | None = None, kept: int = KEPT
    ) -> None:
        """`threshold`: another than what was set for the embedder; `kept`: questions whose reading
        is kept."""
        self.threshold = threshold_for(embedder.name) if threshold is None else threshold
        is_fitted = isinstance(embedder, TokenEmbedder) and self.threshold < 1
        self._embedder = embedder if is_fitted else None
        self._read = lru_cache(kept)(self._reading)

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        if asking_key(asked) == asking_key(asking):
            return 1.0
        if self._embedder is None or not any(map(str.isalpha, asked)):
            return 0.0
        mine, theirs = self._read(asked), self._read(asking)
        if mine.values - theirs.values - values_in(" ".join(said)):
            return 0.0
        return min(alignment()(mine.tokens, theirs.tokens), NEARLY)

    def _reading(self, text: str) -> AskingRead:
        assert isinstance(self._embedder, TokenEmbedder)
        return read(text, self._embedder)


NEARLY = 0.9999
"""Of no likeness it is as sure as of what is asked word for word."""


def read(text: str, embedder: TokenEmbedder) -> AskingRead:
    """Read a question for comparing."""
    plain = spelled_out(text)
    return AskingRead(embedder.embed_tokens(plain), values_in(plain))


@lru_cache(maxsize=4096)
def values_in(text: str) -> frozenset[str]:
    """Return the figures, hours, days and months of a text."""
    named = {word.removesuffix("s") for word in re.findall(r"[a-z]+", fold(text))}
    return frozenset(numbers(text) | named & _CALENDAR)


@cache
def alignment() -> Alignment:
    """Return what was taught."""
    with np.load(ARTEFACT, allow_pickle=False) as kept:
        return Alignment({name: kept[name] for name in kept})


@cache
def threshold_for(embedder: str) -> float:
    """Return from which probability questions are one; 1 where nothing was taught."""
    found = json.loads(THRESHOLDS.read_text("utf-8")).get(embedder, {"threshold": 1.0})
    return float(found["threshold"])
