# SPDX-License-Identifier: EUPL-1.2
"""Which of a few excerpts answers, with the model's help, and how sure that is.

Frame, Excerpt…, Selection ─▶ each read alone, the most promising first, until one leaves no doubt
                           ─▶ Judged(reading, confidence)
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from assistant.answers import Looking
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
) -> Generator[Looking, None, Judged | None]:
    """Read the excerpts of a question, telling each before it is read; return nothing where none
    of them answers, raise PromptTooLong where none of them can be read with such a question."""
    best: Judged | None = None
    too_long = list[PromptTooLong]()
    order = reading_order(found, selection)
    for index in order:
        stop_if_gone()
        yield Looking(passages=(found[index].passage,))
        try:
            best = _surer(best, index, read(model, frame, index, found[index], selection))
        except PromptTooLong as error:  # another one may be shorter
            too_long.append(error)
        if best and best.confidence >= ENOUGH:
            break
    if too_long and len(too_long) == len(order):
        raise too_long[0]
    return best


def reading_order(found: Sequence[Excerpt], selection: Selection | None) -> list[int]:
    """Places of the excerpts, that of the likeliest line first."""
    places = list(range(len(found)))
    if selection:
        places.sort(key=lambda place: -selection.promise(found[place]))
    return places


def choose(readings: Iterable[tuple[int, Reading | None]]) -> Judged | None:
    """Return the surest of some readings, each with the place of its excerpt.

    Those after one that is sure enough are not even asked for.
    """
    best: Judged | None = None
    for index, reading in readings:
        best = _surer(best, index, reading)
        if best and best.confidence >= ENOUGH:
            break
    return best


def _surer(best: Judged | None, index: int, reading: Reading | None) -> Judged | None:
    """Return the surer of what was read before and one more reading."""
    if reading is None or not reading.is_borne:
        return best
    sure = confidence(reading)
    return Judged(index, reading, sure) if best is None or sure > best.confidence else best
