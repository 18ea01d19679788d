# SPDX-License-Identifier: EUPL-1.2
"""How sure it is that a reading answers: one figure, calibrated on data.

    words, vector, form, what the model said and how surely ──▶ 0 … 1

None of these signs is enough alone. The weights are those of a logistic regression that
`benchmarks/calibration.py` fits and prints; it never sees held-out questions.
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

    `reach` to `fits`, `carried` and `within` go from 0 to 1, `scale` from -1 to 1; `unknown` is a
    logarithm from `LEAST_UNKNOWN` (the model has no doubt that it can answer) to 0; `ahead` is how
    far it is before the next reading.
    """

    reach: float
    found: float
    lexical: float
    fits: float
    scale: float
    unknown: float
    carried: float
    within: float
    ahead: float


CHOICE = (1.4, 2.1, 0.3, 1.7, 1.5, -0.25, 0.8, 1.05, 0.0)
"""What each sign counts for between the readings of one question."""

BIAS = -6.83
WEIGHTS = (0.18, 2.31, 1.53, 1.13, 1.5, -0.33, 0.38, 1.72, 0.19)

ANSWER_FROM = 0.65
"""Confidence from which the assistant answers; below it says that nothing answers."""

SPEAKS_FROM = 0.10
"""Share of the question's words (by rarity) from which a passage speaks of the matter at all:
below, nothing is read. Of 170 questions that may be tuned on, it ends 5 of 55 to be refused and
none of the 115 others; .25 ended 21 and 28, since people ask in other words than acts."""


def signs(reading: Reading, *, ahead: float = 0.0) -> Signs:
    """Gather what speaks for a reading."""
    carrier = reading.carrier
    return Signs(
        reach=carrier.reach,
        found=carrier.found,
        lexical=carrier.lexical / (carrier.lexical + HALF_LEXICAL),
        fits=float(carrier.fits),
        scale=float(carrier.scale),
        unknown=max(reading.unknown, LEAST_UNKNOWN),
        carried=reading.carried,
        within=reading.within,
        ahead=ahead,
    )


def preference(found: Signs) -> float:
    """How good an answer a reading makes, to compare it with the others of its question."""
    weight: float = sum(w * v for w, v in zip(CHOICE, astuple(found), strict=True))
    return weight


def confidence(found: Signs) -> float:
    """Probability (0 to 1) that the reading answers the question."""
    total: float = BIAS + sum(w * v for w, v in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-total))
