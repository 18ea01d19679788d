# SPDX-License-Identifier: EUPL-1.2
"""Trains the emergency classifier's head: a small network on the vectors of the embedder in use.

    python -m benchmarks.emergencies_head --to FOLDER

Leaves a classifier for each fold, one that learnt from all, and the vectors, in FOLDER;
`benchmarks/emergencies.py --folds FOLDER` judges them. Some minutes on one core, in numpy.

NETWORKS networks of HIDDEN units learn from other starts; their mean is one network, of all their
units. Cross-entropy over the concerns and `none`, smoothed; units and numbers of the vector are
dropped at random; Adam with a falling rate.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.understanding.emergencies import Artefact, Head, parts
from assistant.wiring import open_weights
from benchmarks.emergencies import (
    ALL,
    CLASSES,
    FOLDS,
    VECTORS,
    KeptVectors,
    Message,
    asked,
    fold_of,
    written,
)
from corpus.weights import DEFAULT_EMBEDDER

NETWORKS, HIDDEN = 4, 256
EPOCHS, BATCH, RATE, DECAY = 25, 128, 2e-3, 1e-2
DROPPED_UNITS, DROPPED_NUMBERS = 0.4, 0.15
SMOOTHING = 0.03
MEAN, SQUARE, LEAST = 0.9, 0.999, 1e-8
UNSET_THRESHOLD = 0.5

Array = NDArray[np.float32]


def probabilities(scores: Array) -> Array:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def network(vectors: Array, wanted: Array, seed: int) -> list[Array]:
    """Learn weights and biases of two layers; `wanted` has shape (messages, classes)."""
    chance = np.random.default_rng(seed)
    count, width = vectors.shape
    layers = [
        chance.normal(0, width**-0.5, (width, HIDDEN)),
        np.zeros(HIDDEN),
        chance.normal(0, HIDDEN**-0.5, (HIDDEN, len(CLASSES))),
        np.zeros(len(CLASSES)),
    ]
    layers = [layer.astype(np.float32) for layer in layers]
    means, squares = ([np.zeros_like(layer) for layer in layers] for _ in range(2))
    step, steps = 0, EPOCHS * -(-count // BATCH)
    for _ in range(EPOCHS):
        order = chance.permutation(count)
        for start in range(0, count, BATCH):
            some = order[start : start + BATCH]
            step += 1
            slopes = _slopes(layers, vectors[some], wanted[some], chance)
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for layer, slope, mean, square in zip(layers, slopes, means, squares, strict=True):
                mean += (1 - MEAN) * (slope - mean)
                square += (1 - SQUARE) * (slope**2 - square)
                move = (mean / (1 - MEAN**step)) / (np.sqrt(square / (1 - SQUARE**step)) + LEAST)
                layer -= rate * (move + (DECAY * layer if layer.ndim == 2 else 0))
    return layers


def _slopes(
    layers: list[Array], vectors: Array, wanted: Array, chance: np.random.Generator
) -> list[Array]:
    into, bias, out, last = layers
    kept = chance.random(vectors.shape, dtype=np.float32) > DROPPED_NUMBERS
    seen = vectors * kept / (1 - DROPPED_NUMBERS)
    sums = seen @ into + bias
    active = (sums > 0) * (chance.random(sums.shape, dtype=np.float32) > DROPPED_UNITS)
    active = active / (1 - DROPPED_UNITS)
    units = sums * active
    error = (probabilities(units @ out + last) - wanted) / len(vectors)
    back = (error @ out.T) * active
    return [seen.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0)]


def learnt(vectors: Array, messages: Sequence[Message]) -> Head:
    """Return the head that messages teach; `vectors` has shape (messages, 384)."""
    middle, spread = vectors.mean(axis=0), vectors.std(axis=0)
    classes = [CLASSES.index(one.concern) for one in messages]
    wanted = np.full((len(classes), len(CLASSES)), SMOOTHING / len(CLASSES), np.float32)
    wanted[np.arange(len(classes)), classes] += 1 - SMOOTHING
    level = ((vectors - middle) / spread).astype(np.float32)
    each = [network(level, wanted, seed) for seed in range(NETWORKS)]
    into = np.concatenate([layers[0] for layers in each], axis=1) / spread[:, None]
    bias = np.concatenate([layers[1] for layers in each]) - middle @ into
    out = np.concatenate([layers[2] for layers in each]) / NETWORKS
    last = np.mean([layers[3] for layers in each], axis=0)
    rounded = [one.astype(np.float16) for one in (out.T, last, into.T, bias)]
    return Head(rounded[0], rounded[1], UNSET_THRESHOLD, (rounded[2], rounded[3]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    embedder = KeptVectors(open_weights(Settings()).path(DEFAULT_EMBEDDER), given.to / VECTORS)
    rows = written() + asked()
    vectors = np.array([embedder.embed_query(parts(one.text)[0]) for one in rows])
    for one in rows:
        for part in parts(one.text)[1:]:
            embedder.embed_query(part)
    embedder.save()
    for fold in (*map(str, range(FOLDS)), ALL):
        seen = np.array([fold == ALL or fold_of(one) != int(fold) for one in rows])
        head = learnt(vectors[seen], [rows[place] for place in np.flatnonzero(seen)])
        Artefact({}, head).save(given.to / (f"{ALL}.npz" if fold == ALL else f"fold{fold}.npz"))
        print(f"fold {fold}: {int(seen.sum())} messages", flush=True)


if __name__ == "__main__":
    main()
