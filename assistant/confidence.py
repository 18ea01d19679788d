# SPDX-License-Identifier: EUPL-1.2
"""How sure it is that a sentence answers: one figure, calibrated on data.

    coverage, reach, cosine, rank, fit, the model's yes ──▶ 0 … 1

None of these signs is enough alone (on public questions with and without an
answer, the weigher's score alone: area under the curve .92, cosine .90, BM25
.86, the model's yes .79). The weights are those of a logistic regression that
`benchmarks/calibration.py` fits and prints; it never sees held-out questions.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from assistant.evidence import Candidate

HALF_LEXICAL = 10.0
"""The passage's BM25 that counts for one half; an answer's passage often has 15 to 30."""

YES_SHARE = 0.4
"""How much the model's yes (log-odds) counts beside the weigher's score to pick a sentence."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence; each about 0 to 1, `score` and `yes` a little beyond."""

    coverage: float
    reach: float
    nearness: float
    lexical: float
    fits: float
    yes: float


BIAS = -6.0
WEIGHTS = (2.0, 3.5, 2.5, 2.0, 1.0, 2.0)

ANSWER_FROM = 0.5
"""Confidence from which the assistant answers; below it says that nothing answers."""

EVIDENCE_FROM = 0.12
"""Below this, the documents found do not even speak of the matter."""


def preference(candidate: Candidate, yes: float) -> float:
    """How good a quote a candidate makes, to compare it with the others of its question."""
    odds = min(max(yes, 1e-4), 1 - 1e-4)
    return candidate.score + YES_SHARE * math.log(odds / (1 - odds))


def signs(candidate: Candidate, yes: float) -> Signs:
    """Gather what speaks for a candidate to which the model gives that probability."""
    return Signs(
        coverage=candidate.coverage,
        reach=candidate.reach,
        nearness=candidate.nearness,
        lexical=candidate.lexical / (candidate.lexical + HALF_LEXICAL),
        fits=float(candidate.fits),
        yes=yes,
    )


def confidence(found: Signs) -> float:
    """Probability (0 to 1) that the sentence answers the question.

    >>> confidence(Signs(1, 1, 1, 1, 1, 1)) > ANSWER_FROM > confidence(Signs(0, 0, 0, 0, 0, 0))
    True
    """
    total = BIAS + sum(w * v for w, v in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-total))
