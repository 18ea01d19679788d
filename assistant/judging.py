# SPDX-License-Identifier: EUPL-1.2
"""Which of a few excerpts answers, with the model's help, and how sure that is.

Frame, Excerpt…, Selection ─▶ each read alone, the most promising first, until one leaves no doubt
                           ─▶ Judged(reading, confidence)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.confidence import ANSWER_FROM, ENOUGH, confidence
from assistant.errors import PromptTooLong
from assistant.excerpts import Excerpt
from assistant.leaving import stop_if_gone
from assistant.prompt import Frame
from assistant.reading import Reading, read
from assistant.seams import LanguageModel
from assistant.selection import Selection


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


def judge(
    model: LanguageModel,
    frame: Frame,
    found: Sequence[Excerpt],
    selection: Selection | None = None,
) -> Judged | None:
    """Read the excerpts of a question; nothing where none of them answers, PromptTooLong where none
    of them can be read with such a question."""
    order = reading_order(found, selection)
    return choose(_readings(model, frame, found, selection, order))


def _readings(
    model: LanguageModel,
    frame: Frame,
    found: Sequence[Excerpt],
    selection: Selection | None,
    order: Sequence[int],
) -> Iterator[tuple[int, Reading | None]]:
    too_long = list[PromptTooLong]()
    for index in order:
        stop_if_gone()
        try:
            yield index, read(model, frame, index, found[index], selection)
        except PromptTooLong as error:  # another one may be shorter
            too_long.append(error)
    if too_long and len(too_long) == len(order):
        raise too_long[0]


def reading_order(found: Sequence[Excerpt], selection: Selection | None) -> list[int]:
    """Places of the excerpts, that of the likeliest line first."""
    places = list(range(len(found)))
    if selection:
        places.sort(key=lambda place: -selection.promise(found[place]))
    return places


def choose(read: Iterable[tuple[int, Reading | None]]) -> Judged | None:
    """Return the surest of some readings, each with the place of its excerpt.

    Those after one that is sure enough are not even asked for.
    """
    best: Judged | None = None
    for index, reading in read:
        if reading is None or not reading.is_borne:
            continue
        sure = confidence(reading)
        if best is None or sure > best.confidence:
            best = Judged(index, reading, sure)
        if sure >= ENOUGH:
            break
    return best
