# SPDX-License-Identifier: EUPL-1.2
"""How often a question that leans on the one before it is understood as a reader would.

    python -m benchmarks.followups [FILE.jsonl] [--show]

A line has what was asked before, the question that follows, and what a reader takes it for: the
words that the whole question must have (or one of several each) and those that it must not, that it
stands alone, or that nobody could tell which of two is meant. What is asked back counts where one
of the wordings to choose from is right. `--show` prints
what is not understood, of lists that may be tuned on: those of `followups/`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.following import Tagger, Understood, after
from assistant.llama import LlamaModel
from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.french import fold
from corpus.weights import DEFAULT_LANGUAGE_MODEL

DEV = Path(__file__).with_name("followups") / "dev.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Questions in their order, and what a reader takes the last for. `must`: of each, one word is
    there."""

    before: tuple[str, ...]
    ask: str
    must: tuple[tuple[str, ...], ...] = ()
    avoid: tuple[str, ...] = ()
    alone: bool = False
    unclear: bool = False
    kind: str = ""

    def is_right(self, text: str) -> bool:
        said = f" {_squeezed(text)} "
        has_all = all(any(_squeezed(word) in said for word in words) for words in self.must)
        return has_all and not any(f" {_squeezed(word)} " in said for word in self.avoid)

    def outcome(self, found: Understood | None) -> str:
        """Return `understood`, `asked back` or `wrong`."""
        if found and not found.is_sure and not self.alone:
            is_right = self.unclear or any(map(self.is_right, found.choices))
            return "asked back" if is_right else "wrong"
        is_right = self.is_right(found.text if found else self.ask)
        is_right &= not self.unclear and (found is None or not self.alone)
        return "understood" if is_right else "wrong"


def meant(case: Case, model: object) -> Understood | None:
    """Return what the last question is taken for, each one before as it was understood."""
    before = case.before[0]
    for ask in case.before[1:]:
        found = after(ask, before, model)
        before = found.text if found and found.is_sure else ask
    return after(case.ask, before, model)


def _squeezed(text: str) -> str:
    """Return a text without accents, capitals and signs, so that words compare as words."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def cases(path: Path = DEV) -> list[Case]:
    """Read a list: our own form, or that of authors (`follow`, `shown`, `kind`)."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [*map(case_of, rows)]


def case_of(row: Mapping[str, Any]) -> Case:
    """Return what a line of a list says."""
    return Case(
        before=(row["before"],) if isinstance(row["before"], str) else tuple(row["before"]),
        ask=row.get("ask") or row["follow"],
        must=tuple(
            (words,) if isinstance(words, str) else tuple(words) for words in row.get("must", ())
        ),
        avoid=tuple(row.get("not") or row.get("must_not") or ()),
        alone=bool(row.get("alone")),
        unclear=row.get("kind") == "unclear",
        kind=row.get("kind", ""),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.followups")
    parser.add_argument("path", nargs="?", type=Path, default=DEV)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args(arguments)
    name = DEFAULT_LANGUAGE_MODEL
    model = LlamaModel(open_weights(Settings()).path(name), tagger=Tagger.of(name))
    counts = Counter[str]()
    for case in cases(chosen.path):
        found = meant(case, model)
        outcome = case.outcome(found)
        counts[outcome] += 1
        if chosen.show and DEV.parent in chosen.path.resolve().parents and outcome != "understood":
            told = " | ".join(found.choices) if found else "stands alone"
            print(f"{outcome}: {' / '.join(case.before)} + {case.ask}\n    {told}")
    total = sum(counts.values())
    for name in ("understood", "asked back", "wrong"):
        print(f"{name:12}{counts[name]:4} of {total} ({counts[name] / total:.0%})")


if __name__ == "__main__":
    main()
