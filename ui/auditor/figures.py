# SPDX-License-Identifier: EUPL-1.2
"""A period in figures: how many answers and refusals, how long, how much energy, day after day.

    Entry ──lean──▶ Entry     lean entries… ──figures──▶ Figures(total, buckets, signs, …)

Entries are read once and let go: of each, only the few fields that are counted stay in memory.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from assistant.evaluation_kept import asked_by_people
from guardrails.register import Entry, Kind
from guardrails.register.anomalies import Anomaly, anomalies
from guardrails.register.selection import number, text
from guardrails.register.statistics import Statistics, high, summary

COUNTED = (
    "status", "reason", "via", "hidden", "seconds", "energy_wh", "language", "verdict", "mark",
    "ratings", "replaces", "sample", "quotes_only",
)  # fmt: skip
MAX_DAYS, MAX_WEEKS = 45, 45  # columns of a plot


class Step(StrEnum):
    """How long a column of a plot is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What ended from `start` on, until the next bucket; seconds are None where nothing did."""

    start: date
    answers: int = 0
    refusals: int = 0
    others: int = 0
    median: float | None = None
    p95: float | None = None
    energy_wh: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A period in figures. `marks` counts what auditors found, `opinions` what agents did."""

    total: Statistics
    step: Step
    buckets: tuple[Bucket, ...]
    signs: tuple[Anomaly, ...]
    marks: tuple[tuple[str, int], ...] = ()
    opinions: tuple[tuple[str, int], ...] = ()


def lean(entry: Entry) -> Entry:
    """Return an entry with nothing but what is counted."""
    payload = {name: entry.payload[name] for name in COUNTED if name in entry.payload}
    return replace(entry, payload=payload, leaf=b"")


def figures(kept: Sequence[Entry], zone: tzinfo | None = None) -> Figures:
    """Count entries but those of the program's own questions; days are those of `zone`, the
    machine's own by default."""
    kept = [*asked_by_people(kept)]
    ends = [(e.at.astimezone(zone).date(), e) for e in kept if _is_end(e)]
    days = [day for day, _ in ends]
    step = _step(min(days), max(days)) if days else Step.DAY
    sorted_in: dict[date, list[Entry]] = {start: [] for start in _starts(days, step)}
    for day, entry in ends:
        sorted_in[_start(day, step)].append(entry)
    return Figures(
        total=summary(kept),
        step=step,
        buckets=tuple(_bucket(start, within) for start, within in sorted_in.items()),
        signs=tuple(anomalies(kept)),
        marks=_counts(text(e.payload, "mark") for e in kept if e.kind is Kind.REVIEW),
        opinions=_counts(text(e.payload, "status") for e in kept if e.kind is Kind.FEEDBACK),
    )


def _counts(marks: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(mark for mark in marks if mark).most_common())


def _is_end(entry: Entry) -> bool:
    return entry.kind is Kind.OUTCOME or (entry.kind is Kind.INCIDENT and "closes" in entry.public)


def _bucket(start: date, entries: Sequence[Entry]) -> Bucket:
    statuses = [text(entry.payload, "status") for entry in entries]
    seconds = [s for e in entries if (s := number(e.payload, "seconds")) is not None]
    energy = sum(number(entry.payload, "energy_wh") or 0.0 for entry in entries)
    answers, refusals = statuses.count("answer"), statuses.count("refusal")
    return Bucket(
        start=start,
        answers=answers,
        refusals=refusals,
        others=len(entries) - answers - refusals,
        median=round(statistics.median(seconds), 3) if seconds else None,
        p95=high(seconds),
        energy_wh=round(energy, 3),
    )


def _step(first: date, last: date) -> Step:
    days = (last - first).days + 1
    if days <= MAX_DAYS:
        return Step.DAY
    return Step.WEEK if days <= MAX_WEEKS * 7 else Step.MONTH


def _start(day: date, step: Step) -> date:
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)


def _starts(days: Sequence[date], step: Step) -> list[date]:
    """Return the beginning of each bucket from the first day to the last, empty ones as well."""
    starts: list[date] = []
    if days:
        start, last = _start(min(days), step), max(days)
        while start <= last:
            starts.append(start)
            ahead = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 32}[step]
            start = _start(start + timedelta(days=ahead), step)
    return starts
