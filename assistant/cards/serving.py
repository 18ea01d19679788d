# SPDX-License-Identifier: EUPL-1.2
"""A validated answer to a question, if there is one: found, the same, standing today, allowed.

    Question ─▶ nearest cards ─▶ the same question? ─▶ quotes found again ─▶ rights ─▶ Validated
                                    │ in doubt            │ not there: the card is suspended, None
                                    └▶ likely ─the language model, once it is its turn▶ Validated

A card never answers in doubt: neither below the threshold, nor where two cards that say different
things are both the same question.
"""

from __future__ import annotations

import logging
import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from assistant.answers import Author, Lead, Step, Validation
from assistant.cards.card import Card, State, Why, asking_key
from assistant.cards.desk import places_of
from assistant.cards.making import Refused
from assistant.cards.nearest import NearestCards
from assistant.cards.quotes import Place
from assistant.cards.same import NEARLY, NO_DOUBT, InDoubt, Same, both
from assistant.cards.store import CardStore
from assistant.exchange import Exchange
from assistant.sheet.facts import Tongue
from assistant.understanding.questions import Question, understand
from corpus.documents import Filters, Passage, Retrieved
from corpus.passages import PassageStore
from corpus.rights import NO_FILTER
from guardrails.findings import Screened

logger = logging.getLogger(__name__)

NEAR = 0.85
"""Cosine of two questions from which a card is offered to read: the mean of the near misses in
`benchmarks/cards`; a third of what people say in other words reaches it."""


class MatchedBy(StrEnum):
    """What told that a card is asked."""

    WORDS = "words"
    """It is asked in these very words."""
    LIKENESS = "likeness"
    """The network that compares two questions."""
    MODEL = "model"
    """The language model, which read the card below the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """A card that answers a question, where its quotes stand today, and the evidence: the asking
    that is the same question, how surely (0 to 1), and what told it. `language`: that in which it
    is said."""

    card: Card
    places: tuple[Place, ...]
    asking: str
    score: float
    matched_by: MatchedBy = MatchedBy.LIKENESS
    language: Tongue = "fr"

    @property
    def is_word_for_word(self) -> bool:
        """Whether the card is asked in these very words: no likeness was weighed."""
        return self.matched_by is MatchedBy.WORDS

    @property
    def says(self) -> list[str]:
        """What the card says and rests on."""
        return [self.card.answer, *(quote.quote for quote in self.card.quotes)]

    def said_in(self, language: str) -> Validated:
        """Return the same in a language, where somebody stood for its words in it."""
        tongue = next((one for one, _ in self.card.translations if one == language), None)
        return replace(self, language=tongue) if tongue else self

    @property
    def evidence(self) -> list[Retrieved]:
        """The passages that hold its quotes, as sources."""
        return [Retrieved(passage=one, score=self.score) for one in self.passages]

    @property
    def passages(self) -> list[Passage]:
        """The passages that hold its quotes, each once."""
        return [*{one.id: one for place in self.places for one in place.passages}.values()]

    def is_within(self, allowed: Filters) -> bool:
        """Whether all that it rests on may be shown."""
        return all(_passes(allowed, place) for place in self.places)

    def say(self, this: Exchange) -> Iterator[Step]:
        """Say what somebody stood for: the card's answer with its quotes, or the quotes."""
        card, first = self.card, len(this.citations) + 1
        words = dict(card.translations).get(self.language, card.answer)
        said = Validation(
            card=card.id,
            role=card.role,
            by=card.by,
            at=card.at,
            service=card.service,
            language="" if self.language == "fr" else self.language,
        )
        by = self.matched_by.value
        this.rest_on(said, {"asking": self.asking, "score": self.score, "by": by})
        if words and not this.has_said(words):
            citations = [place.citation(number) for number, place in enumerate(self.places, first)]
            yield this.say(words, *citations, author=Author.PERSON)
        for place in () if words else self.places:
            row = place.said(this.says_row)
            if not this.has_said(row):
                citation = place.citation(len(this.citations) + 1)
                yield this.say(row, citation, author=Author.SOURCE)


class Stood(Protocol):
    """An answer that somebody stood for: of a card, or of the town's own sheet."""

    @property
    def evidence(self) -> Sequence[Retrieved]: ...

    def is_within(self, allowed: Filters) -> bool: ...

    def say(self, this: Exchange) -> Iterator[Step]: ...


class FindValidated(Protocol):
    """What the pipeline needs of cards."""

    def __call__(self, question: Question, audience: str, allowed: Filters) -> Validated | None: ...


class FindInDoubt(Protocol):
    """What the pipeline needs of cards where a language model tells whether they are asked."""

    def at_once(self, question: Question, audience: str, allowed: Filters) -> Validated | None: ...

    def doubted(self, question: Question, audience: str, allowed: Filters) -> Doubted: ...

    def still(self, one: Validated, allowed: Filters) -> Validated | None: ...


class FindNear(Protocol):
    """What the pipeline needs of cards beside a refusal."""

    def __call__(self, question: Question, allowed: Filters) -> Lead | None: ...


def nothing_near(question: Question, allowed: Filters) -> None:
    """Find nothing: there are no cards."""


def no_cards(question: Question, audience: str, allowed: Filters) -> None:
    """Find nothing: there are no cards."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """The cards that may be asked, the likeliest first, whether or not they may be shown; the
    passages of those that may; and from which likeness the network serves by itself."""

    likely: Sequence[Validated] = ()
    evidence: Sequence[Retrieved] = ()
    least: float = 1.0

    def read(self, question: str, same: Same) -> Validated | None:
        """Return the card that is asked after all; None where none is, or two that say different
        things."""
        told = [(both(same(question, one.asking, one.says), one.score), one) for one in self.likely]
        sure = [
            replace(
                one,
                score=round(min(1 / (1 + math.exp(-odds)), NEARLY), 4),
                matched_by=MatchedBy.MODEL,
            )
            for odds, one in told
            if odds >= same.threshold
        ]
        return surest(sure)

    def unread(self) -> Validated | None:
        """Return the card that is served where no model reads."""
        return surest([one for one in self.likely if one.score >= self.least])


NO_DOUBTS = Doubted()


def surest(sure: Sequence[Validated]) -> Validated | None:
    """Return the surest card; None where there is none, or where two say different things."""
    if len({one.card.says for one in sure}) != 1:
        return None
    return max(sure, key=lambda one: one.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatedAnswers:
    """Finds the card that answers a question. `suspend` takes a card out of service, with why."""

    cards: CardStore
    passages: PassageStore
    nearest: NearestCards
    same: Same
    suspend: Callable[[str, Why], object]
    limits: InDoubt = NO_DOUBT
    today: Callable[[], date] = date.today

    def __call__(self, question: Question, audience: str, allowed: Filters) -> Validated | None:
        """Return the card, None where there is none or it is not sure."""
        return self._surest(question, audience, allowed, self.same.threshold)

    def at_once(self, question: Question, audience: str, allowed: Filters) -> Validated | None:
        """Return the card, None where there is none or a language model can tell more surely."""
        return self._surest(question, audience, allowed, self.limits.at_once)

    def doubted(self, question: Question, audience: str, allowed: Filters) -> Doubted:
        """Return the cards that may be asked, where none is for certain: a language model can tell.
        None where one is, that says something else than another or may not be shown."""
        likely = self._alike(question.text, audience, self.limits.doubted)
        if any(one.score >= self.limits.at_once for one in likely):
            return NO_DOUBTS
        shown = {p.id: p for one in self._allowed(likely, allowed) for p in one.passages}
        evidence = [Retrieved(passage=one, score=0.0) for one in shown.values()]
        return Doubted(likely, evidence, self.same.threshold) if evidence else NO_DOUBTS

    def still(self, one: Validated, allowed: Filters) -> Validated | None:
        """Return a card as it stands now, where it is served and may be shown."""
        card = self.cards.card(one.card.id)
        if card is None or card.state is not State.SERVED or card.says != one.card.says:
            return None
        return next(self._allowed([replace(one, card=card)], allowed), None)

    def _surest(
        self, question: Question, audience: str, allowed: Filters, least: float
    ) -> Validated | None:
        """Return the card that is as sure as `least`; what another says that is as sure as the
        network is without a model leaves a doubt."""
        likely = self._alike(question.text, audience, min(least, self.same.threshold))
        sure = [one for one in likely if one.score == 1.0] or likely
        if len({one.card.says for one in sure}) != 1:
            return None
        return next(self._allowed([one for one in sure if one.score >= least], allowed), None)

    def _alike(self, question: str, audience: str, least: float) -> list[Validated]:
        """Return the served cards that are asked as surely as that, the surest first; where their
        quotes stand is not looked for yet."""
        ids = self.nearest(question)
        found = list[Validated]()
        for card in self.cards.cards(ids, states=[State.SERVED]):
            if _is_for(card, audience):
                score, asking = self._likeness(question, card)
                score = round(score, 4)
                if score >= least:
                    by = MatchedBy.WORDS if score == 1.0 else MatchedBy.LIKENESS
                    found.append(
                        Validated(card=card, places=(), asking=asking, score=score, matched_by=by)
                    )
        return sorted(found, key=lambda one: -one.score)

    def _allowed(self, found: Sequence[Validated], allowed: Filters) -> Iterator[Validated]:
        """Yield those whose quotes stand today, and may be shown."""
        for likely in found:
            one = replace(likely, places=self._standing(likely.card))
            if one.places and one.is_within(allowed):
                yield one

    def near(self, question: Question, allowed: Filters) -> Lead | None:
        """Return a line of the card that is nearest a question which it may not answer: something
        to read for an agent, never for a resident."""
        likely = [(i, cosine) for i, cosine in self.nearest.cosines(question.text) if cosine > NEAR]
        for identifier, score in likely:
            card = self.cards.card(identifier)
            if card is None or card.state is not State.SERVED or not _is_for(card, "agent"):
                continue
            found = Validated(
                card=card, places=self._standing(card), asking=card.question, score=score
            )
            if found.places and found.is_within(allowed):
                citation = found.places[0].citation(1)
                return Lead(
                    citation=citation, under=(), score=round(score, 3), card=card.id,
                    asked=card.question,
                )  # fmt: skip
        return None

    def _likeness(self, question: str, card: Card) -> tuple[float, str]:
        """Return how surely a card is asked, and by which of its wordings."""
        key = asking_key(question)
        exact = next((asking for asking in card.askings if asking_key(asking) == key), None)
        if exact is not None:
            return 1.0, exact
        said = [card.answer, *(quote.quote for quote in card.quotes)]
        return self.same(question, card.question, said), card.question

    def knows(self, question: str) -> bool:
        """Whether somebody stands for an answer to a hidden question, for some audience; what only
        a language model could tell is not known."""
        least = self.same.threshold if self.limits is NO_DOUBT else self.limits.at_once
        found = (
            self._surest(understand(Screened(question)), audience, NO_FILTER, least)
            for audience in ("agent", "senior")
        )
        return any(one is not None for one in found)

    def _standing(self, card: Card) -> tuple[Place, ...]:
        """Return where a card's quotes stand; where they do not, it is suspended."""
        places, why = places_of(self.passages, card, self.today())
        if why is None:
            return places
        with suppress(Refused):  # somebody else did meanwhile
            try:
                self.suspend(card.id, why)
            except sqlite3.Error as error:  # the question goes its way whatever becomes of the card
                logger.warning("a card could not be suspended: %s", type(error).__name__)
        return ()


def _is_for(card: Card, audience: str) -> bool:
    return card.audience in {"", audience}


def _passes(allowed: Filters, place: Place) -> bool:
    document = place.document
    if allowed.collections is not None and document.collection not in allowed.collections:
        return False
    if allowed.documents is not None and document.id not in allowed.documents:
        return False
    if not (allowed.kinds or allowed.since or allowed.until):
        return True
    return bool(place.passages) and all(_is_dated(allowed, one) for one in place.passages)


def _is_dated(allowed: Filters, passage: Passage) -> bool:
    if allowed.kinds is not None and passage.kind not in allowed.kinds:
        return False
    if allowed.since or allowed.until:
        last = allowed.until or "9999"
        return bool(passage.dated) and allowed.since <= passage.dated <= last
    return True


def together(found: Stood | None, searched: Sequence[Retrieved]) -> list[Retrieved]:
    """Return the sources of a question, those of its card first."""
    first = found.evidence if found else []
    own = {one.passage.id for one in first}
    return [*first, *(one for one in searched if one.passage.id not in own)]
