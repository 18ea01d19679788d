# SPDX-License-Identifier: EUPL-1.2
"""How likely each line answers, in the eyes of a model that was taught to select.

    Candidate… ─▶ Excerpt…, more and shorter ones ─one reading─▶ Selection

What the model answers from one excerpt alone says little of the lines beside it. Here it sees those
of four passages at once, writes nothing, and tells each from the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evidence import Candidate
from assistant.excerpts import CUT, Excerpt, excerpts
from assistant.prompt import MAX_HEADING_CHARS
from assistant.seams import Extract, LanguageModel, SelectingModel
from assistant.understanding.questions import Question
from corpus.documents import Passage

SELECTED_CHARS = (600, 400, 300, 300)
"""How many characters of each passage are seen: some 500 tokens in all."""

LEAST = -6.5
"""Log-odds of a line that was not seen, and of any that is less likely still."""

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Selection:
    """Log-odds of each line by its passage and its text."""

    lines: Mapping[Line, float]

    @property
    def best(self) -> float:
        return max(self.lines.values(), default=LEAST)

    def of(self, quotes: Sequence[Candidate]) -> float:
        """Return the odds of the likeliest of some sentences."""
        return max((self.lines.get(_line(quote), LEAST) for quote in quotes), default=LEAST)

    def promise(self, excerpt: Excerpt) -> float:
        """Return the odds of the likeliest sentence that may be quoted of an excerpt."""
        return self.of(excerpt.candidates)


def seen(
    model: LanguageModel, question: Question, candidates: Sequence[Candidate]
) -> tuple[Passage, ...]:
    """Return the passages whose lines `select` shows, the likeliest first; none if it does not."""
    if not isinstance(model, SelectingModel):
        return ()
    return tuple(excerpt.passage for excerpt in _shown(question, candidates))


def select(
    model: LanguageModel, question: Question, candidates: Sequence[Candidate]
) -> Selection | None:
    """Show the lines around the likeliest candidates; nothing for a model that was taught none."""
    if not isinstance(model, SelectingModel):
        return None
    shown = _shown(question, candidates)
    extracts = [
        Extract(excerpt.passage.heading[-MAX_HEADING_CHARS:], lines_of(excerpt))
        for excerpt in shown
    ]
    odds = model.line_odds(question.text, extracts) if shown else None
    if odds is None:
        return None
    lines = [
        (one.passage.id, line) for one, e in zip(shown, extracts, strict=True) for line in e.lines
    ]
    likeliest = dict[Line, float]()
    for line, told in zip(lines, odds, strict=True):
        likeliest[line] = max(told, likeliest.get(line, LEAST))
    return Selection(likeliest)


def _shown(question: Question, candidates: Sequence[Candidate]) -> list[Excerpt]:
    return excerpts(candidates, question.years, SELECTED_CHARS)


def lines_of(excerpt: Excerpt) -> tuple[str, ...]:
    """Return the lines of an excerpt, without the marks of what was cut out."""
    return tuple(line for line in excerpt.text.split("\n") if line != CUT)


def _line(candidate: Candidate) -> Line:
    return candidate.passage.id, " ".join(candidate.text.split())
