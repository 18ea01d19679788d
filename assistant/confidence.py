# SPDX-License-Identifier: EUPL-1.2
"""How sure it is that a sentence answers: one figure, calibrated on data.

    words, vector, form, the model's two opinions ──▶ 0 … 1

None of these signs is enough alone. The weights are those of a logistic
regression that `benchmarks/calibration.py` fits and prints; it never sees held-out questions.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from assistant.evidence import Candidate

HALF_LEXICAL = 1.6
"""How many of the rarest words count for one half; an answer's passage often has 2 to 5."""

LIKELIHOOD_SHARE = 2.6
"""How much the question's likelihood counts beside the weigher's score to pick a sentence."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence.

    `coverage` to `fits` go from 0 to 1, `scale` from -1 to 1; `yes` is the probability that the
    model gives to « Oui », `ahead` how far the sentence is before the next one.
    """

    coverage: float
    found: float
    nearness: float
    lexical: float
    fits: float
    scale: float
    yes: float
    ahead: float


BIAS = -11.84
WEIGHTS = (-1.05, 4.45, 0.54, 3.95, 3.36, 2.33, 6.15, 0.57)

ANSWER_FROM = 0.60
"""Confidence from which the assistant answers; below it says that nothing answers."""

SPEAKS_FROM = 0.25
"""Share of the question's words (by rarity) from which a passage speaks of the matter at all."""


def preference(candidate: Candidate, likelihood: float) -> float:
    """How good a quote a candidate makes, to compare it with the others of its question."""
    return candidate.score + LIKELIHOOD_SHARE * likelihood


def signs(candidate: Candidate, *, yes: float, ahead: float) -> Signs:
    """Gather what speaks for a candidate."""
    return Signs(
        coverage=candidate.coverage,
        found=candidate.found,
        nearness=candidate.nearness,
        lexical=candidate.lexical / (candidate.lexical + HALF_LEXICAL),
        fits=float(candidate.fits),
        scale=float(candidate.scale),
        yes=yes,
        ahead=ahead,
    )


def confidence(found: Signs) -> float:
    """Probability (0 to 1) that the sentence answers the question.

    >>> sure = confidence(Signs(1, 1, 1, 1, 1, 0, 1, 2))
    >>> sure > ANSWER_FROM > confidence(Signs(0, 0, 0, 0, 0, 0, 0, 0))
    True
    """
    total = BIAS + sum(w * v for w, v in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-total))
