# SPDX-License-Identifier: EUPL-1.2
"""The questions that the page offers: those that the town's papers are known to answer.

    the town's own, validated cards', the sheet's, those of common use
      ─tried once, while nobody asks▶ answered │ refused ─kept by version of the town▶ six at most

Each is tried by the usual way, so that what is offered is answered as a resident would be. Cards
and the sheet answer without the model and are tried first. A question is not shown before it was
answered, nor once the town changed until it is answered again; one with a personal word never is.
Of what was tried only digests are kept.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from threading import Lock
from typing import Protocol, cast

from assistant.answers import Answer, Found, Reason, Refusal, Step
from assistant.cards import Card, State
from assistant.errors import AssistantError
from assistant.evaluation_kept import EVALUATION
from assistant.idle import Idle
from assistant.leaving import Gone, watched
from assistant.pipeline import Answering
from assistant.wiring import Parts
from corpus.errors import CorpusError
from guardrails.errors import GuardrailError
from guardrails.placeholders import PLACEHOLDER
from ui.senior.words import Words

logger = logging.getLogger(__name__)

MOST = 6
MOST_OF_CARDS = 4
LONGEST = 110
"""Characters of a card's question that is read at a glance."""

OF_SHEET = ("example_hours", "example_phone")
OF_COMMON_USE = tuple(f"example_{number}" for number in range(1, 7))
STATE = "simple_examples"
POLL_SECONDS = 20.0
"""How often it is looked whether the town changed, and after what could not be tried."""

PASSING = frozenset({Reason.BUSY, Reason.BUSY_OWN})
"""Refusals that say nothing of the papers."""

Try = Callable[[str], bool | None]
"""Whether a question is answered; None where it could not be tried now."""


class Kept(Protocol):
    """Where what was tried is kept over a restart: the index, which forgets with it."""

    def state(self, name: str) -> str: ...

    def set_state(self, name: str, value: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What examples are chosen from. `chosen`: those of the town's settings; `cards`: questions
    that a person's answer is served to; `version`: another one where an answer may be another."""

    chosen: Callable[[], Sequence[str]]
    cards: Callable[[], Sequence[str]]
    version: Callable[[], str]

    def sure(self) -> list[str]:
        """Return what is answered without the model, if it is."""
        cards = [one for one in self.cards() if len(one) <= LONGEST and not _is_personal(one)]
        return cards[:MOST_OF_CARDS] + [Words("fr").plain(key) for key in OF_SHEET]

    def all(self) -> list[str]:
        """Return each question once, in the order in which they are offered."""
        common = [Words("fr").plain(key) for key in OF_COMMON_USE]
        return [*dict.fromkeys([*self.chosen(), *self.sure(), *common])]


class Examples:
    """Offers questions, and tries them in a thread of its own."""

    def __init__(self, town: Town, tries: Try, kept: Kept) -> None:
        self._town, self._try, self._kept = town, tries, kept
        self._lock = Lock()
        self._version, self._tried, self._seen = "", dict[str, bool](), ""
        self._idle = Idle("examples", self.look, seconds=POLL_SECONDS)

    def __call__(self) -> list[str]:
        """Return the questions to offer now: fewer than six, or none, until they were tried."""
        try:
            if self._settle(self._town.version()):
                self._idle.wake()
            questions = self._town.all()
        except (CorpusError, OSError, sqlite3.Error):
            return []
        with self._lock:
            return [one for one in questions if self._tried.get(_digest(one))][:MOST]

    def running(self) -> AbstractContextManager[None]:
        """Try questions beside a block; the one under way is left at its end."""
        return self._idle.running()

    def look(self) -> None:
        """Try what is to be tried, unless the town is changing: while papers are added, each one
        makes another version of it."""
        version, before = self._town.version(), self._seen
        self._seen = version
        if before in ("", version):
            self.try_all()

    def try_all(self) -> None:
        """Try what is to be tried; stop at the first that cannot be now."""
        version = self._town.version()
        self._settle(version)
        while not self.is_over and (question := self._next()) is not None:
            is_answered = False if _is_personal(question) else self._try(question)
            if is_answered is None or self._town.version() != version:
                return
            with self._lock:
                if self._version != version:
                    return
                self._tried[_digest(question)] = is_answered
                kept = json.dumps({"version": version, "tried": self._tried})
            self._kept.set_state(STATE, kept)

    @property
    def is_over(self) -> bool:
        """Whether nobody wants it tried any more."""
        return self._idle.is_over

    def _settle(self, version: str) -> bool:
        """Take what is known of this version of the town, and nothing of another; say whether it is
        another one than before."""
        with self._lock:
            if version == self._version:
                return False
            self._version, self._tried = version, {}
            try:
                kept = json.loads(self._kept.state(STATE) or "{}")
                if kept.get("version") == version:
                    self._tried = {str(one): said is True for one, said in kept["tried"].items()}
            except (ValueError, KeyError, AttributeError):
                logger.warning("what is kept of the examples is not readable")
            return True

    def _next(self) -> str | None:
        """Return what to try next: what is answered at once while the page has too few, then what
        would be offered before others."""
        questions, sure = self._town.all(), self._town.sure()
        with self._lock:
            tried = dict(self._tried)
        known = {one: tried[_digest(one)] for one in questions if _digest(one) in tried}
        if sum(known.values()) < MOST:
            at_once = next((one for one in sure if one not in known), None)
            if at_once is not None:
                return at_once
        wanted = [one for one in questions if known.get(one, True)][:MOST]
        return next((one for one in wanted if one not in known), None)


def examples_of(parts: Parts) -> Examples:
    """Return the examples of a town, from its settings, its cards and its index."""

    def served() -> list[Card]:
        return [
            card
            for card in parts.cards.cards(states=[State.SERVED])
            if card.audience in {"", "senior"}
        ]

    def version() -> str:
        """Papers, cards, pauses and settings; and the week, for days that are over."""
        papers = sorted((d.id, d.collection, d.needs, d.recipe) for d in parts.store.documents())
        cards = sorted(card.id for card in served())
        week = date.today().isocalendar()[:2]
        settings = parts.settings.model_dump_json()
        told = repr((papers, cards, parts.moratorium.pauses(), week, settings))
        return sha256(told.encode()).hexdigest()

    town = Town(
        chosen=lambda: parts.settings.senior.examples,
        cards=lambda: [card.question for card in served()],
        version=version,
    )

    def is_wanted() -> bool:
        assistant = parts.assistant
        return not (found.is_over or assistant.somebody_waits or assistant.is_closed)

    found = Examples(town, tries(parts.answering, is_wanted), parts.store)
    return found


def tries(assistant: Answering, is_wanted: Callable[[], bool]) -> Try:
    """Ask as a senior would; what is not wanted now (somebody waits, nothing is answered for
    maintenance) is left at once, and tried again."""

    def tried(question: str) -> bool | None:
        asked = assistant.steps(question, role=EVALUATION, audience="senior", language="fr")
        last: Step | None = None
        try:
            with (
                watched(lambda: not is_wanted()),
                closing(cast(Generator[Step, None, None], asked)) as steps,
            ):
                for last in steps:
                    if isinstance(last, Found) and _is_personal(last.question):
                        return False
        except (Gone, AssistantError, CorpusError, GuardrailError, OSError):
            return None
        if not is_wanted() or (isinstance(last, Refusal) and last.reason in PASSING):
            return None
        return isinstance(last, Answer) and not _is_partial(last)

    return tried


def _is_partial(answer: Answer) -> bool:
    """Whether a note tells a part that has no answer; the sheet's tells its source."""
    return not answer.validation.card and any(one.is_note for one in answer.sentences)


def _is_personal(question: str) -> bool:
    """Whether the guard hid something in a question."""
    return PLACEHOLDER.search(question) is not None


def _digest(question: str) -> str:
    return sha256(question.encode()).hexdigest()[:16]
