# SPDX-License-Identifier: EUPL-1.2
"""What answers, a line or what the model read in an excerpt, and how sure that is.

Frame, Excerpt…, Selection ─▶ each read alone, the most promising first, until one leaves no doubt
                           ─▶ Judged(reading or line, confidence)
                           ─▶ or several at once, then the one that is quoted alone
                           ─▶ or none, where its likeliest lines answered more

A model that was calibrated is judged by its own figures, its likeliest lines beside what it reads
(`calibration.py`, `options.py`), and reads in the way in which it then answered more; any other by
those of `confidence.py`, and its readings alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from assistant.answers import Looking
from assistant.calibration import LINES, TOGETHER, Calibration
from assistant.confidence import ANSWER_FROM, ENOUGH, confidence
from assistant.errors import PromptTooLong
from assistant.evidence import Candidate
from assistant.excerpts import EXCERPT_CHARS, Excerpt
from assistant.leaving import stop_if_gone
from assistant.options import LikelyLine, Read, as_read, options
from assistant.prompt import Frame
from assistant.reading import Reading, read
from assistant.reading_together import TOGETHER_CHARS, read_together
from assistant.seams import LanguageModel, StructuredModel
from assistant.selection import Selection


@dataclass(frozen=True, slots=True)
class Judged:
    """The reading that answers best, the place of its excerpt, and how sure that is (0 to 1)."""

    index: int
    reading: Reading
    confidence: float
    least: float = ANSWER_FROM
    """From which confidence on it is shown."""

    @property
    def answers(self) -> bool:
        """Whether that is sure enough to be shown."""
        return self.confidence >= self.least

    @property
    def carrier(self) -> Candidate:
        """The sentence that carries the answer."""
        return self.reading.carrier

    @property
    def said(self) -> str:
        return self.reading.said


@dataclass(frozen=True, slots=True)
class LineJudged:
    """A line that answers as it stands, and how sure that is (0 to 1)."""

    carrier: Candidate
    confidence: float
    least: float

    @property
    def answers(self) -> bool:
        """Whether that is sure enough to be shown."""
        return self.confidence >= self.least

    @property
    def said(self) -> str:
        return self.carrier.text


@dataclass(frozen=True, slots=True)
class Judge:
    """How one model was calibrated, and the lines that may be shown beside what it reads."""

    fitted: Calibration
    lines: Sequence[LikelyLine]

    def surest(self, reads: Sequence[Read]) -> Judged | LineJudged | None:
        """Return what is surest of the lines and of what was read so far."""
        told = [(self.fitted.probability(one.features), one) for one in options(self.lines, reads)]
        sure, best = max(told, key=lambda one: one[0], default=(0.0, None))
        least = self.fitted.threshold
        if best is None or best.read is None:
            return LineJudged(best.line, sure, least) if best and best.line else None
        return Judged(best.read.index, best.read.reading, sure, least)

    @property
    def enough(self) -> float:
        """From which probability on nothing more is read: a fifth of the doubt that is let pass."""
        return 1 - (1 - self.fitted.threshold) / 5


def judge(
    model: LanguageModel,
    frame: Frame,
    found: Sequence[Excerpt],
    selection: Selection | None = None,
    by: Judge | None = None,
) -> Generator[Looking, None, Judged | LineJudged | None]:
    """Read the excerpts of a question, telling each before it is read; return nothing where none
    of them answers, raise PromptTooLong where none of them can be read with such a question.
    `by`: the judge of a model that was calibrated."""
    if by and by.fitted.way == LINES:
        return by.surest(())
    if by and by.fitted.way == TOGETHER and isinstance(model, StructuredModel):
        return by.surest((yield from reads_together(model, frame, found, selection)))
    best: Judged | None = None
    surest: Judged | LineJudged | None = None
    reads = list[Read]()
    too_long = list[PromptTooLong]()
    order = reading_order(found, selection)
    for index in order:
        stop_if_gone()
        yield Looking(passages=(found[index].passage,))
        try:
            reading = read(model, frame, index, found[index], selection)
        except PromptTooLong as error:  # another one may be shorter
            too_long.append(error)
            continue
        if by is None:
            surest = best = _surer(best, index, reading)
        else:
            if reading is not None and reading.is_borne:
                reads.append(as_read(index, reading, found[index], frame.question, selection))
            surest = by.surest(reads)
        if surest and surest.confidence >= (by.enough if by else ENOUGH):
            break
    if too_long and len(too_long) == len(order):
        raise too_long[0]
    return surest


def chars_of(way: str) -> tuple[int, ...]:
    """Return how many characters of each passage are read."""
    return TOGETHER_CHARS if way == TOGETHER else EXCERPT_CHARS


def reads_together(
    model: StructuredModel, frame: Frame, found: Sequence[Excerpt], selection: Selection | None
) -> Generator[Looking, None, list[Read]]:
    """Read the excerpts of a question at once, then the one whose quotes carry most of the answer
    alone: whether both come to the same is known of any model."""
    yield Looking(passages=tuple(excerpt.passage for excerpt in found))
    reads = [
        as_read(index, reading, found[index], frame.question, selection, is_together=True)
        for index, reading in read_together(model, frame, found, selection)
        if reading.is_borne
    ]
    best = max(reads, key=lambda one: (one.reading.carried, one.lead), default=None)
    if best is None:
        return []
    stop_if_gone()
    yield Looking(passages=(found[best.index].passage,))
    with suppress(PromptTooLong):
        alone = read(model, frame, best.index, found[best.index], selection)
        if alone and alone.is_borne:
            reads.append(as_read(best.index, alone, found[best.index], frame.question, selection))
    return reads


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
