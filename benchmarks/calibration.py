# SPDX-License-Identifier: EUPL-1.2
"""Fits the weights of `assistant/evidence.py` and `assistant/confidence.py` on tunable questions.

    python benchmarks/calibration.py --set QUESTIONS.toml DOCUMENTS SETTINGS [--set …]

Two fits. Which sentence: a conditional logit over the candidates of each question that has a
right one. How sure: a logistic regression over the sentence that the pipeline would quote,
which answers (it holds an accepted answer and stands at the expected page) or does not; a
question to be refused gives a sentence that does not. Prints the weights, how well they part
the two, and what each threshold would have shown and refused: on the questions of the fit, then
each set judged by a fit on the others.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import Signs
from assistant.evaluation import EvalQuestion, holds, read_questions
from assistant.evidence import Candidate, Weigher
from assistant.judging import judge
from assistant.prompt import Frame
from assistant.questions import understand
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from guardrails.findings import Screened

STEPS = 4000
RATE = 0.3
RIDGE = 0.03
CHOICE_RATE = 0.05
CHOICE_RIDGE = 0.02
CHOICE = ("coverage", "reach", "found", "fits", "told", "scale", "nearness", "likelihood")
START = (0.8, 0.6, 0.5, 1.0, 0.6, 1.0, 1.0, 2.0)
"""Where the fit of the choice starts, and towards which its ridge draws it."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question: each candidate's features and whether it answers, and what spoke for the
    chosen one. `features` has shape (candidates, 8), `right` (candidates,)."""

    origin: str
    question: str
    is_answerable: bool
    features: Matrix
    right: NDArray[np.bool_]
    chosen: int
    signs: Signs

    @property
    def answers(self) -> bool:
        return bool(self.right[self.chosen])


def rows(parts: Parts, questions: tuple[EvalQuestion, ...], origin: str) -> Iterator[Row]:
    """Yield what the pipeline would have quoted, question by question."""
    weigher = Weigher(parts.embedder, parts.wording)
    for asked in questions:
        question = understand(parts.guard.screen(asked.question))
        if question.refusal:
            continue
        evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
        candidates = weigher.candidates(question, evidence)
        if not candidates:
            continue
        judged = judge(parts.model, Frame(question, candidates), candidates)
        yield Row(
            origin=origin,
            question=asked.question,
            is_answerable=bool(asked.answers),
            features=np.array(
                [features(c, g) for c, g in zip(candidates, judged.likelihoods, strict=True)]
            ),
            right=np.array([answers(candidate, asked) for candidate in candidates]),
            chosen=judged.index,
            signs=judged.signs,
        )


def features(candidate: Candidate, likelihood: float) -> list[float]:
    """What may choose a candidate, in the order of CHOICE."""
    return [*(float(getattr(candidate, name)) for name in CHOICE[:-1]), likelihood]


def answers(candidate: Candidate, asked: EvalQuestion) -> bool:
    """Whether a sentence holds an accepted answer, at the expected page."""
    passage = candidate.passage
    return (
        asked.file in ("", passage.file)
        and asked.page in (0, passage.page)
        and any(holds(candidate.text, answer) for answer in asked.answers)
    )


def fit_choice(found: Sequence[Row]) -> Matrix:
    """Conditional logit by gradient ascent; returns one weight a feature."""
    weights = np.array(START)
    useful = [row for row in found if row.right.any()]
    for _ in range(STEPS):
        slope = np.zeros_like(weights)
        for row in useful:
            odds = np.exp(row.features @ weights - (row.features @ weights).max())
            share = odds / odds.sum()
            wanted = share * row.right
            slope += row.features.T @ (wanted / wanted.sum() - share)
        weights += CHOICE_RATE * (slope / len(useful) - CHOICE_RIDGE * (weights - START))
    return weights


def fit(found: Sequence[Row]) -> tuple[float, Matrix]:
    """Logistic regression over signs of like spread, with a ridge; returns bias and weights."""
    raw = np.array([astuple(row.signs) for row in found])
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-6
    signs_ = (raw - mean) / spread
    right = np.array([row.answers for row in found], float)
    bias, weights = 0.0, np.zeros(signs_.shape[1])
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(bias + signs_ @ weights))) - right
        bias -= RATE * float(error.mean())
        weights -= RATE * (signs_.T @ error / len(found) + RIDGE * weights)
    return bias - float((weights * mean / spread).sum()), weights / spread


def sure(found: Sequence[Row], bias: float, weights: Matrix) -> Matrix:
    """Confidence in each chosen sentence."""
    return 1 / (1 + np.exp(-(bias + np.array([astuple(r.signs) for r in found]) @ weights)))


def sure_by_others(found: Sequence[Row]) -> Matrix:
    """Confidence in each chosen sentence, by a fit that has not seen its set."""
    result = np.zeros(len(found))
    for origin in {row.origin for row in found}:
        here = np.array([row.origin == origin for row in found])
        others = [row for row in found if row.origin != origin]
        result[here] = sure([r for r in found if r.origin == origin], *fit(others))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=3, type=Path, action="append", required=True)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found: list[Row] = []
    for questions, documents, settings in given.set:
        with (
            tempfile.TemporaryDirectory() as scratch,
            open_parts(
                Path(scratch) / "data", Path(scratch) / "keys", Settings.read(settings)
            ) as parts,
        ):
            parts.ingestion.add([documents])
            found += rows(parts, read_questions(questions), questions.stem)
    if given.json:
        given.json.write_text(json.dumps([kept(row) for row in found], ensure_ascii=False), "utf-8")
    report(found)


def kept(row: Row) -> dict[str, object]:
    """What a row leaves in the JSON."""
    return {
        "origin": row.origin,
        "question": row.question,
        "is_answerable": row.is_answerable,
        "chosen": row.chosen,
        "right": row.right.tolist(),
        "features": row.features.tolist(),
        "signs": astuple(row.signs),
    }


def report(found: Sequence[Row]) -> None:
    """Print the weights and, for each threshold, what would be shown."""
    answerable = [row for row in found if row.is_answerable]
    print(
        f"{len(found)} questions, {len(answerable)} with an answer: it is among the candidates of "
        f"{sum(row.right.any() for row in answerable)}, chosen for "
        f"{sum(row.answers for row in answerable)}"
    )
    print("choice: " + named(CHOICE, fit_choice(found)))
    bias, weights = fit(found)
    print(f"confidence: BIAS {bias:.2f}, " + named([f.name for f in fields(Signs)], weights))
    for title, figures in (
        ("the questions of the fit", sure(found, bias, weights)),
        ("each set by a fit on the others", sure_by_others(found)),
    ):
        print_thresholds(title, found, figures)


def named(names: Sequence[str], weights: Matrix) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, weights, strict=True))


def print_thresholds(title: str, found: Sequence[Row], figures: Matrix) -> None:
    """Print the area under the curve and a row a threshold."""
    right = [s for s, r in zip(figures, found, strict=True) if r.answers]
    wrong = [s for s, r in zip(figures, found, strict=True) if not r.answers]
    area = float(np.mean([(a > b) + 0.5 * (a == b) for a in right for b in wrong]))
    print(f"\n{title}: area under the curve {area:.3f}\n")
    print("| threshold | right | wrong | refused |")
    print("|---|---|---|---|")
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8):
        shown = [sum(s >= threshold for s in some) for some in (right, wrong)]
        print(f"| {threshold} | {shown[0]} | {shown[1]} | {len(found) - sum(shown)} |")


if __name__ == "__main__":
    main()
