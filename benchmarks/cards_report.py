# SPDX-License-Identifier: EUPL-1.2
"""The tables of docs/cards.md, from what `benchmarks.cards` and `benchmarks.sheet` measured.

    docs/figures/cards.json ─filled▶ docs/cards.md, between its markers

    python -m benchmarks.cards_report      writes the page anew

What was not measured says so. `tests/benchmarks/test_cards.py` holds the page and the figures in
step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "cards.md"
FIGURES = ROOT / "docs" / "figures" / "cards.json"
NOT_MEASURED = "not measured"
SIZES = (1_000, 20_000)
CHANGES = ("changed", "moved", "ended", "re-read")
SPEED_GOALS = {1_000: "0.3 s", 20_000: "0.4 s"}

Figures = dict[str, Any]


def load(path: Path = FIGURES) -> Figures:
    """Return what was measured, nothing where nothing was."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def keep(name: str, figures: object, path: Path = FIGURES, page: Path = PAGE) -> None:
    """Keep one part of the figures, and write the page."""
    kept = load(path) | {name: figures}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    page.write_text(filled(page.read_text("utf-8"), kept), "utf-8")


def filled(page: str, figures: Figures) -> str:
    """Return the page with each table written anew."""
    for name, made in PARTS.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        part = f"{begin}\n\n{made(figures.get(name, {}))}\n\n{end}"
        page, count = re.subn(
            re.escape(begin) + ".*?" + re.escape(end), lambda _, p=part: p, page, flags=re.S
        )
        if count != 1:
            raise ValueError(f"the page has {count} parts named {name}, not one")
    return page


def pairs(figures: Mapping[str, Any]) -> str:
    """Return what is served of paraphrases and near misses."""
    rows = [
        "| | paraphrases served | near misses served"
        " | paraphrases served by the near miss's card |",
        "|---|---|---|---|",
    ]
    for title, key in (
        ("cosine of the vectors, at the same limits", "cosine"),
        ("the network that compares alone", "network"),
        ("**in use**: what it is not sure of, the language model reads", "in use"),
    ):
        served = figures.get(key, {})
        cells = [_share(served.get(kind)) for kind in ("paraphrase", "near miss", "turned")]
        cells = [f"**{cell}**" for cell in cells] if key == "in use" else cells
        rows.append(f"| {title} | {' | '.join(cells)} |")
    rows.append("| *to reach* | *75 %* | *1 %* | |")
    return "\n".join(rows)


def sheet(figures: Mapping[str, Any]) -> str:
    """Return what the town's own sheet answers."""
    used = figures.get("in use", {})
    count, misses = (used.get(name, NOT_MEASURED) for name in ("wordings", "near misses"))
    rows = [
        f"Of authors of whom nothing was learnt, {count} wordings in six languages and {misses} "
        "near misses ([how](decisions/sheet.md)):",
        "",
        "| | answered rightly | with another fact | near misses answered |",
        "|---|---|---|---|",
    ]
    for title, key in (
        ("**in use**", "in use"),
        ("what is asked alone, whoever it is asked of", "fact alone"),
        ("the plain cosine with the nearest wording, as many near misses", "cosine"),
    ):
        one = figures.get(key, {})
        other, near = (one.get(name, NOT_MEASURED) for name in ("other", "near"))
        rows.append(f"| {title} | {_share(one.get('right'))} | {other} | {near} |")
    rows.append("| *to reach* | *90 %* | *0* | *0* |")
    others = figures.get("others", {})
    answered, made = (others.get(name, NOT_MEASURED) for name in ("answered", "made"))
    rows += [
        "",
        f"The same asked of another town's hall or another body: {answered} of {made} answered.",
    ]
    return "\n".join(rows)


def speed(figures: Mapping[str, Any]) -> str:
    """Return how long it takes from a hidden question to the card that answers it."""
    rows = ["| cards | p50 | to reach, guard and seal included |", "|---|---|---|"]
    for size in SIZES:
        seconds = figures.get(str(size))
        told = f"{seconds:.2f} s" if seconds is not None else NOT_MEASURED
        rows.append(f"| {size:,} | {told} | {SPEED_GOALS[size]} |")
    return "\n".join(rows + _load(figures))


def changes(figures: Mapping[str, Any]) -> str:
    """Return how many cards were served though their page says otherwise."""
    rows = [
        "| every page was | cards | suspended | still served, rightly | stale ones served |",
        "|---|---|---|---|---|",
    ]
    for kind in CHANGES:
        one = figures.get(kind, {})
        told = [one.get(name, NOT_MEASURED) for name in ("cards", "suspended", "fresh", "stale")]
        rows.append(f"| {kind} | {' | '.join(map(_count, told))} |")
    return "\n".join([*rows, "| *to reach* | | | | *0* |", *_load(figures)])


def _load(figures: Mapping[str, Any]) -> list[str]:
    load = figures.get("load")
    return ["", f"Once, on two cores, at a load of {load}."] if load is not None else []


def _count(told: int | str) -> str:
    return f"{told:,}" if isinstance(told, int) else told


def _share(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:.1%}".replace("%", " %")


PARTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "pairs": pairs,
    "sheet": sheet,
    "speed": speed,
    "changes": changes,
}


def write(page: Path = PAGE) -> None:
    """Rewrite the page."""
    page.write_text(filled(page.read_text("utf-8"), load()), "utf-8")


if __name__ == "__main__":
    write()
