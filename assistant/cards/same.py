# SPDX-License-Identifier: EUPL-1.2
"""Whether two questions are one: what the card answers may be said to whoever asked, or not.

    question, asking ─▶ word for word? ─▶ the same
                     └▶ a value that the card does not know? ─▶ another
                     └▶ SameFeatures ─logistic model with products▶ probability ─threshold▶ the same

The model of `same.json` is fitted by `benchmarks/cards.py` on pairs by authors who saw no code: a
logistic regression over named features and their products, for each embedder that it was fitted
for. With another embedder, only what is asked word for word is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.cards.card import asking_key
from assistant.grounding import numbers
from assistant.understanding.kinds import QuestionKind, kind_of
from assistant.understanding.spellings import spelled_out
from corpus.french import MONTHS, WEEKDAYS, fold, terms
from corpus.seams import Embedder, TokenEmbedder, TokenStates, Vectors

ARTEFACT = Path(__file__).with_suffix(".json")
KEPT = 4096
"""Questions whose reading is kept: the same few cards are near most questions."""

OUTERMOST = 3.0
"""Spreads beyond which a feature says no more."""

_CALENDAR = frozenset({word.removesuffix("s") for word in (*MONTHS, *WEEKDAYS)})
_DENIES = re.compile(r"\b(?:ne|pas|sans|jamais|aucune?|ni|hors|sauf|interdi\w+|not?)\b|\bn'")


@dataclass(frozen=True, slots=True)
class AskingRead:
    """A question as it is compared; `tokens` is None with an embedder that tells none."""

    vector: Vectors
    tokens: TokenStates | None
    values: frozenset[str]
    kind: QuestionKind
    stems: frozenset[str]
    denies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SameFeatures:
    """What speaks for two questions being one. `asked` is what somebody asks, `card` a card's.

    `cosine`: of their vectors. `asked_in_card`: how near (cosine) each token of one finds one in
    the other, the mean weighed by rarity; `…_least`: the token that finds none; `…_gap`: the
    weightiest that is missed. `shared_…`: share of the stems that both have; `only_…`: how many one
    has alone (those that the card's answer holds left out); `values_only_card`: values of the
    card's question that nobody asked. `same_kind`, `other_kind`: what is asked for, where both
    tell; `denies`: one denies and the other does not.
    """

    cosine: float
    asked_in_card: float
    asked_least: float
    asked_gap: float
    card_in_asked: float
    card_least: float
    card_gap: float
    shared_asked: float
    shared_card: float
    only_asked: float
    only_card: float
    values_only_card: float
    same_kind: float
    other_kind: float
    denies: float


NAMES = tuple(field.name for field in fields(SameFeatures))


@dataclass(frozen=True, slots=True)
class QuadraticModel:
    """A logistic regression over features and their products, in spreads from their mean.

    `weights` has one for each feature, then one for each pair of them in the order of
    `numpy.triu_indices`.
    """

    bias: float
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]

    def probability(self, features: SameFeatures) -> float:
        """Return the probability (0 to 1) that two questions are one."""
        odds = self.bias + float(widened(np.array(astuple(features)), self) @ self.weights)
        return float(1 / (1 + np.exp(-odds)))


def widened(values: NDArray[np.float64], model: QuadraticModel) -> NDArray[np.float64]:
    """Return features, shape (…, features), with their products."""
    level = np.clip((values - model.mean) / model.spread, -OUTERMOST, OUTERMOST)
    left, right = np.triu_indices(level.shape[-1])
    return np.concatenate([level, level[..., left] * level[..., right]], axis=-1)


class Same(Protocol):
    """Tells how likely a question is a card's."""

    threshold: float

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        """Return a probability (0 to 1); `said` is the card's answer and its quotes."""


class LearnedSame:
    """The strict check, then what was learnt of pairs."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._model, self.threshold = fitted_for(embedder.name)
        self._read = lru_cache(KEPT)(self._reading)

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        if asking_key(asked) == asking_key(asking):
            return 1.0
        mine = self._read(asked)
        if self._model is None or mine.tokens is None:
            return 0.0
        theirs = self._read(asking)
        if mine.values - theirs.values - values_in(" ".join(said)):
            return 0.0
        return self._model.probability(same_features(mine, theirs, said))

    def _reading(self, text: str) -> AskingRead:
        return read(text, self._embedder)


def read(text: str, embedder: Embedder) -> AskingRead:
    """Read a question for comparing."""
    plain = spelled_out(text)
    folded = fold(plain)
    return AskingRead(
        vector=embedder.embed_query(plain),
        tokens=embedder.embed_tokens(plain) if isinstance(embedder, TokenEmbedder) else None,
        values=values_in(plain),
        kind=kind_of(folded),
        stems=frozenset(terms(plain)),
        denies=bool(_DENIES.search(folded)),
    )


@lru_cache(maxsize=KEPT)
def values_in(text: str) -> frozenset[str]:
    """Return the figures, hours, days and months of a text."""
    named = {word.removesuffix("s") for word in re.findall(r"[a-z]+", fold(text))}
    return frozenset(numbers(text) | named & _CALENDAR)


def same_features(asked: AskingRead, card: AskingRead, said: Sequence[str]) -> SameFeatures:
    """Gather what speaks for two questions being one."""
    assert asked.tokens is not None and card.tokens is not None
    between = asked.tokens.states @ card.tokens.states.T
    mine, theirs = _found(between, asked.tokens), _found(between.T, card.tokens)
    shared = len(asked.stems & card.stems)
    held = card.stems | {stem for text in said for stem in terms(text)}
    tells = QuestionKind.FACT not in (asked.kind, card.kind)
    return SameFeatures(
        cosine=float(asked.vector @ card.vector),
        asked_in_card=mine[0],
        asked_least=mine[1],
        asked_gap=mine[2],
        card_in_asked=theirs[0],
        card_least=theirs[1],
        card_gap=theirs[2],
        shared_asked=shared / max(1, len(asked.stems)),
        shared_card=shared / max(1, len(card.stems)),
        only_asked=float(len(asked.stems - held)),
        only_card=float(len(card.stems - asked.stems)),
        values_only_card=float(len(card.values - asked.values)),
        same_kind=float(asked.kind is card.kind),
        other_kind=float(tells and asked.kind is not card.kind),
        denies=float(asked.denies is not card.denies),
    )


def _found(between: NDArray[np.float32], tokens: TokenStates) -> tuple[float, float, float]:
    """Return how near the tokens of a text find others: mean, least, and the weightiest gap."""
    if not between.size:
        return 0.0, 0.0, 1.0
    best = between.max(axis=1)
    weight = tokens.rarity / max(float(tokens.rarity.sum()), 1e-9)
    gaps = (1 - best) * weight * len(best)
    return float(best @ weight), float(best.min()), float(gaps.max())


@cache
def fitted_for(embedder: str) -> tuple[QuadraticModel | None, float]:
    """Return what was fitted for an embedder, and from which probability questions are one."""
    one = json.loads(ARTEFACT.read_text("utf-8")).get(embedder)
    if one is None or one["features"] != [*NAMES]:
        return None, 1.0
    arrays = (np.array(one[name], np.float64) for name in ("mean", "spread", "weights"))
    return QuadraticModel(one["bias"], *arrays), one["threshold"]
