# SPDX-License-Identifier: EUPL-1.2
"""Learns which sentences of a letter ask something (`assistant/replying/asking.py`).

    python -m benchmarks.mail_sentences [--show] [--write]

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

from assistant.replying.asking import AskLines, by_form, features, form
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.understanding import LEAST_SPREAD, _logistic, labelled, names
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER

SENTENCES = Path(__file__).with_name("mails") / "sentences.jsonl"
ASKS, LEANS, TELLS = "asks", "leans", "tells"
FOLDS, SEED = 5, 0
FORM = len(form(""))
FORM_SCALE = 6.0
OWN_SHARE = 6
"""How often a sentence written for letters counts beside one of the lists."""

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


def learnt(vectors: Vectors, taught: Sequence[Taught]) -> AskLines:
    """Fit both lines; `vectors` has shape (sentences, features)."""
    often = np.repeat(np.arange(len(taught)), [OWN_SHARE if t.is_own else 1 for t in taught])
    asked = np.array([i for i in often if taught[i].label != TELLS and taught[i].is_own])
    w_asks, b_asks = line(vectors[often], np.array([taught[i].label != TELLS for i in often]))
    w_leans, b_leans = line(vectors[asked], np.array([taught[i].label == LEANS for i in asked]))
    return AskLines(
        np.array([w_asks, w_leans], np.float32), np.array([b_asks, b_leans], np.float32)
    )


def line(vectors: Vectors, is_told: NDArray[np.bool_]) -> tuple[Vectors, float]:
    """Return the weights and the bias of one line; a sign of the form may weigh more than one of
    the vector's many numbers."""
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + LEAST_SPREAD
    spread = spread * np.sqrt(vectors.shape[1])
    spread[:FORM] /= FORM_SCALE
    found = _logistic(np.c_[np.ones(len(vectors)), (vectors - mean) / spread], is_told)
    weights = found[1:] / spread
    return weights, float(found[0] - weights @ mean)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="print the mistakes")
    parser.add_argument("--write", action="store_true", help="keep the lines for the product")
    given = parser.parse_args()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    own, rest = sentences(), beside()
    vectors = np.array([features(one.text, embedder) for one in [*own, *rest]])
    order = np.random.default_rng(SEED).permutation(len(own))
    rows: dict[str, list[tuple[bool, bool]]] = {"learnt": [], "form": [], "mark": [], "leaning": []}
    for fold in range(FOLDS):
        apart = order[fold::FOLDS]
        kept = np.setdiff1d(np.arange(len(own) + len(rest)), apart)
        lines = learnt(vectors[kept], [[*own, *rest][i] for i in kept])
        for place in apart:
            one, said = own[place], lines(vectors[place])
            wanted = one.label != TELLS
            rows["learnt"].append((wanted, said.is_asked))
            rows["form"].append((wanted, by_form(one.text).is_asked))
            rows["mark"].append((wanted, one.text.endswith("?")))
            if wanted:
                rows["leaning"].append((one.label == LEANS, said.is_leaning))
            if given.show and said.is_asked is not wanted:
                print(f"{one.label:6} {said.asks:+.1f}  {one.text}")
            elif given.show and wanted and said.is_leaning is not (one.label == LEANS):
                print(f"{one.label:6} leans {said.leans:+.1f}  {one.text}")
    print("| way | asked | found | told | taken for asked |\n|---|---|---|---|---|")
    for way, told in rows.items():
        asked = [said for wanted, said in told if wanted]
        not_asked = [said for wanted, said in told if not wanted]
        print(f"| {way} | {len(asked)} | {sum(asked)} | {len(not_asked)} | {sum(not_asked)} |")
    if given.write:
        learnt(vectors, [*own, *rest]).write(embedder.name)


if __name__ == "__main__":
    main()
