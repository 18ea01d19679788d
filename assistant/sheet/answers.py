# SPDX-License-Identifier: EUPL-1.2
"""A question that the town's own sheet answers, as the pipeline says it.

Question ─AskedFacts▶ AskedFact ─said▶ OfSheet ══sealed══▶ sentences, then the source
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.answers import Author, Step, Validation
from assistant.exchange import Exchange
from assistant.settings import Town
from assistant.sheet.asked import AskedFacts
from assistant.sheet.facts import PEOPLE, TONGUES, AskedFact, Tongue
from assistant.sheet.said import said, source
from assistant.understanding.questions import Question
from corpus.documents import Filters, Retrieved
from guardrails.roster import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSheet:
    """What the sheet says to a question, in `language`; `updated`: when somebody changed it."""

    asked: AskedFact
    sentences: tuple[str, ...]
    language: Tongue
    updated: date | None

    evidence: tuple[Retrieved, ...] = ()
    """None: it rests on no document."""

    @property
    def card(self) -> str:
        """The name of the card: `contact:phone`, `service:hours`, `roster:mayor`."""
        if self.asked.fact in PEOPLE:
            return f"roster:{self.asked.fact}"
        return f"{'contact' if self.asked.service is None else 'service'}:{self.asked.fact}"

    def is_within(self, allowed: Filters) -> bool:
        """Whether it may be shown: whoever asks may know how to reach the town hall."""
        return not allowed.is_closed

    def say(self, this: Exchange) -> Iterator[Step]:
        """Say it, then where it is from."""
        stood = Validation(
            card=self.card,
            at=self.updated.isoformat() if self.updated else "",
            language=self.language,
        )
        this.rest_on(stood, {"asking": self.asked.fact.value, "score": self.asked.score})
        for sentence in self.sentences:
            yield this.say(sentence, author=Author.PERSON)
        yield this.note(source(self.language, self.updated), as_it_is=True)


class AskSheet(Protocol):
    """What the pipeline needs of the sheet."""

    def __call__(self, question: Question, language: str) -> OfSheet | None: ...


def no_sheet(question: Question, language: str) -> None:
    """Find nothing: the town filled nothing in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TownSheet:
    """The sheet of one town. `updated` and `roster_updated`: when somebody changed it last."""

    town: Town
    offices: Sequence[Office]
    asked: AskedFacts
    updated: date | None = None
    roster_updated: date | None = None
    today: Callable[[], date] = date.today

    def __call__(self, question: Question, language: str) -> OfSheet | None:
        """Return what the sheet says to a question; `language`: that of the page, which wins over
        the question's where it is another than French, in which everybody is told to write."""
        page = next((tongue for tongue in TONGUES if tongue == language), None)
        today = self.today()
        asked = self.asked(question.text, today=today, prefer=language)
        if asked is None:
            return None
        tongue = page if page and page != "fr" else asked.language
        sentences = said(asked, self.town, self.offices, language=tongue, today=today)
        if not sentences:
            return None
        is_of_roster = asked.fact in PEOPLE
        return OfSheet(
            asked=asked,
            sentences=sentences,
            language=tongue,
            updated=self.roster_updated if is_of_roster else self.updated,
        )
