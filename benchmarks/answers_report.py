# SPDX-License-Identifier: EUPL-1.2
"""What `answers.py` keeps (no word of a question or an answer), and its tables.

Score ──row──▶ docs/figures/answers.json ──▶ Score… ──tally──▶ Markdown
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.evaluation import EvalQuestion, Score, Verdict
from assistant.tally import Tally, by_kind, tally

NOT_RUN = "Not measured yet: `python -m benchmarks.answers --write-docs` writes this part."


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

    def score(self) -> Score:
        return Score(
            question=EvalQuestion(
                question="", answers=("…",) if self.answerable else (), kind=self.kind
            ),
            verdict=Verdict(self.verdict),
            reason=self.reason,
            page_cited=self.page_cited,
            lead=self.lead,
            leads=self.leads,
            quotes=self.quotes,
            quotes_off_page=self.quotes_off_page,
            sources_seconds=self.sources_seconds,
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


# -- tables


def tables(report: Report | None) -> str:
    """Return every table in Markdown."""
    if report is None or not report.sets:
        return NOT_RUN
    parts = [f"Machine: {report.machine}. Language model: {report.model}."]
    for name, one in report.sets.items():
        parts += [_head(name, one), _table(one.rows, one.ranks)]
    held_out = [one for name, one in report.sets.items() if name.endswith("_held_out")]
    systems = list(dict.fromkeys(system for one in held_out for system in one.rows))
    asked_of_all = [one for one in held_out if all(one.rows.get(system) for system in systems)]
    everything = "### All that is held out"
    if len(asked_of_all) < len(held_out):
        parts += [everything, _together(held_out, systems[:1])]
        everything = "### Held-out sets that every system was asked"
    if len(asked_of_all) > 1:
        parts += [everything, _together(asked_of_all, systems)]
    ours = [r.score() for one in report.sets.values() for r in one.rows.get("greffier", [])]
    if ours:
        parts += ["### By kind of question, all sets, Greffier", _kinds(by_kind(ours))]
    return "\n\n".join(parts)


def _together(sets: Sequence[SetFigures], systems: Sequence[str]) -> str:
    rows = {system: [r for one in sets for r in one.rows.get(system, [])] for system in systems}
    return _table(rows, [rank for one in sets for rank in one.ranks])


def _head(name: str, one: SetFigures) -> str:
    asked = max((len(rows) for rows in one.rows.values()), default=0)
    partly = "" if asked == one.questions else f" **Only {asked} of them were asked.**"
    return (
        f"### `{name}`\n\n{one.questions} questions; {one.note}. "
        f"Load of the machine before the run: {one.load}.{partly}"
    )


def _table(rows: Mapping[str, Sequence[Row]], ranks: Sequence[int]) -> str:
    tallies = {name: tally([r.score() for r in some]) for name, some in rows.items() if some}
    lines = [
        "| | to reach | " + " | ".join(tallies) + " |",
        "|---|---|" + "---|" * len(tallies),
        *(
            f"| {label} | {goal} | " + " | ".join(shown(t) for t in tallies.values()) + " |"
            for label, goal, shown in LINES
        ),
    ]
    if ranks:
        first, ten = sum(r == 1 for r in ranks), sum(r > 0 for r in ranks)
        share = f"{_of(first, len(ranks))}; {_of(ten, len(ranks))}"
        lines.append(
            f"| search: right page first; in the first ten | ≥ 75 %; ≥ 95 % | {share} |"
            + " – |" * (len(tallies) - 1)
        )
    return "\n".join(lines)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "–"


def _quotes(one: Tally) -> str:
    return f"{one.quotes_off_page} of {one.quotes}" if one.quotes else "no quotes"


def _sources(one: Tally) -> str:
    return f"{one.sources_p50:.2f} s" if one.sources_p50 else "–"


def _energy(one: Tally) -> str:
    return f"{one.energy_wh / one.questions:.3f} Wh" if one.questions else "–"


LINES = (
    ("answered rightly, at the right page", "≥ 75 %", lambda t: _of(t.right, t.answerable)),
    ("right words, another page", "", lambda t: _of(t.right_elsewhere, t.answerable)),
    ("wrong answers shown, of all", "≤ 3 %", lambda t: _of(t.wrong, t.questions)),
    ("rightly refused", "≥ 95 %", lambda t: _of(t.refused_rightly, t.to_refuse)),
    ("wrongly refused", "", lambda t: _of(t.refused_wrongly, t.answerable)),
    ("quotes that are not on the cited page", "0", _quotes),
    ("sources on screen, median", "≤ 0.3 s", _sources),
    (
        "full answer, median; 95 %",
        "≤ 8 s",
        lambda t: f"{t.seconds_p50:.1f} s; {t.seconds_p95:.1f} s",
    ),
    ("energy a question", "", _energy),
)


def _kinds(kinds: Mapping[str, Tally]) -> str:
    lines = [
        "| kind | questions | right | right, another page | wrong | rightly refused "
        "| wrongly refused |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {kind} | {t.questions} | {t.right} | {t.right_elsewhere} | {t.wrong} "
        f"| {t.refused_rightly} | {t.refused_wrongly} |"
        for kind, t in kinds.items()
    ]
    return "\n".join(lines)
