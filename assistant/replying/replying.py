# SPDX-License-Identifier: EUPL-1.2
"""A reply to a letter, made part by part: its hidden text, its questions, their answers, a draft.

    text │ file ─▶ Letter ─▶ questions ─each: the pipeline of `ask`, sealed▶ Part ─▶ draft

The letter is hidden before anything else is done with it, and is gone when its reply is made. Each
question is an exchange of its own in the register, as if the agent had typed it. A verdict on the
case of who writes is refused there as everywhere; the rule that it comes under is then asked for,
as a question of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answers import Answer, Outcome, Reason, Refusal, Step
from assistant.errors import ModelInterrupted
from assistant.pieces import marked, own_words
from assistant.pipeline import Answering
from assistant.replying.asking import Asking
from assistant.replying.letter import (
    Letter,
    LetterGuard,
    OpenReading,
    Received,
    hidden,
    received_file,
    received_text,
)
from assistant.replying.matter import BY_PLACE, Beside
from assistant.replying.questions import questions_of
from corpus.documents import Filters
from corpus.rights import NO_FILTER

_CASE = re.compile(
    r"\b(?:droit\s(?:a\s|au\s|aux\s|de\s|d')|benefici\w+\s(?:d'|de\s|du\s|des\s)|pretendre\s(?:a|au|aux)\s"
    r"|obtenir\s|avoir\s|toucher\s|percevoir\s|recevoir\s|accorde\w*\s|accepte\w*\s|refuse\w*\s"
    r"|eligibles?\s(?:a\s|au\s|aux\s))"
)
_WHO = re.compile(
    r"\b(?:est-ce que?|je|j'|tu|nous|on|il|elle|ils|elles|vous|me|m'|mon|ma|mes|notre|nos|votre|vos"
    r"|ai|avons|aurai|aura|sera|va|vais|peux|puis|pouvez|pensez|croyez|-t-|-je|-il|-elle|-vous)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A letter in its hidden form and what it asks, before anything is answered; `more`: how many
    questions are not taken up."""

    letter: Letter
    questions: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A question of a letter and what became of it (None: it failed); `rule`: what was found of the
    rule, beside the refusal of a verdict on somebody's case."""

    asks: str
    outcome: Outcome | None
    rule: Answer | None = None


class LetterReader:
    """Reads letters; it keeps nothing of them."""

    def __init__(
        self,
        *,
        guard: Callable[[], LetterGuard],
        asks: Callable[[str], Asking],
        beside: Beside = BY_PLACE,
        open_reading: OpenReading,
    ) -> None:
        """`guard` is opened at its first use; `asks` tells the sentences that ask, `beside`
        which statements complete a question."""
        self._guard = guard
        self._asks = asks
        self._beside = beside
        self._open_reading = open_reading

    def read_text(self, text: str) -> Read:
        """Hide a letter and find its questions. Raises UnreadableFile, NotYetReadable, or
        GuardrailError where it could not be examined whole."""
        return self._read(received_text(text, self._open_reading))

    def read_file(self, data: bytes, name: str) -> Read:
        """The same for a file: a mail, an office file, a PDF, a scan."""
        return self._read(received_file(data, name, self._open_reading))

    def _read(self, received: Received) -> Read:
        letter = hidden(received, self._guard())
        found = questions_of(letter, self._asks, self._beside)
        return Read(letter=letter, questions=tuple(found.asked), more=found.more)


def answered(
    assistant: Answering,
    questions: Sequence[str],
    *,
    actor: str = "",
    role: str = "agent",
    filters: Filters = NO_FILTER,
) -> Iterator[Part]:
    """Yield each question with its answer, one at a time, as they come; the same once."""

    def ask(question: str) -> Outcome:
        def steps() -> Iterator[Step]:
            return assistant.steps(
                question, actor=actor, role=role, audience="agent", filters=filters
            )

        try:
            return _last(steps())
        except ModelInterrupted:  # once more, as a person would
            return _last(steps())

    for question in dict.fromkeys(q.strip() for q in questions if q.strip()):
        outcome, rule = ask(question), None
        if isinstance(outcome, Refusal) and outcome.reason is Reason.INDIVIDUAL_VERDICT:
            found = ask(rule_of(question))
            rule = found if isinstance(found, Answer) else None
        yield Part(asks=question, outcome=outcome, rule=rule)


def _last(steps: Iterator[Step]) -> Outcome:
    *_, last = steps
    if isinstance(last, Answer | Refusal):
        return last
    raise AssertionError("the pipeline ended without an outcome")


def rule_of(question: str) -> str:
    """Return the question of the rule that a verdict comes under, which names nobody's case.

    >>> rule_of("Ai-je droit à l'aide au chauffage ?")
    "Quelles sont les conditions : l'aide au chauffage ?"
    """
    text = question.strip(" ?.!")
    case = _CASE.search(marked(text))
    about = text[case.end() :] if case and own_words(text[case.end() :]) else text
    about = " ".join(_WHO.sub(" ", about).split()).strip(" ,;:-")
    about = about.removeprefix("que ")
    return f"Quelles sont les conditions : {about} ?"
