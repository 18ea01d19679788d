# SPDX-License-Identifier: EUPL-1.2
"""Whether two questions are one: what the card answers may be said to whoever asked, or not.

    question, asking ─▶ word for word? ─▶ the same
                     └▶ a value that the card does not know? ─▶ another
                     └▶ states of their tokens ─Alignment▶ probability ─threshold▶ the same
                                                └▶ in doubt: read by the language model ─▶ the same

What decides was taught on pairs by authors who saw no code (`benchmarks/cards_training.py`,
`cards_reading.py`), for one embedder and one language model; the thresholds are set on pairs of
others (`benchmarks/cards.py`). With another embedder, only what is asked word for word is the same;
with another model, what is in doubt is not.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.cards.alignment import Alignment
from assistant.cards.card import asking_key
from assistant.grounding import numbers
from assistant.seams import ComparingModel, LanguageModel
from assistant.understanding.spellings import spelled_out
from corpus.french import MONTHS, WEEKDAYS, fold
from corpus.seams import Embedder, TokenEmbedder, TokenStates

ARTEFACT = Path(__file__).with_suffix(".npz")
THRESHOLDS = Path(__file__).with_suffix(".json")
"""From what on two questions are one: a probability by the embedder's name, log-odds by the
language model's; and what is `InDoubt`."""

MOST_READ_CHARS = 600
"""Of a card, by the language model."""

LIKENESS_WEIGHT = 0.3
"""What the log-odds of a likeness count for beside those of a language model."""

NEARLY = 0.9999
"""Of no likeness it is as sure as of what is asked word for word."""

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
        """Return a figure that `threshold` is of, a probability (0 to 1) or log-odds; `said` is the
        card's answer and its quotes."""


class ReadSame:
    """What a language model reads in a question and a card: it is asked in doubt only."""

    def __init__(self, model: LanguageModel) -> None:
        self.name = model.name
        self.threshold = thresholds_of(model.name).get("threshold", math.inf)
        """From which log-odds on a question is a card's; never, for a model without one."""
        compares = isinstance(model, ComparingModel) and model.compares
        self.is_taught = compares and self.threshold < math.inf
        self._model = model if self.is_taught else None

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        """Return log-odds that a card is asked; `said` is its answer, else its quotes."""
        if self._model is None:
            return -math.inf
        assert isinstance(self._model, ComparingModel)
        odds = self._model.same_odds(asked, card_text(asking, said))
        return -math.inf if odds is None else odds


def both(odds: float, likeness: float) -> float:
    """Return the log-odds that two questions are one, of what a language model reads in both and of
    how alike they are.

    >>> both(2.0, 0.5), both(2.0, 0.9) > both(2.0, 0.1)
    (2.0, True)
    """
    likeness = min(max(likeness, 1 - NEARLY), NEARLY)
    return odds + LIKENESS_WEIGHT * math.log(likeness / (1 - likeness))


def card_text(asking: str, said: Sequence[str]) -> str:
    """Return what is read of a card: its question and what it says, as far as it tells one from
    another.

    >>> card_text("Prix du repas ?", ["Le repas coûte 4,20 €.", "Repas : 4,20 €"])
    'Prix du repas ? — Le repas coûte 4,20 €.'
    """
    told = next(filter(None, said), "")
    return f"{asking} — {told}"[:MOST_READ_CHARS] if told else asking[:MOST_READ_CHARS]


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


def threshold_for(embedder: str) -> float:
    """Return from which probability questions are one; 1 where nothing was taught."""
    return thresholds_of(embedder).get("threshold", 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Between which likenesses a language model that was taught it tells whether a card is asked:
    what is `at_once` as likely or more is served without it."""

    doubted: float
    at_once: float

    @classmethod
    def of(cls, embedder: str) -> InDoubt:
        """Return what was set for an embedder; no likeness where nothing was."""
        found = thresholds_of(embedder)
        return cls(doubted=found.get("doubted", 1.0), at_once=found.get("at_once", 1.0))


NO_DOUBT = InDoubt(doubted=1.0, at_once=1.0)


@cache
def thresholds_of(name: str) -> Mapping[str, float]:
    """Return what was set for an embedder or a model."""
    found: Mapping[str, float] = json.loads(THRESHOLDS.read_text("utf-8")).get(name, {})
    return found
