# SPDX-License-Identifier: EUPL-1.2
"""Use that a person should look at: bursts, repeated refusals, fishing for personal data.

    Entry… ──anomalies──▶ Anomaly…

Counted per pseudonym in a sliding window. A lead for a person, never a verdict: nothing
is blocked on these grounds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from guardrails.register.records import Entry, Kind
from guardrails.register.selection import counts, text

FISHING_REASONS = frozenset({"personal_data"})
"""Who asks what becomes of their own case fishes for nothing."""


class Sign(StrEnum):
    """What is out of the ordinary."""

    BURST = "burst"
    REFUSALS = "refusals"
    FISHING = "fishing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """So many events of one pseudonym within a window."""

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """A run of events of one pseudonym: how many, from when to when, and the entries."""

    sign: Sign
    actor: str
    since: datetime
    until: datetime
    entries: tuple[int, ...]


THRESHOLDS = {
    Sign.BURST: Threshold(count=30, window=timedelta(minutes=5)),
    Sign.REFUSALS: Threshold(count=8, window=timedelta(minutes=30)),
    Sign.FISHING: Threshold(count=4, window=timedelta(hours=1)),
}


def anomalies(entries: Iterable[Entry]) -> list[Anomaly]:
    """Find runs of events; one run is told once, with all its entries."""
    recent: dict[tuple[Sign, str], deque[Entry]] = {}
    found: list[Anomaly] = []
    running: dict[tuple[Sign, str], int] = {}
    for entry in entries:
        for sign in _signs(entry):
            threshold, key = THRESHOLDS[sign], (sign, entry.actor)
            window = recent.setdefault(key, deque())
            window.append(entry)
            while window[0].at < entry.at - threshold.window:
                window.popleft()
            if len(window) < threshold.count:
                running.pop(key, None)
            elif key in running:
                run = found[running[key]]
                found[running[key]] = replace(
                    run, until=entry.at, entries=(*run.entries, entry.index)
                )
            else:
                running[key] = len(found)
                found.append(_anomaly(sign, window))
    return found


def _signs(entry: Entry) -> Iterator[Sign]:
    if not entry.actor:
        return
    if entry.kind is Kind.INTENT:
        yield Sign.BURST
        if len(counts(entry.payload, "hidden")) >= 2:  # a name and an address in a question
            yield Sign.FISHING
    elif entry.kind is Kind.OUTCOME and text(entry.payload, "status") == "refusal":
        yield Sign.REFUSALS
        if text(entry.payload, "reason") in FISHING_REASONS:
            yield Sign.FISHING


def _anomaly(sign: Sign, window: deque[Entry]) -> Anomaly:
    return Anomaly(
        sign=sign,
        actor=window[0].actor,
        since=window[0].at,
        until=window[-1].at,
        entries=tuple(entry.index for entry in window),
    )
