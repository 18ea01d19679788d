# SPDX-License-Identifier: EUPL-1.2
"""When two questions are one (`assistant/cards/same.py`), on pairs by authors who saw no code.

    python -m benchmarks.cards [--pairs DIR] [--write] [--docs]
    python -m benchmarks.cards --held-out card_pairs_2    asks a set of held_out/ of what is in use,
                                                          once
    python -m benchmarks.cards --served                   how fast cards answer, and which are stale

`benchmarks/cards/author_*.jsonl` holds one author's pairs each: questions, paraphrases that the
same answer answers, near misses that it does not; of `voices_*.jsonl`, the authors of JUDGES, whom
the training (`cards_training.py`) leaves out. Beside what they wrote, three kinds of questions that
must not be served are made of it, since a near miss written in the words of the question differs
from a paraphrase in style alone:

    turned     a paraphrase, asked of a card whose question is the near miss
    elsewhere  a paraphrase, asked of the three nearest cards but its own
    far        a near miss, asked of the nearest card but the one that it misses

The threshold is the lowest at which at most MOST of each kind is served of every author
(TURNED_MOST of those that are turned, over all); each author is judged at the one that the others
set. Beside it, in
the same rows, the cosine of the vectors, with the same strict check of values. `--write` keeps the
threshold for the product; `--docs` and `--served` write their tables into docs/cards.md
(`cards_report.py`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.cards.same import THRESHOLDS, LearnedSame, values_in
from assistant.understanding.spellings import spelled_out
from benchmarks import cards_served
from benchmarks.cards_report import CHANGES, SIZES, keep
from corpus.seams import Embedder

PAIRS = Path(__file__).with_name("cards")
HELD_OUT = Path(__file__).with_name("held_out")
JUDGES = ("voices_3", "voices_11")
MOST = 0.01
TURNED_MOST = 0.05
NEAREST = 3
WORDINGS = 2
PARAPHRASE, NEAR, TURNED, ELSEWHERE, FAR = "paraphrase", "near miss", "turned", "elsewhere", "far"
WRONG = {NEAR: MOST, TURNED: TURNED_MOST, ELSEWHERE: MOST, FAR: MOST}

Floats = NDArray[np.float64]
Likeness = Callable[[str, str, Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """What somebody asks beside a card's question, and what that card says."""

    kind: str
    asked: str
    card: str
    answer: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A card, ways to ask it, and its near misses, each as a clerk writes it and as people ask."""

    question: str
    answer: str
    same: tuple[str, ...]
    near: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """An author's pairs by kind, and how likely each is one question, by one way."""

    name: str
    kinds: NDArray[np.str_]
    found: Floats


def matter_of(row: Mapping[str, Any]) -> Matter:
    """Read a line of either form."""
    if "same" in row:
        near = tuple((one["asks"], tuple(one["said"])) for one in row["near"])
        return Matter(row["question"], row["answer"], tuple(row["same"]), near)
    near = tuple((one["question"], ()) for one in row["near_misses"])
    return Matter(row["question"], row["answer"], tuple(row["paraphrases"]), near)


def matters_of(file: Path) -> list[Matter]:
    return [matter_of(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def pairs_of(matters: Sequence[Matter], embedder: Embedder) -> Iterator[Pair]:
    """Yield an author's pairs, and those that are made of them."""
    vectors = np.stack([embedder.embed_query(one.question) for one in matters])

    def others(text: str, own: int, most: int) -> Iterator[Matter]:
        near = vectors @ embedder.embed_query(text)
        order = [place for place in np.argsort(-near) if place != own]
        yield from (matters[place] for place in order[:most])

    for number, one in enumerate(matters):
        for text in one.same:
            yield Pair(PARAPHRASE, text, one.question, one.answer)
            yield from (Pair(TURNED, text, asks, "") for asks, _ in one.near)
            for other in others(text, number, NEAREST):
                yield Pair(ELSEWHERE, text, other.question, other.answer)
        for asks, said in one.near:
            yield from (Pair(NEAR, text, one.question, one.answer) for text in (asks, *said))
            for other in others(asks, number, 1):
                yield Pair(FAR, asks, other.question, other.answer)


def judged(name: str, pairs: Sequence[Pair], likeness: Likeness) -> Judged:
    found = [likeness(pair.asked, pair.card, [pair.answer]) for pair in pairs]
    return Judged(name, np.array([pair.kind for pair in pairs]), np.array(found))


def by_cosine(embedder: Embedder) -> Likeness:
    """The cosine of the vectors, after the same strict check."""

    def likeness(asked: str, asking: str, said: Sequence[str]) -> float:
        known = values_in(spelled_out(asking)) | values_in(" ".join(said))
        if values_in(spelled_out(asked)) - known:
            return 0.0
        return float(embedder.embed_query(asked) @ embedder.embed_query(asking))

    return likeness


def threshold(some: Sequence[Judged], most: Mapping[str, float] = WRONG) -> float:
    """Return the lowest threshold that serves at most so much of each kind: of every author, as the
    next is like the worst of them; over all, of those that are turned."""
    least = 0.0
    for kind, share in most.items():
        each = [one.found[one.kinds == kind] for one in some]
        for wrong in [np.concatenate(each)] if kind == TURNED else each:
            falling = np.sort(wrong)[::-1]
            if len(falling):
                last = falling[min(int(share * len(falling)), len(falling) - 1)]
                least = max(least, float(last) + 1e-6)
    return least


def served(some: Sequence[tuple[Judged, float]]) -> dict[str, float]:
    """Return how much of each kind is served, each author at a threshold."""
    shares = {}
    for kind in (PARAPHRASE, *WRONG):
        each = [one.found[one.kinds == kind] >= limit for one, limit in some]
        shares[kind] = float(np.mean(np.concatenate(each)))
    return shares


def by_others(all_of: Sequence[Judged], most: Mapping[str, float] = WRONG) -> dict[str, float]:
    """Return what is served, each author at the threshold that the others set."""
    return served([(one, threshold([o for o in all_of if o is not one], most)) for one in all_of])


def area(all_of: Sequence[Judged]) -> float:
    """Return how often a paraphrase is likelier than a near miss."""
    same, near = (
        np.concatenate([one.found[one.kinds == kind] for one in all_of])
        for kind in (PARAPHRASE, NEAR)
    )
    ranks = np.concatenate([same, near]).argsort().argsort()[: len(same)] + 1
    return float((ranks.sum() - len(same) * (len(same) + 1) / 2) / (len(same) * len(near)))


def with_wordings(
    matters: Sequence[Matter], likeness: Likeness, limit: float
) -> tuple[float, float]:
    """Return how much is served of the paraphrases, and of the near misses, where each card has
    the author's first WORDINGS paraphrases as its other wordings; those are not asked."""
    shares = {PARAPHRASE: list[bool](), NEAR: list[bool]()}
    for one in matters:
        askings = [one.question, *one.same[:WORDINGS]]
        misses = [text for asks, said in one.near for text in (asks, *said)]
        for kind, texts in ((PARAPHRASE, one.same[WORDINGS:]), (NEAR, misses)):
            for text in texts:
                best = max(likeness(text, asking, [one.answer]) for asking in askings)
                shares[kind].append(best >= limit)
    return float(np.mean(shares[PARAPHRASE])), float(np.mean(shares[NEAR]))


def row(title: str, shares: Mapping[str, float], limit: float) -> str:
    cells = " | ".join(f"{shares[kind]:.1%}" for kind in (PARAPHRASE, *WRONG))
    return f"| {title} | {limit:.4f} | {cells} |"


def report(cosine: Sequence[Judged], learnt: Sequence[Judged]) -> float:
    """Print what is served; return the threshold of all."""
    print(f"| by | threshold of all | {' | '.join((PARAPHRASE, *WRONG))} |")
    print("|---" * (2 + 1 + len(WRONG)) + "|")
    for title, all_of in (("cosine", cosine), ("learnt", learnt)):
        for most, only in ((WRONG, ""), ({NEAR: MOST}, ", near misses as written only")):
            print(row(title + only, by_others(all_of, most), threshold(all_of, most)))
    limit = threshold(learnt)
    for one in learnt:
        print(row(one.name, served([(one, limit)]), limit))
    print(f"\narea: cosine {area(cosine):.3f}, learnt {area(learnt):.3f}")
    return limit


def ask_held_out(
    file: Path, embedder: Embedder, same: LearnedSame, cosine: Sequence[Judged]
) -> None:
    """Count what is served of held-out pairs; the cosine at the threshold of the others."""
    pairs = [*pairs_of(matters_of(file), embedder)]
    for title, likeness, limit in (
        ("cosine", by_cosine(embedder), threshold(cosine)),
        ("learnt", same, same.threshold),
    ):
        found = judged(file.stem, pairs, likeness)
        print(row(title, served([(found, limit)]), limit))
        for kind in (PARAPHRASE, NEAR):
            which = found.found[found.kinds == kind]
            print(f"{title}, {kind}: {(which >= limit).sum()} of {len(which)}")


def measured(embedder: Embedder) -> None:
    """Measure how fast cards answer and what is stale, and write it into the page."""
    sizes = {str(size): round(cards_served.seconds(size, embedder), 3) for size in SIZES}
    keep("speed", sizes | {"load": cards_served.load()})
    came = {kind: cards_served.after(kind) for kind in CHANGES}
    keep("changes", came | {"load": cards_served.load()})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--write", action="store_true", help="keep the threshold for the product")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/cards.md")
    parser.add_argument("--held-out", metavar="NAME", help="ask a set of held_out/, once")
    parser.add_argument("--served", action="store_true", help="speed and stale answers alone")
    given = parser.parse_args()
    embedder = _embedder()
    if given.served:
        measured(embedder)
        return
    files = [*sorted(given.pairs.glob("author_*.jsonl"))]
    files += [file for name in JUDGES if (file := given.pairs / f"{name}.jsonl").exists()]
    same = LearnedSame(embedder, threshold=None if given.held_out else 0.5, kept=20_000)
    cosine, learnt = list[Judged](), list[Judged]()
    for file in files:
        pairs = [*pairs_of(matters_of(file), embedder)]
        cosine.append(judged(file.stem, pairs, by_cosine(embedder)))
        if not given.held_out:
            learnt.append(judged(file.stem, pairs, same))
    if given.held_out:
        ask_held_out(HELD_OUT / f"{given.held_out}.jsonl", embedder, same, cosine)
        return
    limit = report(cosine, learnt)
    for file in files:
        right, wrong = with_wordings(matters_of(file), same, limit)
        print(f"{file.stem}, {WORDINGS} wordings a card: {right:.1%}, near misses {wrong:.1%}")
    if given.docs:
        keep(
            "pairs",
            {
                "cosine": by_others(cosine),
                "in use": by_others(learnt),
                "near misses only": by_others(learnt, {NEAR: MOST}),
            },
        )
    if given.write:
        told = {embedder.name: {"threshold": round(limit, 4)}}
        THRESHOLDS.write_text(json.dumps(told) + "\n", "utf-8")


def _embedder() -> Embedder:
    from assistant.settings import Settings
    from assistant.wiring import open_weights
    from corpus.embedder import OnnxEmbedder
    from corpus.weights import DEFAULT_EMBEDDER

    return OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))


if __name__ == "__main__":
    main()
