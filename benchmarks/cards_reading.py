# SPDX-License-Identifier: EUPL-1.2
"""Teaches the default model when a validated answer is asked (`assistant/selectors/same/`).

    voices_*.jsonl ─▶ Tree: a question as somebody asks it, cards as branches of it
                   ─one reading▶ the state after each branch ─▶ log-odds that the card is asked

    python -m benchmarks.cards_reading --to DIR [--steps 700] [--after DIR] [--rate 0.00035]

PyTorch and gguf must be there (`pip install torch gguf`). It begins from the selector, which was
taught what answers what; `--after` goes on from a folder of its own. A step reads eight questions,
each beside its own card, the neighbours that an author wrote for it and another card, some 47 pairs
in all: 700 take an hour on 2 cores that multiply in half precision, and what was cut goes on from
its last steps. A branch sees the question and itself alone, so that each pair is read as the
product reads it. The authors of JUDGES are left out: `benchmarks/cards.py` asks theirs.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import llama_cpp
import torch
from torch.nn import functional

from assistant.cards.same import card_text
from assistant.selector import FOLDER, NORM, SAME, compared_tokens
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.cards import JUDGES, PAIRS, Matter, matters_of
from benchmarks.qwen_torch import Tensor
from benchmarks.selector_training import Trainer, train
from corpus.weights import DEFAULT_LANGUAGE_MODEL

SEED = 17
RATE = 3.5e-4
TOGETHER, SORTED = 8, 64
ANSWERED = 0.7
"""Share of cards that are read with what they say."""

OF_THE_CARD, OF_NEIGHBOURS, AS_A_CLERK = 2, 2, 0.3
"""Questions of a matter that are drawn in one turn: in residents' words, and by what chance one in
a clerk's."""

RIGHT_WEIGHT = 2.0
"""One card of six is the right one."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A question, the cards that it may ask, each after its own head, and whether it does."""

    question: list[int]
    cards: list[list[int]]
    labels: list[bool]

    @property
    def tokens(self) -> list[int]:
        return [*self.question, *(token for card in self.cards for token in card)]

    @property
    def marks(self) -> list[int]:
        """The last token of each card."""
        places, at = list[int](), len(self.question)
        for card in self.cards:
            at += len(card)
            places.append(at - 1)
        return places


def tree(asked: str, cards: Sequence[tuple[str, str, bool]], tokens: Tokens) -> Tree:
    """Lay out a question and cards (question, answer, whether it is asked)."""
    head, branches = list[int](), list[list[int]]()
    empty, _ = compared_tokens(asked, "", tokens)
    for question, answer, _ in cards:
        whole, _ = compared_tokens(asked, card_text(question, [answer]), tokens)
        head = whole[: len(empty) - len(tokens("\n"))]
        branches.append(whole[len(head) :])
    return Tree(head, branches, [is_asked for *_, is_asked in cards])


Tokens = Callable[[str], list[int]]


def questions(
    matter: Matter, others: Sequence[Matter], draw: random.Random
) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    """Draw ways to ask a matter and its neighbours, each with all of their cards."""
    near = range(1, len(matter.near) + 1)
    asked = [(text, 0) for text in draw.sample(matter.same, OF_THE_CARD)]
    for number in draw.sample(near, min(OF_NEIGHBOURS, len(near))):
        asks, said = matter.near[number - 1]
        asked.append((draw.choice(said or (asks,)), number))
    if draw.random() < AS_A_CLERK:
        number = draw.choice(near)
        asked.append((matter.near[number - 1][0], number))

    def said_by(one: Matter) -> str:
        return one.answer if draw.random() < ANSWERED else ""

    for text, right in asked:
        cards = [(matter.question, said_by(matter), right == 0)]
        cards += [
            (asks, "", right == number)
            for number, (asks, _) in enumerate(matter.near, 1)
            if asks != text
        ]
        other = draw.choice(others)
        if other is not matter:
            cards.append((other.question, said_by(other), False))
        yield text, cards


def trees(each: Sequence[Sequence[Matter]], tokens: Tokens, seed: int) -> Iterator[list[Tree]]:
    """Yield trees of like length together, for ever."""
    draw = random.Random(seed)
    known = [(matter, others) for others in each for matter in others if matter.near]

    def drawn() -> Iterator[Tree]:
        while True:
            draw.shuffle(known)
            for matter, others in known:
                for text, cards in questions(matter, others, draw):
                    yield tree(text, cards, tokens)

    endless = drawn()
    while True:
        some = sorted((next(endless) for _ in range(SORTED)), key=lambda one: len(one.tokens))
        batches = [some[at : at + TOGETHER] for at in range(0, SORTED, TOGETHER)]
        draw.shuffle(batches)
        yield from batches


def odds(trainer: Trainer, batch: Sequence[Tree]) -> Tensor:
    """Return the log-odds of all cards of some trees, one after the other."""
    width = max(len(one.tokens) for one in batch)
    tokens = torch.zeros(len(batch), width, dtype=torch.long)
    places = torch.zeros(len(batch), width)
    sees = torch.eye(width, dtype=torch.bool).repeat(len(batch), 1, 1)
    for row, one in enumerate(batch):
        tokens[row, : len(one.tokens)] = torch.tensor(one.tokens)
        head, at = len(one.question), 0
        for part in (one.question, *one.cards):
            end, begin = at + len(part), head if at else 0
            places[row, at:end] = torch.arange(begin, begin + len(part))
            sees[row, at:end, : head if at else 0] = True
            sees[row, at:end, at:end] = torch.ones(len(part), len(part), dtype=torch.bool).tril()
            at = end
    states = trainer.reader(tokens, places=places, sees=sees)
    ends = torch.cat([states[row, one.marks] for row, one in enumerate(batch)]).float()
    ends = ends * (NORM / ends.norm(dim=-1, keepdim=True))
    return ends @ trainer.rows[0] + trainer.biases[0]


def loss(trainer: Trainer, batch: Sequence[Tree]) -> Tensor:
    """Return how far the odds of some trees are from which cards are asked."""
    wanted = torch.tensor([float(label) for one in batch for label in one.labels])
    return functional.binary_cross_entropy_with_logits(
        odds(trainer, batch), wanted, pos_weight=torch.tensor(RIGHT_WEIGHT)
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, required=True, help="keeps what is learnt")
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--after", type=Path, default=FOLDER, help="goes on from this folder")
    parser.add_argument("--rate", type=float, default=RATE)
    given = parser.parse_args()
    path = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)
    llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)

    def tokens(text: str) -> list[int]:
        found: list[int] = llama.tokenize(text.encode(), add_bos=False)
        return found

    files = [one for one in sorted(PAIRS.glob("voices_*.jsonl")) if one.stem not in JUDGES]
    trainer = Trainer(path)
    trainer.go_on(given.after, DEFAULT_LANGUAGE_MODEL)
    given.to.mkdir(parents=True, exist_ok=True)
    batches = trees([matters_of(file) for file in files], tokens, SEED)
    told = f"cards, {given.steps} steps at {given.rate} after {given.after}"
    state = given.to / f"{SAME}.pt"
    steps, rate = given.steps, given.rate
    train(trainer, partial(loss, trainer), batches, steps, rate, state=state, told=told)
    trainer.write(given.to, DEFAULT_LANGUAGE_MODEL)


if __name__ == "__main__":
    main()
