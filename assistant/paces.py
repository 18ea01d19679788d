# SPDX-License-Identifier: EUPL-1.2
"""What answers took here, by the model that read for them, as the register tells.

entries of 30 days ─asked by people, read by a model▶ {stem of its file: Pace}
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from assistant.answers import Via
from assistant.evaluation_kept import asked_by_people
from guardrails.register import Kind, Register, Selection
from guardrails.register.selection import number, text

MEASURED = timedelta(days=30)
LEAST_MEASURED = 5
"""Answers of a model below which their median says too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Median seconds and watt-hours of an answer (0 where they were not counted), and of how
    many."""

    seconds: float
    energy_wh: float
    answers: int


def measured(register: Register, by: str, *, role: str) -> Mapping[str, Pace]:
    """Return what an answer to somebody took that a model read for, by the stem of its file; the
    reading of the register is entered. `by` is a pseudonym."""
    models, took = dict[str, str](), dict[str, list[tuple[float, float]]]()
    since = Selection(since=register.now() - MEASURED)
    entries = register.entries(since, by=by, role=role, purpose="statistics")
    for entry in asked_by_people(entries):
        said = entry.payload
        if entry.kind is Kind.INTENT:
            models[entry.exchange] = text(said, "model")
        is_read = (text(said, "status"), text(said, "via")) == ("answer", Via.DOCUMENTS)
        seconds = number(said, "seconds")
        if entry.kind is Kind.OUTCOME and is_read and seconds is not None:
            one = (seconds, number(said, "energy_wh") or 0.0)
            took.setdefault(models.get(entry.exchange, ""), []).append(one)
    return {
        model: Pace(
            seconds=statistics.median(seconds for seconds, _ in some),
            energy_wh=statistics.median(energy for _, energy in some),
            answers=len(some),
        )
        for model, some in took.items()
        if len(some) >= LEAST_MEASURED
    }
