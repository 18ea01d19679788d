# SPDX-License-Identifier: EUPL-1.2
"""How sure it is that a reading answers: one figure, calibrated on data.

    words, vector, form, what the model said, its doubt or its probe ──▶ 0 … 1

None of these signs is enough alone. The weights are near those of a logistic regression that
`benchmarks/calibration.py` fits and prints; it never sees held-out questions. The one figure
chooses between the readings of a question, ends the reading, and decides whether to answer.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from assistant.reading import Reading
from assistant.selection import LEAST

HALF_LEXICAL = 1.6
"""How many of the rarest words count for one half; an answer's passage often has 2 to 5."""

LEAST_UNKNOWN = -6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for a reading.

    They go from 0 to 1, `scale` from -1 to 1. `first` is 1 where the sentence that carries the
    answer is also the likeliest without the model, 1/2 where it is the second; `covered` is what it
    holds of the question's words: more than enough is an echo. `answerable` and `alone` are the
    probe's log-odds for the excerpt and for the quoted sentences, `MOST_ODDS` at most either way;
    where the model has no probe, `unknown` tells instead, a logarithm from `LEAST_UNKNOWN` (no
    doubt that it can answer) to 0. What a model does not tell is 0. `selected` and `behind` are
    log-odds of a model that was taught to select, the first counted from `LEAST` up. `lacks` is 1
    where another passage holds more of the question, 2 for hours.
    """

    reach: float
    found: float
    lexical: float
    fits: float
    scale: float
    missed: float
    first: float
    carried: float
    within: float
    covered: float
    unknown: float = 0.0
    answerable: float = 0.0
    alone: float = 0.0
    selected: float = 0.0
    behind: float = 0.0
    lacks: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts for, in the order of `Signs`."""

    bias: float
    signs: tuple[float, ...]

    def __call__(self, found: Signs) -> float:
        """Probability (0 to 1) that the reading answers the question."""
        total = self.bias + sum(w * v for w, v in zip(self.signs, astuple(found), strict=True))
        return 1 / (1 + math.exp(-total))


BY_DOUBT = Weights(
    -7.0, (0.18, 2.31, 1.53, 1.13, 1.5, -3.0, 1.0, 0.38, 1.72, 0.0, -0.33, *(0.0,) * 5)
)
"""For a model that only tells its doubt."""

BY_PROBE = Weights(
    -9.95, (0.0, 5.0, 1.0, 1.2, 0.5, -3.0, 1.9, 3.3, 0.0, -2.2, 0.0, 0.41, 0.3, *(0.0,) * 3)
)
"""For a model with a probe. Search's score has a small spread, hence its weight; the words of the
question in the sentence are in it already, hence the sign of what repeats them. The bias puts
`ANSWER_FROM` where 3 % of the tunable questions are answered wrongly: no probability, strictly."""

BY_SELECTOR = Weights(
    -8.77,
    (0.0, 3.4, 2.2, 0.7, 1.1, -7.4, 1.5, 0.7, 0.0, 0.0, 0.0, 0.2, 0.2, 0.3, 0.3, -0.9),
)
"""For a model that was taught to select lines as well: a fit with more of a ridge. The bias puts
`ANSWER_FROM` where 3 % of the questions that calibrate are answered wrongly."""

MOST_ODDS = 4.0

ANSWER_FROM = 0.70
"""Confidence from which the assistant answers; below it says that nothing answers."""

ENOUGH = 0.75
"""Confidence from which the other excerpts are not read."""

SPEAKS_FROM = 0.10
"""Share of the question's words (by rarity) from which a passage speaks of the matter at all:
below, nothing is read. People ask in other words than acts: `benchmarks/calibration.py` prints
how many questions it ends."""


def signs(reading: Reading) -> Signs:
    """Gather what speaks for a reading."""
    carrier = reading.carrier
    return Signs(
        reach=carrier.reach,
        found=carrier.found,
        lexical=carrier.lexical / (carrier.lexical + HALF_LEXICAL),
        fits=float(carrier.fits),
        scale=float(carrier.scale),
        missed=carrier.missed,
        first=1 / (1 + reading.rank),
        carried=max(reading.carried, reading.together),
        within=reading.within,
        covered=carrier.coverage,
        unknown=max(reading.unknown or 0.0, LEAST_UNKNOWN),
        answerable=_bounded(reading.answerable),
        alone=_bounded(reading.alone),
        selected=0.0 if reading.selected is None else reading.selected - LEAST,
        behind=reading.behind or 0.0,
        lacks=carrier.lacks,
    )


def _bounded(odds: float | None) -> float:
    return max(-MOST_ODDS, min(odds or 0.0, MOST_ODDS))


def confidence(reading: Reading) -> float:
    """Probability (0 to 1) that the reading answers the question."""
    if reading.selected is not None:
        return BY_SELECTOR(signs(reading))
    return (BY_DOUBT if reading.answerable is None else BY_PROBE)(signs(reading))
