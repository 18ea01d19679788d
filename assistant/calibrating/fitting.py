# SPDX-License-Identifier: EUPL-1.2
"""The weights of a model's judge, and the threshold from which it shows something.

    Row… ─each town by a fit on the others▶ (how sure, right?)… ─fixed sequence▶ threshold, bound

The threshold goes from strict to generous and stops at the first one at which the share of wrong
answers cannot be bounded any more: the exact one-sided bound of 95 % (Clopper and Pearson) must
stay below `MOST_WRONG`. Tested in that order, the last one that passed holds without a correction
for having tried several. The weights that are kept are then fitted on all towns. Where two ways of
reading are tried and the better is kept, each must hold at half the risk (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.calibrating.asking import Row
from assistant.calibration import ALONE, FEATURES, Calibration
from assistant.confidence import ANSWER_FROM
from guardrails.intervals import clopper_pearson

MOST_WRONG = 0.045
ONE_SIDED = 0.90
"""The level of a two-sided interval whose upper end is the one-sided bound of 95 %."""

THRESHOLDS = [place / 100 for place in range(98, 29, -2)]
FOLDS = 4
"""Of questions of one town alone."""

RIDGE = 1.0
STEPS = 30

Floats = NDArray[np.float64]
Told = tuple[float, bool]
"""How sure the judge is of the surest option, and whether that is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What came of some questions; `bound` is that of the wrong ones, of all."""

    right: int
    wrong: int
    refused_rightly: int
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A judge beside what the model does without it; None where no threshold bounds what is wrong,
    as with too few questions."""

    judge: Calibration | None
    before: Counted
    questions: int
    answerable: int
    seconds: float
    energy_wh: float
    way: str = ALONE

    @property
    def is_better(self) -> bool:
        """Whether it is worth keeping: more is right, or what is wrong is bounded only by it."""
        if self.judge is None:
            return False
        return self.judge.right >= self.before.right or self.before.bound > MOST_WRONG


def best_way(each: Sequence[Fitted]) -> Fitted:
    """Return that of the judge that answers most; of two as good, or none, that of the first."""
    return max(each, key=lambda one: one.judge.right if one.judge else -1)


def fitted(
    rows: Sequence[Row], *, model: str, identity: str, made: str, way: str = ALONE, ways: int = 1
) -> Fitted:
    """Fit the judge of a model on what it was asked in one way, of so many that are tried."""
    told = by_others(rows)
    threshold = threshold_of(told, ways)
    seconds = float(np.median([row.seconds for row in rows])) if rows else 0.0
    energy = float(np.median([row.energy_wh for row in rows])) if rows else 0.0
    answerable = sum(row.is_answerable for row in rows)
    judge = None
    if threshold is not None:
        bias, weights = weights_of(rows)
        found = counted(rows, told, threshold, ways)
        judge = Calibration(
            model=model,
            identity=identity,
            bias=bias,
            weights=weights,
            threshold=threshold,
            questions=len(rows),
            answerable=answerable,
            right=found.right,
            wrong=found.wrong,
            refused_rightly=found.refused_rightly,
            bound=found.bound,
            made=made,
            seconds=seconds,
            energy_wh=energy,
            way=way,
        )
    return Fitted(
        judge=judge,
        before=counted(rows, [row.before for row in rows], ANSWER_FROM),
        questions=len(rows),
        answerable=answerable,
        seconds=seconds,
        energy_wh=energy,
        way=way,
    )


def by_others(rows: Sequence[Row], names: Sequence[str] = FEATURES) -> list[Told]:
    """Judge each town by a fit on the others, the rows in their order; questions of one town alone
    in folds."""
    towns = sorted({row.town for row in rows})
    folds = [towns.index(row.town) for row in rows]
    if len(towns) == 1:
        folds = [place % FOLDS for place in range(len(rows))]
    told: list[Told] = [(0.0, False)] * len(rows)
    for fold in set(folds):
        bias, weights = weights_of(
            [r for r, f in zip(rows, folds, strict=True) if f != fold], names
        )
        for place, row in enumerate(rows):
            if folds[place] == fold:
                told[place] = surest(row, bias, weights)
    return told


def surest(row: Row, bias: float, weights: dict[str, float]) -> Told:
    """Return how likely the likeliest option of a question is right, and whether it is."""
    each = (
        (1 / (1 + np.exp(-bias - sum(w * one.get(n, 0.0) for n, w in weights.items()))), is_right)
        for one, is_right in row.options
    )
    return max(((float(sure), is_right) for sure, is_right in each), default=(0.0, False))


def weights_of(
    rows: Sequence[Row], names: Sequence[str] = FEATURES
) -> tuple[float, dict[str, float]]:
    """Fit a logistic regression over the options of some questions, each question as heavy."""
    each = [(one, right, 1 / len(row.options)) for row in rows for one, right in row.options]
    if not each:
        return 0.0, dict.fromkeys(names, 0.0)
    values = np.array([[1.0, *(one.get(name, 0.0) for name in names)] for one, _, _ in each])
    right = np.array([float(is_right) for _, is_right, _ in each])
    share = np.array([weight for _, _, weight in each])
    bias, *weights = logistic(
        values, right, share * len(each) / share.sum(), first=RIDGE / 100
    ).tolist()
    return bias, dict(zip(names, weights, strict=True))


def logistic(values: Floats, right: Floats, share: Floats, *, first: float = 0.0) -> Floats:
    """Newton's steps for a logistic regression with a ridge on all but the first column (ones);
    `values` has shape (options, columns), `right` and `share` (options,); `first` is the ridge on
    the first, without which it grows without end where all are right, or none."""
    found = np.zeros(values.shape[1])
    ridge = RIDGE * np.eye(values.shape[1])
    ridge[0, 0] = first
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-np.clip(values @ found, -30, 30)))
        slope = values.T @ (share * (right - told)) - ridge @ found
        curve = (values.T * (share * told * (1 - told))) @ values + ridge
        found = found + np.linalg.solve(curve, slope)
    return found


def threshold_of(told: Sequence[Told], ways: int = 1) -> float | None:
    """Return the most generous threshold at which what is wrong is bounded, tried from the
    strictest on; None where not even that is."""
    passed = None
    for threshold in THRESHOLDS:
        wrong = sum(sure >= threshold and not is_right for sure, is_right in told)
        if bound_of(wrong, len(told), ways) > MOST_WRONG:
            break
        passed = threshold
    return passed


def bound_of(wrong: int, questions: int, ways: int = 1) -> float:
    """Return the exact one-sided 95 % bound of a share, also where the best of `ways` is kept.

    >>> round(bound_of(7, 300), 4), round(bound_of(0, 20), 3)
    (0.0434, 0.139)
    >>> round(bound_of(7, 300, ways=2), 4)
    0.0475
    """
    level = 1 - (1 - ONE_SIDED) / ways
    return clopper_pearson(wrong, questions, level)[1] if questions else 1.0


def counted(rows: Iterable[Row], told: Sequence[Told], threshold: float, ways: int = 1) -> Counted:
    """Count what is shown from a threshold on."""
    each = [(row, sure >= threshold, right) for row, (sure, right) in zip(rows, told, strict=True)]
    wrong = sum(shown and not right for _, shown, right in each)
    return Counted(
        right=sum(shown and right for _, shown, right in each),
        wrong=wrong,
        refused_rightly=sum(not shown and not row.is_answerable for row, shown, _ in each),
        bound=bound_of(wrong, len(each), ways),
    )
