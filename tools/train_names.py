# SPDX-License-Identifier: EUPL-1.2
"""Train the learned layer of names: `python -m tools.train_names`.

    --without dev_lot_9 …    leave these files out and say how well they are read (writes nothing)
    --write                  train on all, write guardrails/lexicons/learned.npz and learned.toml

Every figure rests on the seeds; on one machine the same call writes the same weights. About two
minutes of one core for each network.
"""

from __future__ import annotations

import argparse
import io
import math
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import click
import numpy as np

from guardrails.french_model import WordVectors, everyday_words
from guardrails.names.learned import Learned, Reading
from guardrails.names.lexicons import FOLDER, Lexicons
from guardrails.names.network import DATA, OUTPUTS, PAD, Floats, Network, inputs_of
from guardrails.names.traits import Kind, Traits, TraitsOf
from guardrails.names.words import Words
from tools.names.backward import Batch, Learner
from tools.names.texts import OUTPUT_OF, Answers, Text, answered, gold_texts, taught_texts
from tools.names.variations import Variations

WIDTH, DIM, DROPOUT = 112, 40, 0.2
SEEDS = (1, 2)
PASSES = 12
TEXTS_A_STEP = 24
RATE, WARM_STEPS = 2e-3, 60
CHANCES = (0.05, 0.12, 0.3, 0.5)


class Course:
    """The texts of a training, and the traits of each kind of token in them."""

    def __init__(self, lexicons: Lexicons, vectors: Learned) -> None:
        self._lexicons = lexicons
        self._traits_of = TraitsOf(lexicons)
        self._vectors = vectors
        self._traits: dict[Kind, Traits] = {}

    def read(self, text: Text) -> Answers:
        """Return a text's tokens with their answers."""
        words = Words(text.text, self._lexicons)
        answers = answered(words, text)
        for kind, index in zip(answers.kinds, answers.words, strict=True):
            if kind not in self._traits:
                of = self._traits_of
                self._traits[kind] = of.word(words[index]) if index >= 0 else of.mark(kind)
        return answers

    def batch(self, some: Sequence[Answers]) -> Batch:
        """Lay texts end to end."""
        numbers: dict[Kind, int] = {}
        kinds, is_token, answers, shares = list[int](), list[float](), [], []
        pad = np.zeros((PAD, len(OUTPUTS)), np.float32)
        for one in some:
            kinds += [numbers.setdefault(kind, len(numbers)) for kind in one.kinds] + [0] * PAD
            is_token += [1.0] * len(one.kinds) + [0.0] * PAD
            answers += [one.answers, pad]
            shares += [one.shares, pad]
        traits = [self._traits[kind] for kind in numbers]
        return Batch(
            inputs_of(traits, self._vectors.vectors_of([t.word for t in traits])),
            np.array(kinds, np.intp),
            np.array(is_token, np.float32)[:, None],
            np.concatenate(answers),
            np.concatenate(shares),
        )


def trained(texts: Sequence[Text], course: Course, lexicons: Lexicons, seed: int) -> Learner:
    """Return a network that read each text `PASSES` times, varied but for the first."""
    variations = Variations(lexicons, seed=seed)
    learner = Learner(width=WIDTH, dim=DIM, dropout=DROPOUT, seed=seed)
    order = np.random.default_rng(seed)
    steps = PASSES * math.ceil(len(texts) / TEXTS_A_STEP)
    step = 0
    for number in range(PASSES):
        read = [course.read(variations.vary(text) if number else text) for text in texts]
        surprise = 0.0
        shuffled = [read[n] for n in order.permutation(len(read))]
        for some in _batched(shuffled):
            rate = (
                RATE * min(1, (step + 1) / WARM_STEPS) * (1 + math.cos(math.pi * step / steps)) / 2
            )
            surprise += learner.learn(course.batch(some), rate)
            step += 1
        click.echo(f"seed {seed}, pass {number + 1}: {surprise * PASSES / steps:.4f}")
    return learner


def told(learned: Learned, texts: Sequence[Text], lexicons: Lexicons) -> Iterator[str]:
    """Yield how many names leak and how many kept spans are touched, from several chances on."""
    documents = [Words(text.text, lexicons) for text in texts]
    each = list(zip(texts, documents, learned.read(documents), strict=True))
    for least in CHANCES:
        names = leaks = kept = touched = 0
        for text, words, reading in each:
            for mark in text.marks:
                inside = [
                    chance >= least
                    for word, chance in zip(words, reading.names, strict=True)
                    if mark.start < word.end and word.start < mark.end and not word.is_particle
                ]
                if mark.label in ("PERSON", "OFFICIAL"):
                    names, leaks = names + 1, leaks + (not all(inside))
                elif mark.label == "KEEP":
                    kept, touched = kept + 1, touched + any(inside)
        yield f"from {least}: {leaks}/{names} names missed, {touched}/{kept} kept spans touched"
    for output, name in enumerate(OUTPUTS[1:], start=1):
        for least in CHANCES:
            yield f"{name} from {least}: {_told_of(output, least, each)}"


def _told_of(output: int, least: float, each: Sequence[tuple[Text, Words, Reading]]) -> str:
    """Tell how many marks of an output are not seen at all, and how many others it touches."""
    marks = missed = touched = 0
    for text, _, reading in each:
        seen = [(t.start, t.end) for t in reading.others if t.chances[output] >= least]
        for mark in text.marks:
            is_hit = any(mark.start < end and start < mark.end for start, end in seen)
            if OUTPUT_OF.get(mark.label) == OUTPUTS[output]:
                marks, missed = marks + 1, missed + (not is_hit)
            else:
                touched += is_hit and mark.label == "KEEP"
    return f"{missed}/{marks} missed, {touched} kept spans touched"


def packed(learners: Sequence[Learner]) -> bytes:
    """Return the weights of all networks as one file, in half precision."""
    arrays = {
        f"{number}.{name}": weight.astype(np.float16)
        for number, learner in enumerate(learners)
        for name, weight in learner.weights.items()
    }
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy's stub knows one keyword
    return file.getvalue()


def main() -> None:
    """Train, then write the weights or say how well what was left out is read."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_names")
    parser.add_argument("--without", nargs="*", default=[], help="stems of dev files left out")
    parser.add_argument("--seeds", nargs="*", type=int, default=list(SEEDS))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--into", type=Path, default=FOLDER, help="where --write writes")
    arguments = parser.parse_args()
    lexicons, vectors = Lexicons(everyday_words()), WordVectors()
    texts = [*gold_texts(without=arguments.without), *taught_texts()]
    course = Course(lexicons, Learned((), lexicons, vectors))
    learners = [trained(texts, course, lexicons, seed) for seed in arguments.seeds]
    if arguments.without:
        kept = gold_texts()
        there = {text.text for text in texts}
        left_out = [text for text in kept if text.text not in there]
        networks = [Network(_halved(learner.weights)) for learner in learners]
        for line in told(Learned(networks, lexicons, vectors), left_out, lexicons):
            click.echo(line)
    if arguments.write:
        content = packed(learners)
        (arguments.into / DATA).write_bytes(content)
        (arguments.into / "learned.toml").write_text(
            "# Written by `python -m tools.train_names --write`; what it learned from stands in"
            f' ATTRIBUTION.md.\nsha256 = "{sha256(content).hexdigest()}"\n'
            f"texts = {len(texts)}\nseeds = {arguments.seeds}\npasses = {PASSES}\n",
            encoding="utf-8",
        )


def _halved(weights: dict[str, Floats]) -> dict[str, Floats]:
    return {name: w.astype(np.float16).astype(np.float32) for name, w in weights.items()}


def _batched(read: Sequence[Answers]) -> Iterator[Sequence[Answers]]:
    for start in range(0, len(read), TEXTS_A_STEP):
        yield read[start : start + TEXTS_A_STEP]


if __name__ == "__main__":
    main()
