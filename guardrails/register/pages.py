# SPDX-License-Identifier: EUPL-1.2
"""The newest entries first, a page at a time: a register of any length, never held whole.

    enter_look(…) ─▶ READING entry      look_back(register, selection, before=…, count=…)
                                            └─▶ Look, Look… until the page is full or 0 is reached

Kinds and moments stand in clear and cost little; the rest is asked of decrypted payloads. So
a rare wish may take a long way back: each Look says how far it is, and a reader may leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind
from guardrails.register.register import Register
from guardrails.register.selection import Selection

FIRST_STEP, LONGEST_STEP = 100, 3_200  # entries looked at between two Looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found so far, the newest first. All entries from `reached` on were looked at;
    `more` tells whether others may lie before the last one found."""

    entries: tuple[Entry, ...]
    reached: int
    more: bool


def enter_look(
    register: Register, purpose: str, selection: Selection, *, by: str, role: str, before: int = 0
) -> int:
    """Enter that somebody reads these entries, before they do; return the place of that entry."""
    payload: dict[str, JsonValue] = {"purpose": purpose, "selection": selection.as_json()}
    if before:
        payload["before"] = before
    record = AuditRecord(kind=Kind.READING, actor=by, role=role, payload=payload)
    return register.append(record).index


def look_back(
    register: Register, selection: Selection, *, before: int, count: int
) -> Iterator[Look]:
    """Yield what fits among the entries before `before`, as it is found, `count` at most."""
    found: list[Entry] = []
    stop, step = before, FIRST_STEP
    while stop > 0:
        start = max(0, stop - step)
        chunk = list(register.unrecorded_entries(selection, start=start, stop=stop))
        found += reversed(chunk)
        stop, step = start, min(step * 2, LONGEST_STEP)
        if len(found) >= count:
            break
        if stop > 0:
            yield Look(entries=tuple(found), reached=stop, more=True)
    kept = tuple(found[:count])
    more = len(found) > count or stop > 0
    yield Look(entries=kept, reached=kept[-1].index if more and kept else 0, more=more)
