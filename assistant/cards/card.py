# SPDX-License-Identifier: EUPL-1.2
"""A validated answer, as it is kept: a question, where its answer is written, who stood for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from assistant.sheet.facts import Tongue
from corpus.french import fold

MOST_QUOTES = 5
MOST_WORDINGS = 30
MOST_SENTENCES = 3
MOST_CHARS = 500
MOST_ASKED_CHARS = 2_000  # of a question that is asked, not validated
"""Of a question, and of another wording of it."""

MOST_SERVICE_CHARS = 60

PROGRAM = "program"
"""The office of what no person does: cards that are suspended or proposed by themselves."""

PROPOSALS = "proposals"
"""The office under which the program asks its own questions: they are nobody's."""

Audience = Literal["", "agent", "senior"]
"""Whom an answer is for; empty: whoever may read its sources."""


class State(StrEnum):
    """Where a card stands. Only a SERVED one answers."""

    PROPOSED = "proposed"  # waits for a person, or for a second one
    SERVED = "served"
    SUSPENDED = "suspended"  # by itself or by a person, until one confirms it
    RETIRED = "retired"


class Why(StrEnum):
    """Why a card is not served any more. The words live in `texts/`."""

    NONE = ""
    CHANGED = "changed"  # its page no longer holds the quote
    GONE = "gone"  # its document was removed
    QUARANTINED = "quarantined"  # its document waits for a person
    SUPERSEDED = "superseded"  # another act replaced the one that it quotes
    OVER = "over"  # its last day is past
    REPORTED = "reported"  # somebody marked it as wrong
    BY_HAND = "by_hand"
    RESTORED = "restored"  # a backup was put back: somebody may have withdrawn it since


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a stored page. `document` is opaque, `file` a hidden path, `page` counts from 1;
    `heading` is what they stood under when a person looked."""

    document: str
    file: str
    page: int
    quote: str
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A question (hidden), other ways to ask it, one to five quotes, and what is said: `answer`, or
    the quotes where it is empty.

    `until` is the last day (ISO) on which it holds, empty for none; `by` the pseudonym of who
    validated it, in the office `role`, for the town's `service`, `at` when (ISO, UTC). A proposal
    may have no quote yet; `likely` is how often people asked of its matter, else a share below 1.
    `translations` say the answer in other languages, each once.
    """

    id: str
    question: str
    quotes: tuple[Quote, ...] = ()
    answer: str = ""
    wordings: tuple[str, ...] = ()
    audience: Audience = ""
    until: str = ""
    state: State = State.SERVED
    why: Why = Why.NONE
    by: str = ""
    role: str = ""
    at: str = ""
    service: str = ""
    likely: float = 0.0
    translations: tuple[tuple[Tongue, str], ...] = ()

    @property
    def is_program_s(self) -> bool:
        """Whether the program proposed it: nobody stands for it yet."""
        return self.state is State.PROPOSED and self.role == PROGRAM

    @property
    def askings(self) -> tuple[str, ...]:
        """The question, then its other wordings."""
        return (self.question, *self.wordings)

    @property
    def keys(self) -> frozenset[str]:
        """What no other card may be asked by."""
        return frozenset(map(asking_key, self.askings))

    @property
    def says(self) -> str:
        """What is said, as it is compared: the answer, or the quotes where there is none."""
        if self.answer:
            return asking_key(self.answer)
        return " / ".join(f"{q.file} {q.page} {asking_key(q.quote)}" for q in self.quotes)

    def meets(self, other: Card) -> bool:
        """Whether somebody could be given either."""
        return not self.audience or not other.audience or self.audience == other.audience


class Settled(StrEnum):
    """What becomes of a matter that no card answers."""

    NOT_OURS = "not_ours"  # the town has nothing to say of it
    MISSING = "missing"  # a document is missing: the quality report says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A question (hidden) that somebody worked through, and the day (ISO)."""

    question: str
    what: Settled
    day: str


def asking_key(text: str) -> str:
    """Return a question as it is compared word for word: signs, case and accents make no other one.

    >>> asking_key("Où est l'État civil ?") == asking_key("ou est l’etat  civil")
    True
    """
    return " ".join(re.findall(r"\w+", fold(text)))
