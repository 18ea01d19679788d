# SPDX-License-Identifier: EUPL-1.2
"""Learns the linear probe of `assistant/probe.py`, and prints how well it tells what answers.

    python -m benchmarks.probe --states FILE.npz [--minutes 60] [--data DIR] [--write]

Excerpts are paragraphs of PIAF (public French questions about Wikipedia, MIT licence), cut as the
pipeline cuts, with their own questions, those of other paragraphs of the article, and the nearest
questions of other articles: there an excerpt answers where the accepted answer stands in it. And
invented papers of towns (`readings/`), each without the line that answers one of two questions.
The same papers with near misses, and what the pipeline would read for the questions of the sets
that may be tuned on, are judged and never learnt from; held-out questions are not read at all.
Each state is kept in FILE as it comes, so that a run that was cut goes on.

Prints the area under the curve of the probe and of the model's own doubt on the same pairs, for
each layer; an article, a paper is judged by a probe that has not seen it. The last rows learn from
one kind alone. `--write` keeps the probe of the layer in use for the product.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.llama import LlamaModel
from assistant.probe import FOLDER, Probe
from assistant.prompt import Frame
from assistant.settings import Settings
from assistant.understanding.questions import understand
from assistant.wiring import open_weights
from benchmarks.answers_sets import SETS
from benchmarks.probe_pairs import (
    LOT,
    NEAR_MISS,
    SET,
    Floats,
    Pair,
    Pairs,
    Truths,
    lots,
    near_misses,
    of_set,
    piaf,
)
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL
from guardrails.findings import Screened

LAYERS = (13, 16, 19, 22, 25)
LAYER = 19
"""The layer in use: the one that tells best, of 28."""

RIDGE = 3.0
FOLDS = 5
TOGETHER = 40
"""Pairs that follow each other, mostly of one text: a fold holds them all."""


SCALE_STEPS = 2000
LEAST_SPREAD = 1e-3


def collect(pairs: Pairs, come: Iterator[list[Pair]], path: Path, end: float) -> None:
    """Read the pairs that are not kept yet, until the time is over."""
    model = LlamaModel(open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL), watched=LAYERS)
    says_unknown = Frame(understand(Screened("?")), []).unknown.split()[0]
    known = set(pairs.keys)
    for pair in (one for group in come for one in group):
        if pair.key in known:
            continue
        if time.monotonic() > end:
            break
        pairs.keys.append(pair.key)
        pairs.origins.append(pair.origin)
        pairs.states.append(model.states(pair.prompt).astype(np.float16))
        pairs.answers.append(pair.answers)
        pairs.doubt.append(model.log_probability(pair.prompt, says_unknown))
        if len(pairs.keys) % 200 == 0:
            pairs.write(path)
            print(len(pairs.keys), "pairs", flush=True)
    pairs.write(path)
    model.close()


def fit(states: Floats, answers: Truths, layer: int) -> Probe:
    """Ridge regression of what answers, each number of the state in its own spread; then its
    figure as log-odds, by what it makes of pairs that it has not seen."""
    unseen = np.zeros(len(answers), np.float32)
    for part in range(FOLDS):
        apart = np.arange(len(answers)) // TOGETHER % FOLDS == part
        weights, bias = solved(states[~apart], answers[~apart])
        unseen[apart] = states[apart] @ weights + bias
    slope, shift = scaled(unseen, answers)
    weights, bias = solved(states, answers)
    return Probe(layer, (slope * weights).astype(np.float32), slope * bias + shift)


def solved(states: Floats, answers: Truths) -> tuple[Floats, float]:
    """Weights and bias of a ridge regression; both kinds of pairs count the same."""
    mean, spread = states.mean(axis=0), states.std(axis=0) + LEAST_SPREAD
    level, base = (states - mean) / spread, float(answers.mean())
    wanted = np.where(answers, 1 / base, -1 / (1 - base)).astype(np.float32)
    gram = level.T @ level / len(answers) + RIDGE * np.eye(level.shape[1], dtype=np.float32)
    weights = np.linalg.solve(gram, level.T @ wanted / len(answers)) / spread
    return weights, -float(mean @ weights)


def scaled(figures: Floats, answers: Truths) -> tuple[float, float]:
    """Slope and shift that make log-odds of a figure (Platt)."""
    slope, shift, spread = 1.0, 0.0, float(figures.std())
    level = figures / spread
    for _ in range(SCALE_STEPS):
        error = 1 / (1 + np.exp(-(slope * level + shift))) - answers
        slope -= float((error * level).mean())
        shift -= float(error.mean())
    return slope / spread, shift


def judged(pairs: Pairs, place: int, learnt: Truths) -> Floats:
    """Log-odds of each pair by a probe that has not seen its article or paper, nor any set."""
    states, answers = pairs.of_layer(place)
    origins = np.array(pairs.origins)
    sources = sorted(set(origins[learnt].tolist()))
    told = np.zeros(len(answers), np.float32)
    groups = [np.isin(origins, sources[n::FOLDS]) for n in range(FOLDS)]
    for apart in (*groups, ~learnt):
        probe = fit(states[learnt & ~apart], answers[learnt & ~apart], LAYERS[place])
        told[apart] = states[apart] @ probe.weights + probe.bias
    return told


def area(figures: Sequence[float] | Floats, answers: Truths) -> float:
    """Area under the curve: how often a pair that answers has more than one that does not."""
    ranks = np.argsort(np.argsort(figures))
    ones = int(answers.sum())
    above = float(ranks[answers].sum()) - ones * (ones - 1) / 2
    return above / max(1, ones * (len(answers) - ones))


def report(pairs: Pairs) -> None:
    """Print a row a layer and one for the doubt, over all pairs, then for each set."""
    answers, origins = np.array(pairs.answers, bool), np.array(pairs.origins)
    is_set, is_lot, is_near = (np.char.startswith(origins, k) for k in (SET, LOT, NEAR_MISS))
    learnt = ~is_set & ~is_near
    groups = {"PIAF": learnt & ~is_lot, "lots": is_lot, "near misses": is_near, "sets": is_set}
    groups |= {name: origins == name for name in sorted(set(origins[is_set].tolist()))}
    groups = {name: where for name, where in groups.items() if where.any()}
    print("| figure | " + " | ".join(groups) + " |")
    print("|---" * (len(groups) + 1) + "|")
    counted = (f"{int(answers[w].sum())} of {int(w.sum())}" for w in groups.values())
    print("| pairs that answer | " + " | ".join(counted) + " |")
    rows: dict[str, Floats] = {"the model's doubt": -np.array(pairs.doubt, np.float32)}
    for place, layer in enumerate(LAYERS):
        rows[f"probe of layer {layer}"] = judged(pairs, place, learnt)
    for kind in ("PIAF", "lots"):
        if kind in groups:
            told = judged(pairs, LAYERS.index(LAYER), groups[kind])
            rows[f"probe of layer {LAYER}, from {kind} alone"] = told
    for name, figures in rows.items():
        areas = (f"{area(figures[w], answers[w]):.3f}" for w in groups.values())
        print(f"| {name} | " + " | ".join(areas) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--states", type=Path, required=True, help="keep what was read here")
    parser.add_argument("--minutes", type=float, default=0, help="read for so long")
    parser.add_argument("--data", type=Path, help="keep the indexes here between runs")
    parser.add_argument("--write", action="store_true", help="keep the probe for the product")
    given = parser.parse_args()
    pairs = Pairs.read(given.states)
    if given.minutes:
        end = time.monotonic() + given.minutes * 60
        embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
        sources = (lots(), near_misses(), piaf(embedder))
        for come in (*sources, *(of_set(name, given.data) for name in SETS)):
            if time.monotonic() < end:
                collect(pairs, come, given.states, end)
    report(pairs)
    if given.write:
        states, answers = pairs.of_layer(LAYERS.index(LAYER))
        origins = np.array(pairs.origins)
        learnt = ~(np.char.startswith(origins, SET) | np.char.startswith(origins, NEAR_MISS))
        probe = fit(states[learnt], answers[learnt], LAYER)
        probe.write(FOLDER / f"{DEFAULT_LANGUAGE_MODEL}.npz")


if __name__ == "__main__":
    main()
