# SPDX-License-Identifier: EUPL-1.2
"""Scores the assistant on a question file that a town can write: the one definition of right.

    [[question]]  question, answers (empty: to be refused), file, page, kind

| verdict | what happened |
|---|---|
| right | an accepted answer is in the text, and the file is cited at the page |
| right_elsewhere | an accepted answer is in the text, another page is cited |
| wrong | anything else that was shown |
| refused_rightly | no answer is accepted, and none was given |
| refused_wrongly | an answer is accepted, and none was given |

`a & b` in an accepted answer: both must be there.

Beside a refusal, a lead is right that holds an accepted answer, at the right page: `lead` is its
place, from 1.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answers import Answer, Citation, Found, Leading, Outcome, Refusal, Step
from assistant.errors import UserError
from corpus.french import fold

BOTH = " & "

Ask = Callable[[str], Iterable[Step]]
"""A system that is scored: the steps of its reply, the outcome last."""

PageText = Callable[[str, int], str | None]
"""The stored text of a document's page, to look for quotes in."""


class Verdict(StrEnum):
    """What came of one question."""

    RIGHT = "right"
    RIGHT_ELSEWHERE = "right_elsewhere"
    WRONG = "wrong"
    REFUSED_RIGHTLY = "refused_rightly"
    REFUSED_WRONGLY = "refused_wrongly"


class EvalQuestion(BaseModel):
    """One question of the file; `page` 0 means any page, an empty `file` any file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    answers: tuple[str, ...] = ()
    file: str = ""
    page: int = 0
    kind: str = ""
    style: str = ""


class _QuestionFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    question: tuple[EvalQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One question and what came of it.

    `page_cited`: an answer was shown and cites the expected page. `leads` counts the lines shown
    beside a refusal, `lead` is the place of the first one that is right (0: none). `quotes` counts
    the quotes shown, leads' too, `quotes_off_page` those that the cited page does not hold word for
    word.
    `sources_seconds` is the time until the sources were shown, `lead_seconds` until the first lead
    was (0: the system shows none).
    """

    question: EvalQuestion
    verdict: Verdict
    said: str = ""
    reason: str = ""
    page_cited: bool = False
    lead: int = 0
    leads: int = 0
    quotes: int = 0
    quotes_off_page: int = 0
    sources_seconds: float = 0.0
    lead_seconds: float = 0.0
    seconds: float = 0.0
    energy_wh: float = 0.0
    energy_method: str = ""


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


def evaluate(questions: Sequence[EvalQuestion], ask: Ask, page_text: PageText) -> Iterator[Score]:
    """Ask each question and yield its score as soon as it is known."""
    for question in questions:
        started, sources, lead = time.perf_counter(), 0.0, 0.0
        outcome: Outcome | None = None
        for step in ask(question.question):
            since = time.perf_counter() - started
            match step:
                case Found():
                    sources = since
                case Leading():
                    lead = lead or since
                case Answer():
                    outcome = step
                case Refusal(leads=leads):
                    outcome = step
                    lead = (lead or since) if leads else 0.0
        if outcome is None:
            raise AssertionError("a reply ended without an outcome")
        yield score(question, outcome, page_text, sources_seconds=sources, lead_seconds=lead)


def score(
    question: EvalQuestion,
    outcome: Outcome,
    page_text: PageText,
    *,
    sources_seconds: float = 0.0,
    lead_seconds: float = 0.0,
) -> Score:
    """Judge one outcome against what the file expects."""
    answer = outcome if isinstance(outcome, Answer) else None
    said = " ".join(s.text for s in answer.sentences if not s.is_note) if answer else ""
    citations = answer.citations if answer else ()
    leads = [lead.citation for lead in outcome.leads] if isinstance(outcome, Refusal) else []
    quoted = [citation for citation in (*citations, *leads) if citation.quote]
    page_cited = any(_is_expected(question, citation) for citation in citations)
    return Score(
        question=question,
        verdict=_verdict(question, said if answer else None, page_cited),
        said=said,
        reason=outcome.reason.value if isinstance(outcome, Refusal) else "",
        page_cited=bool(question.answers) and page_cited,
        lead=next((n for n, one in enumerate(leads, 1) if _leads_to(question, one)), 0),
        leads=len(leads),
        quotes=len(quoted),
        quotes_off_page=sum(not _stands(citation, page_text) for citation in quoted),
        sources_seconds=round(sources_seconds, 3),
        lead_seconds=round(lead_seconds, 3),
        seconds=outcome.seconds,
        energy_wh=outcome.energy_wh,
        energy_method=outcome.energy_method,
    )


def _verdict(question: EvalQuestion, said: str | None, page_cited: bool) -> Verdict:
    if said is None:
        return Verdict.REFUSED_WRONGLY if question.answers else Verdict.REFUSED_RIGHTLY
    if not any(holds(said, answer) for answer in question.answers):
        return Verdict.WRONG
    return Verdict.RIGHT if page_cited else Verdict.RIGHT_ELSEWHERE


def _is_expected(question: EvalQuestion, citation: Citation) -> bool:
    return question.file in ("", citation.file) and question.page in (0, citation.page)


def _leads_to(question: EvalQuestion, lead: Citation) -> bool:
    """Whether a lead holds an accepted answer, at the expected page."""
    is_there = _is_expected(question, lead)
    return is_there and any(holds(lead.quote, answer) for answer in question.answers)


def _stands(citation: Citation, page_text: PageText) -> bool:
    page = page_text(citation.document, citation.page)
    return page is not None and " ".join(citation.quote.split()) in " ".join(page.split())


def holds(said: str, answer: str) -> bool:
    """Whether a text holds an accepted answer: whole words, whole numbers, a plural allowed.

    Case, accents, and how numbers, euros and hours are written do not matter.

    >>> holds("Le repas coûte 4,2 euros.", "4,20 €"), holds("Il coûte 14,20 €.", "4,20")
    (True, False)
    >>> holds("Le mardi et le vendredi.", "vendredi & mardi")
    True
    """
    text = _plain(said)
    return all(_finds(text, _plain(part)) for part in answer.split(BOTH))


def _finds(text: str, words: str) -> bool:
    if not words:
        return False
    before = r"(?<![a-z0-9])(?<!\d,)" if words[0].isalnum() else ""
    after = r"(?![a-z0-9])(?!,\d)" if words[-1].isalnum() else ""
    plural = "s?" if words[-1].isalpha() else ""
    return bool(re.search(before + re.escape(words) + plural + after, text))


_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:[ .]\d{3})+(?!\d)")
_DECIMAL = re.compile(r"(?<![\d.,])(\d+)[.,](\d{1,2})(?![\d.])")
_EUROS = re.compile(r"(\d) ?(?:€|euros?\b)")
_HOUR = re.compile(r"\b(\d{1,2}) ?(?:heures?|h)(?![a-z])(?: ?(\d{2})\b)?")
_UNIT = re.compile(r"(\d) (?=%|m2?\b)")


def _plain(text: str) -> str:
    """Fold a text and write its numbers, amounts and hours in one way."""
    plain = " ".join(fold(text).replace("\u202f", " ").replace("\u00a0", " ").split())
    plain = _GROUPED.sub(lambda number: re.sub(r"\D", "", number[0]), plain)
    plain = _DECIMAL.sub(lambda m: f"{m[1]},{m[2]}".rstrip("0").rstrip(","), plain)
    plain = _EUROS.sub(r"\1 euros", plain)
    plain = _HOUR.sub(lambda m: f"{int(m[1])}h{m[2] if m[2] and m[2] != '00' else ''}", plain)
    return _UNIT.sub(r"\1", plain)
