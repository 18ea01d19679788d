# SPDX-License-Identifier: EUPL-1.2
"""What `answers.py` keeps: no word of a question or an answer.

Score ──row──▶ docs/figures/answers.json ──▶ Score… ──`answers_tables.py`──▶ Markdown
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.evaluation import EvalQuestion, Score, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question's outcome, without its words."""

    kind: str
    answerable: bool
    verdict: str
    reason: str
    page_cited: bool
    quotes: int
    quotes_off_page: int
    sources_seconds: float
    seconds: float
    energy_wh: float
    energy_method: str
    lead: int = 0
    leads: int = 0
    lead_seconds: float = 0.0
    style: str = ""

    def score(self) -> Score:
        return Score(
            question=EvalQuestion(
                question="",
                answers=("…",) if self.answerable else (),
                kind=self.kind,
                style=self.style,
            ),
            verdict=Verdict(self.verdict),
            reason=self.reason,
            page_cited=self.page_cited,
            lead=self.lead,
            leads=self.leads,
            quotes=self.quotes,
            quotes_off_page=self.quotes_off_page,
            sources_seconds=self.sources_seconds,
            lead_seconds=self.lead_seconds,
            seconds=self.seconds,
            energy_wh=self.energy_wh,
            energy_method=self.energy_method,
        )


def row(score: Score) -> Row:
    """Keep what may be published of a score: a held-out question is never printed."""
    return Row(
        kind=score.question.kind,
        answerable=bool(score.question.answers),
        verdict=score.verdict.value,
        reason=score.reason,
        page_cited=score.page_cited,
        lead=score.lead,
        leads=score.leads,
        lead_seconds=score.lead_seconds,
        style=score.question.style,
        quotes=score.quotes,
        quotes_off_page=score.quotes_off_page,
        sources_seconds=score.sources_seconds,
        seconds=round(score.seconds, 3),
        energy_wh=score.energy_wh,
        energy_method=score.energy_method,
    )


@dataclass(kw_only=True)
class SetFigures:
    """One set: the file's hash, the load before it was run, search's ranks, rows by system.

    `questions` counts the file's: there are fewer rows where a run was cut or limited.
    `ranks`: for each answerable question, where search has the expected page (0: not in ten).
    """

    note: str
    sha256: str
    questions: int
    load: float
    ranks: list[int] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(kw_only=True)
class Report:
    """All sets, on one machine, with one model."""

    machine: str
    model: str
    sets: dict[str, SetFigures] = field(default_factory=dict)


def save(report: Report, file: Path) -> None:
    """Write the report, whole or not at all: a run may be cut at any time."""
    scratch = file.with_suffix(".part")
    scratch.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n", "utf-8")
    os.replace(scratch, file)


def load(file: Path) -> Report | None:
    """Return the report that was saved, if there is one."""
    if not file.exists():
        return None
    kept = json.loads(file.read_text("utf-8"))
    sets = {
        name: SetFigures(
            **{key: value for key, value in one.items() if key != "rows"},
            rows={system: [Row(**r) for r in rows] for system, rows in one["rows"].items()},
        )
        for name, one in kept["sets"].items()
    }
    return Report(machine=kept["machine"], model=kept["model"], sets=sets)
