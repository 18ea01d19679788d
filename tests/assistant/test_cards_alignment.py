# SPDX-License-Identifier: EUPL-1.2
"""Two questions beside each other: the network, and what was taught of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.cards.alignment import NARROW, WIDTH, Alignment
from assistant.cards.same import LearnedSame
from corpus.embedder import OnnxEmbedder
from corpus.seams import TokenStates
from corpus.weights import DEFAULT_EMBEDDER, Weights
from tests.table import each

LAYERS = {
    "project": (NARROW, WIDTH), "seek": (NARROW, WIDTH), "compare": (NARROW, 4 * NARROW + 2),
    "mix": (NARROW, NARROW), "weigh": (1, NARROW), "sum": (NARROW, 6 * NARROW + 2),
    "odds": (1, NARROW),
}  # fmt: skip


def states(seed: int, tokens: int) -> TokenStates:
    rows = np.random.default_rng(seed).normal(size=(tokens, WIDTH)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    mean = rows.mean(0)
    return TokenStates(rows, mean / np.linalg.norm(mean))


@pytest.fixture(scope="module")
def arrays() -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(3)
    made = {"sharp": np.array([10, 3], np.float32)}
    for name, (rows, columns) in LAYERS.items():
        weight = random.normal(0, columns**-0.5, (rows, columns))
        made[f"{name}.weight"] = weight.astype(np.float32)
        if name != "seek":
            made[f"{name}.bias"] = random.normal(0, 0.1, rows).astype(np.float32)
    return made


def test_the_order_of_tokens_is_nothing_what_they_mean_is(
    arrays: dict[str, NDArray[np.float32]],
) -> None:
    """Where a token stands is in its state already."""
    network, first, second = Alignment(arrays), states(1, 7), states(2, 11)
    found = network(first, second)
    assert 0 < found < 1
    turned = TokenStates(second.states[::-1], second.vector)
    assert network(first, turned) == pytest.approx(found, abs=1e-5)
    assert network(first, states(4, 11)) != pytest.approx(found, abs=1e-4)


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder(Weights().path(DEFAULT_EMBEDDER))


@pytest.mark.real
@pytest.mark.parametrize("asked", ["", " ", "?", "…"])
def test_a_question_without_a_word_is_no_card_s(embedder: OnnxEmbedder, asked: str) -> None:
    assert LearnedSame(embedder)(asked, "Où est la mairie ?", []) == 0.0


@pytest.mark.real
@each(
    "card, same, near",
    [
        (
            "Combien coûte un repas à la cantine pour un enfant de la commune ?",
            "on habite ici, c'est combien pour que ma fille mange à l'école",
            "Combien coûte un repas à la cantine pour un enfant d'une autre commune ?",
        ),
        (
            "Quels sont les horaires de la piscine le dimanche ?",
            "la piscine elle est ouverte de quand à quand le dimanche",
            "Quels sont les tarifs de la piscine le dimanche ?",
        ),
        (
            "Comment inscrire un enfant à l'école maternelle ?",
            "ma fille entre en petite section, je fais quoi pour l'inscrire",
            "Comment désinscrire un enfant de l'école maternelle ?",
        ),
    ],
)
def test_other_words_for_the_same_are_likelier_than_the_same_words_for_another(
    embedder: OnnxEmbedder, card: str, same: str, near: str
) -> None:
    likeness = LearnedSame(embedder)
    assert likeness(same, card, []) > likeness(near, card, [])
