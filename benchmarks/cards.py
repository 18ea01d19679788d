# SPDX-License-Identifier: EUPL-1.2
"""Fits when two questions are one (`assistant/cards/same.py`), on pairs by authors who saw no code.

    python -m benchmarks.cards [--pairs DIR] [--write] [--docs]
    python -m benchmarks.cards --served      how fast cards answer, and which are stale

`benchmarks/cards/author_*.jsonl` holds one author's pairs each: questions, paraphrases that the
same answer answers, near misses that it does not. Each author is judged by a fit on the others.
Beside what they wrote, three kinds of questions that must not be served are made of it, since a
near miss written in the words of the question differs from a paraphrase in style alone:

    turned     a paraphrase, asked of a card whose question is the near miss
    elsewhere  a paraphrase, asked of the three nearest cards but its own
    far        a near miss, asked of the nearest card but the one that it misses

The threshold is the lowest at which at most MOST of each kind is served (TURNED_MOST of those that
are turned). Beside it, in the same rows, the cosine of the vectors alone. `--docs` and `--served`
write their tables into docs/cards.md (`cards_report.py`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.calibrating.fitting import logistic
from assistant.cards.same import (
    ARTEFACT,
    NAMES,
    AskingRead,
    QuadraticModel,
    read,
    same_features,
    values_in,
    widened,
)
from benchmarks import cards_served
from benchmarks.cards_report import CHANGES, SIZES, keep
from corpus.seams import Embedder

PAIRS = Path(__file__).with_name("cards")
MOST = 0.01
TURNED_MOST = 0.05
RIDGES = (10.0, 30.0, 100.0)
NEAREST = 3
WORDINGS = 2
PARAPHRASE, NEAR, TURNED, ELSEWHERE, FAR = "paraphrase", "near miss", "turned", "elsewhere", "far"
WRONG = {NEAR: MOST, TURNED: TURNED_MOST, ELSEWHERE: MOST, FAR: MOST}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """What somebody asks beside a card's question, and what that card says."""

    kind: str
    asked: str
    card: str
    answer: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """One author's pairs, their features, shape (pairs, features), and which the strict check
    lets through."""

    name: str
    pairs: tuple[Pair, ...]
    features: Floats
    passes: NDArray[np.bool_]

    @property
    def kinds(self) -> NDArray[np.str_]:
        return np.array([pair.kind for pair in self.pairs])

    @property
    def is_same(self) -> Floats:
        return np.asarray(self.kinds == PARAPHRASE, np.float64)


def pairs_of(file: Path, embedder: Embedder) -> Iterator[Pair]:
    """Yield an author's pairs, and those that are made of them."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    vectors = np.stack([embedder.embed_query(row["question"]) for row in rows])

    def others(text: str, own: int, most: int) -> Iterator[dict[str, Any]]:
        near = vectors @ embedder.embed_query(text)
        order = [place for place in np.argsort(-near) if place != own]
        yield from (rows[place] for place in order[:most])

    for number, row in enumerate(rows):
        question, answer = row["question"], row["answer"]
        for text in row["paraphrases"]:
            yield Pair(PARAPHRASE, text, question, answer)
            for miss in row["near_misses"]:
                yield Pair(TURNED, text, miss["question"], "", miss["why"])
            for other in others(text, number, NEAREST):
                yield Pair(ELSEWHERE, text, other["question"], other["answer"])
        for miss in row["near_misses"]:
            yield Pair(NEAR, miss["question"], question, answer, miss["why"])
            for other in others(miss["question"], number, 1):
                yield Pair(FAR, miss["question"], other["question"], other["answer"])


def with_wordings(
    file: Path, embedder: Embedder, model: QuadraticModel, limit: float
) -> tuple[float, float]:
    """Return how much is served of the paraphrases, and of the near misses, where each card has
    the author's first WORDINGS paraphrases as its other wordings; those are not asked."""
    served: dict[str, list[bool]] = {PARAPHRASE: [], NEAR: []}
    reads = lru_cache(None)(partial(read, embedder=embedder))
    for row in map(json.loads, file.read_text("utf-8").splitlines()):
        askings = [row["question"], *row["paraphrases"][:WORDINGS]]
        misses = [miss["question"] for miss in row["near_misses"]]
        for kind, texts in ((PARAPHRASE, row["paraphrases"][WORDINGS:]), (NEAR, misses)):
            for text in texts:
                known = values_in(row["answer"])
                best = max(
                    model.probability(same_features(reads(text), reads(one), [row["answer"]]))
                    if not reads(text).values - reads(one).values - known
                    else 0.0
                    for one in askings
                )
                served[kind].append(best >= limit)
    return float(np.mean(served[PARAPHRASE])), float(np.mean(served[NEAR]))


def author_of(file: Path, embedder: Embedder) -> Author:
    """Read an author's pairs and what speaks for each."""
    pairs = tuple(pairs_of(file, embedder))
    reads = dict[str, AskingRead]()
    for text in {text for pair in pairs for text in (pair.asked, pair.card)}:
        reads[text] = read(text, embedder)
    values, passes = list[tuple[float, ...]](), list[bool]()
    for pair in pairs:
        asked, card = reads[pair.asked], reads[pair.card]
        values.append(astuple(same_features(asked, card, [pair.answer])))
        passes.append(not asked.values - card.values - values_in(pair.answer))
    return Author(file.stem, pairs, np.array(values), np.array(passes))


def fitted(authors: Sequence[Author], ridge: float) -> QuadraticModel:
    """Return the logistic regression over features and their products."""
    features = np.concatenate([one.features for one in authors])
    same = np.concatenate([one.is_same for one in authors])
    model = QuadraticModel(0.0, features.mean(0), features.std(0) + 1e-9, np.zeros(0))
    wide = widened(features, model)
    columns = np.column_stack([np.ones(len(wide)), wide])
    found = logistic(columns, same, np.full(len(same), 1 / ridge))
    return QuadraticModel(float(found[0]), model.mean, model.spread, found[1:])


def scores(model: QuadraticModel, author: Author) -> Floats:
    """Return the probability of each pair, 0 for those that the strict check stops."""
    odds = model.bias + widened(author.features, model) @ model.weights
    return np.where(author.passes, 1 / (1 + np.exp(-odds)), 0.0)


def threshold(found: Floats, kinds: NDArray[np.str_], most: dict[str, float]) -> float:
    """Return the lowest threshold that serves at most so much of each kind."""
    least = 0.0
    for kind, share in most.items():
        wrong = np.sort(found[kinds == kind])[::-1]
        least = max(least, float(wrong[min(int(share * len(wrong)), len(wrong) - 1)]) + 1e-6)
    return least


def shares(found: Floats, kinds: NDArray[np.str_], limit: float) -> dict[str, float]:
    """Return how much of each kind is served."""
    return {kind: float((found[kinds == kind] >= limit).mean()) for kind in (PARAPHRASE, *WRONG)}


def judged(authors: Sequence[Author], ridge: float) -> tuple[Floats, NDArray[np.str_]]:
    """Return each author's scores by a fit on the others, and the kinds of their pairs."""
    found = [
        scores(fitted([other for other in authors if other is not one], ridge), one)
        for one in authors
    ]
    return np.concatenate(found), np.concatenate([one.kinds for one in authors])


def row(title: str, served: dict[str, float], limit: float) -> str:
    cells = " | ".join(f"{served[kind]:.1%}" for kind in (PARAPHRASE, *WRONG))
    return f"| {title} | {limit:.3f} | {cells} |"


def report(authors: Sequence[Author], embedder: str) -> dict[str, Any]:
    """Print what is served at the thresholds; return what the product keeps."""
    print(f"{len(authors)} authors, {sum(one.is_same.sum() for one in authors):.0f} paraphrases\n")
    print(f"| by | threshold | {' | '.join((PARAPHRASE, *WRONG))} |")
    print("|---" * (2 + 1 + len(WRONG)) + "|")
    kinds = np.concatenate([one.kinds for one in authors])
    cosine = np.concatenate([one.features[:, NAMES.index("cosine")] for one in authors])
    only_near = {NEAR: MOST}
    for title, found in (("cosine", cosine), ("cosine, near misses as written only", cosine)):
        most = only_near if "only" in title else WRONG
        limit = threshold(found, kinds, most)
        print(row(title, shares(found, kinds, limit), limit))
    tried = {ridge: judged(authors, ridge)[0] for ridge in RIDGES}
    limits = {ridge: threshold(found, kinds, WRONG) for ridge, found in tried.items()}
    for ridge, found in tried.items():
        limit = limits[ridge]
        print(row(f"learnt, ridge {ridge:g}", shares(found, kinds, limit), limit))
        limit = threshold(found, kinds, only_near)
        title = f"learnt, ridge {ridge:g}, near misses as written only"
        print(row(title, shares(found, kinds, limit), limit))
    best = max(RIDGES, key=lambda r: shares(tried[r], kinds, limits[r])[PARAPHRASE])
    for dropped in NAMES:
        print(row(f"without {dropped}", *_without(authors, dropped, best)))
    for one in authors:
        mine = np.concatenate([np.full(len(a.pairs), a.name == one.name) for a in authors])
        print(row(one.name, shares(tried[best][mine], kinds[mine], limits[best]), limits[best]))
    model = fitted(authors, best)
    return {
        embedder: {
            "features": [*NAMES],
            "bias": model.bias,
            "threshold": limits[best],
            "mean": _rounded(model.mean),
            "spread": _rounded(model.spread),
            "weights": _rounded(model.weights),
        }
    }


def for_page(authors: Sequence[Author], ridge: float) -> dict[str, dict[str, float]]:
    """Return what docs/cards.md shows: what is served by whom, each author by the others' fit."""
    found, kinds = judged(authors, ridge)
    cosine = np.concatenate([one.features[:, NAMES.index("cosine")] for one in authors])
    return {
        "cosine": shares(cosine, kinds, threshold(cosine, kinds, WRONG)),
        "in use": shares(found, kinds, threshold(found, kinds, WRONG)),
        "near misses only": shares(found, kinds, threshold(found, kinds, {NEAR: MOST})),
    }


def served(embedder: Embedder) -> None:
    """Measure how fast cards answer and what is stale, and write it into the page."""
    sizes = {str(size): round(cards_served.seconds(size, embedder), 3) for size in SIZES}
    keep("speed", sizes | {"load": cards_served.load()})
    came = {kind: cards_served.after(kind) for kind in CHANGES}
    keep("changes", came | {"load": cards_served.load()})


def _without(authors: Sequence[Author], name: str, ridge: float) -> tuple[dict[str, float], float]:
    """What is served where a feature says nothing."""
    place = NAMES.index(name)
    blind = [
        Author(one.name, one.pairs, np.where(np.arange(len(NAMES)) == place, 0.0, one.features),
               one.passes)
        for one in authors
    ]  # fmt: skip
    found, kinds = judged(blind, ridge)
    limit = threshold(found, kinds, WRONG)
    return shares(found, kinds, limit), limit


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 4) for value in values]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--write", action="store_true", help="keep it for the product")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/cards.md")
    parser.add_argument("--served", action="store_true", help="speed and stale answers alone")
    given = parser.parse_args()
    embedder = _embedder()
    if given.served:
        served(embedder)
        return
    authors = [author_of(file, embedder) for file in sorted(given.pairs.glob("author_*.jsonl"))]
    if given.docs:
        keep("pairs", for_page(authors, RIDGES[1]))
    found = report(authors, embedder.name)
    limit = found[embedder.name]["threshold"]
    for one in authors:
        others = fitted([other for other in authors if other is not one], RIDGES[1])
        file = given.pairs / f"{one.name}.jsonl"
        right, wrong = with_wordings(file, embedder, others, limit)
        print(f"{one.name}, {WORDINGS} wordings a card: {right:.1%}, near misses {wrong:.1%}")
    if given.write:
        ARTEFACT.write_text(json.dumps(found) + "\n", "utf-8")


def _embedder() -> Embedder:
    from assistant.settings import Settings
    from assistant.wiring import open_weights
    from corpus.embedder import OnnxEmbedder
    from corpus.weights import DEFAULT_EMBEDDER

    return OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))


if __name__ == "__main__":
    main()
