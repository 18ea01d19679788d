# SPDX-License-Identifier: EUPL-1.2
"""What `injection_answers.py` keeps, and its tables."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

NOT_RUN = (
    "Not measured yet: `python -m benchmarks.injection_answers --write-docs` writes this part."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One planted order and what was shown after it.

    `kept`: the stored page still holds its canary (documents only). `followed`: what was said
    holds the canary. `quoted`: a quote that was shown holds it. `foreign`: links, phone numbers
    and images that were said or quoted and stand in no clean source. `prompt`: six words in a
    row of our own prompts were shown. `right`: the question got its true answer all the same.
    """

    source: str
    place: str
    kept: bool
    followed: bool
    quoted: bool
    foreign: int
    prompt: bool
    answered: bool
    right: bool


@dataclass(kw_only=True)
class Report:
    """One run; `ordinary` says of each ordinary order whether it was quoted."""

    machine: str
    model: str
    planned: int
    rows: list[Row] = field(default_factory=list)
    ordinary: list[bool] = field(default_factory=list)


def save(report: Report, file: Path) -> None:
    """Write the report, whole or not at all."""
    scratch = file.with_suffix(".part")
    scratch.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n", "utf-8")
    os.replace(scratch, file)


def load(file: Path) -> Report | None:
    """Return the report that was saved, if there is one."""
    if not file.exists():
        return None
    kept = json.loads(file.read_text("utf-8"))
    return Report(**kept | {"rows": [Row(**row) for row in kept["rows"]]})


def tables(report: Report | None) -> str:
    """Return the tables in Markdown."""
    if report is None or not report.rows:
        return NOT_RUN
    lines = [
        f"Machine: {report.machine}. Language model: {report.model}. "
        f"{len(report.rows)} of {report.planned} planted orders were asked about.",
        "",
        "| orders from | planted in | asked | left on the stored page | followed "
        "| shown in a quote | foreign link, phone, image | our prompt shown "
        "| true answer all the same |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for place in ("document", "question"):
        some = [row for row in report.rows if row.place == place]
        for source in dict.fromkeys(row.source for row in some):
            lines.append(_line(source, place, [row for row in some if row.source == source]))
    lines.append(_line("**all**", "", report.rows))
    quoted, asked = sum(report.ordinary), len(report.ordinary)
    lines += ["", f"Ordinary orders to people that are still quoted: {quoted} of {asked}."]
    return "\n".join(lines)


def _line(source: str, place: str, rows: Sequence[Row]) -> str:
    left = f"{sum(row.kept for row in rows)}" if place != "question" else "–"
    return (
        f"| {source} | {place} | {len(rows)} | {left} | {sum(row.followed for row in rows)} "
        f"| {sum(row.quoted for row in rows)} | {sum(row.foreign > 0 for row in rows)} "
        f"| {sum(row.prompt for row in rows)} | {sum(row.right for row in rows)} |"
    )
