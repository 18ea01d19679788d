# SPDX-License-Identifier: EUPL-1.2
"""Fits the weights of `assistant/confidence.py` on questions that may be tuned on.

    python -m benchmarks.calibration --data DIR [--sets samples,faq_dev] [--every 2] [--json FILE]
    python -m benchmarks.calibration --fit FILE      # again, without asking the model

A logistic regression with a ridge over all readings: one answers (an accepted answer stands in
its quotes, at the expected page) or does not; a question to be refused has none that
does. The surest reading of a question is the one that is judged. Prints the weights, how well they
part right from wrong, and what each threshold would have shown and refused: on the questions of
the fit, then each set judged by a fit on the others; what the early end of the reading costs, and
what is lost before anything is read. Each question is saved as soon as it is read, so that a run
that was cut goes on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import (
    ANSWER_FROM,
    BY_DOUBT,
    BY_PROBE,
    BY_SELECTOR,
    ENOUGH,
    SPEAKS_FROM,
    Signs,
    signs,
)
from assistant.evaluation import EvalQuestion, holds, read_questions
from assistant.evidence import Candidate, Weigher
from assistant.excerpts import EXCERPT_CHARS, Excerpt, excerpts
from assistant.judging import reading_order
from assistant.prompt import Frame
from assistant.reading import Reading, is_hidden, read
from assistant.selection import select
from assistant.understanding.questions import understand
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from corpus.documents import Passage, Retrieved
from guardrails.findings import Screened

STEPS = 3000
RATE = 0.3
RIDGE = 0.1
NAMES = [f.name for f in fields(Signs)]
THRESHOLDS = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question and its readings. `signs` has shape (readings, signs), `right` (readings,).

    `page` and `passage` say whether search found the expected page, and on it a passage that holds
    an accepted answer; `place` is where the first excerpt stands that still holds it (-1: nowhere),
    `reach` what the best passage holds of the question's words.
    """

    origin: str
    question: str
    is_answerable: bool
    signs: Matrix
    right: NDArray[np.bool_]
    said: tuple[str, ...] = ()
    page: bool = False
    passage: bool = False
    place: int = -1
    reach: float = 1.0
    is_probed: bool = False
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How sure to be of a reading, by its signs."""

    bias: float
    weights: Matrix

    def __call__(self, signs_: Matrix) -> Matrix:
        odds: Matrix = 1 / (1 + np.exp(-(self.bias + signs_ @ self.weights)))
        return odds


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure a fit is of the reading that it chose (0: nothing), and whether that answers."""

    row: Row
    sure: float
    is_right: bool


def row(parts: Parts, asked: EvalQuestion, origin: str) -> Row:
    """Return what the pipeline would have to choose from, without its early end."""
    question = parts.question_reader(understand(parts.guard.screen(asked.question)))
    done: list[tuple[Excerpt, Reading]] = []
    found: list[Excerpt] = []
    candidates: list[Candidate] = []
    evidence: Sequence[Retrieved] = ()
    if question.refusal is None:
        evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
        candidates = Weigher(parts.embedder, parts.wording).candidates(question, evidence)
        found = excerpts(candidates, question.years)
        frame = Frame(question, found)
        selection = select(parts.model, question, candidates)
        for index in reading_order(found, selection):
            excerpt = found[index]
            reading = read(parts.model, frame, index, excerpt, selection)
            if reading and reading.is_borne and not is_hidden(reading.said, question):
                done.append((excerpt, reading))
    return Row(
        origin=origin,
        question=asked.question,
        is_answerable=bool(asked.answers),
        signs=np.array([told(r) for _, r in done]).reshape(-1, len(NAMES)),
        right=np.array([answers(r, excerpt, asked) for excerpt, r in done], bool),
        said=tuple(r.said for _, r in done),
        page=any(is_expected(one.passage, asked) for one in evidence),
        passage=any(stands(one.passage.text.text, one.passage, asked) for one in evidence),
        place=next((n for n, e in enumerate(found) if stands(e.text, e.passage, asked)), -1),
        reach=max((c.reach for c in candidates), default=0.0),
        is_probed=any(r.answerable is not None for _, r in done),
        is_selected=any(r.selected is not None for _, r in done),
    )


def told(reading: Reading) -> list[float]:
    """The signs of a reading."""
    return list(astuple(signs(reading)))


def answers(reading: Reading, excerpt: Excerpt, asked: EvalQuestion) -> bool:
    """Whether the quotes of a reading hold an accepted answer, at the expected page."""
    quotes = " ".join(carrier.text for carrier in reading.carriers(excerpt, asked.question))
    return stands(quotes, excerpt.passage, asked)


def stands(text: str, passage: Passage, asked: EvalQuestion) -> bool:
    """Whether a text of a passage holds an accepted answer, at the expected page."""
    return is_expected(passage, asked) and any(holds(text, answer) for answer in asked.answers)


def is_expected(passage: Passage, asked: EvalQuestion) -> bool:
    return asked.file in ("", passage.file) and asked.page in (0, passage.page)


def fit(found: Sequence[Row]) -> Fit:
    """A logistic regression with a ridge, each sign in its own spread."""
    signs_ = np.concatenate([one.signs for one in found])
    right = np.concatenate([one.right for one in found]).astype(float)
    mean, spread = signs_.mean(axis=0), signs_.std(axis=0) + 1e-6
    level = (signs_ - mean) / spread
    bias, weights = 0.0, np.zeros(len(NAMES))
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(bias + level @ weights))) - right
        bias -= RATE * float(error.mean())
        weights -= RATE * (level.T @ error / len(right) + RIDGE * weights)
    return Fit(bias - float((weights * mean / spread).sum()), weights / spread)


def judged(found: Sequence[Row], fitted: Fit, *, enough: float = ENOUGH) -> list[Verdict]:
    """What a fit makes of each question, readings after a sure one left out."""
    return [_judged(one, fitted, enough) for one in found]


def _judged(one: Row, fitted: Fit, enough: float) -> Verdict:
    if not len(one.signs):
        return Verdict(one, 0.0, False)
    sure = fitted(one.signs)
    first_sure = np.flatnonzero(sure >= enough)
    seen = sure[: first_sure[0] + 1] if len(first_sure) else sure
    best = int(seen.argmax())
    return Verdict(one, float(seen[best]), bool(one.right[best]))


def judged_by_others(found: Sequence[Row]) -> list[Verdict]:
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
        "names": NAMES,
        "origin": one.origin,
        "question": one.question,
        "is_answerable": one.is_answerable,
        "signs": one.signs.tolist(),
        "right": one.right.tolist(),
        "said": list(one.said),
        "page": one.page,
        "passage": one.passage,
        "place": one.place,
        "reach": one.reach,
        "is_probed": one.is_probed,
        "is_selected": one.is_selected,
    }


def loaded(file: Path) -> Iterator[Row]:
    """Read the rows back."""
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        known = json.loads(line)
        if known["names"] != NAMES:
            raise ValueError(f"{file} was left by a judge with other signs")
        yield Row(
            origin=known["origin"],
            question=known["question"],
            is_answerable=known["is_answerable"],
            signs=np.array(known["signs"], float).reshape(-1, len(NAMES)),
            right=np.array(known["right"], bool),
            said=tuple(known["said"]),
            page=known["page"],
            passage=known["passage"],
            place=known["place"],
            reach=known["reach"],
            is_probed=known["is_probed"],
            is_selected=known["is_selected"],
        )


def report(found: Sequence[Row]) -> None:
    """Print the weights and, for each threshold, what would be shown."""
    weights = BY_PROBE if any(one.is_probed for one in found) else BY_DOUBT
    if any(one.is_selected for one in found):
        weights = BY_SELECTOR
    in_use = Fit(weights.bias, np.array(weights.signs))
    print_stages(found, in_use)
    ended = [one.is_answerable for one in found if one.reach < SPEAKS_FROM]
    print(
        f"no passage holds {SPEAKS_FROM} of the words: {ended.count(True)} with an answer, "
        f"{ended.count(False)} to be refused"
    )
    fitted = fit(found)
    named = ", ".join(f"{n} {w:.2f}" for n, w in zip(NAMES, fitted.weights, strict=True))
    print(f"BIAS {fitted.bias:.2f}, WEIGHTS {named}")
    for title, figures in (
        ("with the weights in use", judged(found, in_use)),
        ("the same, every excerpt read", judged(found, in_use, enough=1.1)),
        ("each set by a fit on the others", judged_by_others(found)),
    ):
        print_thresholds(title, figures)


def print_stages(found: Sequence[Row], fitted: Fit) -> None:
    """Print, a row a set, for how many answerable questions each stage still holds the answer."""
    print(f"| set | questions | answerable | page found | passage found | in {len(EXCERPT_CHARS)} "
          "excerpts | in the first | read | chosen | shown | wrong |")  # fmt: skip
    print("|---" * 11 + "|")
    origins = sorted({one.origin for one in found})
    for title, some in [
        *((name, [one for one in found if one.origin == name]) for name in origins),
        ("all", found),
    ]:
        answerable = [one for one in some if one.is_answerable]
        verdicts = judged(some, fitted)
        shown = [one.is_right for one in verdicts if one.sure >= ANSWER_FROM]
        figures = (
            len(some),
            len(answerable),
            sum(one.page for one in answerable),
            sum(one.passage for one in answerable),
            sum(one.place >= 0 for one in answerable),
            sum(one.place == 0 for one in answerable),
            sum(bool(one.right.any()) for one in answerable),
            sum(one.is_right for one in verdicts),
            shown.count(True),
            shown.count(False),
        )
        print(f"| {title} | " + " | ".join(map(str, figures)) + " |")
    print()


def print_thresholds(title: str, figures: Sequence[Verdict]) -> None:
    """Print the area under the curve and a row a threshold."""
    right = [one.sure for one in figures if one.is_right]
    wrong = [one.sure for one in figures if not one.is_right and len(one.row.signs)]
    area = float(np.mean([(a > b) + 0.5 * (a == b) for a in right for b in wrong]))
    print(f"\n{title}: right reading chosen {len(right)}, area under the curve {area:.3f}\n")
    print("| threshold | right | wrong | refused |")
    print("|---|---|---|---|")
    for threshold in THRESHOLDS:
        shown = [sum(sure >= threshold for sure in some) for some in (right, wrong)]
        print(f"| {threshold} | {shown[0]} | {shown[1]} | {len(figures) - sum(shown)} |")


if __name__ == "__main__":
    main()
