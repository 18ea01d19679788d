# SPDX-License-Identifier: EUPL-1.2
"""Tables of what `answers.py` kept: a set each, then all that is held out together.

docs/figures/answers.json ──▶ Score… ──tally──▶ Column (a system) ──▶ Markdown
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from assistant.tally import Tally, by_kind, tally
from benchmarks.answers_report import Report, Row, SetFigures
from guardrails.intervals import clopper_pearson

GROUPS = (
    ("_a_held_out", "All that is held out, half A"),
    ("_b_held_out", "All that is held out, half B"),
    ("_held_out", "All that was held out before"),
)
"""How the names of sets end that are counted together, the first that fits."""

EVERYDAY = "everyday"
FIGURES = frozenset({"amount", "hours"})
SEVERAL = frozenset({"list", "two things"})
NOTHING = "–"
ONE_SIDED = 0.9
"""Level of a two-sided interval whose upper end is one-sided at 95 %."""

NOT_RUN = "Not measured yet: `python -m benchmarks.answers --write-docs` writes this part."


def tables(report: Report | None) -> str:
    """Return every table in Markdown."""
    if report is None or not report.sets:
        return NOT_RUN
    parts = [f"Machine: {report.machine}. Language model: {report.model}."]
    for name, one in report.sets.items():
        parts += [_head(name, one), _table([one])]
    for title, sets in _groups(report.sets).items():
        systems = list(dict.fromkeys(system for one in sets for system in one.rows))
        by_all = [one for one in sets if all(one.rows.get(system) for system in systems)]
        if len(by_all) < len(sets):
            parts += [f"### {title}", _table(sets, systems[:1])]
            title += ", the sets that every system was asked"
        if len(by_all) > 1:
            parts += [f"### {title}", _table(by_all)]
    ours = [r.score() for one in report.sets.values() for r in one.rows.get("greffier", [])]
    if ours:
        parts += ["### By kind of question, all sets, Greffier", _kinds(by_kind(ours))]
    return "\n\n".join(parts)


def _groups(sets: Mapping[str, SetFigures]) -> dict[str, list[SetFigures]]:
    """Return what is held out in what is counted together."""
    groups: dict[str, list[SetFigures]] = {title: [] for _, title in GROUPS}
    for name, one in sets.items():
        title = next((title for end, title in GROUPS if name.endswith(end)), "")
        if title:
            groups[title].append(one)
    return groups


def _head(name: str, one: SetFigures) -> str:
    asked = max((len(rows) for rows in one.rows.values()), default=0)
    partly = "" if asked == one.questions else f" **Only {asked} of them were asked.**"
    return (
        f"### `{name}`\n\n{one.questions} questions; {one.note}. "
        f"Load of the machine before the run: {one.load}.{partly}"
    )


def _table(sets: Sequence[SetFigures], systems: Sequence[str] = ()) -> str:
    """Return what sets give together, a column a system."""
    systems = systems or list(dict.fromkeys(name for one in sets for name in one.rows))
    columns = {name: Column.of([one.rows.get(name, []) for one in sets]) for name in systems}
    columns = {name: column for name, column in columns.items() if column.all.questions}
    told = [(label, goal, [shown(one) for one in columns.values()]) for label, goal, shown in LINES]
    lines = [
        "| | to reach | " + " | ".join(columns) + " |",
        "|---|---|" + "---|" * len(columns),
        *(
            f"| {label} | {goal} | " + " | ".join(cells) + " |"
            for label, goal, cells in told
            if set(cells) != {NOTHING}
        ),
    ]
    ranks = [rank for one in sets for rank in one.ranks]
    if ranks:
        first, ten = sum(r == 1 for r in ranks), sum(r > 0 for r in ranks)
        share = f"{_of(first, len(ranks))}; {_of(ten, len(ranks))}"
        lines.append(
            f"| search: right page first; in the first ten | ≥ 80 %; ≥ 96 % | {share} |"
            + " – |" * (len(columns) - 1)
        )
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Column:
    """What came of one system: all its questions, those of each set, and those of some kinds."""

    all: Tally
    sets: Sequence[Tally]
    everyday: Tally
    figures: Tally
    several: Tally
    has_leads: bool

    @classmethod
    def of(cls, sets: Sequence[Sequence[Row]]) -> Self:
        scores = [[row.score() for row in rows] for rows in sets if rows]
        every = [score for some in scores for score in some]
        return cls(
            all=tally(every),
            sets=[tally(some) for some in scores],
            everyday=tally([one for one in every if one.question.style == EVERYDAY]),
            figures=tally([one for one in every if one.question.kind in FIGURES]),
            several=tally([one for one in every if one.question.kind in SEVERAL]),
            has_leads=any(one.leads for one in every),
        )

    def share(self, part: Callable[[Tally], int], whole: Callable[[Tally], int]) -> str:
        """Return a share, and between which ones those of the sets lie."""
        told = _of(part(self.all), whole(self.all))
        each = [100 * part(one) / whole(one) for one in self.sets if whole(one)]
        return told + (f", by town {min(each):.0f} to {max(each):.0f} %" if len(each) > 1 else "")

    def lead_share(self, part: Callable[[Tally], int], whole: Callable[[Tally], int]) -> str:
        return self.share(part, whole) if self.has_leads else NOTHING


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else NOTHING


def _wrong(one: Column) -> str:
    bound = 100 * clopper_pearson(one.all.wrong, one.all.questions, ONE_SIDED)[1]
    told = one.share(lambda t: t.wrong, lambda t: t.questions)
    return f"{told}; at most {bound:.1f} % at 95 %"


def _quotes(one: Column) -> str:
    off, quotes = one.all.quotes_off_page, one.all.quotes
    return f"{off} of {quotes}" if quotes else "no quotes"


def _seconds(*values: float) -> str:
    return "; ".join(f"{value:.1f} s" if value else NOTHING for value in values)


def _sources(one: Column) -> str:
    return f"{one.all.sources_p50:.2f} s" if one.all.sources_p50 else NOTHING


def _energy(one: Column) -> str:
    return f"{one.all.energy_wh / one.all.questions:.3f} Wh"


def _shown(one: Tally) -> int:
    return one.right + one.right_elsewhere + one.wrong


def _answerable(one: Tally) -> int:
    return one.answerable


LINES: Sequence[tuple[str, str, Callable[[Column], str]]] = (
    (
        "answered rightly, at the right page",
        "≥ 50 %",
        lambda one: one.share(lambda t: t.right, _answerable),
    ),
    (
        "right, or the right line is the first lead",
        "≥ 66 %",
        lambda one: one.lead_share(lambda t: t.right_or_first_lead, _answerable),
    ),
    (
        "right, or the right line is among the leads",
        "≥ 78 %",
        lambda one: one.lead_share(lambda t: t.right_or_lead, _answerable),
    ),
    (
        "right words, another page",
        "",
        lambda one: one.share(lambda t: t.right_elsewhere, _answerable),
    ),
    ("wrong answers shown, of all; one-sided bound", "≤ 3 %; ≤ 4.5 %", _wrong),
    ("of what is shown, right", "≥ 93 %", lambda one: _of(one.all.right, _shown(one.all))),
    (
        "rightly refused",
        "≥ 96 %",
        lambda one: one.share(lambda t: t.refused_rightly, lambda t: t.to_refuse),
    ),
    (
        "without an answer, with a lead",
        "≤ 40 %",
        lambda one: one.lead_share(lambda t: t.refused_with_lead, lambda t: t.to_refuse),
    ),
    (
        "wrongly refused",
        "",
        lambda one: one.share(lambda t: t.refused_wrongly, _answerable),
    ),
    (
        "everyday questions right",
        "≥ 50 %",
        lambda one: _of(one.everyday.right, one.everyday.answerable),
    ),
    (
        "amounts and hours right",
        "≥ 60 %",
        lambda one: _of(one.figures.right, one.figures.answerable),
    ),
    (
        "lists and questions of two parts right",
        "≥ 45 %",
        lambda one: _of(one.several.right, one.several.answerable),
    ),
    ("quotes that are not on the cited page", "0", _quotes),
    ("sources on screen, median", "≤ 0.3 s", _sources),
    (
        "a shown answer; a refusal with its leads; the first lead on screen, median",
        "≤ 6; 10; 4 s",
        lambda one: _seconds(one.all.shown_p50, one.all.led_p50, one.all.lead_p50),
    ),
    (
        "all, median; 95 %",
        "",
        lambda one: _seconds(one.all.seconds_p50, one.all.seconds_p95),
    ),
    ("energy a question", "≤ 0.08 Wh", _energy),
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
