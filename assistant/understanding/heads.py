# SPDX-License-Identifier: EUPL-1.2
"""Heads on the embedder's taught upper layers: what the classifiers of short texts share.

    text ─taught embedder─┬─ mean ───▶ Head ─▶ chance of each class
                          └─ tokens ─▶ Head ─▶ chance of each token

Each classifier keeps one file in `assistant/probes/`, made by a program of `benchmarks/`: additions
at a low rank to the layers from the sixth on, and its heads. The words and the lower layers are
those of the embedder that is in memory anyhow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus import e5_additions
from corpus.e5_additions import Factors
from corpus.seams import Embedder, TeachableEmbedder, TokenReader

FOLDER = Path(__file__).parents[1] / "probes"
VERSION = 3

Vector = NDArray[np.float32]
Classes = Mapping[str, Sequence[str]]
"""What each head tells apart, by the head's name."""


@dataclass(frozen=True, slots=True)
class Head:
    """Softmax regression, on one hidden layer (ReLU) or on the vector itself.

    `weights` (classes, width) and `bias` (classes,) of the last layer, `hidden` those of the one
    before, (width, 384) and (width,). `threshold`: the chance from which what it tells is believed;
    `perhaps`: from which it may be so.
    """

    weights: Vector
    bias: Vector
    threshold: float
    hidden: tuple[Vector, Vector] | None = None
    perhaps: float = 1.0

    def __call__(self, vector: Vector) -> Vector:
        """Return the chance of each class."""
        if self.hidden:
            weights, bias = self.hidden
            vector = np.maximum(weights @ vector + bias, 0)
        scores = self.weights @ vector + self.bias
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), np.float32)

    def of_each(self, states: Vector) -> Vector:
        """Return the chance of the one class for each token, `states` (tokens, 384)."""
        return np.asarray(1 / (1 + np.exp(-(states @ self.weights[0] + self.bias[0]))), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """What training leaves: additions to the embedder's matrices, and heads by name."""

    additions: Mapping[str, Factors]
    heads: Mapping[str, Head]

    @classmethod
    def read(cls, name: str, embedder: str, classes: Classes) -> Self:
        """Read what was learnt for an embedder; raise OSError, ValueError or KeyError."""
        return cls.load(file_of(name, embedder), classes)

    @classmethod
    def load(cls, path: Path, classes: Classes) -> Self:
        """Read a file of `save`; raise ValueError for another version or other classes."""
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["version"]) != VERSION:
                raise ValueError(f"{path.name} is of version {int(kept['version'])}")
            for name, each in classes.items():
                if [*kept[f"{name}.classes"]] != [*each]:
                    raise ValueError(f"{path.name}: {name} tells other classes")
            return cls(
                additions=e5_additions.of(kept),
                heads={name: _head(kept, name) for name in classes},
            )

    def save(self, path: Path, classes: Classes) -> None:
        """Write it, with what each head tells apart."""
        arrays = e5_additions.arrays(self.additions)
        for name, head in self.heads.items():
            arrays |= {f"{name}.weights": head.weights, f"{name}.bias": head.bias}
            if head.hidden:
                arrays |= {f"{name}.hidden_weights": head.hidden[0]}
                arrays |= {f"{name}.hidden_bias": head.hidden[1]}
            arrays[f"{name}.sure"] = np.array([head.threshold, head.perhaps])
            arrays[f"{name}.classes"] = np.array([*classes[name]])
        np.savez_compressed(path, allow_pickle=False, version=np.array(VERSION), **arrays)

    def taught(self, embedder: Embedder) -> TokenReader:
        """Return what reads texts for the heads; raise TypeError for an embedder that cannot be
        taught."""
        if not isinstance(embedder, TeachableEmbedder):
            raise TypeError(f"{type(embedder).__name__} cannot be taught")
        return embedder.taught(self.additions)


def file_of(name: str, embedder: str) -> Path:
    """Return where what was learnt under a name lies for an embedder."""
    return FOLDER / f"{name}-{embedder}.npz"


def _head(kept: Mapping[str, NDArray[np.generic]], name: str) -> Head:
    def floats(part: str) -> Vector:
        return np.asarray(kept[f"{name}.{part}"], np.float32)

    hidden = None
    if f"{name}.hidden_weights" in kept:
        hidden = (floats("hidden_weights"), floats("hidden_bias"))
    sure, perhaps = np.asarray(kept[f"{name}.sure"], np.float64).tolist()
    return Head(floats("weights"), floats("bias"), sure, hidden, perhaps)
