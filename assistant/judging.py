# SPDX-License-Identifier: EUPL-1.2
"""Which of a few excerpts answers, with the model's help, and what speaks for it.

Frame, Excerpt… ─▶ each read alone ─▶ the best reading ─▶ Judged(reading, signs)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.confidence import Signs, preference, signs
from assistant.excerpts import Excerpt
from assistant.prompt import Frame
from assistant.reading import Reading, readings
from assistant.seams import LanguageModel

ALONE = 3.0
"""How far ahead a reading counts at most, and where no other excerpt answers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The reading that answers best, the place of its excerpt, and what speaks for it."""

    index: int
    reading: Reading
    signs: Signs


def judge(model: LanguageModel, frame: Frame, found: Sequence[Excerpt]) -> Judged | None:
    """Read the excerpts of a question; nothing where none of them answers."""
    return choose(readings(model, frame, found))


def choose(read: Sequence[tuple[int, Reading]]) -> Judged | None:
    """Return the best of some readings, each with the place of its excerpt."""
    if not read:
        return None
    weights = [preference(signs(reading)) for _, reading in read]
    best = max(range(len(read)), key=weights.__getitem__)
    others = weights[:best] + weights[best + 1 :]
    ahead = min(weights[best] - max(others), ALONE) if others else ALONE
    index, reading = read[best]
    return Judged(index, reading, signs(reading, ahead=ahead))
