# SPDX-License-Identifier: EUPL-1.2
"""Fits which lines are shown as leads (`assistant/leads.py`) on questions that may be tuned on.

    python -m benchmarks.leads --data DIR [--sets samples,faq_dev] [--every 2] --json FILE
    python -m benchmarks.leads --fit FILE [--write]      # again, without asking the model

Each question leaves its likeliest lines, what speaks for each, and whether it is right: it holds an
accepted answer, at the expected page. A logistic regression with a ridge tells how likely a line
is right; each set is judged by a fit on the others. The floor is the lowest at which at most
`MOST_BESIDE` of the questions without an answer get a lead. Beside it, in the same rows, two
plainer orders: the selector's odds alone, and the weigher's.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from assistant.calibrating.fitting import logistic
from assistant.evaluation import EvalQuestion, holds, read_questions
from assistant.evidence import Weigher
from assistant.leads import ARTEFACT, MOST, LeadFeatures, Stretch, lead_features, stretch
from assistant.selection import select
from assistant.understanding.questions import understand
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from benchmarks.calibration import is_expected
from guardrails.findings import Screened

NAMES = [field.name for field in fields(LeadFeatures)]
WITHOUT_SELECTOR = [name for name in NAMES if name not in {"selected", "behind", "seen"}]
MOST_BESIDE = 0.36
"""Share of questions without an answer beside whose refusal a lead may stand, at most: some less
than the 40 % of others that may have one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that may lead somewhere: where it stands, its features, whether it is right."""

    place: tuple[str, int, int]
    features: dict[str, float]
    is_right: bool

    def overlaps(self, other: Line) -> bool:
        (mine, start, end), (theirs, begin, stop) = self.place, other.place
        return mine == theirs and start < stop and begin < end


@dataclass(frozen=True, slots=True)
class Row:
    """One question and its likeliest lines."""

    origin: str
    question: str
    is_answerable: bool
    lines: tuple[Line, ...]


def row(parts: Parts, asked: EvalQuestion, origin: str) -> Row:
    """Return what may be shown as a lead, without a floor."""
    question = parts.question_reader(understand(parts.guard.screen(asked.question)))
    lines = list[Line]()
    if question.refusal is None:
        evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
        candidates = Weigher(parts.embedder, parts.wording).candidates(question, evidence)
        selection = select(parts.model, question, candidates)
        for candidate in candidates:
            one = stretch(candidate, question.text)
            lines.append(
                Line(
                    (one.passage.id, one.start, one.end),
                    asdict(lead_features(candidate, selection)),
                    is_right(one, asked),
                )
            )
    return Row(origin, asked.question, bool(asked.answers), tuple(lines))


def is_right(one: Stretch, asked: EvalQuestion) -> bool:
    """Whether a stretch holds an accepted answer, at the expected page."""
    return is_expected(one.passage, asked) and any(holds(one.text, a) for a in asked.answers)


def fitted(rows: Sequence[Row], names: Sequence[str]) -> tuple[float, dict[str, float]]:
    """Return the bias and the weights of a logistic regression with a ridge, each feature in its
    own spread; a question counts as much as another, however many lines it has."""
    lines = [(line, 1 / len(one.lines)) for one in rows for line in one.lines]
    values = np.array([[line.features[name] for name in names] for line, _ in lines])
    right = np.array([line.is_right for line, _ in lines])
    share = np.array([weight for _, weight in lines])
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    level = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    found = logistic(level, right.astype(float), share * len(lines) / share.sum())
    weights = found[1:] / spread
    bias = float(found[0] - (weights * mean).sum())
    return bias, dict(zip(names, map(float, weights), strict=True))


def probability(model: tuple[float, dict[str, float]]) -> Callable[[Line], float]:
    bias, weights = model
    return lambda line: float(
        1 / (1 + np.exp(-bias - sum(w * line.features[n] for n, w in weights.items())))
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """The leads of a question by one order: their scores and whether they are right."""

    row: Row
    leads: tuple[tuple[float, bool], ...]

    def above(self, floor: float) -> list[bool]:
        return [is_right for score, is_right in self.leads if score >= floor]


def shown(one: Row, order: Callable[[Line], float]) -> Shown:
    """Return the first lines by an order, each in its own place, as the product does."""
    kept = list[Line]()
    for line in sorted(one.lines, key=order, reverse=True):
        if len(kept) < MOST and not any(line.overlaps(other) for other in kept):
            kept.append(line)
    return Shown(one, tuple((order(line), line.is_right) for line in kept))


def by_others(rows: Sequence[Row], names: Sequence[str]) -> list[Shown]:
    """Return what each set would be shown by a fit that has not seen it."""
    result = list[Shown]()
    for origin in sorted({one.origin for one in rows}):
        others = probability(fitted([one for one in rows if one.origin != origin], names))
        result += [shown(one, others) for one in rows if one.origin == origin]
    return result


def floor_of(found: Sequence[Shown]) -> float:
    """Return the lowest floor that leaves at most `MOST_BESIDE` of the questions without an answer
    a lead."""
    best = [max((score for score, _ in one.leads), default=0.0) for one in found]
    beside = sorted(s for s, one in zip(best, found, strict=True) if not one.row.is_answerable)
    kept = int(len(beside) * (1 - MOST_BESIDE))
    return beside[kept] + 1e-6 if kept < len(beside) else 0.0


def report(rows: Sequence[Row]) -> dict[str, Any]:
    """Print what each order shows; return what the product keeps."""
    answerable = [one for one in rows if one.is_answerable]
    held = sum(any(line.is_right for line in one.lines) for one in answerable)
    print(f"{len(rows)} questions, {len(answerable)} with an answer; a line holds it for {held}\n")
    print("| order | floor | first lead right | among three | without an answer, with a lead |")
    print("|---|---|---|---|---|")
    kept = dict[str, Any]()
    for title, names in (("selector", NAMES), ("weigher", WITHOUT_SELECTOR)):
        found = by_others(rows, names)
        floor = floor_of(found)
        for limit in (0.0, floor, 0.05, 0.1, 0.2):
            _print(f"{title}, each set by a fit on the others", found, limit)
        bias, weights = fitted(rows, names)
        kept[title] = {
            "bias": round(bias, 3),
            "floor": round(floor, 3),
            "weights": {name: round(weight, 3) for name, weight in weights.items()},
        }
        print(f"| {title}: calibration | | {_calibration(found)} | | |")
    _print("the selector's odds alone", [shown(r, lambda x: x.features["selected"]) for r in rows])
    _print("the weigher's order alone", [shown(r, lambda x: x.features["first"]) for r in rows])
    return kept


def _print(title: str, found: Sequence[Shown], floor: float = -np.inf) -> None:
    answerable = [one.above(floor) for one in found if one.row.is_answerable]
    to_refuse = [one.above(floor) for one in found if not one.row.is_answerable]
    first = sum(leads[:1] == [True] for leads in answerable)
    among, beside = sum(map(any, answerable)), sum(map(bool, to_refuse))
    whole = len(answerable)
    print(
        f"| {title} | {floor:.3f} | {first} of {whole} ({first / whole:.1%}) "
        f"| {among} ({among / whole:.1%}) | {beside} of {len(to_refuse)} |"
    )


def _calibration(found: Sequence[Shown]) -> str:
    """How often first leads of a probability are right, in four bins."""
    firsts = [one.leads[0] for one in found if one.leads]
    said = []
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.01)):
        of_bin = [is_right for score, is_right in firsts if low <= score < high]
        if of_bin:
            said.append(f"{low}–{min(high, 1)}: {sum(of_bin)} of {len(of_bin)}")
    return ", ".join(said)


def loaded(file: Path) -> Iterator[Row]:
    """Read the rows back."""
    for text in file.read_text("utf-8").splitlines() if file.exists() else ():
        kept = json.loads(text)
        lines = (
            Line((place[0], place[1], place[2]), features, right)
            for place, features, right in kept["lines"]
        )
        yield Row(kept["origin"], kept["question"], kept["is_answerable"], tuple(lines))


def kept(one: Row) -> str:
    lines = [(line.place, line.features, line.is_right) for line in one.lines]
    return json.dumps({**asdict(one), "lines": lines}, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tunable = [name for name, one in SETS.items() if not one.is_held_out]
    parser.add_argument("--sets", default=",".join(tunable), help=", ".join(tunable))
    parser.add_argument("--data", type=Path, help="keep the indexes here between runs")
    parser.add_argument("--every", type=int, default=1, help="one question in so many")
    parser.add_argument("--json", type=Path, default=Path("leads.jsonl"))
    parser.add_argument("--fit", type=Path, help="only fit, on what a run left")
    parser.add_argument("--write", action="store_true", help="keep it for the product")
    given = parser.parse_args()
    file = given.fit or given.json
    if not given.fit:
        _gather(given)
    found = report(list(loaded(file)))
    if given.write:
        ARTEFACT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def _gather(given: argparse.Namespace) -> None:
    before = {(one.origin, one.question) for one in loaded(given.json)}
    with given.json.open("a", encoding="utf-8") as out:
        for name in given.sets.split(","):
            one = SETS[name]
            if one.is_held_out or not one.is_there:
                print(f"{name}: held out, or its documents are not there: left out", flush=True)
                continue
            with opened(one, given.data) as parts:
                for asked in read_questions(one.questions)[:: given.every]:
                    if (name, asked.question) not in before:
                        out.write(kept(row(parts, asked, name)) + "\n")
                        out.flush()


if __name__ == "__main__":
    main()
