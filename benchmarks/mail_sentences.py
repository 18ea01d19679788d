# SPDX-License-Identifier: EUPL-1.2
"""Learns which sentences of a letter ask something (`assistant/replying/asking.py`).

    python -m benchmarks.mail_sentences [--show] [--write] [--vectors FILE.npz]

Learns from sentences written for it (`mails/sentences.jsonl`: `asks`, `leans` on what stands before
it, `tells`) and from the lists of questions and small talk that may be tuned on; a third of what
asks stands without its question mark a second time. The rows: each sentence written for it, told by
lines that learnt from other folds, beside two plainer ways: the question mark alone, and the form
alone (question mark or a request in so many words). `--show` prints the mistakes, `--write` keeps
the lines that learnt from all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.replying.asking import Asking, AskLines, by_form, features, form, weighed
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.understanding import LEAST_SPREAD, labelled, names
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER

SENTENCES = Path(__file__).with_name("mails") / "sentences.jsonl"
ASKS, LEANS, TELLS = "asks", "leans", "tells"
FOLDS, SEED = 5, 0
FORM = len(form(""))
FORM_SCALE = 6.0
OWN_SHARE = 6.0
"""How much a sentence written for letters counts beside one of the lists."""

RIDGE, STEPS = 0.5, 12
EACH = 4
"""One question in so many is taken from the lists: with all, whatever is of the town asks."""

WITHOUT_MARK_EACH = 3

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Taught:
    """A sentence and what it does; `is_own`: it was written for letters."""

    text: str
    label: str
    is_own: bool = True


def sentences() -> list[Taught]:
    """Read what was written for letters."""
    rows = map(json.loads, SENTENCES.read_text("utf-8").splitlines())
    return [Taught(row["s"], row["label"]) for row in rows]


def beside() -> list[Taught]:
    """What the lists teach: all their questions ask, small talk tells."""
    found = list[Taught]()
    for matter in ("refusals", "talk", "kinds"):
        for name in names(matter)[0]:
            for place, one in enumerate(labelled(name)):
                label = TELLS if one.label == "talk" else ASKS
                if label == ASKS and place % EACH:
                    continue
                found.append(Taught(one.text, label, is_own=False))
                if (
                    label == ASKS
                    and one.text.endswith("?")
                    and place % (EACH * WITHOUT_MARK_EACH) == 0
                ):
                    found.append(Taught(one.text.rstrip(" ?"), label, is_own=False))
    return found


def learnt(vectors: Vectors, taught: Sequence[Taught], ridge: float = RIDGE) -> AskLines:
    """Fit both lines; `vectors` has shape (sentences, features)."""
    share = np.array([OWN_SHARE if one.is_own else 1.0 for one in taught])
    asked = np.array([place for place, t in enumerate(taught) if t.label != TELLS])
    w_asks, b_asks = line(vectors, np.array([t.label != TELLS for t in taught]), share, ridge)
    is_leaning = np.array([taught[place].label == LEANS for place in asked])
    w_leans, b_leans = line(vectors[asked], is_leaning, share[asked], ridge)
    return AskLines(
        np.array([w_asks, w_leans], np.float32), np.array([b_asks, b_leans], np.float32)
    )


def line(
    vectors: Vectors, is_told: NDArray[np.bool_], share: NDArray[np.float64], ridge: float
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the bias of one line, both of its sides weighing the same; a sign of
    the form may weigh more than one of the vector's many numbers."""
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + LEAST_SPREAD
    scale = spread * np.sqrt(vectors.shape[1])
    scale[:FORM] /= FORM_SCALE
    level = np.c_[np.ones(len(vectors)), (vectors - mean) / scale].astype(np.float64)
    even = share * np.where(is_told, 0.5 / share[is_told].sum(), 0.5 / share[~is_told].sum())
    found = logistic(level, is_told, even * len(vectors), ridge)
    weights = found[1:] / scale
    return weights, float(found[0] - weights @ mean)


def logistic(
    level: NDArray[np.float64],
    truths: NDArray[np.bool_],
    share: NDArray[np.float64],
    ridge: float,
) -> NDArray[np.float64]:
    """Newton's steps for a weighted logistic regression with a ridge on all but the first column;
    `level` has shape (rows, columns), `truths` and `share` (rows,)."""
    found = np.zeros(level.shape[1])
    held = ridge * np.eye(level.shape[1])
    held[0, 0] = 1e-6
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-np.clip(level @ found, -30, 30)))
        slope = level.T @ (share * (told - truths)) + held @ found
        curve = (level.T * (share * told * (1 - told))) @ level + held
        found -= np.linalg.solve(curve, slope)
    return found


def vectors_of(taught: Sequence[Taught], kept: Path | None, embedder: OnnxEmbedder) -> Vectors:
    """Return each sentence's features, from a file where they were kept."""
    known = dict[str, Vectors]()
    if kept and kept.exists():
        with np.load(kept, allow_pickle=False) as held:
            known = dict(zip(held["texts"].tolist(), held["vectors"], strict=True))
    for one in taught:
        if one.text not in known:
            known[one.text] = features(one.text, embedder)
    if kept:
        np.savez_compressed(kept, texts=np.array([*known]), vectors=np.array([*known.values()]))
    return np.array([known[one.text] for one in taught])


def in_folds(
    vectors: Vectors, own: Sequence[Taught], rest: Sequence[Taught], ridge: float = RIDGE
) -> list[Asking]:
    """Return what is told of each sentence written for letters, by lines that had not seen it."""
    each = [*own, *rest]
    order = np.random.default_rng(SEED).permutation(len(own))
    said = dict[int, Asking]()
    for fold in range(FOLDS):
        apart = order[fold::FOLDS]
        kept = np.setdiff1d(np.arange(len(each)), apart)
        lines = learnt(vectors[kept], [each[place] for place in kept], ridge)
        said |= {int(p): weighed(lines(vectors[p]), own[p].text) for p in apart}
    return [said[place] for place in range(len(own))]


def row(way: str, told: Sequence[tuple[bool, bool]]) -> str:
    asked = [said for wanted, said in told if wanted]
    others = [said for wanted, said in told if not wanted]
    return f"| {way} | {len(asked)} | {sum(asked)} | {len(others)} | {sum(others)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="print the mistakes")
    parser.add_argument("--write", action="store_true", help="keep the lines for the product")
    parser.add_argument("--vectors", type=Path, help="keep the features here between runs")
    given = parser.parse_args()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    own, rest = sentences(), beside()
    vectors = vectors_of([*own, *rest], given.vectors, embedder)
    told = in_folds(vectors, own, rest)
    pairs = [*zip(own, told, strict=True)]
    for one, said in pairs if given.show else ():
        if said.is_asked is (one.label == TELLS):
            print(f"{one.label:6} {said.asks:+.1f}  {one.text}")
        elif one.label != TELLS and said.is_leaning is not (one.label == LEANS):
            print(f"{one.label:6} leans {said.leans:+.1f}  {one.text}")
    print("| way | asked | found | told | taken for asked |\n|---|---|---|---|---|")
    print(row("learnt", [(one.label != TELLS, said.is_asked) for one, said in pairs]))
    print(row("form", [(one.label != TELLS, by_form(one.text).is_asked) for one in own]))
    print(row("question mark", [(one.label != TELLS, one.text.endswith("?")) for one in own]))
    leaning = [pair for pair in pairs if pair[0].label != TELLS]
    print("\n| way | lean | found | stand alone | taken for leaning |\n|---|---|---|---|---|")
    print(row("learnt", [(one.label == LEANS, said.is_leaning) for one, said in leaning]))
    by = [(one.label == LEANS, by_form(one.text).is_leaning) for one, _ in leaning]
    print(row("form", by))
    if given.write:
        learnt(vectors, [*own, *rest]).write(embedder.name)


if __name__ == "__main__":
    main()
