# SPDX-License-Identifier: EUPL-1.2
"""Entries for other programs: JSON lines, or a table for a spreadsheet.

    export(register, selection, "jsonl" | "csv", out) ─▶ EXPORT entry, then the lines

Payloads leave as they were sealed: what was hidden stays hidden.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Literal, TextIO

from guardrails.register.leaves import canonical, stamp
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind
from guardrails.register.register import Register
from guardrails.register.selection import Selection
from guardrails.writable import as_utf8, cell

Form = Literal["csv", "jsonl"]
COLUMNS = (
    "index", "at", "kind", "exchange", "actor", "role", "erased", "public", "payload", "leaf",
)  # fmt: skip


def export(
    register: Register,
    selection: Selection,
    form: Form,
    out: TextIO,
    *,
    by: str = "",
    role: str = "",
) -> int:
    """Enter the export, then write the entries that fit; return how many."""
    stop = enter_export(register, selection, form, by=by, role=role)
    out.write(head_of(form))
    count = 0
    for entry in register.unrecorded_entries(selection, stop=stop):
        out.write(line_of(entry, form))
        count += 1
    return count


def enter_export(register: Register, selection: Selection, form: str, *, by: str, role: str) -> int:
    """Enter that somebody takes entries away; return the place of the entry that says so."""
    payload: dict[str, JsonValue] = {"form": form, "selection": selection.as_json()}
    record = AuditRecord(kind=Kind.EXPORT, actor=by, role=role, payload=payload)
    return register.append(record).index


def as_json(entry: Entry) -> dict[str, JsonValue]:
    """Return an entry as one JSON object."""
    return {
        "index": entry.index,
        "at": stamp(entry.at),
        "kind": entry.kind.value,
        "exchange": entry.exchange,
        "actor": entry.actor,
        "role": entry.role,
        "erased": entry.erased,
        "public": entry.public,
        "payload": entry.payload,
        "leaf": entry.leaf.hex(),
    }


def head_of(form: Form) -> str:
    """Return what comes before the first entry."""
    return _row(COLUMNS) if form == "csv" else ""


def line_of(entry: Entry, form: Form) -> str:
    """Return the line of an entry, with its end."""
    value = as_json(entry)
    if form == "csv":
        return _row(_cell(value[name]) for name in COLUMNS)
    return as_utf8(json.dumps(value, ensure_ascii=False)) + "\n"


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: JsonValue) -> str:
    """Return a value as a spreadsheet may show it, and never as a formula."""
    return cell(value if isinstance(value, str) else canonical(value))
