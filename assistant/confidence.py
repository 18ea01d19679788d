# SPDX-License-Identifier: EUPL-1.2
"""How sure it is that the chosen sentence answers: one figure, calibrated on data.

    coverage, reach, cosine, fit, the model's choice and its own yes ──▶ 0 … 1

None of these signs is enough alone (the model's yes alone: area under the curve
.83, cosine .79, BM25 .74). The weights are those of a logistic regression that
`benchmarks/calibration.py` fits and prints; they were never fitted on held-out
questions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.evidence import Candidate


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence, each from 0 to 1."""

    coverage: float
    reach: float
    nearness: float
    fits: float
    chosen: float
    yes: float

    def values(self) -> tuple[float, ...]:
        return (self.coverage, self.reach, self.nearness, self.fits, self.chosen, self.yes)


BIAS = -6.0
WEIGHTS = (2.0, 3.5, 2.5, 1.0, 0.8, 2.0)

ANSWER_FROM = 0.5
"""Confidence from which the assistant answers; below it says that nothing answers."""

EVIDENCE_FROM = 0.12
"""Below this, the documents found do not even speak of the matter."""


def signs(candidate: Candidate, chosen: float, yes: float) -> Signs:
    """Gather what speaks for a candidate that the model chose with those probabilities."""
    nearness = min(max((candidate.cosine - 0.78) / 0.12, 0.0), 1.0)
    return Signs(candidate.coverage, candidate.reach, nearness, float(candidate.fits), chosen, yes)


def confidence(found: Signs) -> float:
    """Probability (0 to 1) that the sentence answers the question.

    >>> confidence(Signs(1, 1, 1, 1, 1, 1)) > ANSWER_FROM > confidence(Signs(0, 0, 0, 0, 0, 0))
    True
    """
    total = BIAS + sum(w * v for w, v in zip(WEIGHTS, found.values(), strict=True))
    return 1 / (1 + math.exp(-total))
