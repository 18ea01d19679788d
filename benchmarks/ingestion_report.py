# SPDX-License-Identifier: EUPL-1.2
"""Writes the tables of docs/corpus.md from the figures that `benchmarks.ingestion` saved.

    python -m benchmarks.ingestion_report

A test holds the page and the figures in step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "corpus.md"
FIGURES = ROOT / "docs" / "figures" / "ingestion.json"

Kept = Mapping[str, Any]


def load(file: Path = FIGURES) -> dict[str, Kept]:
    """Return the figures by part."""
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}


def _text(kept: Kept) -> str:
    ours = kept["ours"]
    lines = [
        _machine(kept),
        "",
        f"{ours['files']} files, {ours['pages']} pages, {ours['characters']:,} characters,"
        f" {ours['passages']:,} passages.",
        "",
        "| | does | seconds | pages a second |",
        "|---|---|---|---|",
        f"| Greffier | reads, hides, splits, embeds, indexes | {ours['seconds']}"
        f" | {ours['pages_a_second']} |",
    ]
    lines += [
        f"| {p['name']} | {p['does']} | {p['seconds']} | {p['pages_a_second']} |"
        for p in kept["peers"]
    ]
    return "\n".join([*lines, "", *_stages(ours)])


def _scans(kept: Kept) -> str:
    ours = kept["ours"]
    text_pages = ours["pages"] - ours["scanned_pages"]
    rate = ours["scanned_pages"] / ours["seconds"]
    return "\n".join(
        [
            _machine(kept),
            "",
            f"{ours['files']} files, {ours['scanned_pages']} scanned pages and {text_pages} with"
            f" text, {ours['seconds']} seconds: {rate:.2f} scanned pages a second, those with"
            " text not counted.",
            "",
            *_stages(ours),
        ]
    )


def _stages(ours: Kept) -> list[str]:
    spent = sum(ours["stages"].values())
    rows = sorted(ours["stages"].items(), key=lambda pair: -pair[1])
    return [
        "| stage | seconds of processor | share |",
        "|---|---|---|",
        *(f"| {name} | {seconds} | {100 * seconds / spent:.0f} % |" for name, seconds in rows),
        "",
        f"Memory of all processes together: {ours['memory_mb']} MB at most. Both models were loaded"
        f" before, which takes {ours['opening_seconds']} seconds.",
    ]


def _again(kept: Kept) -> str:
    return (
        f"{_machine(kept)}\n\n`greffier corpus add` of {kept['documents']:,} short documents:"
        f" {kept['first_seconds']} seconds; again, nothing changed: {kept['again_seconds']}"
        f" seconds ({kept['again_processor_seconds']} of processor), the start of the program"
        " included."
    )


def _growth(kept: Kept) -> str:
    lines = [
        _machine(kept),
        "",
        "| documents | passages | ms a document (processor) | second run, s (processor)"
        " | `corpus check`, s | MB |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['documents']:,} | {r['passages']:,} | {r['ms_a_document']}"
        f" ({r['processor_ms_a_document']})"
        f" | {r['again_seconds']} ({r['again_processor_seconds']})"
        f" | {r['check_seconds']} | {r['megabytes']} |"
        for r in kept["rows"]
    ]
    return "\n".join(lines)


def _search(kept: Kept) -> str:
    lines = [
        _machine(kept),
        "",
        "| passages | median, ms | 95 %, ms | processor, mean, ms"
        " | one collection of ten, median, ms |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['passages']:,} | {r['median_ms']} | {r['p95_ms']} | {r['mean_processor_ms']}"
        f" | {r['filtered_ms']} |"
        for r in kept["rows"]
    ]
    return "\n".join(lines)


def _headings(kept: Kept) -> str:
    lines = [
        "| set | questions | right page first, with | without | in ten, with | without |",
        "|---|---|---|---|---|---|",
    ]
    names = ("questions", "first_with", "first_without", "ten_with", "ten_without")
    lines += [f"| `{r['set']}` | " + " | ".join(str(r[n]) for n in names) + " |"
              for r in kept["rows"]]  # fmt: skip
    total = [sum(r[n] for r in kept["rows"]) for n in names]
    lines.append("| all | " + " | ".join(map(str, total)) + " |")
    return "\n".join(lines)


def _machine(kept: Kept) -> str:
    return f"Machine: {kept['machine']}, load {kept['load_before']} before."


PARTS: dict[str, Callable[[Kept], str]] = {
    "text": _text,
    "scans": _scans,
    "again": _again,
    "growth": _growth,
    "search": _search,
    "headings": _headings,
}


def filled(page: str, figures: Mapping[str, Kept]) -> str:
    """Return the page with each part written anew from its figures."""
    for name, made in PARTS.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        told = (
            made(figures[name])
            if name in figures
            else f"Not measured yet: `python -m benchmarks.ingestion --parts {name} --write-docs`."
        )
        part = f"{begin}\n\n{told}\n\n{end}"
        page, count = re.subn(
            re.escape(begin) + ".*?" + re.escape(end), part.replace("\\", r"\\"), page, flags=re.S
        )
        if count != 1:
            raise ValueError(f"the page has {count} parts named {name}, not one")
    return page


def write(page: Path = PAGE) -> None:
    """Rewrite the page."""
    page.write_text(filled(page.read_text("utf-8"), load()), "utf-8")


if __name__ == "__main__":
    write()
