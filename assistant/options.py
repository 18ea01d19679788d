# SPDX-License-Identifier: EUPL-1.2
"""What may be shown for a question: its likeliest lines word for word, and what the model read.

    Candidate…, Selection ─▶ LikelyLine… ─┐
    excerpts, as read     ─▶ Reading…    ─┴▶ Option… ─calibration▶ the surest

A line needs no word of the model: what it writes is another way to the same place, and where both
meet, both are surer. Each option has the same features, so that one figure judges all; what a model
does not tell is 0 (`calibration.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.confidence import LEAST_UNKNOWN, MOST_ODDS, confidence
from assistant.evidence import Candidate
from assistant.excerpts import Excerpt
from assistant.grounding import numbers
from assistant.items import with_neighbours
from assistant.leads import Stretch, lead_features, lead_model, ranked
from assistant.leaving import stop_if_gone
from assistant.prompt import Frame
from assistant.reading import Reading
from assistant.seams import LanguageModel, ProbedModel
from assistant.selection import Selection
from assistant.understanding.questions import Question

LINES = 2
"""How many of the likeliest lines may be shown alone: the probe is asked of each, a second."""

NO_RIVAL = -9.0
"""Log-odds of the likeliest other line, where there is none."""

SURE = 1e-4
"""Probabilities nearer to 0 or 1 are not told apart."""


@dataclass(frozen=True, slots=True)
class LikelyLine:
    """A line that may answer alone: what would be shown of it, the log-odds that it answers by what
    is known before a word is written, and by the probe on it alone (None: not asked)."""

    candidate: Candidate
    shown: Stretch
    lead: float
    alone: float | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of the excerpt at a place, what would be quoted of it, the log-odds of its
    likeliest line, and whether other passages were read with it."""

    index: int
    reading: Reading
    shown: Stretch
    lead: float
    is_together: bool = False

    def says_as(self, other: Read) -> bool:
        """Whether two ways of reading come to the same: the same place, the same figures."""
        is_another = self.is_together != other.is_together
        return (
            is_another
            and self.shown.overlaps(other.shown)
            and numbers(self.reading.said) == numbers(other.reading.said)
        )


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be shown, a line or a reading, and what speaks for it (`FEATURES`)."""

    features: Mapping[str, float]
    shown: Stretch
    line: Candidate | None = None
    read: Read | None = None


def likely_lines(
    model: LanguageModel,
    question: Question,
    candidates: Sequence[Candidate],
    selection: Selection | None,
) -> list[LikelyLine]:
    """Return the likeliest lines, none over another: those that may be shown, and the next one."""
    lines = list[LikelyLine]()
    for number, (probability, candidate, shown) in enumerate(
        ranked(question, candidates, selection)[: LINES + 1]
    ):
        alone = None
        if number < LINES and isinstance(model, ProbedModel):
            stop_if_gone()
            frame = Frame(question, [Excerpt(shown.passage, shown.text, (candidate,))])
            alone = model.answerability(frame.read(0))
        lines.append(LikelyLine(candidate, shown, _odds(probability), alone))
    return lines


def as_read(
    index: int,
    reading: Reading,
    excerpt: Excerpt,
    question: str,
    selection: Selection | None,
    *,
    is_together: bool = False,
) -> Read:
    """Return a reading with what would be quoted of it."""
    carriers = reading.carriers(excerpt, question)
    quotes = with_neighbours(carriers, question)
    passage = excerpt.passage
    shown = Stretch(passage, quotes[0].start - passage.start, quotes[-1].end - passage.start)
    tells = lead_model(selects=selection is not None).lines
    likeliest = max(tells.probability(lead_features(one, selection)) for one in carriers)
    return Read(index, reading, shown, _odds(likeliest), is_together)


def options(lines: Sequence[LikelyLine], reads: Sequence[Read]) -> list[Option]:
    """Return what may be shown, with what speaks for each."""
    return [
        *(_line(line, lines, reads) for line in lines[:LINES]),
        *(_reading(read, lines, reads) for read in reads),
    ]


def _line(line: LikelyLine, lines: Sequence[LikelyLine], reads: Sequence[Read]) -> Option:
    meeting = [read for read in reads if read.shown.overlaps(line.shown)]
    rival = max((other.lead for other in lines if other is not line), default=NO_RIVAL)
    told = [_bounded(read.reading.answerable) for read in meeting]
    features = {
        "lead": line.lead,
        "rival": rival,
        "alone": _bounded(line.alone),
        "answerable": max(told, default=0.0),
        "agrees": float(bool(meeting)),
        **_both_ways(meeting),
    }
    return Option(features, line.shown, line=line.candidate)


def _reading(read: Read, lines: Sequence[LikelyLine], reads: Sequence[Read]) -> Option:
    reading = read.reading
    same = [other for other in reads if read.says_as(other)]
    tells = same[0].reading if same and read.is_together else reading  # odds of one passage alone
    others = [line.lead for line in lines if not line.shown.overlaps(read.shown)]
    features = {
        "lead": read.lead,
        "rival": max(others, default=NO_RIVAL),
        "figure": _odds(confidence(reading)),
        "alone": _bounded(tells.alone),
        "answerable": _bounded(tells.answerable),
        "doubt": max(tells.unknown or 0.0, LEAST_UNKNOWN),
        "written": 1.0,
        "carried": max(reading.carried, reading.together),
        "agrees": float(any(line.shown.overlaps(read.shown) for line in lines[:1])),
        **_both_ways([read, *same]),
    }
    return Option(features, read.shown, read=read)


def _both_ways(reads: Sequence[Read]) -> dict[str, float]:
    """Whether several passages were read at once, and one of them alone to the same end; nothing of
    a model that reads each alone."""
    if not any(read.is_together for read in reads):
        return {}
    return {"together": 1.0, "again": float(not all(read.is_together for read in reads))}


def _odds(probability: float) -> float:
    bounded = min(max(probability, SURE), 1 - SURE)
    return math.log(bounded / (1 - bounded))


def _bounded(odds: float | None) -> float:
    return max(-MOST_ODDS, min(odds or 0.0, MOST_ODDS))
