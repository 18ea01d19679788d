# SPDX-License-Identifier: EUPL-1.2
"""Which messages cannot wait: emergency classifier (a small network on the embedder's vector).

    message ─┬─ whole ────────▶ embedder ─▶ head ─┬─▶ probability of each concern
             └─ its sentences ▶     "         "  ─┘   (whole and strongest part, half each)

The head learnt from invented messages (`benchmarks/emergencies/`). It knows no list of words and no
language by name. An artefact may also add to the embedder's upper layers: then the classifier runs
an embedder of its own. What was measured: `docs/decisions/emergencies.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from corpus import e5_additions
from corpus.e5_additions import Factors
from corpus.seams import Embedder, QueryEmbedder, TeachableEmbedder
from corpus.sentences import sentences

FOLDER = Path(__file__).parents[1] / "probes"
VERSION = 2
MAX_SENTENCES = 12
"""Sentences of a message that are looked at on their own; a message has 500 characters at most."""

Vector = NDArray[np.float32]


class Concern(StrEnum):
    """What an emergency is about; the head's classes, after `none`, in this order."""

    MEDICAL = "medical"
    FIRE = "fire"
    VIOLENCE = "violence"
    DISTRESS = "distress"
    MISSING_PERSON = "missing_person"
    GAS = "gas"
    SWINDLE = "swindle"
    COLD = "cold"


class Alarm(NamedTuple):
    """What a message that cannot wait is about; where that is not sure, it may be ordinary."""

    concern: Concern
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """Softmax regression, on one hidden layer (ReLU) or on the vector itself.

    `weights` (classes, width) and `bias` (classes,) of the last layer, `hidden` those of the one
    before, (width, 384) and (width,). Class 0 is an ordinary message. `threshold`: probability of
    an emergency from which it is sure enough for a card; `perhaps`: from which it may be one.
    """

    weights: Vector
    bias: Vector
    threshold: float
    hidden: tuple[Vector, Vector] | None = None
    perhaps: float = 1.0

    def __call__(self, vector: Vector) -> Vector:
        """Return the probability of each class."""
        if self.hidden:
            weights, bias = self.hidden
            vector = np.maximum(weights @ vector + bias, 0)
        scores = self.weights @ vector + self.bias
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), np.float32)


@dataclass(frozen=True, slots=True)
class Artefact:
    """What training leaves: additions to the embedder's matrices, and the head."""

    additions: Mapping[str, Factors]
    head: Head

    @classmethod
    def read(cls, embedder: str) -> Self:
        """Read what was learnt for an embedder; raise OSError, ValueError or KeyError."""
        return cls.load(_path(embedder))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file of `save`."""
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["version"]) != VERSION:
                raise ValueError(f"emergency head of version {int(kept['version'])}")
            weights, bias = (kept[name].astype(np.float32) for name in ("weights", "bias"))
            hidden = None
            if "hidden.weights" in kept:
                hidden = (
                    kept["hidden.weights"].astype(np.float32),
                    kept["hidden.bias"].astype(np.float32),
                )
            head = Head(weights, bias, float(kept["threshold"]), hidden, float(kept["perhaps"]))
            if head.weights.shape[0] != len(Concern) + 1:
                raise ValueError("emergency head of other classes")
            return cls(e5_additions.of(kept), head)

    def opened(self, embedder: Embedder) -> Emergencies:
        """Return the classifier above an embedder; raise TypeError for one that cannot be taught
        what it needs."""
        if not self.additions:
            return Emergencies(embedder, self.head)
        if not isinstance(embedder, TeachableEmbedder):
            raise TypeError(f"{type(embedder).__name__} cannot be taught")
        return Emergencies(embedder.taught(self.additions), self.head)

    def write(self, embedder: str) -> None:
        """Keep it for the product."""
        self.save(_path(embedder))

    def save(self, path: Path) -> None:
        head = self.head
        arrays = e5_additions.arrays(self.additions)
        arrays |= {"weights": head.weights, "bias": head.bias}
        if head.hidden:
            arrays |= {"hidden.weights": head.hidden[0], "hidden.bias": head.hidden[1]}
        np.savez_compressed(
            path,
            allow_pickle=False,
            version=np.array(VERSION),
            threshold=np.array(head.threshold),
            perhaps=np.array(head.perhaps),
            **arrays,
        )


def _path(embedder: str) -> Path:
    return FOLDER / f"emergencies-{embedder}.npz"


class Emergencies:
    """Recognises a message that needs help now, in any language that the embedder reads."""

    def __init__(self, embedder: QueryEmbedder, head: Head) -> None:
        self._embedder = embedder
        self._head = head

    def probabilities(self, message: str) -> Vector:
        """Return the probability of each class, ordinary first.

        The mean, in logarithms, of the whole message and of its most alarming part: a sentence of
        a calm message says more alone than it means, help in one of many is thinned out.
        """
        each = [self._head(self._embedder.embed_query(part)) for part in parts(message)]
        strongest = min(each, key=lambda found: float(found[0]))
        mean = np.sqrt(each[0] * strongest)
        return np.asarray(mean / mean.sum(), np.float32)

    def __call__(self, message: str) -> Alarm | None:
        """Return what the emergency is about, nothing for an ordinary message."""
        found = self.probabilities(message)
        probability = 1 - float(found[0])
        is_sure = probability >= self._head.threshold
        if not is_sure and probability < self._head.perhaps:
            return None
        return Alarm(list(Concern)[int(found[1:].argmax())], is_sure)


def parts(message: str) -> tuple[str, ...]:
    """Return a message and, if it has several, its sentences: help may be asked for in one of them.

    >>> parts("Bonjour. Ma mère est tombée.")
    ('Bonjour. Ma mère est tombée.', 'Bonjour.', 'Ma mère est tombée.')
    """
    each = (message, *(message[start:end] for start, end in sentences(message)))
    squeezed = (" ".join(one.split()) for one in each)
    return tuple(dict.fromkeys(squeezed))[: 1 + MAX_SENTENCES]


Recognise = Callable[[str], Alarm | None]
"""The seam of the screens: what an emergency is about; may raise whatever its model raises."""
