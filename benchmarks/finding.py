# SPDX-License-Identifier: EUPL-1.2
"""Whether search finds what answers: at which place the expected page comes, and a passage of it
that holds an accepted answer.

    python -m benchmarks.finding --data DIR --sets NAME[,NAME…]

Questions with an answer of sets that may be tuned on (`answers_sets.py`); no model writes a word.
Prints for each set, and for all, how often each comes first, among four (which the selector sees)
and among ten, with Wilson's interval at 95 %.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.calibrating.asking import is_expected, stands
from assistant.evaluation import read_questions
from assistant.understanding.questions import understand
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from guardrails.findings import Screened
from guardrails.intervals import wilson

WITHIN = (1, 4, 10)


@dataclass(frozen=True, slots=True)
class Found:
    """At which place, from 0, the expected page and a passage that answers come; None: in none."""

    page: int | None
    passage: int | None


def found_of(name: str, data: Path) -> Iterator[Found]:
    """Yield what search finds for each question of a set that has an answer."""
    with opened(SETS[name], data) as parts:
        limit = parts.settings.search.passages
        for asked in read_questions(SETS[name].questions):
            question = parts.question_reader(understand(parts.guard.screen(asked.question)))
            if not asked.answers or question.refusal is not None:
                continue
            each = [one.passage for one in parts.search(Screened(question.text), limit=limit)]
            yield Found(
                _first(is_expected(passage, asked) for passage in each),
                _first(stands(passage.text.text, passage, asked) for passage in each),
            )


def _first(told: Iterator[bool]) -> int | None:
    return next((place for place, is_it in enumerate(told) if is_it), None)


def line(name: str, found: list[Found]) -> str:
    """Return a row of the table."""
    cells = []
    for places in ([one.page for one in found], [one.passage for one in found]):
        for within in WITHIN:
            count = sum(place is not None and place < within for place in places)
            low, high = wilson(count, len(found))
            cells.append(f"{count} ({low:.0%} to {high:.0%})")
    return f"| {name} | {len(found)} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="keeps the indexes")
    parser.add_argument("--sets", required=True)
    given = parser.parse_args()
    heads = [f"{what} in {n}" for what in ("page", "passage") for n in WITHIN]
    print(f"| set | questions | {' | '.join(heads)} |")
    print("|---" * (2 + len(heads)) + "|")
    every = list[Found]()
    for name in given.sets.split(","):
        found = list(found_of(name, given.data))
        every += found
        print(line(name, found), flush=True)
    print(line("all", every))


if __name__ == "__main__":
    main()
