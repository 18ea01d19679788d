# SPDX-License-Identifier: EUPL-1.2
"""The pipeline, on one screen.

    question ─guard▶ Screened ─understand▶ Question ─search▶ Retrieved… ══sealed══▶ Found
             ─weigh, judge▶ quote ─confidence▶ enough? ─say, ground▶ Sentence ══sealed══▶ Said
             ═══════════════════════════════════════════════════════sealed══▶ Answer │ Refusal

Nothing leaves before it is in the register (`exchange.py`): an intent with the
passages comes before the sources, each sentence before it is shown, an outcome
closes, however the exchange ends.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from assistant.answers import Answer, Citation, Found, Outcome, Reason, Refusal, Step
from assistant.confidence import (
    ANSWER_FROM,
    SPEAKS_FROM,
    confidence,
    preference,
    signs,
)
from assistant.errors import BadQuestion
from assistant.evidence import Candidate, Weigher
from assistant.exchange import Exchange, exchange
from assistant.grounding import find_quote, unsupported
from assistant.prompt import Frame
from assistant.questions import Question, understand
from assistant.seams import LanguageModel
from corpus.search import Search
from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.findings import Screened
from guardrails.register import Register

MAX_QUESTION_CHARS = 2000
MAX_SENTENCE_TOKENS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is found, under which rules the guard hides, and what a core draws."""

    passages: int = 10
    rules: str = ""
    watts_per_core: float = 15.0


class QuestionGuard(Protocol):
    """The part of the guard that a question and its answer need."""

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened: ...


class Answering(Protocol):
    """What the screens need of an assistant."""

    def steps(
        self, question: str, *, actor: str = "", role: str = "agent", audience: str = "agent"
    ) -> Iterator[Step]: ...


class Assistant:
    """Answers from the town's documents, with checked quotes, or says why not."""

    def __init__(
        self,
        *,
        guard: QuestionGuard,
        search: Search,
        weigher: Weigher,
        model: LanguageModel,
        register: Register,
        limits: Limits,
    ) -> None:
        self._guard = guard
        self._search = search
        self._weigher = weigher
        self._model = model
        self._register = register
        self._limits = limits
        self._turn = Lock()

    def ask(
        self, question: str, *, actor: str = "", role: str = "agent", audience: str = "agent"
    ) -> Outcome:
        """Return the answer or the refusal, once all its steps are done."""
        *_, last = self.steps(question, actor=actor, role=role, audience=audience)
        if isinstance(last, Answer | Refusal):
            return last
        raise AssertionError("the pipeline ended without an outcome")

    def steps(
        self, question: str, *, actor: str = "", role: str = "agent", audience: str = "agent"
    ) -> Iterator[Step]:
        """Yield the sources, each checked sentence, then the outcome."""
        check_question(question)
        with exchange(
            self._register,
            actor=actor,
            role=role,
            audience=audience,
            model=self._model.name,
            rules=self._limits.rules,
            watts_per_core=self._limits.watts_per_core,
        ) as this:
            try:
                screened = self._guard.screen(question)
            except (DetectorFailed, TextTooLong):
                this.intend(Screened(""), ())
                yield this.refuse(Reason.GUARD_CLOSED)
                return
            asked = understand(screened)

            evidence = self._search(Screened(asked.text), limit=self._limits.passages)
            this.intend(screened, evidence, language=asked.language)
            yield Found(question=screened.text, evidence=this.evidence, record=this.record)

            reason = asked.refusal
            if reason is None:
                with self._turn:
                    reason = yield from self._answer(this, asked)
            yield this.refuse(reason) if reason else this.answer()

    def _answer(self, this: Exchange, question: Question) -> Generator[Step, None, Reason | None]:
        """Yield checked sentences; return why there are none, or nothing."""
        candidates = self._weigher.candidates(question, this.evidence)
        if not candidates:
            return Reason.NO_EVIDENCE

        frame = Frame(question, candidates)
        yes = [self._says_yes(frame, index) for index in range(len(candidates))]
        best = max(range(len(candidates)), key=lambda i: preference(candidates[i], yes[i]))
        sure = confidence(signs(candidates[best], yes[best]))
        if sure < ANSWER_FROM:
            speaks = max(candidate.reach for candidate in candidates) >= SPEAKS_FROM
            return Reason.NOT_ANSWERED if speaks else Reason.NO_EVIDENCE

        citation = cite(candidates[best], number=len(this.citations) + 1)
        if citation is None:
            return Reason.NOT_GROUNDED
        yield this.say(self._say(frame, best, question, citation.quote), citation)
        return None

    def _says_yes(self, frame: Frame, index: int) -> float:
        """Probability that the model gives to a candidate being the answer."""
        verdict = self._model.choose(frame.judge(index), frame.verdicts())
        return verdict.probability if verdict.index == 0 else 1 - verdict.probability

    def _say(self, frame: Frame, index: int, question: Question, quote: str) -> str:
        """Return the model's sentence if the quote carries all of it, else the quote itself."""
        pieces = self._model.write(frame.say(index), max_tokens=MAX_SENTENCE_TOKENS, stop="\n")
        said = frame.in_the_words_of(index, "".join(pieces).strip())
        if not said or unsupported(said, [quote], question.text) or self._adds_person(said, quote):
            return quote
        return said

    def _adds_person(self, said: str, quote: str) -> bool:
        """Whether the guard finds in an answer what its screened source does not hold.

        A name that the source shows was judged there with its whole document around
        it (an official in office); one that the model brings is never shown.
        """
        found = self._guard.screen(said, trust_placeholders=True).findings
        return any(said[f.start : f.end] not in quote for f in found)


def cite(candidate: Candidate, *, number: int) -> Citation | None:
    """Find the sentence again in the passage as it is stored, word for word."""
    passage = candidate.passage
    place = find_quote(candidate.text, passage.text.text)
    if place is None:
        return None
    start, end = place
    return Citation(
        number=number,
        document=passage.document,
        file=passage.file,
        page=passage.page,
        quote=passage.text.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
    )


def check_question(question: str) -> None:
    """Raise BadQuestion for an empty question or one that is too long."""
    if not question.strip():
        raise BadQuestion("empty_question")
    if len(question) > MAX_QUESTION_CHARS:
        raise BadQuestion("long_question", chars=len(question), max_chars=MAX_QUESTION_CHARS)
