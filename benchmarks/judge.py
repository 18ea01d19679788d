# SPDX-License-Identifier: EUPL-1.2
"""Fits what decides between lines, readings and a refusal, on what `gathering.py` left.

    python -m benchmarks.judge FILE…

What may be shown for a question: its likeliest line alone, and each reading. One logistic
regression with a ridge tells how likely each answers; the surest is judged. Each set is judged by
a fit on the others. In the same rows: the judge of readings alone, as it is in use, and the
likeliest line by its own probability.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.confidence import BY_SELECTOR
from assistant.leads import LeadFeatures, lead_model
from benchmarks.gathering import SIGN_NAMES, Line, Read, Row, loaded, meets
from benchmarks.leads import logistic

NAMES = ("lead", "rival", "alone", "written", "carried", "answerable", "agrees", "first")
MOST_ODDS = 4.0
LINES = 2
SHARES_WRONG = (0.01, 0.02, 0.03, 0.04, 0.05)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be shown, what speaks for it, and whether it is right."""

    features: dict[str, float]
    is_right: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Judge:
    """How sure to be of an option, by its features."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, one: Option) -> float:
        told = self.bias + sum(w * one.features[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-told))


Choose = Callable[[Row], tuple[float, bool]]


def odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def bounded(value: float | None) -> float:
    return max(-MOST_ODDS, min(value or 0.0, MOST_ODDS))


def lead(features: Mapping[str, float]) -> float:
    """Log-odds that a line answers, by what is known before a word is written."""
    told = lead_model(selects=True).lines.probability(LeadFeatures(**features))
    return odds(min(max(told, 1e-4), 1 - 1e-4))


def apart(lines: Sequence[Line]) -> list[Line]:
    """The likeliest lines, none over another."""
    kept = list[Line]()
    for line in sorted(lines, key=lambda one: -lead(one.features)):
        if len(kept) <= LINES and not any(line.overlaps(other) for other in kept):
            kept.append(line)
    return kept


def options(row: Row) -> list[Option]:
    """Return what may be shown for a question."""
    lines = apart(row.lines)
    return [_line(one, lines, row.readings) for one in lines[:LINES]] + [
        _reading(one, lines) for one in row.readings
    ]


def _line(one: Line, lines: Sequence[Line], readings: Sequence[Read]) -> Option:
    others = [lead(other.features) for other in lines if other is not one]
    of_it = [read for read in readings if meets(read.place, one.place)]
    return Option(
        {
            "lead": lead(one.features),
            "rival": max(others, default=-9.0),
            "alone": bounded(one.alone),
            "written": 0.0,
            "carried": 0.0,
            "answerable": max((read.signs["answerable"] for read in of_it), default=0.0),
            "agrees": float(bool(of_it)),
            "first": one.features["first"],
        },
        one.is_right,
        "line",
    )


def _reading(read: Read, lines: Sequence[Line]) -> Option:
    others = [lead(line.features) for line in lines if not meets(line.place, read.place)]
    return Option(
        {
            "lead": lead(read.line),
            "rival": max(others, default=-9.0),
            "alone": read.signs["alone"],
            "written": 1.0,
            "carried": read.signs["carried"],
            "answerable": read.signs["answerable"],
            "agrees": float(any(meets(line.place, read.place) for line in lines[:1])),
            "first": read.signs["first"],
        },
        read.is_right,
        "reading",
    )


def fitted(rows: Sequence[Row], names: Sequence[str]) -> Judge:
    """A logistic regression over the options of some questions, each question as heavy."""
    each = [(one, 1 / len(found)) for found in map(options, rows) for one in found]
    values = np.array([[1.0, *(one.features[name] for name in names)] for one, _ in each])
    right = np.array([float(one.is_right) for one, _ in each])
    share = np.array([weight for _, weight in each])
    bias, *weights = logistic(values, right, share * len(each) / share.sum()).tolist()
    return Judge(bias, dict(zip(names, weights, strict=True)))


def surest(judge: Judge) -> Choose:
    def choose(row: Row) -> tuple[float, bool]:
        each = [(judge(one), one.is_right) for one in options(row)]
        return max(each, key=lambda told: told[0], default=(0.0, False))

    return choose


def in_use(row: Row) -> tuple[float, bool]:
    """What the judge of readings makes of a question."""
    weights = np.array(BY_SELECTOR.signs)
    each = [
        (
            float(1 / (1 + np.exp(-BY_SELECTOR.bias - weights @ [r.signs[n] for n in SIGN_NAMES]))),
            r.is_right,
        )
        for r in row.readings
    ]
    return max(each, key=lambda told: told[0], default=(0.0, False))


def by_lead(row: Row) -> tuple[float, bool]:
    """The likeliest line by its own probability."""
    first = apart(row.lines)[:1]
    return (lead(first[0].features), first[0].is_right) if first else (-9.0, False)


def by_others(rows: Sequence[Row], names: Sequence[str]) -> list[tuple[float, bool]]:
    """Judge each set by a fit on the others."""
    found: list[tuple[float, bool]] = []
    for origin in sorted({one.origin for one in rows}):
        choose = surest(fitted([one for one in rows if one.origin != origin], names))
        found += [choose(one) for one in rows if one.origin == origin]
    return found


def right_at(told: Sequence[tuple[float, bool]], share: float) -> tuple[int, int]:
    """How many are right, and wrong, at the threshold that shows most with a share of wrong ones at
    most."""
    right = wrong = 0
    best = (0, 0)
    for _, is_right in sorted(told, key=lambda one: -one[0]):
        right += is_right
        wrong += not is_right
        if wrong <= share * len(told):
            best = (right, wrong)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    rows = [one for file in given.files for one in loaded(file)]
    answerable = [one for one in rows if one.is_answerable]
    print(
        f"{len(rows)} questions, {len(answerable)} with an answer: page found for "
        f"{sum(one.page for one in answerable)}, passage {sum(one.passage for one in answerable)}, "
        f"a line {sum(any(x.is_right for x in one.lines) for one in answerable)}, the likeliest "
        f"{sum(by_lead(one)[1] for one in answerable)}, a reading "
        f"{sum(any(x.is_right for x in one.readings) for one in answerable)}, either "
        f"{sum(any(x.is_right for x in options(one)) for one in answerable)}"
    )
    print("| judge | " + " | ".join(f"right at {share:.0%} wrong" for share in SHARES_WRONG) + " |")
    print("|---" * (len(SHARES_WRONG) + 1) + "|")
    for title, told in (
        ("readings alone, in use", [in_use(one) for one in rows]),
        ("the likeliest line", [by_lead(one) for one in rows]),
        ("lines and readings, each set by a fit on the others", by_others(rows, NAMES)),
        *((f"without {name}", by_others(rows, [n for n in NAMES if n != name])) for name in NAMES),
    ):
        figures = " | ".join(str(right_at(told, share)[0]) for share in SHARES_WRONG)
        print(f"| {title} | {figures} |")
    judge = fitted(rows, NAMES)
    named = ", ".join(f"{name} {weight:.2f}" for name, weight in judge.weights.items())
    print(f"\nfrom all: bias {judge.bias:.2f}, {named}")


if __name__ == "__main__":
    main()
