# SPDX-License-Identifier: EUPL-1.2
"""The figures as data (for `--json`) and as Markdown tables (for the terminal and the docs).

Report ──to_json──▶ docs/figures/privacy.json ──from_json──▶ Report ──tables──▶ docs/guardrails.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.privacy_scores import KEEP, OFFICIAL, Scores
from guardrails.intervals import wilson

BEGIN, END = "<!-- privacy:begin -->", "<!-- privacy:end -->"

Ratio = tuple[int, int]
"""Hits, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one system did on one set."""

    system: str
    leaks: Mapping[str, Ratio]
    clean: Ratio
    touched: Ratio
    officials_kept: Ratio
    chars_beside: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFigures:
    """One set, and what each system did on it."""

    name: str
    note: str
    tells_stays: bool
    characters: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run: the machine, the systems, the sets, and characters a second."""

    machine: str
    held_out_sha256: str
    versions: Mapping[str, str]
    sets: Sequence[SetFigures]
    speed: Mapping[str, float] = field(default_factory=dict)
    speed_characters: int = 0


def line(system: str, scores: Scores) -> Line:
    """Freeze the counts of a system."""
    officials = scores.stays[OFFICIAL]
    return Line(
        system=system,
        leaks={e: (scores.leaks[e], scores.entities[e]) for e in scores.entities},
        clean=(scores.clean, scores.documents),
        touched=(scores.touched[KEEP], scores.stays[KEEP]),
        officials_kept=(officials - scores.touched[OFFICIAL], officials),
        chars_beside=(scores.chars_beside, scores.chars_plain),
    )


def to_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Report:
    """Return the report that `to_json` wrote."""
    data = json.loads(text)
    sets = [_set_from(row) for row in data.pop("sets")]
    return Report(**data, sets=sets)


def _set_from(row: dict[str, object]) -> SetFigures:
    lines = row.pop("lines")
    assert isinstance(lines, list)
    return SetFigures(**row, lines=[_line_from(one) for one in lines])  # type: ignore[arg-type]


def _line_from(row: dict[str, object]) -> Line:
    leaks = row.pop("leaks")
    assert isinstance(leaks, dict)
    pairs = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Line(
        system=str(row["system"]),
        leaks={entity: (int(hits), int(total)) for entity, (hits, total) in leaks.items()},
        **pairs,
    )


def tables(report: Report) -> str:
    """Return every table in Markdown."""
    parts = [
        f"Machine: {report.machine}. Versions: "
        + ", ".join(f"{name} {number}" for name, number in report.versions.items())
        + f". SHA-256 of the held-out part: `{report.held_out_sha256}`.",
        "Leaks: an entity counts as hidden only if every letter and digit of it is. Brackets: "
        "Wilson's 95 % interval. *Clean*: documents without any leak, of those with something "
        "to hide. *Outside*: characters hidden outside personal data.",
        _overview(report.sets),
        *(_entities(one) for one in report.sets),
    ]
    if report.speed:
        parts.append(_speed(report))
    return "\n\n".join(parts) + "\n"


def write_into(docs: Path, text: str) -> None:
    """Put the tables between the markers of the document."""
    before, rest = docs.read_text("utf-8").split(BEGIN)
    after = rest.split(END)[1]
    docs.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def written_in(docs: Path) -> str:
    """Return what stands between the markers."""
    return docs.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip() + "\n"


def share(ratio: Ratio) -> str:
    """Return a share as a percentage, or a dash where there was nothing to count.

    >>> share((1, 40)), share((0, 0))
    ('2.5 %', '–')
    """
    hits, total = ratio
    return f"{100 * hits / total:.1f} %" if total else "–"


def _with_interval(ratio: Ratio) -> str:
    if not ratio[1]:
        return "–"
    low, high = wilson(*ratio)
    return f"{ratio[0]}/{ratio[1]} = {share(ratio)} [{100 * low:.1f}–{100 * high:.1f}]"


def _overview(sets: Iterable[SetFigures]) -> str:
    header = ("set", "system", "leaks", "clean", "kept touched", "officials kept", "outside")
    rows = []
    for one in sets:
        for each in one.lines:
            all_leaks = [sum(column) for column in zip(*each.leaks.values(), strict=True)]
            rows.append(
                (
                    one.name,
                    each.system,
                    _with_interval((all_leaks[0], all_leaks[1])),
                    share(each.clean),
                    share(each.touched),
                    share(each.officials_kept),
                    share(each.chars_beside) if one.tells_stays else "–",
                )
            )
    return "### All sets\n\n" + _markdown(header, rows)


def _entities(one: SetFigures) -> str:
    systems = [each.system for each in one.lines]
    rows = [
        (entity, *(_with_interval(each.leaks[entity]) for each in one.lines))
        for entity in sorted(one.lines[0].leaks)
    ]
    title = f"### Leaks per entity: {one.name}\n\n{one.note[0].upper()}{one.note[1:]}."
    return f"{title}\n\n{_markdown(('entity', *systems), rows)}"


def _speed(report: Report) -> str:
    rows = [(name, f"{speed:,.0f}") for name, speed in report.speed.items()]
    return (
        f"### Speed\n\nCharacters a second, over the {report.speed_characters:,} characters of "
        f"all sets, models loaded.\n\n{_markdown(('system', 'characters a second'), rows)}"
    )


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
