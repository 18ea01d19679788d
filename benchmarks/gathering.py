# SPDX-License-Identifier: EUPL-1.2
"""What may be shown for each question of some sets, and whether it is right: for the fits of
`leads.py` and `judge.py`.

    python -m benchmarks.gathering --data DIR --sets samples,faq_dev --json FILE [--every 2]

A question leaves its likeliest lines with what speaks for each, what the model's probe says of the
first ones alone, and each reading with its signs. Something is right where an accepted answer
stands in it, at the expected page. No reading is left out, as the product does after a sure one.
Each question is saved as soon as it is asked, so that a run that was cut goes on. A set of
`held_out/` is never gathered; one that sets thresholds by its name alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

from assistant.confidence import Signs, signs
from assistant.evaluation import EvalQuestion, holds, read_questions
from assistant.evidence import Candidate, Weigher
from assistant.excerpts import Excerpt, excerpts
from assistant.items import with_neighbours
from assistant.judging import reading_order
from assistant.leads import Stretch, lead_features, ranked
from assistant.prompt import Frame
from assistant.reading import is_hidden, read
from assistant.seams import ProbedModel
from assistant.selection import Selection, select
from assistant.understanding.questions import Question, understand
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import CALIBRATION, SETS
from corpus.documents import Passage
from guardrails.findings import Screened

SIGN_NAMES = [field.name for field in fields(Signs)]
PROBED = 2
"""How many of the likeliest lines the probe is asked of: each costs a second."""

Place = tuple[str, int, int]
"""A passage's id, and where the text stands in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that may be shown, with those that it needs beside it. `alone` is the probe's log-odds
    that it answers by itself, nothing where the probe was not asked."""

    place: Place
    features: dict[str, float]
    is_right: bool
    alone: float | None = None

    def overlaps(self, other: Line) -> bool:
        return meets(self.place, other.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the model read in one excerpt. `place` goes from the first to the last quote; `line` has
    the features of the likeliest line that is quoted; `is_right` looks at all quotes."""

    place: Place
    said: str
    signs: dict[str, float]
    line: dict[str, float]
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question: its lines, the likeliest first by the weigher, its readings, in the order in
    which the product reads, and how many excerpts gave nothing.

    `page` and `passage` say whether search found the expected page, and on it a passage that holds
    an accepted answer.
    """

    origin: str
    question: str
    kind: str
    is_answerable: bool
    lines: tuple[Line, ...] = ()
    readings: tuple[Read, ...] = ()
    nothing: int = 0
    page: bool = False
    passage: bool = False


def meets(one: Place, other: Place) -> bool:
    """Whether two places have a character in common."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def stands(text: str, passage: Passage, asked: EvalQuestion) -> bool:
    """Whether a text of a passage holds an accepted answer, at the expected page."""
    return is_expected(passage, asked) and any(holds(text, answer) for answer in asked.answers)


def is_expected(passage: Passage, asked: EvalQuestion) -> bool:
    return asked.file in ("", passage.file) and asked.page in (0, passage.page)


def row(parts: Parts, asked: EvalQuestion, origin: str) -> Row:
    """Return what the product would have to choose from."""
    question = understand(parts.guard.screen(asked.question))
    if question.refusal is not None:
        return Row(
            origin=origin,
            question=asked.question,
            kind=asked.kind,
            is_answerable=bool(asked.answers),
        )
    evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
    candidates = Weigher(parts.embedder, parts.wording).candidates(question, evidence)
    selection = select(parts.model, question, candidates)
    readings, nothing = _readings(parts, asked, question, candidates, selection)
    return Row(
        origin=origin,
        question=asked.question,
        kind=asked.kind,
        is_answerable=bool(asked.answers),
        lines=tuple(_lines(parts, asked, question, candidates, selection)),
        readings=tuple(readings),
        nothing=nothing,
        page=any(is_expected(one.passage, asked) for one in evidence),
        passage=any(stands(one.passage.text.text, one.passage, asked) for one in evidence),
    )


def _lines(
    parts: Parts,
    asked: EvalQuestion,
    question: Question,
    candidates: Sequence[Candidate],
    selection: Selection | None,
) -> Iterator[Line]:
    first = [stretch for _, _, stretch in ranked(question, candidates, selection)][:PROBED]
    for _, candidate, one in ranked(question, candidates, selection, apart=False):
        alone = None
        if one in first and isinstance(parts.model, ProbedModel):
            frame = Frame(question, [Excerpt(one.passage, one.text, (candidate,))])
            alone = parts.model.answerability(frame.read(0))
        yield Line(
            place=place_of(one),
            features=asdict(lead_features(candidate, selection)),
            is_right=stands(one.text, one.passage, asked),
            alone=alone,
        )


def place_of(one: Stretch) -> Place:
    return one.passage.id, one.start, one.end


def _readings(
    parts: Parts,
    asked: EvalQuestion,
    question: Question,
    candidates: Sequence[Candidate],
    selection: Selection | None,
) -> tuple[list[Read], int]:
    found = excerpts(candidates, question.years)
    frame = Frame(question, found)
    readings, nothing = list[Read](), 0
    for index in reading_order(found, selection):
        reading = read(parts.model, frame, index, found[index], selection)
        if reading is None or not reading.is_borne or is_hidden(reading.said, question):
            nothing += 1
            continue
        passage = found[index].passage
        carriers = reading.carriers(found[index], question.text)
        quotes = with_neighbours(carriers, question.text)
        best = max(
            (lead_features(carrier, selection) for carrier in carriers), key=lambda f: f.selected
        )
        readings.append(
            Read(
                place=(
                    passage.id,
                    quotes[0].start - passage.start,
                    quotes[-1].end - passage.start,
                ),
                said=reading.said,
                signs=dict(zip(SIGN_NAMES, astuple(signs(reading)), strict=True)),
                line=asdict(best),
                is_right=stands(" ".join(quote.text for quote in quotes), passage, asked),
            )
        )
    return readings, nothing


def kept(one: Row) -> str:
    """Return a row as a line of a file."""
    return json.dumps(asdict(one), ensure_ascii=False)


def loaded(file: Path) -> Iterator[Row]:
    """Read the rows back."""
    for text in file.read_text("utf-8").splitlines() if file.exists() else ():
        told: dict[str, Any] = json.loads(text)
        lines = [
            Line(**{**line, "place": (line["place"][0], line["place"][1], line["place"][2])})
            for line in told["lines"]
        ]
        readings = [
            Read(**{**one, "place": (one["place"][0], one["place"][1], one["place"][2])})
            for one in told["readings"]
        ]
        yield Row(**{**told, "lines": tuple(lines), "readings": tuple(readings)})


def may_be_gathered(name: str) -> bool:
    """Whether a set is there, and not held out."""
    one = SETS[name]
    return one.is_there and (one.questions.parent == CALIBRATION or not one.is_held_out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tunable = [name for name, one in SETS.items() if not one.is_held_out]
    parser.add_argument("--sets", default=",".join(tunable), help=", ".join(tunable))
    parser.add_argument("--data", type=Path, help="keep the indexes here between runs")
    parser.add_argument("--every", type=int, default=1, help="one question in so many")
    parser.add_argument("--json", type=Path, required=True)
    given = parser.parse_args()
    before = {(one.origin, one.question) for one in loaded(given.json)}
    with given.json.open("a", encoding="utf-8") as out:
        for name in given.sets.split(","):
            if not may_be_gathered(name):
                print(f"{name}: held out, or its documents are not there: left out", flush=True)
                continue
            with opened(SETS[name], given.data) as parts:
                for asked in read_questions(SETS[name].questions)[:: given.every]:
                    if (name, asked.question) not in before:
                        out.write(kept(row(parts, asked, name)) + "\n")
                        out.flush()


if __name__ == "__main__":
    main()
