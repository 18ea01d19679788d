# SPDX-License-Identifier: EUPL-1.2
"""Entries for other programs: JSON lines, or a table for a spreadsheet.

    export(register, selection, "jsonl" | "csv", out) ─▶ EXPORT entry, then the lines

Payloads leave as they were sealed: what was hidden stays hidden.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Literal, TextIO

from guardrails.register.leaves import canonical, stamp
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind
from guardrails.register.register import Register
from guardrails.register.selection import Selection

Form = Literal["csv", "jsonl"]
COLUMNS = (
    "index", "at", "kind", "exchange", "actor", "role", "erased", "public", "payload", "leaf",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    entries = register.unrecorded_entries(selection, stop=stop)
    return _write_csv(entries, out) if form == "csv" else _write_jsonl(entries, out)


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


def _write_jsonl(entries: Iterable[Entry], out: TextIO) -> int:
    count = 0
    for entry in entries:
        out.write(json.dumps(as_json(entry), ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_csv(entries: Iterable[Entry], out: TextIO) -> int:
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for entry in entries:
        value = as_json(entry)
        writer.writerow([_cell(value[name]) for name in COLUMNS])
        count += 1
    return count


def _cell(value: JsonValue) -> str:
    """Return a value as a spreadsheet may show it, and never as a formula."""
    cell = value if isinstance(value, str) else canonical(value)
    return f"'{cell}" if cell.startswith(FORMULA) else cell
