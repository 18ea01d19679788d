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

HALF_LEXICAL = 1.6
"""How many of the rarest words count for one half; an answer's passage often has 2 to 5."""

LEAST_UNKNOWN = -6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for a reading.

    They go from 0 to 1, `scale` from -1 to 1. `first` is 1 where the sentence that carries the
    answer is also the likeliest without the model, 1/2 where it is the second. `answerable` is the
    probe's log-odds, `MOST_ODDS` at most either way; where the model has no probe, `unknown` tells
    instead, a logarithm from `LEAST_UNKNOWN` (no doubt that it can answer) to 0.
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
    unknown: float | None = None
    answerable: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts for, in the order of `Signs`, the last for its doubt or its probe."""

    bias: float
    signs: tuple[float, ...]

    def __call__(self, found: Signs) -> float:
        """Probability (0 to 1) that the reading answers the question."""
        told = (value for value in astuple(found) if value is not None)
        total = self.bias + sum(w * v for w, v in zip(self.signs, told, strict=True))
        return 1 / (1 + math.exp(-total))


BY_DOUBT = Weights(-7.0, (0.18, 2.31, 1.53, 1.13, 1.5, -3.0, 1.0, 0.38, 1.72, -0.33))
"""For a model that only tells its doubt."""

BY_PROBE = Weights(-3.62, (0.0, 1.0, 0.0, 0.8, 0.5, -3.0, 1.3, 0.4, 0.8, 0.6))
"""For a model with a probe: beside it, words that are counted say no more."""

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
    carrier, doubt, odds = reading.carrier, reading.unknown, reading.answerable
    return Signs(
        reach=carrier.reach,
        found=carrier.found,
        lexical=carrier.lexical / (carrier.lexical + HALF_LEXICAL),
        fits=float(carrier.fits),
        scale=float(carrier.scale),
        missed=carrier.missed,
        first=1 / (1 + reading.rank),
        carried=reading.carried,
        within=reading.within,
        unknown=None if doubt is None else max(doubt, LEAST_UNKNOWN),
        answerable=None if odds is None else max(-MOST_ODDS, min(odds, MOST_ODDS)),
    )


def confidence(found: Signs) -> float:
    """Probability (0 to 1) that the reading answers the question."""
    return (BY_DOUBT if found.answerable is None else BY_PROBE)(found)
