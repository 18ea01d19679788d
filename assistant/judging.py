# SPDX-License-Identifier: EUPL-1.2
"""Which of a few excerpts answers, with the model's help, and how sure that is.

Frame, Excerpt… ─▶ each read alone, until one leaves no doubt ─▶ Judged(reading, confidence)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.confidence import ANSWER_FROM, ENOUGH, WEEK_FROM, confidence, signs
from assistant.evidence import is_day, names_day
from assistant.excerpts import Excerpt
from assistant.prompt import Frame
from assistant.questions import Question, QuestionKind
from assistant.reading import Reading, read
from assistant.seams import LanguageModel

WHOLE = 0.99
"""A passage's reach, from 0 to 1, that is 1 but for rounding: it holds every word asked."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The reading that answers best, the place of its excerpt, and how sure that is (0 to 1)."""

    index: int
    reading: Reading
    confidence: float

    def answers(self, question: Question) -> bool:
        """Whether that is sure enough to be shown."""
        carrier = self.reading.carrier
        asks_a_week = question.kind is QuestionKind.HOURS and not names_day(question.text)
        is_week = asks_a_week and is_day(carrier.text) and carrier.reach > WHOLE
        return self.confidence >= (WEEK_FROM if is_week else ANSWER_FROM)


def judge(model: LanguageModel, frame: Frame, found: Sequence[Excerpt]) -> Judged | None:
    """Read the excerpts of a question; nothing where none of them answers."""
    return choose(read(model, frame, index, excerpt) for index, excerpt in enumerate(found))


def choose(read: Iterable[Reading | None]) -> Judged | None:
    """Return the surest of some readings, in the order of their excerpts.

    Those after one that is sure enough are not even asked for.
    """
    best: Judged | None = None
    for index, reading in enumerate(read):
        if reading is None:
            continue
        sure = confidence(signs(reading))
        if best is None or sure > best.confidence:
            best = Judged(index, reading, sure)
        if sure >= ENOUGH:
            break
    return best
