# SPDX-License-Identifier: EUPL-1.2
"""Scores the assistant on a question file that a town can write.

    [[question]]  question, answers (empty: to be refused), file, page, kind

An answer is right when it holds one of the accepted answers and cites the
file at the page; anything else that is shown is wrong. A refusal is right only
where no answer is accepted.
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answers import Answer, Outcome
from assistant.errors import UserError
from corpus.french import fold


class EvalQuestion(BaseModel):
    """One question of the file; `page` 0 means any page."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    answers: tuple[str, ...] = ()
    file: str = ""
    page: int = 0
    kind: str = ""


class _QuestionFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    question: tuple[EvalQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What came of one question. `verdict`: `right`, `wrong`, `refused_rightly`, `refused_wrongly`,
    or `right_elsewhere` (the words are right, the page is not the expected one)."""

    question: EvalQuestion
    verdict: str
    said: str
    reason: str
    seconds: float
    energy_wh: float


def read_questions(path: Path) -> tuple[EvalQuestion, ...]:
    """Read a question file; raise UserError in one line where it is not one."""
    try:
        return _QuestionFile.model_validate(tomllib.loads(path.read_text("utf-8"))).question
    except FileNotFoundError as error:
        raise UserError("no_such_path", position=1) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError("settings_unreadable", file=path.name, detail=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UserError(
            "settings_invalid", file=path.name, name=name, detail=first["msg"]
        ) from error


def score(question: EvalQuestion, outcome: Outcome) -> Score:
    """Judge one outcome against what the file expects."""
    is_answer = isinstance(outcome, Answer)
    said = outcome.text if isinstance(outcome, Answer) else ""
    if not is_answer:
        verdict = "refused_wrongly" if question.answers else "refused_rightly"
    elif not any(holds(said, answer) for answer in question.answers):
        verdict = "wrong"
    else:
        cited = isinstance(outcome, Answer) and any(
            (not question.file or c.file == question.file) and question.page in (0, c.page)
            for c in outcome.citations
        )
        verdict = "right" if cited else "right_elsewhere"
    return Score(
        question=question,
        verdict=verdict,
        said=said,
        reason="" if isinstance(outcome, Answer) else outcome.reason.value,
        seconds=outcome.seconds,
        energy_wh=outcome.energy_wh,
    )


def holds(said: str, answer: str) -> bool:
    def plain(text: str) -> str:
        return " ".join(fold(text).replace("\u202f", " ").replace("\u00a0", " ").split())

    return plain(answer) in plain(said)


def table(scores: Sequence[Score]) -> dict[str, float | int]:
    """Count verdicts and time over all questions."""
    counts: dict[str, float | int] = {
        verdict: sum(s.verdict == verdict for s in scores)
        for verdict in ("right", "right_elsewhere", "wrong", "refused_rightly", "refused_wrongly")
    }
    seconds = sorted(s.seconds for s in scores)
    if seconds:
        counts["seconds_p50"] = round(statistics.median(seconds), 2)
        counts["seconds_p95"] = round(seconds[int(0.95 * (len(seconds) - 1))], 2)
        counts["energy_wh"] = round(sum(s.energy_wh for s in scores), 3)
    return {"questions": len(scores)} | counts
