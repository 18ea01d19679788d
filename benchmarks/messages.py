# SPDX-License-Identifier: EUPL-1.2
"""Whether a message is understood and searched as the same question in good French.

    python -m benchmarks.messages [--data DIR] [--show]

Lists by authors who had seen nothing (`messages/*.jsonl`): a message (« bjr c cb la
cantine ») beside the same question in good French. Both are searched in the papers of the sample
town. Rows: the message as it stands, and written out (`assistant/understanding/spellings.py`).
`--show` prints what may be tuned on; the held-out list is only counted.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.understanding.questions import Question, understand
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from benchmarks.retrieval import machine
from guardrails.findings import Screened

LISTS = sorted(Path(__file__).with_suffix("").glob("*.jsonl"))
HELD_OUT = "held_out"
FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A question as it was typed, and as it was meant."""

    typed: str
    meant: str


@dataclass(slots=True)
class Count:
    """How many messages have the kind, or find first the passage, of what was meant."""

    asked: int = 0
    kind: int = 0
    first: int = 0
    among_few: int = 0


def messages(path: Path) -> list[Message]:
    """Read one list."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Message(typed=row["q"], meant=row["clean"]) for row in rows]


def as_it_stands(asked: Screened) -> Question:
    """A question in the words as typed."""
    return replace(understand(asked), text=asked.text)


def count(
    parts: Parts, asked: list[Message], read: Callable[[Screened], Question], *, show: bool
) -> Count:
    """Search each message beside what it means."""
    total = Count()
    for one in asked:
        typed = parts.question_reader(read(parts.guard.screen(one.typed)))
        meant = parts.question_reader(understand(parts.guard.screen(one.meant)))
        found, wanted = (
            [hit.passage.id for hit in parts.search(Screened(question.text))]
            for question in (typed, meant)
        )
        total.asked += 1
        total.kind += typed.kind is meant.kind
        total.first += found[:1] == wanted[:1]
        total.among_few += wanted[0] in found[:FEW]
        if show and wanted[0] not in found[:FEW]:
            print(f"{typed.kind} {meant.kind} | {typed.text} | {meant.text}")
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the index here between runs")
    parser.add_argument("--show", action="store_true", help="print what may be tuned on")
    given = parser.parse_args()
    print(f"{machine()}\n")
    print("| list | | messages | kind as meant | first passage as meant | it is among three |")
    print("|---|---|---|---|---|---|")
    with opened(SETS["samples"], given.data) as parts:
        for path in LISTS:
            is_shown = given.show and path.stem != HELD_OUT
            for way, read in (("as it stands", as_it_stands), ("written out", understand)):
                c = count(parts, messages(path), read, show=is_shown and read is understand)
                print(
                    f"| {path.stem} | {way} | {c.asked} | {c.kind} | {c.first} | {c.among_few} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
