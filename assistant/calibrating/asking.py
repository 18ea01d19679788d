# SPDX-License-Identifier: EUPL-1.2
"""What may be shown for a question of a calibration, and whether each is right.

    EvalQuestion ─the pipeline's own steps: search, weigher, selector, readings▶ Option… ─▶ Row

No excerpt is left out, as an answer does after a sure one. Something is right where an accepted
answer stands in it, at the expected page.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.confidence import SPEAKS_FROM, confidence
from assistant.energy import EnergyMeter
from assistant.errors import PromptTooLong
from assistant.evaluation import EvalQuestion, holds
from assistant.excerpts import excerpts
from assistant.judging import reading_order
from assistant.leads import Stretch
from assistant.options import as_read, likely_lines, options
from assistant.prompt import Frame
from assistant.reading import is_hidden, read
from assistant.selection import select
from assistant.understanding.questions import understand
from assistant.wiring import Parts
from corpus.documents import Passage
from guardrails.findings import Screened


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question: what speaks for each option and whether it is right; the same of what a model
    that was not calibrated would show, with how sure it is."""

    town: str
    question: str
    is_answerable: bool
    options: tuple[tuple[Mapping[str, float], bool], ...] = ()
    before: tuple[float, bool] = (0.0, False)
    seconds: float = 0.0
    energy_wh: float = 0.0


def asked(parts: Parts, one: EvalQuestion, town: str) -> Row:
    """Ask a question of a town's papers; nothing of it is entered, and nothing shown."""
    started = time.perf_counter()
    beside = getattr(parts.model, "processor_seconds", float)
    meter = EnergyMeter(parts.settings.watts, beside=beside)
    found, before = _options(parts, one)
    return Row(
        town=town,
        question=one.question,
        is_answerable=bool(one.answers),
        options=tuple(found),
        before=before,
        seconds=round(time.perf_counter() - started, 3),
        energy_wh=round(meter.watt_hours(), 5),
    )


def _options(
    parts: Parts, one: EvalQuestion
) -> tuple[list[tuple[Mapping[str, float], bool]], tuple[float, bool]]:
    nothing = (0.0, False)
    question = understand(parts.guard.screen(one.question))
    if question.refusal is not None:
        return [], nothing
    evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
    candidates = parts.now.weigher.candidates(question, evidence)
    if not candidates or max(c.reach for c in candidates) < SPEAKS_FROM:
        return [], nothing
    selection = select(parts.model, question, candidates)
    lines = likely_lines(parts.model, question, candidates, selection)
    cut = excerpts(candidates, question.years)
    frame = Frame(question, cut)
    reads = []
    for index in reading_order(cut, selection):
        try:
            reading = read(parts.model, frame, index, cut[index], selection)
        except PromptTooLong:
            continue
        if reading and reading.is_borne and not is_hidden(reading.said, question):
            reads.append(as_read(index, reading, cut[index], question.text, selection))
    told = [(confidence(one.reading), one.shown) for one in reads]
    sure, shown = max(told, key=lambda each: each[0], default=(0.0, None))
    return (
        [(each.features, is_right(each.shown, one)) for each in options(lines, reads)],
        (sure, is_right(shown, one)) if shown else nothing,
    )


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
