# SPDX-License-Identifier: EUPL-1.2
"""When two questions are one (`assistant/cards/same.py`), on pairs by authors who saw no code.

    python -m benchmarks.cards [--pairs DIR] [--write] [--docs]
    python -m benchmarks.cards --read FILE.jsonl [--every 3] [--write] [--docs]
                                                          with the language model in doubt
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
set. Beside it, in the same rows, the cosine of the vectors, with the same strict check of values.

What the network that compares is not sure of, the language model reads (`--read`: a second or so a
pair, kept in the file, so that a run that was cut goes on; `--every` takes one in so many of those
that are made).
Then the network alone serves at once what is half as often wrong, and the model's threshold is the
lowest at which both together serve at most MOST. `--write` keeps the thresholds for the product;
`--docs` and `--served` write their tables into docs/cards.md (`cards_report.py`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from assistant.cards.same import THRESHOLDS, InDoubt, LearnedSame, ReadSame, Same, both, values_in
from assistant.llama import LlamaModel
from assistant.selector import SAME, Selector
from assistant.settings import Settings
from assistant.understanding.spellings import spelled_out
from assistant.wiring import open_weights
from benchmarks import cards_served
from benchmarks.cards_report import CHANGES, SIZES, keep, load
from corpus.embedder import OnnxEmbedder
from corpus.seams import Embedder
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL

PAIRS = Path(__file__).with_name("cards")
HELD_OUT = Path(__file__).with_name("held_out")
JUDGES = ("voices_3", "voices_11")
MOST = 0.01
TURNED_MOST = 0.05
NEAREST = 3
WORDINGS = 2
DOUBTED = 0.05
"""Likeness from which the language model is asked: of what it takes for the same, 3 of 154 had less
(`docs/decisions/cards.md`)."""

ALWAYS, NEVER = 1e3, -1e3
PARAPHRASE, NEAR, TURNED, ELSEWHERE, FAR = "paraphrase", "near miss", "turned", "elsewhere", "far"
WRONG = {NEAR: MOST, TURNED: TURNED_MOST, ELSEWHERE: MOST, FAR: MOST}
ALONE = {kind: share / 2 for kind, share in WRONG.items()}
"""What the network may serve without the language model."""

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


@dataclass(frozen=True, slots=True)
class Limits:
    """From which likeness on a card is served at once, and from which log-odds in doubt."""

    alone: float
    read: float

    @classmethod
    def of(cls, network: Sequence[Judged], read: Sequence[Judged]) -> Limits:
        """Return those of some authors, told by the network, and read by the model in doubt."""
        alone = threshold(network, ALONE)
        return cls(
            alone, threshold([in_doubt(*one, alone) for one in zip(network, read, strict=True)])
        )


def in_doubt(network: Judged, read: Judged, alone: float) -> Judged:
    """Return how surely both serve: ALWAYS where the network is sure by itself."""
    sure, far = network.found >= alone, network.found < DOUBTED
    return Judged(
        network.name, network.kinds, np.where(sure, ALWAYS, np.where(far, NEVER, read.found))
    )


def both_by_others(network: Sequence[Judged], read: Sequence[Judged]) -> dict[str, float]:
    """Return what both serve, each author at the limits that the others set."""
    each = list[tuple[Judged, float]]()
    for place, one in enumerate(network):
        others = [number for number in range(len(network)) if number != place]
        limits = Limits.of([network[n] for n in others], [read[n] for n in others])
        each.append((in_doubt(one, read[place], limits.alone), limits.read))
    return served(each)


def read_in_doubt(
    network: Judged,
    pairs: Sequence[Pair],
    same: Same,
    kept: dict[tuple[str, str], float],
    out: IO[str],
) -> Judged:
    """Have the language model read what the network is not sure of; `out` keeps what it says."""
    told = list[float]()
    for pair, likeness in zip(pairs, network.found, strict=True):
        if likeness < DOUBTED:
            told.append(NEVER)
            continue
        key = pair.asked, pair.card
        if key not in kept:
            kept[key] = same(pair.asked, pair.card, [pair.answer])
            row = {"asked": pair.asked, "card": pair.card, "odds": round(kept[key], 4)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
        told.append(both(kept[key], float(likeness)))
    return Judged(network.name, network.kinds, np.array(told))


def kept_odds(file: Path) -> dict[tuple[str, str], float]:
    """Return what was read before, by question and card."""
    rows = map(json.loads, file.read_text("utf-8").splitlines() if file.exists() else ())
    return {(row["asked"], row["card"]): row["odds"] for row in rows}


def report_both(network: Sequence[Judged], read: Sequence[Judged]) -> Limits:
    """Print what is served where the language model reads what is in doubt; return the limits."""
    limits = Limits.of(network, read)
    print(f"| by | alone, read | {' | '.join((PARAPHRASE, *WRONG))} |")
    print("|---" * (2 + 1 + len(WRONG)) + "|")
    rows = [
        ("network alone", by_others(network)),
        ("network, half as often wrong", by_others(network, ALONE)),
        ("and the model in doubt", both_by_others(network, read)),
    ]
    for one, other in zip(network, read, strict=True):
        rows.append((one.name, served([(in_doubt(one, other, limits.alone), limits.read)])))
    for title, shares in rows:
        cells = " | ".join(f"{shares[kind]:.1%}" for kind in (PARAPHRASE, *WRONG))
        print(f"| {title} | {limits.alone:.4f}, {limits.read:.2f} | {cells} |")
    asked = np.concatenate([(one.found >= DOUBTED) & (one.found < limits.alone) for one in network])
    print(f"\nread by the model: {asked.mean():.1%} of all pairs")
    return limits


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


def ask_held_out(file: Path, embedder: Embedder, cosine: Sequence[Judged]) -> None:
    """Count what is served of held-out pairs: by the cosine at the threshold of the others, by the
    network alone, and as it is in use, with the language model in doubt."""
    pairs = [*pairs_of(matters_of(file), embedder)]
    same = LearnedSame(embedder, kept=20_000)
    network = judged(file.stem, pairs, same)
    with reading_model() as read, TemporaryFile("w+", encoding="utf-8") as out:
        at_once = InDoubt.of(embedder.name).at_once
        told = in_doubt(network, read_in_doubt(network, pairs, read, {}, out), at_once)
        least = read.threshold
    for title, found, limit in (
        ("cosine", judged(file.stem, pairs, by_cosine(embedder)), threshold(cosine)),
        ("network alone", network, same.threshold),
        ("in use", told, least),
    ):
        print(row(title, served([(found, limit)]), limit))
        for kind in (PARAPHRASE, NEAR):
            which = found.found[found.kinds == kind]
            print(f"{title}, {kind}: {(which >= limit).sum()} of {len(which)}")


@contextmanager
def reading_model() -> Iterator[ReadSame]:
    """Open the language model that reads what is in doubt."""
    name = DEFAULT_LANGUAGE_MODEL
    model = LlamaModel(
        open_weights(Settings()).path(name), context_tokens=512, comparer=Selector.of(name, SAME)
    )
    try:
        yield ReadSame(model)
    finally:
        model.close()


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
    parser.add_argument("--read", type=Path, metavar="FILE", help="keeps what the model reads")
    parser.add_argument(
        "--every", type=int, default=1, help="of pairs that are made, one in so many"
    )
    parser.add_argument("--write", action="store_true", help="keep the thresholds for the product")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/cards.md")
    parser.add_argument("--held-out", metavar="NAME", help="ask a set of held_out/, once")
    parser.add_argument("--served", action="store_true", help="speed and stale answers alone")
    given = parser.parse_args()
    if given.write and not given.read:
        parser.error("--write needs --read: both thresholds belong together")
    embedder = _embedder()
    if given.served:
        measured(embedder)
        return
    files = [*sorted(given.pairs.glob("author_*.jsonl"))]
    files += [file for name in JUDGES if (file := given.pairs / f"{name}.jsonl").exists()]
    if given.held_out:
        cosine = [
            judged(file.stem, [*pairs_of(matters_of(file), embedder)], by_cosine(embedder))
            for file in files
        ]
        ask_held_out(HELD_OUT / f"{given.held_out}.jsonl", embedder, cosine)
        return
    same = LearnedSame(embedder, threshold=0.5, kept=20_000)
    pairs = {file.stem: [*pairs_of(matters_of(file), embedder)] for file in files}
    learnt = [judged(name, each, same) for name, each in pairs.items()]
    if given.read:
        kept, network, read = kept_odds(given.read), list[Judged](), list[Judged]()
        with reading_model() as model, given.read.open("a", encoding="utf-8") as out:
            for one in learnt:
                some = [
                    number
                    for number, pair in enumerate(pairs[one.name])
                    if pair.kind in {PARAPHRASE, NEAR} or number % given.every == 0
                ]
                network.append(Judged(one.name, one.kinds[some], one.found[some]))
                chosen = [pairs[one.name][number] for number in some]
                read.append(read_in_doubt(network[-1], chosen, model, kept, out))
        limits = report_both(network, read)
        figures = {"network": by_others(network), "in use": both_by_others(network, read)}
        told = {
            embedder.name: {
                "threshold": round(threshold(learnt), 4),
                "at_once": round(limits.alone, 4),
                "doubted": DOUBTED,
            },
            model.name: {"threshold": round(limits.read, 3)},
        }
    else:
        cosine = [judged(name, each, by_cosine(embedder)) for name, each in pairs.items()]
        limit = report(cosine, learnt)
        for file in files:
            right, wrong = with_wordings(matters_of(file), same, limit)
            print(f"{file.stem}, {WORDINGS} wordings a card: {right:.1%}, near misses {wrong:.1%}")
        figures, told = {"cosine": by_others(cosine)}, {}
    if given.docs:
        keep("pairs", load().get("pairs", {}) | figures)
    if given.write:
        THRESHOLDS.write_text(json.dumps(told) + "\n", "utf-8")


def _embedder() -> Embedder:
    return OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))


if __name__ == "__main__":
    main()
