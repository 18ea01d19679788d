# SPDX-License-Identifier: EUPL-1.2
"""How sure it is that a sentence answers: one figure, calibrated on data.

    reach, cosine, BM25, fit, the model's yes ──▶ 0 … 1

None of these signs is enough alone. The weights are those of a logistic
regression that `benchmarks/calibration.py` fits and prints (128 questions on five
towns, area under the curve .86); it never sees held-out questions.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from assistant.evidence import Candidate

HALF_LEXICAL = 1.6
"""How many of the rarest words count for one half; an answer's passage often has 2 to 5."""

YES_SHARE = 0.4
"""How much the model's yes (log-odds) counts beside the weigher's score to pick a sentence."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence, each from 0 to 1."""

    reach: float
    nearness: float
    lexical: float
    fits: float
    yes: float


BIAS = -5.96
WEIGHTS = (0.32, 1.61, 2.80, 1.68, 3.98)

ANSWER_FROM = 0.55
"""Confidence from which the assistant answers; below it says that nothing answers. On the 128
questions of the fit: 34 right and 7 wrong are shown at .55, 37 and 15 at .50, 24 and 5 at .60."""

SPEAKS_FROM = 0.25
"""Share of the question's words (by rarity) from which a passage speaks of the matter at all."""


def preference(candidate: Candidate, yes: float) -> float:
    """How good a quote a candidate makes, to compare it with the others of its question."""
    odds = min(max(yes, 1e-4), 1 - 1e-4)
    return candidate.score + YES_SHARE * math.log(odds / (1 - odds))


def signs(candidate: Candidate, yes: float) -> Signs:
    """Gather what speaks for a candidate to which the model gives that probability."""
    return Signs(
        reach=candidate.reach,
        nearness=candidate.nearness,
        lexical=candidate.lexical / (candidate.lexical + HALF_LEXICAL),
        fits=float(candidate.fits),
        yes=yes,
    )


def confidence(found: Signs) -> float:
    """Probability (0 to 1) that the sentence answers the question.

    >>> confidence(Signs(1, 1, 1, 1, 1)) > ANSWER_FROM > confidence(Signs(0, 0, 0, 0, 0))
    True
    """
    total = BIAS + sum(w * v for w, v in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-total))
