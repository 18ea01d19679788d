# SPDX-License-Identifier: EUPL-1.2
"""What may be shown for a question of a calibration, and whether each is right.

    EvalQuestion ─the pipeline's own steps: search, weigher, selector, readings▶ Option… ─▶ Row

No excerpt is left out, as an answer does after a sure one. Something is right where an accepted
answer stands in it, at the expected page.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.answers import Looking
from assistant.calibration import ALONE, LINES, TOGETHER
from assistant.confidence import SPEAKS_FROM, confidence
from assistant.energy import EnergyMeter
from assistant.errors import PromptTooLong
from assistant.evaluation import EvalQuestion, holds
from assistant.evidence import Candidate
from assistant.excerpts import Excerpt, excerpts
from assistant.judging import chars_of, reading_order, reads_together
from assistant.leads import Stretch
from assistant.options import LikelyLine, Read, as_read, likely_lines, options
from assistant.prompt import Frame
from assistant.reading import is_hidden, read
from assistant.seams import LanguageModel, StructuredModel
from assistant.selection import Selection, select
from assistant.understanding.questions import Question, understand
from assistant.wiring import Parts
from corpus.documents import Passage
from guardrails.findings import Screened

Before = tuple[float, bool]
"""How sure a model that was not calibrated is of what it would show, and whether that is right."""

NOTHING: Before = (0.0, False)


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a question before a word is written."""

    question: Question
    candidates: Sequence[Candidate]
    selection: Selection | None
    lines: Sequence[LikelyLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question, read in one way: what speaks for each option and whether it is right; the same
    of what a model that was not calibrated would show, with how sure it is."""

    town: str
    question: str
    is_answerable: bool
    options: tuple[tuple[Mapping[str, float], bool], ...] = ()
    before: Before = NOTHING
    seconds: float = 0.0
    energy_wh: float = 0.0
    way: str = ALONE


def ways_of(model: LanguageModel) -> tuple[str, ...]:
    """Return the ways of reading that a model is asked in."""
    is_tried = isinstance(model, StructuredModel) and model.reads_several
    return (LINES, ALONE, TOGETHER) if is_tried else (LINES, ALONE)


def asked(parts: Parts, one: EvalQuestion, town: str) -> Iterator[Row]:
    """Ask a question of a town's papers in each way, searched once; nothing of it is entered, and
    nothing shown."""
    started = time.perf_counter()
    beside = getattr(parts.model, "processor_seconds", float)
    meter = EnergyMeter(parts.settings.watts, beside=beside)
    found = _found(parts, one)
    searched, spent = time.perf_counter(), meter.watt_hours()
    for way in ways_of(parts.model):
        begun, before = time.perf_counter(), meter.watt_hours()
        each, alone = _options(parts, one, found, way) if found else ([], NOTHING)
        yield Row(
            town=town,
            question=one.question,
            is_answerable=bool(one.answers),
            options=tuple(each),
            before=alone,
            seconds=round(searched - started + time.perf_counter() - begun, 3),
            energy_wh=round(spent + meter.watt_hours() - before, 5),
            way=way,
        )


def _found(parts: Parts, one: EvalQuestion) -> Found | None:
    """Search, weigh and select, as for an answer; None where nothing speaks of the matter."""
    question = parts.question_reader(understand(parts.guard.screen(one.question)))
    if question.refusal is not None:
        return None
    evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
    candidates = parts.now.weigher.candidates(question, evidence)
    if not candidates or max(c.reach for c in candidates) < SPEAKS_FROM:
        return None
    selection = select(parts.model, question, candidates)
    lines = likely_lines(parts.model, question, candidates, selection)
    return Found(question, candidates, selection, lines)


def _options(
    parts: Parts, one: EvalQuestion, found: Found, way: str
) -> tuple[list[tuple[Mapping[str, float], bool]], Before]:
    cut = excerpts(found.candidates, found.question.years, chars_of(way))
    frame = Frame(found.question, cut)
    reads = [
        one
        for one in _reads(parts.model, frame, cut, found.selection, way)
        if not is_hidden(one.reading.said, found.question)
    ]
    told = [(confidence(one.reading), one.shown) for one in reads]
    sure, shown = max(told, key=lambda each: each[0], default=(0.0, None))
    return (
        [(each.features, is_right(each.shown, one)) for each in options(found.lines, reads)],
        (sure, is_right(shown, one)) if shown else NOTHING,
    )


def _reads(
    model: LanguageModel,
    frame: Frame,
    cut: Sequence[Excerpt],
    selection: Selection | None,
    way: str,
) -> Iterator[Read]:
    """Yield what a model reads in the excerpts of a question."""
    if way == LINES:
        return
    if way == TOGETHER and isinstance(model, StructuredModel):
        with suppress(PromptTooLong):
            yield from _last(reads_together(model, frame, cut, selection))
        return
    for index in reading_order(cut, selection):
        with suppress(PromptTooLong):
            reading = read(model, frame, index, cut[index], selection)
            if reading and reading.is_borne:
                yield as_read(index, reading, cut[index], frame.question, selection)


def _last(steps: Generator[Looking, None, list[Read]]) -> list[Read]:
    """Return what came of steps that nobody is shown."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: list[Read] = done.value
            return found


def is_right(shown: Stretch, one: EvalQuestion) -> bool:
    """Whether what would be shown holds an accepted answer, at the expected page."""
    return stands(shown.text, shown.passage, one)


def stands(text: str, passage: Passage, one: EvalQuestion) -> bool:
    """Whether a text of a passage holds an accepted answer, at the expected page."""
    return is_expected(passage, one) and any(holds(text, answer) for answer in one.answers)


def is_expected(passage: Passage, one: EvalQuestion) -> bool:
    return one.file in ("", passage.file) and one.page in (0, passage.page)


def kept(row: Row) -> str:
    """Return a row as a line of a file."""
    return json.dumps(asdict(row), ensure_ascii=False) + "\n"


def loaded(file: Path) -> Iterator[Row]:
    """Read rows back; a line that was cut is asked again."""
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        try:
            told = json.loads(line)
            each = tuple((features, is_right) for features, is_right in told["options"])
            yield Row(**{**told, "options": each, "before": tuple(told["before"])})
        except (ValueError, TypeError, KeyError):
            continue
