# SPDX-License-Identifier: EUPL-1.2
"""Which of a few excerpts answers, with the model's help, and how sure that is.

Frame, Excerpt… ─▶ each read alone, until one leaves no doubt ─▶ Judged(reading, confidence)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.confidence import ANSWER_FROM, ENOUGH, confidence
from assistant.excerpts import Excerpt
from assistant.prompt import Frame
from assistant.reading import Reading, read
from assistant.seams import LanguageModel


@dataclass(frozen=True, slots=True)
class Judged:
    """The reading that answers best, the place of its excerpt, and how sure that is (0 to 1)."""

    index: int
    reading: Reading
    confidence: float

    @property
    def answers(self) -> bool:
        """Whether that is sure enough to be shown."""
        return self.confidence >= ANSWER_FROM


def judge(model: LanguageModel, frame: Frame, found: Sequence[Excerpt]) -> Judged | None:
    """Read the excerpts of a question; nothing where none of them answers."""
    return choose(read(model, frame, index, excerpt) for index, excerpt in enumerate(found))


def choose(read: Iterable[Reading | None]) -> Judged | None:
    """Return the surest of some readings, in the order of their excerpts.

    Those after one that is sure enough are not even asked for.
    """
    best: Judged | None = None
    for index, reading in enumerate(read):
        if reading is None or not reading.is_borne:
            continue
        sure = confidence(reading)
        if best is None or sure > best.confidence:
            best = Judged(index, reading, sure)
        if sure >= ENOUGH:
            break
    return best
