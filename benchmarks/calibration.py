# SPDX-License-Identifier: EUPL-1.2
"""Fits the weights of `assistant/confidence.py` on questions that may be tuned on.

    python -m benchmarks.calibration --data DIR [--sets samples,faq_dev] [--every 2] [--json FILE]
    python -m benchmarks.calibration --fit FILE      # again, without asking the model

Two fits. Which reading: a conditional logit over the readings of each question that has a right
one. How sure: a logistic regression over the reading that is chosen, which answers (an accepted
answer stands in it or in its carrier, at the expected page) or does not; a question to be refused
has none that does. Prints the weights, how well they part the two, and what each threshold would
have shown and refused: on the questions of the fit, then each set judged by a fit on the others.
Each question is saved as soon as it is read, so that a run that was cut goes on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import CHOICE, Signs, signs
from assistant.evaluation import EvalQuestion, holds, read_questions
from assistant.evidence import Weigher
from assistant.excerpts import Excerpt, excerpts
from assistant.judging import ALONE
from assistant.prompt import Frame
from assistant.questions import understand
from assistant.reading import Reading, is_hidden, readings
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from guardrails.findings import Screened

STEPS = 3000
RATE = 0.3
RIDGE = 0.1
CHOICE_RIDGE = 0.2
NAMES = [f.name for f in fields(Signs)]
AHEAD = NAMES.index("ahead")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question and its readings. `signs` has shape (readings, 9), `right` (readings,)."""

    origin: str
    question: str
    is_answerable: bool
    signs: Matrix
    right: NDArray[np.bool_]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Which reading to choose, and how sure to be of it."""

    choice: Matrix
    bias: float
    weights: Matrix


def row(parts: Parts, asked: EvalQuestion, origin: str) -> Row:
    """Return what the pipeline would have to choose from."""
    question = understand(parts.guard.screen(asked.question))
    read: list[tuple[int, Reading]] = []
    found: list[Excerpt] = []
    if question.refusal is None:
        evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
        candidates = Weigher(parts.embedder, parts.wording).candidates(question, evidence)
        found = excerpts(candidates, question.years)
        read = readings(parts.model, Frame(question, found), found)
        read = [one for one in read if not is_hidden(one[1].said, question)]
    return Row(
        origin=origin,
        question=asked.question,
        is_answerable=bool(asked.answers),
        signs=np.array([astuple(signs(r)) for _, r in read]).reshape(-1, len(NAMES)),
        right=np.array([answers(r, found[i], asked) for i, r in read], bool),
        said=tuple(r.said for _, r in read),
    )


def answers(reading: Reading, excerpt: Excerpt, asked: EvalQuestion) -> bool:
    """Whether a reading, as it would be shown, holds an accepted answer at the expected page."""
    passage = excerpt.passage
    shown = [reading.said, *(c.text for c in reading.carriers(excerpt, asked.question))]
    return (
        asked.file in ("", passage.file)
        and asked.page in (0, passage.page)
        and any(holds(text, answer) for text in shown for answer in asked.answers)
    )


def standard(signs_: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and spread of each sign, to fit weights of like size."""
    return signs_.mean(axis=0), signs_.std(axis=0) + 1e-6


def fit_choice(found: Sequence[Row]) -> Matrix:
    """Conditional logit by gradient ascent; returns one weight a sign."""
    mean, spread = standard(np.concatenate([one.signs for one in found if len(one.signs)]))
    weights = np.zeros(len(NAMES))
    useful = [one for one in found if one.right.any() and len(one.right) > 1]
    for _ in range(STEPS):
        slope = -CHOICE_RIDGE * weights
        for one in useful:
            odds = (one.signs - mean) / spread @ weights
            share = np.exp(odds - odds.max())
            share /= share.sum()
            wanted = share * one.right
            slope += one.signs.T @ (wanted / wanted.sum() - share) / spread / len(useful)
        weights += RATE * slope
    weights = weights / spread
    weights[AHEAD] = 0.0
    return weights


def chosen(one: Row, choice: Matrix) -> tuple[Matrix, bool]:
    """Signs of the reading that the weights choose, and whether it answers."""
    odds = one.signs @ choice
    best = int(odds.argmax())
    others = np.delete(odds, best)
    found = one.signs[best].copy()
    found[AHEAD] = min(odds[best] - others.max(), ALONE) if len(others) else ALONE
    return found, bool(one.right[best])


def fit(found: Sequence[Row]) -> Fit:
    """Choose, then a logistic regression with a ridge over what was chosen."""
    choice = fit_choice(found)
    picked = [chosen(one, choice) for one in found if len(one.signs)]
    signs_ = np.array([one for one, _ in picked])
    right = np.array([is_right for _, is_right in picked], float)
    mean, spread = standard(signs_)
    bias, weights = 0.0, np.zeros(len(NAMES))
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(bias + (signs_ - mean) / spread @ weights))) - right
        bias -= RATE * float(error.mean())
        weights -= RATE * (((signs_ - mean) / spread).T @ error / len(right) + RIDGE * weights)
    return Fit(choice, bias - float((weights * mean / spread).sum()), weights / spread)


def judged(found: Sequence[Row], fitted: Fit) -> list[tuple[Row, float, bool]]:
    """Each question, how sure the fit is of what it chose (0: nothing), whether that answers."""
    result = []
    for one in found:
        if not len(one.signs):
            result.append((one, 0.0, False))
            continue
        picked, is_right = chosen(one, fitted.choice)
        odds = fitted.bias + float(picked @ fitted.weights)
        result.append((one, float(1 / (1 + np.exp(-odds))), is_right))
    return result


def judged_by_others(found: Sequence[Row]) -> list[tuple[Row, float, bool]]:
    """The same, each set by a fit that has not seen it."""
    result = []
    for origin in sorted({one.origin for one in found}):
        others = fit([one for one in found if one.origin != origin])
        result += judged([one for one in found if one.origin == origin], others)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tunable = [name for name, one in SETS.items() if not one.is_held_out]
    parser.add_argument("--sets", default=",".join(tunable), help=", ".join(tunable))
    parser.add_argument("--data", type=Path, help="keep the indexes here between runs")
    parser.add_argument("--every", type=int, default=1, help="one question in so many")
    parser.add_argument("--json", type=Path, default=Path("calibration.jsonl"))
    parser.add_argument("--fit", type=Path, help="only fit, on what a run left")
    given = parser.parse_args()
    if given.fit:
        report(list(loaded(given.fit)))
        return
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
                        out.write(json.dumps(kept(row(parts, asked, name)), ensure_ascii=False))
                        out.write("\n")
                        out.flush()
    report(list(loaded(given.json)))


def kept(one: Row) -> dict[str, object]:
    """What a row leaves in the file."""
    return {
        "origin": one.origin,
        "question": one.question,
        "is_answerable": one.is_answerable,
        "signs": one.signs.tolist(),
        "right": one.right.tolist(),
        "said": list(one.said),
    }


def loaded(file: Path) -> Iterator[Row]:
    """Read the rows back."""
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        told = json.loads(line)
        yield Row(
            origin=told["origin"],
            question=told["question"],
            is_answerable=told["is_answerable"],
            signs=np.array(told["signs"], float).reshape(-1, len(NAMES)),
            right=np.array(told["right"], bool),
            said=tuple(told["said"]),
        )


def report(found: Sequence[Row]) -> None:
    """Print the weights and, for each threshold, what would be shown."""
    answerable = [one for one in found if one.is_answerable]
    print(
        f"{len(found)} questions, {len(answerable)} with an answer: a reading gives it for "
        f"{sum(one.right.any() for one in answerable)}"
    )
    fitted = fit(found)
    print("CHOICE " + named(fitted.choice))
    print(f"BIAS {fitted.bias:.2f}, WEIGHTS " + named(fitted.weights))
    in_use = judged(found, Fit(np.array(CHOICE), 0.0, np.zeros(len(NAMES))))
    print(f"chosen with the weights in use: {sum(right for *_, right in in_use)}")
    for title, figures in (
        ("the questions of the fit", judged(found, fitted)),
        ("each set by a fit on the others", judged_by_others(found)),
    ):
        print_thresholds(title, figures)


def named(weights: Matrix) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in zip(NAMES, weights, strict=True))


def print_thresholds(title: str, figures: Sequence[tuple[Row, float, bool]]) -> None:
    """Print the area under the curve and a row a threshold."""
    right = [sure for _, sure, is_right in figures if is_right]
    wrong = [sure for one, sure, is_right in figures if not is_right and len(one.signs)]
    area = float(np.mean([(a > b) + 0.5 * (a == b) for a in right for b in wrong]))
    print(f"\n{title}: area under the curve {area:.3f}\n")
    print("| threshold | right | wrong | refused |")
    print("|---|---|---|---|")
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8):
        shown = [sum(sure >= threshold for sure in some) for some in (right, wrong)]
        print(f"| {threshold} | {shown[0]} | {shown[1]} | {len(figures) - sum(shown)} |")


if __name__ == "__main__":
    main()
