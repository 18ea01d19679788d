# SPDX-License-Identifier: EUPL-1.2
"""Teaches the default model which line of several answers: low-rank additions, and two rows.

    python -m benchmarks.selector_training --data DIR --to DIR [--examples 3500] [--after DIR]
        [--shares tables=1 voices=3 …] [--most 100] [--rate 0.0006]

PyTorch and gguf must be there (`pip install torch gguf`); `DIR` keeps the indexes. 2 cores take
some 40 minutes for 1,000 examples; what was cut goes on from its last steps. Learnt from
(`selector_prompts.py`): whole papers of invented towns, some of them tables whose rows answer
together, some asked as residents talk or of a year that they do not have, real guides, articles of
law and council papers, single papers of twelve authors, and the articles of PIAF that the embedder
learns from. No question of a set, no paper of theirs, and none of the articles that judge.

The loss of an example: a cross entropy over its lines where one answers, the log loss of each
line, less heavy, and that of whether any line answers.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import llama_cpp
import numpy as np
import torch
from torch.nn import functional

from assistant.seams import Extract
from assistant.selector import NORM, tokens_and_marks
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.probe_pairs import LOTS
from benchmarks.qwen_torch import Reader, Tensor
from benchmarks.selector_documents import REAL_PAPERS
from benchmarks.selector_prompts import (
    Example,
    of_cards,
    of_documents,
    of_other_years,
    of_papers,
    of_piaf,
    of_towns,
)
from corpus.weights import DEFAULT_LANGUAGE_MODEL

SEED = 1
LAYERS, FIRST, RANK = 20, 8, 8
RATE, ROW_RATE, WARM_UP, DECAY = 6e-4, 2e-3, 12, 0.01
BATCH, TOGETHER = 4, 64
LINE_WEIGHT = 0.3
KEPT_EVERY = 20
END = "\nFin\n"
T = TypeVar("T")
FIRST_BIASES = (-2.5, 0.0)
SHARES = {
    "documents": 0.28, "long": 0.24, "towns": 0.16, "papers": 0.06, "piaf": 0.06, "tables": 0.2
}  # fmt: skip
"""Of examples by where they come from; `--shares` names others."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An example as it is read: `marks` are the places of the tokens whose states are looked at."""

    tokens: list[int]
    marks: list[int]
    labels: tuple[int, ...]


class Tokenizer:
    """The model's own tokens."""

    def __init__(self, path: Path) -> None:
        self._llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)

    def __call__(self, example: Example) -> Tokens:
        tokens, marks = tokens_and_marks(example.question, example.extracts, self._of)
        tokens += self._of(END)  # what is learnt of the whole helps what is learnt of lines
        return Tokens(tokens, [*marks, len(tokens) - 1], example.labels)

    def _of(self, text: str) -> list[int]:
        tokens: list[int] = self._llama.tokenize(text.encode(), add_bos=False)
        return tokens


class Trainer:
    """A reader that learns, and the two rows that read its states."""

    def __init__(self, path: Path) -> None:
        self.reader = Reader(path, layers=LAYERS, first=FIRST, rank=RANK, seed=SEED)
        self.rows = torch.zeros(2, self.reader.width, requires_grad=True)
        self.biases = torch.tensor(FIRST_BIASES, requires_grad=True)

    def loss(self, batch: Sequence[Tokens]) -> Tensor:
        width = max(len(one.tokens) for one in batch)
        padded = [one.tokens + [0] * (width - len(one.tokens)) for one in batch]
        states = self.reader(torch.tensor(padded))
        each = [self._of(one, states[place, one.marks]) for place, one in enumerate(batch)]
        return torch.stack(each).mean()

    def _of(self, one: Tokens, states: Tensor) -> Tensor:
        states = states.float()
        states = states * (NORM / states.norm(dim=-1, keepdim=True))
        read = states @ self.rows.T + self.biases
        lines, whole = read[:-1, 0], read[-1, 1]
        labels = torch.tensor(one.labels)
        known, right = labels >= 0, labels == 1
        log_loss = functional.binary_cross_entropy_with_logits
        loss = log_loss(whole, right.any().float())
        if known.any():
            loss = loss + LINE_WEIGHT * log_loss(
                lines[known], right[known].float(), reduction="sum"
            )
        if right.any():
            loss = loss + torch.logsumexp(lines[known], 0) - torch.logsumexp(lines[right], 0)
        return loss

    def go_on(self, folder: Path, model: str) -> None:
        """Start from what was learnt before; what tells whether any line answers is not kept."""
        self.reader.read_adapter(folder / f"{model}.gguf")
        with np.load(folder / f"{model}.npz", allow_pickle=False) as kept:
            self.rows.data[0] = torch.tensor(kept["weights"])
            self.biases.data[0] = float(kept["bias"])

    def write(self, folder: Path, model: str) -> None:
        """Keep what was learnt, as the product reads it."""
        folder.mkdir(exist_ok=True)
        self.reader.write_adapter(folder / f"{model}.gguf")
        weights, bias = self.rows[0].detach().numpy(), self.biases[0].item()
        np.savez(folder / f"{model}.npz", layer=LAYERS - 1, weights=weights, bias=bias)


def mixed(
    pools: Sequence[list[Tokens]], shares: Sequence[float], chance: random.Random
) -> Iterator[list[Tokens]]:
    """Yield batches of examples of like length, from all pools by their shares, for ever."""
    for pool in pools:
        chance.shuffle(pool)
    taken = [0] * len(pools)
    while True:
        chosen = list[Tokens]()
        for number in chance.choices(range(len(pools)), shares, k=TOGETHER):
            chosen.append(pools[number][taken[number] % len(pools[number])])
            taken[number] += 1
        chosen.sort(key=lambda one: len(one.tokens))
        batches = [chosen[start : start + BATCH] for start in range(0, TOGETHER, BATCH)]
        chance.shuffle(batches)
        yield from batches


def train(
    trainer: Trainer,
    loss_of: Callable[[list[T]], Tensor],
    batches: Iterator[list[T]],
    steps: int,
    rate: float,
    *,
    state: Path,
    told: str,
) -> None:
    """Learn from batches; `state` keeps how far that is, and is gone at the end. `told` says what
    is learnt: one that says otherwise begins anew."""
    factors, rows = trainer.reader.parameters(), [trainer.rows, trainer.biases]
    optimizer = torch.optim.AdamW(
        [{"params": factors, "lr": rate}, {"params": rows, "lr": ROW_RATE}], weight_decay=DECAY
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    parameters = [*factors, *rows]
    begun = resumed(state, parameters, optimizer, told)
    started, shown = time.monotonic(), 0.0
    for step, batch in zip(range(steps), batches, strict=False):
        if step < begun:
            continue
        warm = min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / steps))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * warm
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        shown = loss.item() if step == begun else 0.93 * shown + 0.07 * loss.item()
        if step % WARM_UP == 0:
            each = (time.monotonic() - started) / (step + 1 - begun)
            print(f"{step}/{steps} loss {shown:.3f}, {each:.2f} s a step", flush=True)
        if (step + 1) % KEPT_EVERY == 0:
            keep(state, parameters, optimizer, step + 1, told)
    state.unlink(missing_ok=True)


def keep(
    state: Path,
    parameters: Sequence[Tensor],
    optimizer: torch.optim.Optimizer,
    step: int,
    told: str,
) -> None:
    """Write how far the training is: a run that is cut goes on from there."""
    part = state.with_suffix(".part")
    values = [one.detach() for one in parameters]
    torch.save({"step": step, "told": told, "values": values, "how": optimizer.state_dict()}, part)
    part.rename(state)


def resumed(
    state: Path, parameters: Sequence[Tensor], optimizer: torch.optim.Optimizer, told: str
) -> int:
    """Read how far the training was, and return the step that is next."""
    if not state.exists():
        return 0
    kept = torch.load(state, weights_only=True)
    if kept["told"] != told:
        return 0
    for one, value in zip(parameters, kept["values"], strict=True):
        one.data.copy_(value)
    optimizer.load_state_dict(kept["how"])
    return int(kept["step"])


def examples_of(name: str, data: Path, most: int | None) -> Iterator[Example]:
    """Read what a pool learns from; a town's folder of `readings/` is a pool of that name, of which
    `most` questions a town are asked."""
    match name:
        case "documents":
            yield from kept(data / "documents.jsonl", of_documents(REAL_PAPERS, data, SEED))
        case "papers":
            yield from of_papers(SEED)
        case "cards":
            yield from of_cards(SEED)
        case "piaf":
            yield from of_piaf(SEED)
        case "years":
            for pool in ("alike", "documents", "tables", "voices"):
                yield from of_other_years(examples_of(pool, data, most), SEED)
        case _:
            for number, town in enumerate(sorted(LOTS.glob(f"{name}/*.jsonl"))):
                found = of_towns([town], data, SEED + number, most)
                yield from kept(data / f"{name}-{town.stem}.jsonl", found)


def kept(path: Path, examples: Iterator[Example]) -> Iterator[Example]:
    """Return examples as they lie in a file, which is written first where it is not there: to
    search a town for each of its questions takes minutes. Where papers, guard or search change,
    take another folder."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = "".join(f"{json.dumps(asdict(one), ensure_ascii=False)}\n" for one in examples)
        part = path.with_suffix(".part")
        part.write_text(whole, "utf-8")
        part.rename(path)
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        extracts = tuple(Extract(heading, tuple(lines)) for heading, lines in row["extracts"])
        yield Example(question=row["question"], extracts=extracts, labels=tuple(row["labels"]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="keeps the indexes")
    parser.add_argument("--examples", type=int, default=3500)
    parser.add_argument("--after", type=Path, help="goes on from what this folder holds")
    parser.add_argument("--to", type=Path, required=True, help="keeps what is learnt")
    parser.add_argument("--shares", nargs="+", help="a pool and its share each: voices=3")
    parser.add_argument("--most", type=int, help="questions a town, where not all are asked")
    parser.add_argument("--rate", type=float, default=RATE)
    given = parser.parse_args()
    path = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)
    tokenizer = Tokenizer(path)
    pairs = (word.split("=") for word in given.shares or ())
    shares = {name: float(share) for name, share in pairs} or SHARES
    pools = {
        name: [tokenizer(one) for one in examples_of(name, given.data, given.most)]
        for name in sorted(shares)
    }
    if empty := [name for name, pool in pools.items() if not pool]:
        parser.error(f"no examples: {', '.join(empty)}")
    print("examples:", *(f"{name} {len(pool)}" for name, pool in pools.items()), flush=True)
    trainer = Trainer(path)
    if given.after:
        trainer.go_on(given.after, DEFAULT_LANGUAGE_MODEL)
    weights = [shares[name] for name in pools]
    batches = mixed([*pools.values()], weights, random.Random(SEED))
    given.to.mkdir(parents=True, exist_ok=True)
    told = f"{given.examples} {given.rate} {sorted(shares.items())} after {given.after}"
    steps = given.examples // BATCH
    train(trainer, trainer.loss, batches, steps, given.rate, state=given.to / "state.pt", told=told)
    trainer.write(given.to, DEFAULT_LANGUAGE_MODEL)


if __name__ == "__main__":
    main()
