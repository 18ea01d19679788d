# SPDX-License-Identifier: EUPL-1.2
"""Writes into each recogniser's docstring what `docs/figures/privacy.json` says that it is worth.

    python -m benchmarks.privacy_docstrings      after `benchmarks.privacy --json --write-docs`

A test compares the docstrings with the figures, so that neither goes stale.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from guardrails.findings import Entity
from guardrails.recognizers import RECOGNIZERS

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs" / "figures" / "privacy.json"
ENTITIES: Mapping[str, tuple[Entity, ...]] = {
    "birth": (Entity.BIRTH_DATE, Entity.BIRTH_PLACE),
    "mrz": (Entity.CNI, Entity.PASSPORT),
}
"""Those of a recogniser whose name is not its entity's."""

STATEMENT = re.compile(r"^Recall .*?\.\n(?=\n|\"\"\")", re.MULTILINE | re.DOTALL)
WIDTH = 96


def statement(recognizer: str) -> str:
    """Return the lines that state what a recogniser is worth."""
    entities = ENTITIES.get(recognizer) or (Entity(recognizer.upper()),)
    parts = "; ".join(_parts(entities))
    words = f"Recall by `benchmarks.privacy`, the whole guard at work: {parts}.".split()
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) >= WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines) + "\n"


def _parts(entities: tuple[Entity, ...]) -> Iterator[str]:
    for one in json.loads(FIGURES.read_text("utf-8"))["sets"]:
        if one["name"].startswith("gold"):
            (ours,) = (line for line in one["lines"] if line["system"] == "Greffier")
            yield f"{one['name']}, {_counts(ours, entities)}, kept spans touched {_touched(ours)}"


def _counts(ours: Mapping[str, Any], entities: tuple[Entity, ...]) -> str:
    counts = []
    for entity in entities:
        leaks, total = ours["leaks"].get(entity.value, (0, 0))
        counts.append(f"{entity} {total - leaks} of {total}")
    return ", ".join(counts)


def _touched(ours: Mapping[str, Any]) -> str:
    touched, total = ours["touched"]
    return f"{touched} of {total}"


def main() -> None:
    """Rewrite the statement of each recogniser, or add it at the end of its docstring."""
    for recognizer in RECOGNIZERS:
        module = sys.modules[f"guardrails.recognizers.{recognizer.name}"]
        path = Path(str(module.__file__))
        text = path.read_text("utf-8")
        new = statement(recognizer.name)
        if found := STATEMENT.search(text):
            start, end = found.span()
            text = text[:start] + new + text[end:]
        else:
            end = text.index('\n"""\n', text.index('"""') + 3) + 1
            text = f"{text[:end]}\n{new}{text[end:]}"
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
