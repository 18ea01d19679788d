# SPDX-License-Identifier: EUPL-1.2
"""What decides between lines, readings and a refusal, and what each feature of it is worth.

    python -m benchmarks.judge --json ROWS.jsonl --data DIR [--sets samples,faq_dev] [--every 2]
    python -m benchmarks.judge --json ROWS.jsonl          # the tables again, nothing is asked

Asked as `greffier models calibrate` asks, of sets that may be tuned on; each question is saved at
once, so that a run that was cut goes on. Each set is judged by a fit on the others. In the same
rows: the judge in use without a calibration, lines alone, readings alone, and each feature left
out. A set of `held_out/` is never asked; one that sets thresholds by its name alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.calibrating.asking import Row, asked, kept, loaded
from assistant.calibrating.fitting import Told, by_others, counted, threshold_of, weights_of
from assistant.calibration import ALONE, FEATURES, LINES
from assistant.evaluation import read_questions
from benchmarks.answers import opened
from benchmarks.answers_sets import CALIBRATION, SETS

SHARES_WRONG = (0.01, 0.02, 0.03, 0.04, 0.05)

Keep = Callable[[Mapping[str, float]], bool]


def may_be_asked(name: str) -> bool:
    """Whether a set is there, and not held out."""
    one = SETS[name]
    return one.is_there and (one.questions.parent == CALIBRATION or not one.is_held_out)


def ask(names: Sequence[str], data: Path | None, every: int, file: Path) -> None:
    """Ask what was not asked yet."""
    before = {(row.town, row.question) for row in loaded(file)}
    with file.open("a", encoding="utf-8") as out:
        for name in names:
            if not may_be_asked(name):
                print(f"{name}: held out, or its documents are not there: left out", flush=True)
                continue
            with opened(SETS[name], data) as parts:
                for one in read_questions(SETS[name].questions)[::every]:
                    if (name, one.question) not in before:
                        out.writelines(map(kept, asked(parts, one, name)))
                        out.flush()


def right_at(told: Sequence[Told], share: float) -> int:
    """How many are right at the threshold that shows most with a share of wrong ones at most."""
    right = wrong = best = 0
    for _, is_right in sorted(told, key=lambda one: -one[0]):
        right += is_right
        wrong += not is_right
        if wrong <= share * len(told):
            best = right
    return best


def only(rows: Sequence[Row], keep: Keep) -> list[Row]:
    """The same questions with some of their options alone."""
    return [replace(row, options=tuple(one for one in row.options if keep(one[0]))) for row in rows]


def is_reading(features: Mapping[str, float]) -> bool:
    return bool(features.get("written"))


def tables(each: Sequence[Row]) -> None:
    rows = [row for row in each if row.way == ALONE]
    answerable = [row for row in rows if row.is_answerable]
    lines = [row for row in each if row.way == LINES]
    readings = only(rows, is_reading)
    print(f"{len(rows)} questions, {len(answerable)} with an answer; one option is right for")
    for title, some in (("any", rows), ("a line", lines), ("a reading", readings)):
        print(f"  {title}: {sum(any(right for _, right in row.options) for row in some)}")
    judged = by_others(rows)
    print("| judge | " + " | ".join(f"right at {share:.0%} wrong" for share in SHARES_WRONG) + " |")
    print("|---" * (len(SHARES_WRONG) + 1) + "|")
    for title, told in (
        ("readings alone, not calibrated", [row.before for row in rows]),
        ("lines and readings, each set by a fit on the others", judged),
        ("lines alone", by_others(lines)),
        ("readings alone", by_others(readings)),
        *(
            (f"without `{name}`", by_others(rows, [n for n in FEATURES if n != name]))
            for name in FEATURES
        ),
    ):
        print(f"| {title} | {' | '.join(str(right_at(told, share)) for share in SHARES_WRONG)} |")
    if (threshold := threshold_of(judged)) is not None:
        print(f"\nat {threshold}: {counted(rows, judged, threshold)}")
    bias, weights = weights_of(rows)
    print(f"from all: {bias:.2f}, " + ", ".join(f"{n} {w:.2f}" for n, w in weights.items()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tunable = [name for name, one in SETS.items() if not one.is_held_out]
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="keep the indexes here; asks what is left to ask")
    parser.add_argument("--sets", default=",".join(tunable), help=", ".join(tunable))
    parser.add_argument("--every", type=int, default=1, help="one question in so many")
    given = parser.parse_args()
    if given.data:
        ask(given.sets.split(","), given.data, given.every, given.json)
    tables([*loaded(given.json)])


if __name__ == "__main__":
    main()
