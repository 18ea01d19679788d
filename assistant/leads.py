# SPDX-License-Identifier: EUPL-1.2
"""Where to read when no answer is sure: the one to three likeliest lines, quoted word for word.

    Candidate…, Selection ─▶ LeadFeatures ─logistic model▶ probability ─floor▶ Lead…, three at most

A lead is a line with what it cannot do without beside it, never a sentence of the model. The model
of `leads.json` is fitted by `benchmarks/leads.py` on questions that may be tuned on: the weights of
named features, for models that were taught to select lines and for those that were not, and a
floor, below which a line is no better than none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from assistant.answers import Citation, Lead
from assistant.evidence import Candidate
from assistant.items import with_neighbours
from assistant.selection import LEAST, Selection
from assistant.standing import is_over
from assistant.understanding.questions import Question
from corpus.documents import Passage

MOST = 3
MOST_CHARS = 400
"""A lead is read at a glance."""

HALF_LEXICAL = 1.6
"""How many of the rarest words count for one half, as the judge counts them."""

ARTEFACT = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFeatures:
    """What speaks for a line, without a word being written.

    `selected` is the selector's log-odds above `LEAST`, `behind` how far that is behind the
    likeliest line's (0 or less), `seen` 1 where the selector saw the line; all 0 without a
    selector. `first` is 1 for the weigher's likeliest line, 1/2 for the second. The others are the
    weigher's (`Candidate`).
    """

    selected: float
    behind: float
    seen: float
    first: float
    coverage: float
    reach: float
    found: float
    nearness: float
    lexical: float
    fits: float
    told: float
    scale: float
    missed: float
    lacks: float


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression over named features; what it has no weight for counts for nothing."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: LeadFeatures) -> float:
        """Return the probability (0 to 1) that a line answers."""
        values = asdict(features)
        total = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class LeadModel:
    """How likely a line answers, and from where on it is shown."""

    lines: LogisticModel
    floor: float


@cache
def lead_model(*, selects: bool) -> LeadModel:
    """Return what was fitted for models that select lines, or for those that do not."""
    kept = json.loads(ARTEFACT.read_text("utf-8"))["selector" if selects else "weigher"]
    return LeadModel(LogisticModel(kept["bias"], kept["weights"]), kept["floor"])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a passage: a line with what it needs beside it. `start`, `end` count in its text."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text.text[self.start : self.end]

    def overlaps(self, other: Stretch) -> bool:
        """Whether two stretches have a character in common."""
        is_beside = self.end <= other.start or other.end <= self.start
        return self.passage.id == other.passage.id and not is_beside


def leads(
    question: Question,
    candidates: Sequence[Candidate],
    selection: Selection | None,
    *,
    most: int = MOST,
    floor: float | None = None,
) -> tuple[Lead, ...]:
    """Return where to read, the likeliest first; nothing where no line is likely enough (`floor`,
    by default the model's own).

    Lines of acts that another one replaced, and of days that are over, are left out.
    """
    model = lead_model(selects=selection is not None)
    least = model.floor if floor is None else floor
    shown = [
        (score, one) for score, _, one in ranked(question, candidates, selection) if score >= least
    ]
    return tuple(_lead(score, one, number) for number, (score, one) in enumerate(shown[:most], 1))


def ranked(
    question: Question,
    candidates: Sequence[Candidate],
    selection: Selection | None,
    *,
    apart: bool = True,
) -> list[tuple[float, Candidate, Stretch]]:
    """Return lines with the probability (0 to 1) that each answers, and what would be shown of it,
    the likeliest first; none that holds what one before it holds, unless not `apart`."""
    lines = lead_model(selects=selection is not None).lines
    kept = list[tuple[float, Candidate, Stretch]]()
    scored = [
        (lines.probability(lead_features(candidate, selection)), candidate)
        for candidate in candidates
        if not candidate.passage.superseded_by and not is_over(question.text, candidate.text)
    ]
    for score, candidate in sorted(scored, key=lambda one: -one[0]):
        shown = stretch(candidate, question.text)
        others = [other for _, _, other in kept] if apart else []
        if not any(shown.overlaps(other) or shown.text == other.text for other in others):
            kept.append((score, candidate, shown))
    return kept


def likeliest(each: Iterable[Lead], most: int = MOST) -> tuple[Lead, ...]:
    """Return the likeliest leads of the parts of a message, numbered anew."""
    best = sorted(each, key=lambda lead: -lead.score)[:most]
    return tuple(
        replace(lead, citation=replace(lead.citation, number=number))
        for number, lead in enumerate(best, 1)
    )


def lead_features(candidate: Candidate, selection: Selection | None) -> LeadFeatures:
    """Gather what speaks for a line."""
    odds = selection.of([candidate]) if selection else LEAST
    return LeadFeatures(
        selected=odds - LEAST,
        behind=odds - selection.best if selection else 0.0,
        seen=float(odds > LEAST),
        first=1 / (1 + candidate.rank),
        coverage=candidate.coverage,
        reach=candidate.reach,
        found=candidate.found,
        nearness=candidate.nearness,
        lexical=candidate.lexical / (candidate.lexical + HALF_LEXICAL),
        fits=float(candidate.fits),
        told=float(candidate.told),
        scale=float(candidate.scale),
        missed=candidate.missed,
        lacks=candidate.lacks,
    )


def stretch(line: Candidate, question: str) -> Stretch:
    """Return a line with those that it cannot do without (the one that opens its list, the rows
    that the question does not tell from it) where all of that is short, otherwise the line, cut
    after a word where it is long itself."""
    passage = line.passage
    together = with_neighbours([line], question)
    start, end = together[0].start - passage.start, together[-1].end - passage.start
    if end - start > MOST_CHARS:
        start, end = line.start - passage.start, line.end - passage.start
    if end - start > MOST_CHARS:
        space = passage.text.text.rfind(" ", start, start + MOST_CHARS)
        end = space if space > start else start + MOST_CHARS
    return Stretch(passage, start, end)


def _lead(score: float, one: Stretch, number: int) -> Lead:
    passage = one.passage
    citation = Citation(
        number=number,
        document=passage.document,
        file=passage.file,
        page=passage.page,
        quote=one.text,
        start=passage.start + one.start,
        end=passage.start + one.end,
        pack=passage.pack,
    )
    under = tuple(over for over in passage.ancestors(citation.start) if over not in one.text)
    return Lead(citation=citation, under=under, score=round(score, 3))
