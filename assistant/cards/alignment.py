# SPDX-License-Identifier: EUPL-1.2
"""Two questions, token beside token: whether each finds in the other what it means.

    states ─▶ each token looks for its like in the other question ─▶ both compared
           ─▶ mean, greatest and weighed sum of what that tells, of either side ─▶ log-odds

A network of some 280,000 numbers (as in Parikh et al., « A Decomposable Attention Model », 2016),
in numpy: `benchmarks/cards_training.py` made it, together with what it reads
(`corpus/compared/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.seams import TokenStates

WIDTH: Final = 384
"""Numbers of a token's state."""

NARROW: Final = 128
CENTRE: Final = 0.8
SPREAD: Final = 8.0
"""The cosine of two questions is read from here, in these steps."""

Floats = NDArray[np.float32]


class Alignment:
    """`arrays` are the layers by name, `…weight` of shape (out, in)."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._arrays = {name: np.asarray(one, np.float32) for name, one in arrays.items()}

    def __call__(self, first: TokenStates, second: TokenStates) -> float:
        """Return the probability (0 to 1) that two questions are one."""
        left, right = (np.tanh(self._layer("project", one.states)) for one in (first, second))
        cosines = first.states @ second.states.T
        sought = [_unit(self._layer("seek", one.states)) for one in (first, second)]
        by_meaning, by_look = self._arrays["sharp"]
        drawn = by_meaning * cosines + by_look * (sought[0] @ sought[1].T)
        apart = (float(first.vector @ second.vector) - CENTRE) * SPREAD
        told = np.concatenate(
            [
                self._side(left, right, cosines, drawn),
                self._side(right, left, cosines.T, drawn.T),
                np.array([apart, apart**2], np.float32),
            ]
        )
        odds = self._layer("odds", _bent(self._layer("sum", told)))
        return float(1 / (1 + np.exp(-odds[0])))

    def _side(self, own: Floats, other: Floats, cosines: Floats, drawn: Floats) -> Floats:
        """Return what one question's tokens tell of the other's, 3 times NARROW numbers."""
        share = _shares(drawn, 1)
        like = share @ other
        best = cosines.max(1, keepdims=True)
        mean = (share * cosines).sum(1, keepdims=True)
        beside = np.concatenate([own, like, own * like, np.abs(own - like), best, mean], 1)
        compared = _bent(self._layer("mix", _bent(self._layer("compare", beside))))
        weights = _shares(self._layer("weigh", compared), 0)
        return np.concatenate([compared.mean(0), compared.max(0), (weights * compared).sum(0)])

    def _layer(self, name: str, values: Floats) -> Floats:
        out = values @ self._arrays[f"{name}.weight"].T
        bias = self._arrays.get(f"{name}.bias")
        return np.asarray(out if bias is None else out + bias, np.float32)


def _shares(values: Floats, axis: int) -> Floats:
    """Return a softmax."""
    grown = np.exp(values - values.max(axis, keepdims=True))
    return np.asarray(grown / grown.sum(axis, keepdims=True), np.float32)


def _bent(values: Floats) -> Floats:
    """Return the GELU of values, as its tanh form has it."""
    inner = np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)
    return np.asarray(values * (1 + np.tanh(inner)) / 2, np.float32)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
