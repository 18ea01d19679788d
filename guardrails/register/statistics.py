# SPDX-License-Identifier: EUPL-1.2
"""What a period looked like, counted from its entries.

Entry… ──summary──▶ Statistics
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guardrails.register.quality import Quality, quality
from guardrails.register.records import Entry, Kind
from guardrails.register.selection import INTERRUPTED, counts, number, text

VALIDATED = "card"
"""How an outcome says that its answer was validated by a person beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Counts of a period. `erased` entries still count by kind, and nowhere else; `hidden` counts
    what was hidden in documents too, `hidden_in_questions` in questions alone; `validated` counts
    the answers that a person had stood for, `incidents` all incidents by why they are one;
    `ratings` is what auditors found sentence by sentence, `agreements` and `disagreements` count
    these and older marks alike."""

    entries: Mapping[str, int] = field(default_factory=dict)
    answers: int = 0
    validated: int = 0
    refusals: Mapping[str, int] = field(default_factory=dict)
    other_outcomes: Mapping[str, int] = field(default_factory=dict)
    interrupted: int = 0
    incidents: Mapping[str, int] = field(default_factory=dict)
    hidden: Mapping[str, int] = field(default_factory=dict)
    hidden_in_questions: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    energy_wh: float = 0.0
    seconds_median: float | None = None
    seconds_p95: float | None = None
    agreements: int = 0
    disagreements: int = 0
    ratings: Quality = field(default_factory=Quality)
    erased: int = 0

    @property
    def questions(self) -> int:
        """How many questions came to an end, whatever it was."""
        return self.answers + sum(self.refusals.values()) + sum(self.other_outcomes.values())


def summary(entries: Iterable[Entry]) -> Statistics:
    """Count what the entries of a period say."""
    kinds, refusals, others, hidden = (Counter[str]() for _ in range(4))
    languages, reviews, incidents = (Counter[str]() for _ in range(3))
    seconds: list[float] = []
    rated: list[Entry] = []
    energy_wh, answers, validated, interrupted, erased, asked_hidden = 0.0, 0, 0, 0, 0, 0
    for entry in entries:
        kinds[entry.kind.value] += 1
        erased += entry.erased
        hidden.update(counts(entry.payload, "hidden"))
        if entry.kind is Kind.INTENT:
            asked_hidden += sum(counts(entry.payload, "hidden").values())
        if language := text(entry.payload, "language"):
            languages[language] += 1
        if entry.kind is Kind.INCIDENT:
            interrupted += "closes" in entry.public
            incidents[str(entry.public.get("why") or "interrupted")] += 1
        elif entry.kind is Kind.REVIEW:
            reviews[text(entry.payload, "verdict")] += 1
            rated.append(entry)
        elif entry.kind is Kind.OUTCOME and not entry.erased:
            status = text(entry.payload, "status")
            answers += status == "answer"
            validated += status == "answer" and text(entry.payload, "via") == VALIDATED
            if status == "refusal":
                refusals[text(entry.payload, "reason")] += 1
            elif status == INTERRUPTED:
                interrupted += 1
            elif status != "answer":
                others[status] += 1
            energy_wh += number(entry.payload, "energy_wh") or 0.0
            if (took := number(entry.payload, "seconds")) is not None:
                seconds.append(took)
    return Statistics(
        entries=dict(sorted(kinds.items())),
        answers=answers,
        validated=validated,
        refusals=dict(refusals.most_common()),
        other_outcomes=dict(others.most_common()),
        interrupted=interrupted,
        incidents=dict(incidents.most_common()),
        hidden=dict(hidden.most_common()),
        hidden_in_questions=asked_hidden,
        languages=dict(languages.most_common()),
        energy_wh=round(energy_wh, 3),
        seconds_median=round(statistics.median(seconds), 3) if seconds else None,
        seconds_p95=high(seconds),
        agreements=reviews["agree"],
        disagreements=reviews["disagree"],
        ratings=quality(rated),
        erased=erased,
    )


def high(values: list[float]) -> float | None:
    """Return the value that 95 % do not exceed."""
    if not values:
        return None
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))], 3)
