# SPDX-License-Identifier: EUPL-1.2
"""Fits the weights of `assistant/confidence.py` on questions that may be tuned on.

    python benchmarks/calibration.py --set QUESTIONS.toml DOCUMENTS SETTINGS [--set …]

For each question the sentence that the pipeline would quote is judged: it answers
(it holds an accepted answer and stands in the expected file) or not. A question to
be refused gives a sentence that does not. Prints the weights, how well they part the
two, and what each threshold would have shown and refused.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import Signs, preference, signs
from assistant.evaluation import EvalQuestion, holds, read_questions
from assistant.evidence import Candidate, Weigher
from assistant.prompt import Frame
from assistant.questions import understand
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from guardrails.findings import Screened

STEPS = 4000
RATE = 0.5
RIDGE = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question: what spoke for the chosen sentence, and whether it answers."""

    question: str
    is_answerable: bool
    answers: bool
    signs: Signs


def rows(parts: Parts, questions: tuple[EvalQuestion, ...]) -> Iterator[Row]:
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
        frame = Frame(question, candidates)
        verdicts = frame.verdicts()
        yes = []
        for index in range(len(candidates)):
            verdict = parts.model.choose(frame.judge(index), verdicts)
            yes.append(verdict.probability if verdict.index == 0 else 1 - verdict.probability)
        best = max(range(len(candidates)), key=lambda i: preference(candidates[i], yes[i]))
        yield Row(
            question=asked.question,
            is_answerable=bool(asked.answers),
            answers=answers(candidates[best], asked),
            signs=signs(candidates[best], yes[best]),
        )


def answers(candidate: Candidate, asked: EvalQuestion) -> bool:
    """Whether a sentence holds an accepted answer, in the expected file."""
    return (asked.file in ("", candidate.passage.file)) and any(
        holds(candidate.text, answer) for answer in asked.answers
    )


def fit(found: list[Row]) -> tuple[float, NDArray[np.float64]]:
    """Logistic regression by gradient descent, with a small ridge; returns bias and weights."""
    signs_ = np.array([astuple(row.signs) for row in found])
    right = np.array([row.answers for row in found], float)
    bias, weights = 0.0, np.zeros(signs_.shape[1])
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(bias + signs_ @ weights))) - right
        bias -= RATE * float(error.mean())
        weights -= RATE * (signs_.T @ error / len(found) + RIDGE * weights)
    return bias, weights


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
            found += rows(parts, read_questions(questions))
    if given.json:
        kept = [[r.question, r.is_answerable, r.answers, *astuple(r.signs)] for r in found]
        given.json.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    report(found)


def report(found: list[Row]) -> None:
    """Print the weights and, for each threshold, what would be shown."""
    bias, weights = fit(found)
    sure = 1 / (1 + np.exp(-(bias + np.array([astuple(r.signs) for r in found]) @ weights)))
    right = [s for s, r in zip(sure, found, strict=True) if r.answers]
    wrong = [s for s, r in zip(sure, found, strict=True) if not r.answers]
    area = float(np.mean([(a > b) + 0.5 * (a == b) for a in right for b in wrong]))
    print(f"{len(found)} questions, {len(right)} answered by the chosen sentence")
    print(f"BIAS = {bias:.2f}\nWEIGHTS = ({', '.join(f'{w:.2f}' for w in weights)})")
    print(f"area under the curve {area:.3f}\n")
    print("| threshold | right | wrong | refused |")
    print("|---|---|---|---|")
    for threshold in (0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
        shown = [sum(s >= threshold for s in some) for some in (right, wrong)]
        print(f"| {threshold} | {shown[0]} | {shown[1]} | {len(found) - sum(shown)} |")


if __name__ == "__main__":
    main()
