# SPDX-License-Identifier: EUPL-1.2
"""How often a question that leans on the one before it is understood as a reader would.

    python -m benchmarks.followups [FILE.jsonl] [--show]

Each line of `followups/dev.jsonl` has the earlier question, the one that follows, and what a reader
takes it for: the words that the whole question must have and those that it must not, or that it
stands alone. What is asked back counts as right where one of the wordings to choose from is. The
figures are of the search's embedder; `--show` prints what is not understood. Only this file is to
be tuned on: another list that nobody tuned on may be named.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.followups import Understood, understood
from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.embedder import OnnxEmbedder
from corpus.french import fold
from corpus.weights import DEFAULT_EMBEDDER

DEV = Path(__file__).with_name("followups") / "dev.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two questions, and what a reader takes the second for."""

    before: str
    ask: str
    must: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    alone: bool = False

    def is_right(self, text: str) -> bool:
        said = _squeezed(text)
        return all(_squeezed(w) in said for w in self.must) and not any(
            f" {_squeezed(w)} " in f" {said} " for w in self.avoid
        )

    def outcome(self, found: Understood | None) -> str:
        """Return `understood`, `asked back` or `wrong`."""
        if found is None or self.alone:
            return "understood" if self.alone and found is None else "wrong"
        if found.is_sure:
            return "understood" if self.is_right(found.text) else "wrong"
        return "asked back" if any(map(self.is_right, found.choices)) else "wrong"


def _squeezed(text: str) -> str:
    """Return a text without accents, capitals and signs, so that words compare as words."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def cases(path: Path = DEV) -> list[Case]:
    """Read a list."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Case(
            before=row["before"],
            ask=row["ask"],
            must=tuple(row.get("must", ())),
            avoid=tuple(row.get("not", ())),
            alone=bool(row.get("alone")),
        )
        for row in rows
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.followups")
    parser.add_argument("path", nargs="?", type=Path, default=DEV)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args(arguments)
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    counts = Counter[str]()
    for case in cases(chosen.path):
        found = understood(case.ask, case.before, embed=embedder.embed_query)
        outcome = case.outcome(found)
        counts[outcome] += 1
        if chosen.show and outcome != "understood":
            told = " | ".join(found.choices) if found else "stands alone"
            print(f"{outcome}: {case.before} + {case.ask}\n    {told}")
    total = sum(counts.values())
    for name in ("understood", "asked back", "wrong"):
        print(f"{name:12}{counts[name]:4} of {total} ({counts[name] / total:.0%})")


if __name__ == "__main__":
    main()
