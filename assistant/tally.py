# SPDX-License-Identifier: EUPL-1.2
"""Counts scores, over all questions and by kind, and holds them against thresholds.

Score… ──tally──▶ Tally ──Gate.broken──▶ the thresholds that are not held
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import UserError
from assistant.evaluation import Score, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of some questions. Shares are from 0 to 1, and 0 of nothing.

    `page_cited` counts shown answers to answerable questions that cite the expected page;
    `right_or_first_lead` and `right_or_lead` count answerable questions that were answered rightly
    or, refused, had an accepted answer at the right page in the first lead, or in any;
    `refused_with_lead` counts questions without an answer that had a lead beside their refusal;
    `*_p50` and `*_p95` are in seconds: `lead_p50` until the first lead is shown, of the questions
    that get one, `shown_p50` of those answered, `led_p50` of those refused with leads.
    """

    questions: int
    answerable: int
    right: int
    right_elsewhere: int
    wrong: int
    refused_rightly: int
    refused_wrongly: int
    page_cited: int
    right_or_first_lead: int
    right_or_lead: int
    refused_with_lead: int
    quotes: int
    quotes_off_page: int
    sources_p50: float
    lead_p50: float
    shown_p50: float
    led_p50: float
    seconds_p50: float
    seconds_p95: float
    energy_wh: float

    @property
    def to_refuse(self) -> int:
        return self.questions - self.answerable

    @property
    def answered_share(self) -> float:
        """Answerable questions that are answered rightly with the right page."""
        return _share(self.right, self.answerable)

    @property
    def wrong_share(self) -> float:
        """Wrong answers shown, of all questions."""
        return _share(self.wrong, self.questions)

    @property
    def refused_share(self) -> float:
        """Questions to refuse that are refused."""
        return _share(self.refused_rightly, self.to_refuse)


def tally(scores: Sequence[Score]) -> Tally:
    """Count some scores."""
    verdicts = [score.verdict for score in scores]
    seconds = [score.seconds for score in scores]
    return Tally(
        questions=len(scores),
        answerable=sum(bool(score.question.answers) for score in scores),
        right=verdicts.count(Verdict.RIGHT),
        right_elsewhere=verdicts.count(Verdict.RIGHT_ELSEWHERE),
        wrong=verdicts.count(Verdict.WRONG),
        refused_rightly=verdicts.count(Verdict.REFUSED_RIGHTLY),
        refused_wrongly=verdicts.count(Verdict.REFUSED_WRONGLY),
        page_cited=sum(score.page_cited for score in scores),
        right_or_first_lead=sum(s.verdict is Verdict.RIGHT or s.lead == 1 for s in scores),
        right_or_lead=sum(s.verdict is Verdict.RIGHT or s.lead > 0 for s in scores),
        refused_with_lead=sum(not s.question.answers and s.leads > 0 for s in scores),
        quotes=sum(score.quotes for score in scores),
        quotes_off_page=sum(score.quotes_off_page for score in scores),
        sources_p50=percentile([s.sources_seconds for s in scores if s.sources_seconds], 50),
        lead_p50=percentile([s.lead_seconds for s in scores if s.lead_seconds], 50),
        shown_p50=percentile([s.seconds for s in scores if not s.reason], 50),
        led_p50=percentile([s.seconds for s in scores if s.reason and s.leads], 50),
        seconds_p50=percentile(seconds, 50),
        seconds_p95=percentile(seconds, 95),
        energy_wh=round(sum(score.energy_wh for score in scores), 4),
    )


def by_kind(scores: Iterable[Score]) -> dict[str, Tally]:
    """Count the scores of each kind of question, in the alphabet's order."""
    kinds: dict[str, list[Score]] = {}
    for score in scores:
        kinds.setdefault(score.question.kind or "?", []).append(score)
    return {kind: tally(kinds[kind]) for kind in sorted(kinds)}


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile, between the two nearest values, to the hundredth; 0 of none.

    >>> percentile([1, 2, 3, 4], 50), percentile([], 95)
    (2.5, 0.0)
    """
    if len(values) < 2:
        return round(values[0], 2) if values else 0.0
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return round(cuts[percent - 1], 2)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


class Gate(BaseModel):
    """Thresholds that a run must hold; those that are not given are not looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wrong_at_most: float | None = Field(None, ge=0, le=1)
    answered_at_least: float | None = Field(None, ge=0, le=1)
    refused_at_least: float | None = Field(None, ge=0, le=1)
    quotes_off_page_at_most: int | None = Field(None, ge=0)
    sources_p50_at_most: float | None = Field(None, ge=0)
    seconds_p50_at_most: float | None = Field(None, ge=0)
    seconds_p95_at_most: float | None = Field(None, ge=0)

    @classmethod
    def read(cls, path: Path | None, required: Sequence[str] = ()) -> Self:
        """Read a TOML file of thresholds, then `NAME=VALUE` pairs that take its place."""
        name = path.name if path else "--require"
        try:
            given: dict[str, object] = tomllib.loads(path.read_text("utf-8")) if path else {}
            for pair in required:
                key, _, value = pair.partition("=")
                given[key.strip()] = value.strip()
            return cls.model_validate(given)
        except FileNotFoundError as error:
            raise UserError("no_such_path", position=1) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError("settings_unreadable", file=name, detail=str(error)) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UserError(
                "settings_invalid", file=name, name=where, detail=first["msg"]
            ) from error

    def broken(self, tally: Tally) -> list[str]:
        """Return the names of the thresholds that a tally does not hold."""
        values: Mapping[str, tuple[float, float | None]] = {
            "wrong_at_most": (tally.wrong_share, self.wrong_at_most),
            "quotes_off_page_at_most": (tally.quotes_off_page, self.quotes_off_page_at_most),
            "sources_p50_at_most": (tally.sources_p50, self.sources_p50_at_most),
            "seconds_p50_at_most": (tally.seconds_p50, self.seconds_p50_at_most),
            "seconds_p95_at_most": (tally.seconds_p95, self.seconds_p95_at_most),
            # a floor is a ceiling of what it leaves
            "answered_at_least": (-tally.answered_share, _minus(self.answered_at_least)),
            "refused_at_least": (-tally.refused_share, _minus(self.refused_at_least)),
        }
        return [name for name, (is_, limit) in values.items() if limit is not None and is_ > limit]


def _minus(value: float | None) -> float | None:
    return None if value is None else -value
