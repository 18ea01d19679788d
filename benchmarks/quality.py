# SPDX-License-Identifier: EUPL-1.2
"""Writes the tables of docs/quality.md from the figures that the benchmarks saved.

    python -m benchmarks.quality

Each part stands between two markers; a test holds the page and the figures in step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    answers_report,
    answers_tables,
    emergencies,
    injection_report,
    plain,
    understanding,
)

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quality.md"
FIGURES = ROOT / "docs" / "figures"
ANSWERS = FIGURES / "answers.json"
INJECTION = FIGURES / "injection_answers.json"
RETRIEVAL = FIGURES / "retrieval.json"


def retrieval_table(file: Path) -> str:
    """Return the table of search alone, from the last line that `benchmarks.retrieval` prints."""
    if not file.exists():
        return f"Not measured yet: `python -m benchmarks.retrieval | tail -1 > {_shown(file)}`."
    kept = json.loads(file.read_text("utf-8"))
    lines = [
        f"Machine: {kept['machine']}.",
        "",
        "| set | method | R@1 | R@10 | MRR@10 | ms a search |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['set']} | {r['method']} | {r['r1']:.3f} | {r['r10']:.3f} | {r['mrr10']:.3f}"
        f" | {r['ms']} |"
        for r in kept["rows"]
    ]
    return "\n".join(lines)


PARTS: dict[str, Callable[[], str]] = {
    "answers": lambda: answers_tables.tables(answers_report.load(ANSWERS)),
    "retrieval": lambda: retrieval_table(RETRIEVAL),
    "understanding": understanding.tables,
    "emergencies": lambda: emergencies.tables(),
    "plain": plain.tables,
    "injection": lambda: injection_report.tables(injection_report.load(INJECTION)),
}


def filled(page: str) -> str:
    """Return the page with each part written anew from its figures."""
    for name, made in PARTS.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        part = f"{begin}\n\n{made()}\n\n{end}"
        page, count = re.subn(
            re.escape(begin) + ".*?" + re.escape(end), part.replace("\\", r"\\"), page, flags=re.S
        )
        if count != 1:
            raise ValueError(f"the page has {count} parts named {name}, not one")
    return page


def write(page: Path = PAGE) -> None:
    """Rewrite the page."""
    page.write_text(filled(page.read_text("utf-8")), "utf-8")


def _shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    write()
