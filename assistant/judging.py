# SPDX-License-Identifier: EUPL-1.2
"""Which of a few sentences answers, with the model's help, and what speaks for it.

    Frame, Candidate… ─▶ how likely is the question, asked back of each? ─▶ the best
                      ─▶ does it answer? Oui, Non                        ─▶ Judged(signs)

A small model finds the question that a sentence answers more surely than it judges an
answer: so each sentence is asked which question it answers, and the probability of ours
weighs it. Only the best is then asked Oui or Non.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.confidence import Signs, preference, signs
from assistant.evidence import Candidate
from assistant.prompt import Frame
from assistant.seams import LanguageModel

ALONE = 2.0
"""How far ahead a sentence counts that has no other to be compared with."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The best candidate's place among those given, what speaks for it, and how likely the
    question is after each of them (mean logarithm)."""

    index: int
    signs: Signs
    likelihoods: tuple[float, ...]


def judge(model: LanguageModel, frame: Frame, candidates: Sequence[Candidate]) -> Judged:
    """Weigh the candidates of a question; there is at least one."""
    likelihoods = [
        model.likelihood(frame.ask_back(index), frame.question) for index in range(len(candidates))
    ]
    weights = [preference(c, likely) for c, likely in zip(candidates, likelihoods, strict=True)]
    best = max(range(len(candidates)), key=weights.__getitem__)
    others = weights[:best] + weights[best + 1 :]
    return Judged(
        best,
        signs(
            candidates[best],
            yes=model.preference(frame.judge(best), *frame.verdicts()),
            ahead=weights[best] - max(others) if others else ALONE,
        ),
        tuple(likelihoods),
    )
