# SPDX-License-Identifier: EUPL-1.2
"""How well a question is understood before any search, without a model.

    python -m benchmarks.understanding [--show] [--write] [--write-docs]

Lists by authors who had seen nothing of the program: what a right answer must hold (`kinds_*`), and
what is to be refused at once, beside what only looks like it (`refusals_*`). Beside it a peer
without rules or lines: the majority of the five nearest questions of the lists that may be tuned
on, by the search's embedder (each question of those lists by the others). `--show` prints the
mistakes on these; the held-out lists are only counted.

The lines of `assistant/sensitive.py` are a logistic regression of the question's vector. They learn
from the lists and question sets that may be tuned on; a question of the lists is told here by
lines that learnt from other folds. `--write` keeps those that learnt from all.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Reason
from assistant.evaluation import read_questions
from assistant.settings import Settings
from assistant.understanding.questions import Question, understand
from assistant.understanding.sensitive import REASONS, Lines, likely
from assistant.wiring import open_weights
from benchmarks.answers_sets import SETS
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "benchmarks" / "understanding"
FIGURES = ROOT / "docs" / "figures" / "understanding.json"
NEIGHBOURS = 5
NOT_RUN = "Not measured yet: `python -m benchmarks.understanding --write-docs` writes this part."
ANSWERED = "answered"
HELD_OUT = "_held_out"
FOLDS, SEED = 5, 0
RIDGE, STEPS = 0.1, 40
LEAST_SPREAD = 1e-3
LABELS = {
    "verdict": Reason.INDIVIDUAL_VERDICT.value,
    "private": Reason.PERSONAL_DATA.value,
    "rule": ANSWERED,
    "public": ANSWERED,
    "talk": Reason.OFF_TOPIC.value,
    "elsewhere": Reason.OFF_TOPIC.value,
    "question": ANSWERED,
}
"""What each label of `refusals_*` and `talk_*` asks of the program."""

MATTERS = ("refusals", "talk")
"""What is refused at once, list by list: these the lines learn from before all others."""

TALK = frozenset({"talk", "elsewhere", "question"})
Row = dict[str, str | int]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question, its label, and what should be told of it."""

    text: str
    label: str
    wanted: str


def labelled(name: str) -> list[Labelled]:
    """Read one list, such as `kinds_dev`."""
    lines = (LISTS / f"{name}.jsonl").read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return [
        Labelled(text=one["q"], label=one["label"], wanted=LABELS.get(one["label"], one["label"]))
        for one in read
    ]


def names(matter: str) -> tuple[list[str], str]:
    """The lists of a matter that may be tuned on, and the one that is held out."""
    files = sorted(path.stem for path in LISTS.glob(f"{matter}_*.jsonl"))
    return [name for name in files if not name.endswith(HELD_OUT)], f"{matter}{HELD_OUT}"


def kind_of(question: Question) -> str:
    return question.kind.value


def refusal_of(question: Question) -> str:
    return question.refusal.value if question.refusal else ANSWERED


def by_neighbours(
    asked: Vectors, known: Vectors, wanted: Sequence[str], *, is_same: bool
) -> list[str]:
    """The commonest label among the nearest; `asked` (n, width), `known` (m, width)."""
    near = asked @ known.T
    if is_same:
        np.fill_diagonal(near, -1.0)
    nearest = np.argsort(-near, axis=1)[:, :NEIGHBOURS]
    return [Counter(wanted[place] for place in row).most_common(1)[0][0] for row in nearest]


def teaching() -> list[Labelled]:
    """Everything that the lines may learn from: lists, then question sets."""
    lists = [one for m in MATTERS for name in names(m)[0] for one in labelled(name)]
    lists += [replace(o, wanted=ANSWERED) for name in names("kinds")[0] for o in labelled(name)]
    reasons = {reason.value for reason in REASONS}
    for kept in SETS.values():
        if not kept.is_held_out:
            lists += [
                Labelled(
                    text=asked.question,
                    label=asked.kind,
                    wanted=asked.kind if asked.kind in reasons else ANSWERED,
                )
                for asked in read_questions(kept.questions)
            ]
    return lists


def learnt(vectors: Vectors, taught: Sequence[Labelled]) -> Lines:
    """Fit a line for each reason; `vectors` has shape (questions, width). Talk, and what looks like
    it, teaches its own line alone: it would make the others less sure of what they are for."""
    of_talk = np.array([one.label in TALK for one in taught])
    each = []
    for reason in REASONS:
        rest = np.flatnonzero(~of_talk | (reason is Reason.OFF_TOPIC))
        is_told = np.array([taught[place].wanted == reason.value for place in rest])
        each.append(_line(vectors[rest], is_told))
    each.append(said_to_it(vectors, taught))
    weights, bias = zip(*each, strict=True)
    return Lines(np.array(weights, np.float32), np.array(bias, np.float32))


def said_to_it(vectors: Vectors, taught: Sequence[Labelled]) -> tuple[Vectors, float]:
    """Fit the line that tells what is said to the assistant from another matter than the town's."""
    rest = np.flatnonzero([one.label in {"talk", "elsewhere"} for one in taught])
    return _line(vectors[rest], np.array([taught[place].label == "talk" for place in rest]))


def _line(vectors: Vectors, is_told: NDArray[np.bool_]) -> tuple[Vectors, float]:
    """Return the weights and the bias of one line."""
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + LEAST_SPREAD
    spread = spread * np.sqrt(vectors.shape[1])
    level = np.c_[np.ones(len(vectors)), (vectors - mean) / spread]
    found = _logistic(level, is_told)
    weights = found[1:] / spread
    return weights, float(found[0] - weights @ mean)


def _logistic(level: Vectors, truths: NDArray[np.bool_]) -> Vectors:
    """Weights of a logistic regression with a ridge, by Newton's steps; the first is the bias."""
    weights = np.zeros(level.shape[1])
    ridge = RIDGE * np.eye(len(weights))
    ridge[0, 0] = 1e-6
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-(level @ weights)))
        slope = level.T @ (odds - truths) + ridge @ weights
        weights -= np.linalg.solve((level.T * (odds * (1 - odds))) @ level + ridge, slope)
    return weights.astype(np.float32)


def by_lines(lines: Lines, vectors: Vectors) -> list[str]:
    """What the lines alone make of each question."""
    told = (likely(lines(vector)) for vector in vectors)
    told = (Reason.OFF_TOPIC if reason is Reason.TALK else reason for reason in told)
    return [reason.value if reason else ANSWERED for reason in told]


def in_folds(vectors: Vectors, taught: Sequence[Labelled]) -> list[str]:
    """The same, each fold by lines that learnt from the others."""
    order = np.random.default_rng(SEED).permutation(len(taught))
    said = [""] * len(taught)
    for fold in range(FOLDS):
        apart = order[fold::FOLDS]
        rest = np.setdiff1d(order, apart)
        lines = learnt(vectors[rest], [taught[place] for place in rest])
        for place, one in zip(apart, by_lines(lines, vectors[apart]), strict=True):
            said[place] = one
    return said


def measure(embedder: OnnxEmbedder, *, show: bool, write: bool) -> list[Row]:
    """A row for each label of each list: questions, right by the program and by its peers."""
    rows = kinds(embedder, show=show)
    taught = teaching()
    vectors = embedded(embedder, taught)
    lines = learnt(vectors, taught)
    if write:
        lines.write(embedder.name)
    folded, begun = in_folds(vectors, taught), 0
    for matter in MATTERS:
        ended = begun + sum(len(labelled(name)) for name in names(matter)[0])
        dev, known, told = taught[begun:ended], vectors[begun:ended], folded[begun:ended]
        held = labelled(names(matter)[1])
        held_vectors, begun = embedded(embedder, held), ended
        wanted = [one.wanted for one in dev]
        near = by_neighbours(known, known, wanted, is_same=True)
        held_near = by_neighbours(held_vectors, known, wanted, is_same=False)
        for name, asked, line, peer in (
            (f"{matter}_dev", dev, told, near),
            (names(matter)[1], held, by_lines(lines, held_vectors), held_near),
        ):
            patterns = [refusal_of(understand(Screened(one.text))) for one in asked]
            both = [b if a == ANSWERED else a for a, b in zip(patterns, line, strict=True)]
            rows += counted(name, asked, both, peer, patterns)
            if show and asked is dev:
                shown(asked, both)
    return rows


def kinds(embedder: OnnxEmbedder, *, show: bool) -> list[Row]:
    """The same for what a right answer must hold."""
    dev = [one for name in names("kinds")[0] for one in labelled(name)]
    held = labelled(names("kinds")[1])
    known, wanted = embedded(embedder, dev), [one.wanted for one in dev]
    rows: list[Row] = []
    for name, asked, vectors in (
        ("kinds_dev", dev, known),
        (names("kinds")[1], held, embedded(embedder, held)),
    ):
        ours = [kind_of(understand(Screened(one.text))) for one in asked]
        peer = by_neighbours(vectors, known, wanted, is_same=asked is dev)
        rows += counted(name, asked, ours, peer, ours)
        if show and asked is dev:
            shown(asked, ours)
    return rows


def embedded(embedder: OnnxEmbedder, asked: Sequence[Labelled]) -> Vectors:
    return np.array([embedder.embed_query(one.text) for one in asked])


def shown(asked: Sequence[Labelled], said: Sequence[str]) -> None:
    for one, what in zip(asked, said, strict=True):
        if what != one.wanted:
            print(f"{one.label:10} told {what:18} {one.text}")


def counted(
    name: str,
    asked: Sequence[Labelled],
    ours: Sequence[str],
    peer: Sequence[str],
    patterns: Sequence[str],
) -> list[Row]:
    """Count what is right, for each label and in all."""
    labels = ["", *sorted({one.label for one in asked})]
    return [
        {
            "list": name,
            "label": label or "all",
            "questions": sum(label in ("", one.label) for one in asked),
            "right": _right(asked, ours, label),
            "patterns": _right(asked, patterns, label),
            "neighbours": _right(asked, peer, label),
        }
        for label in labels
    ]


def _right(asked: Sequence[Labelled], said: Sequence[str], label: str) -> int:
    return sum(
        one.wanted == what and label in ("", one.label)
        for one, what in zip(asked, said, strict=True)
    )


def tables() -> str:
    """Return the figures as tables, one a list."""
    if not FIGURES.exists():
        return NOT_RUN
    rows: list[Row] = json.loads(FIGURES.read_text("utf-8"))
    lines: list[str] = []
    for name in dict.fromkeys(row["list"] for row in rows):
        if lines:
            lines.append("")
        lines += [
            f"| `{name}` | questions | told rightly | by patterns alone | by nearest questions |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {r['label']} | {r['questions']} | {_share(r, 'right')} | {_share(r, 'patterns')}"
            f" | {_share(r, 'neighbours')} |"
            for r in rows
            if r["list"] == name
        ]
    return "\n".join(lines)


def _share(row: Row, what: str) -> str:
    right, questions = int(row[what]), int(row["questions"])
    return f"{right} ({100 * right / questions:.1f} %)"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="print what may be tuned on")
    parser.add_argument("--write", action="store_true", help="keep the lines for the product")
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/quality.md")
    given = parser.parse_args()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    rows = measure(embedder, show=given.show, write=given.write)
    for row in rows:
        print(" | ".join(str(value) for value in row.values()))
    if given.write_docs:
        FIGURES.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
        from benchmarks import quality

        quality.write()


if __name__ == "__main__":
    main()
