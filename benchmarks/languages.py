# SPDX-License-Identifier: EUPL-1.2
"""Whether search finds the page for residents who write in another language.

    python -m benchmarks.languages [--data DIR]

60 questions on the sample town in the languages of the simple page, twelve each, written by an
author (a program) after French ones, and read by nobody whose language it is. Prints how often the
expected page comes first and in ten, beside the same questions in French. No model writes a word.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation import read_questions
from assistant.understanding.questions import understand
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from guardrails.findings import Screened

FILE = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True, slots=True)
class Asked:
    language: str
    question: str
    file: str
    page: int
    answers: tuple[str, ...]


def asked() -> Iterator[Asked]:
    for line in FILE.read_text("utf-8").splitlines():
        told = json.loads(line)
        yield Asked(
            told["lang"], told["question"], told["file"], told["page"], tuple(told["answers"])
        )


def in_french(others: Sequence[Asked]) -> Iterator[Asked]:
    """The French questions that the others were written after, once for each."""
    known = {
        (one.file, one.page, one.answers): one for one in read_questions(SETS["samples"].questions)
    }
    for one in others:
        origin = known[one.file, one.page, one.answers]
        yield Asked("fr", origin.question, one.file, one.page, one.answers)


def place(parts: Parts, one: Asked) -> int | None:
    """At which place (from 0) of ten the expected page comes."""
    question = parts.question_reader(understand(parts.guard.screen(one.question)))
    found = parts.search(Screened(question.text), limit=10)
    pages = [(each.passage.file, each.passage.page) for each in found]
    return pages.index((one.file, one.page)) if (one.file, one.page) in pages else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the index here between runs")
    given = parser.parse_args()
    others = list(asked())
    with opened(SETS["samples"], given.data) as parts:
        each = [(one.language, place(parts, one)) for one in (*others, *in_french(others))]
    print("| language | questions | page first | in ten |")
    print("|---|---|---|---|")
    for language in dict.fromkeys(language for language, _ in each):
        places = [found for one, found in each if one == language]
        print(
            f"| {language} | {len(places)} | {places.count(0)} "
            f"| {sum(found is not None for found in places)} |"
        )


if __name__ == "__main__":
    main()
