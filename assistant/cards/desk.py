# SPDX-License-Identifier: EUPL-1.2
"""Where cards are made and changed: each change is in the register before it is kept.

add       drafts ─Maker▶ cards ══sealed══▶ kept │ refused, with why
suspend, report, retire, confirm   ══sealed══▶ kept
settle    each served card's quotes, looked for again ─▶ suspended where one is not there
review    what is suspended or said to be wrong, beside what its pages say now
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from assistant.cards.card import Card, Quote, Settled, State, Why
from assistant.cards.ends import end_of
from assistant.cards.making import Draft, Fault, GivenQuote, Maker, Refused
from assistant.cards.quotes import Place, find, find_again, found_in
from assistant.cards.store import LIVE, CardStore
from corpus.passages import PassageStore, StoredDocument
from corpus.quarantine import is_waiting
from corpus.seams import Embedder
from guardrails.register import Register
from guardrails.register.events import enter_card
from guardrails.register.records import JsonValue

Sees = Callable[[Card], bool]
"""Whether a person may read what a card rests on."""

AT_ONCE = 50
"""Cards kept in one transaction: others wait for less than a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of drafts: ids of cards, and which questions were refused, with why."""

    added: tuple[str, ...] = ()
    refused: tuple[tuple[str, Fault], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """A suspended card, and what stands today on the pages that it quotes (None: no page)."""

    card: Card
    now: tuple[tuple[Quote, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDesk:
    """Changes the cards of a data folder. `needs_second`: a second person must agree before what
    one of them validated is served."""

    cards: CardStore
    passages: PassageStore
    maker: Maker
    embedder: Callable[[], Embedder]
    register: Register
    needs_second: bool = False

    def add(
        self, drafts: Sequence[Draft], *, by: str, role: str, sees: Sees = lambda _: True
    ) -> Added:
        """Keep what may be kept; of drafts that answer one question in two ways, none is. A card
        that is suspended is replaced by one for its question where this person `sees` it."""
        state = State.PROPOSED if self.needs_second else State.SERVED
        made, refused = list[tuple[Draft, Card]](), list[tuple[str, Fault]]()
        for draft in drafts:
            try:
                made.append((draft, self.maker(draft, state=state, by=by, role=role)))
            except Refused as error:
                refused.append((draft.question, error.fault))
        kept = list[tuple[Draft, Card]]()
        quarrels = quarrelling([card for _, card in made])
        for draft, card in made:
            if card.id in quarrels:
                refused.append((draft.question, Fault.TWO_ANSWERS))
            else:
                kept.append((draft, card))
        added = list[str]()
        for at in range(0, len(kept), AT_ONCE):
            ids, late = self._keep(kept[at : at + AT_ONCE], sees, by=by, role=role)
            added += ids
            refused += late
        return Added(added=tuple(added), refused=tuple(refused))

    def _keep(
        self, made: Sequence[tuple[Draft, Card]], sees: Sees, *, by: str, role: str
    ) -> tuple[list[str], list[tuple[str, Fault]]]:
        embedder = self.embedder()
        vectors = {card.id: embedder.embed_query(card.question) for _, card in made}
        added, refused = list[str](), list[tuple[str, Fault]]()
        with self.cards.changing() as change:
            for draft, card in made:
                others = [one for one in self.cards.asked_as(card.keys) if one.meets(card)]
                held = [one for one in others if one.state is State.SERVED or _is_tied(one)]
                if any(one.says == card.says for one in held):
                    refused.append((draft.question, Fault.ALREADY))
                elif held:
                    refused.append((draft.question, Fault.TWO_ANSWERS))
                else:
                    # suspended, or a proposal without a page: it is replaced
                    for old in filter(sees, others):
                        self._enter(old, State.RETIRED, by=by, role=role, why=Why.BY_HAND)
                        change.mark(old.id, State.RETIRED, Why.BY_HAND)
                    self._enter(card, card.state, by=by, role=role)
                    change.put(card, vectors[card.id], embedder.name)
                    added.append(card.id)
        return added, refused

    def propose(self, card: Card) -> None:
        """Keep what the program proposes, or proposes in other words; what a person decided of it
        meanwhile stays."""
        embedder = self.embedder()
        vector = embedder.embed_query(card.question)
        with self.cards.changing() as change:
            kept = self.cards.card(card.id)
            if kept is None or kept.is_program_s:
                self._enter(card, card.state, by=card.by, role=card.role)
                change.put(card, vector, embedder.name)

    def suspend(self, identifier: str, *, why: Why = Why.BY_HAND, by: str, role: str) -> Card:
        """Serve a card no more until somebody confirms it; raise Refused where there is none."""
        return self._mark(identifier, State.SUSPENDED, why, by=by, role=role)

    def report(self, identifier: str, *, suspends: bool, by: str, role: str) -> Card:
        """Somebody says that a card is wrong: it is served no more, or, where that is not theirs to
        decide, goes on and waits for a person to look at it; raise Refused where there is none."""
        if suspends:
            return self.suspend(identifier, why=Why.REPORTED, by=by, role=role)
        with self.cards.changing() as change:  # one that is suspended meanwhile stays so
            card = self._live(identifier)
            if card.state is not State.SERVED or card.why is Why.REPORTED:
                return card
            self._enter(card, State.SERVED, by=by, role=role, why=Why.REPORTED)
            change.mark(card.id, State.SERVED, Why.REPORTED)
        return replace(card, why=Why.REPORTED)

    def retire(self, identifier: str, *, by: str, role: str) -> Card:
        """Serve a card never again; raise Refused where there is none."""
        return self._mark(identifier, State.RETIRED, Why.BY_HAND, by=by, role=role)

    def _mark(self, identifier: str, state: State, why: Why, *, by: str, role: str) -> Card:
        with self.cards.changing() as change:
            card = self._live(identifier)
            self._enter(card, state, by=by, role=role, why=why)
            change.mark(card.id, state, why)
        return replace(card, state=state, why=why)

    def confirm(
        self,
        identifier: str,
        *,
        by: str,
        role: str,
        known_as: Collection[str] = (),
        now: datetime | None = None,
    ) -> Card:
        """Serve a suspended or proposed card (again): its quotes stand today, and who confirms it
        is not who proposed it, where two are needed; `known_as`: what stood for that person in
        other months. Raise Refused."""
        moment = now or datetime.now(UTC)
        card = self._live(identifier)
        if self.needs_second and card.state is State.PROPOSED and card.by in {by, *known_as}:
            raise Refused(Fault.SAME_PERSON)
        given = [GivenQuote(file=q.file, page=q.page, quote=q.quote) for q in card.quotes]
        if not given:
            raise Refused(Fault.QUOTE_NOT_FOUND)
        draft = Draft(
            question=card.question,
            quotes=tuple(given),
            answer=card.answer,
            wordings=card.wordings,
            audience=card.audience,
            until=card.until,
            service=card.service,
            translations=card.translations,
        )
        waits = self.needs_second and card.is_program_s  # nobody stood for it yet
        state = State.PROPOSED if waits else State.SERVED
        anew = self.maker(draft, state=state, by=by, role=role, now=moment)
        anew = replace(anew, id=card.id)
        embedder = self.embedder()
        vector = embedder.embed_query(anew.question)
        with self.cards.changing() as change:
            if self._live(identifier) != card:  # suspended meanwhile, as a rule
                raise Refused(Fault.CHANGED)
            others = [one for one in self.cards.asked_as(anew.keys) if one.meets(anew)]
            if any(one.state is State.SERVED and one.id != anew.id for one in others):
                raise Refused(Fault.TWO_ANSWERS)
            self._enter(anew, anew.state, by=by, role=role)
            change.put(anew, vector, embedder.name)
        return anew

    def settle(self, *, today: date | None = None) -> list[Card]:
        """Suspend the served cards that rest on nothing any more; return them."""
        day = today or date.today()
        fallen = list[Card]()
        for card in self.cards.cards(states=[State.SERVED]):
            why = why_not(self.passages, card, day)
            if why is not None:
                with suppress(Refused):  # somebody else suspended it meanwhile
                    fallen.append(self.suspend(card.id, why=why, by="", role="program"))
        return fallen

    def review(self) -> list[ToReview]:
        """Return what is suspended, or served though somebody says that it is wrong, with what its
        pages say today, the longest waiting first."""
        return [
            ToReview(card=card, now=tuple((quote, self._page_now(quote)) for quote in card.quotes))
            for card in self.cards.cards(states=[State.SUSPENDED, State.SERVED])
            if card.state is State.SUSPENDED or card.why is Why.REPORTED
        ]

    def settle_matter(self, questions: Sequence[str], what: Settled, *, by: str, role: str) -> None:
        """Work a matter through without an answer: it is not the town's, or a document is
        missing. What a form says is hidden before it is kept; raise Refused where that fails."""
        hidden = [self.maker.hidden(question) for question in questions]
        said: dict[str, JsonValue] = {"questions": [*hidden]}
        enter_card(self.register, "matter", what.value, said, by=by, role=role)
        self.cards.settle(hidden, what, date.today().isoformat())

    def end_of(self, question: str, quotes: Iterable[GivenQuote]) -> str:
        """Return the last day (ISO) that quotes give what they say, empty where they give none."""
        found = (find(self.passages, [one.file], one.page, one.quote) for one in quotes)
        return end_of([question], [place for place in found if place])

    def documents_of(self, quote: Quote) -> list[StoredDocument]:
        """Return the document that a quote is of, or those that bear its name today: one of them
        may be its newer version, and nothing says which."""
        kept = self.passages.document(quote.document)
        return [kept] if kept else self.passages.documents_named(quote.file)

    def document_of(self, quote: Quote) -> StoredDocument | None:
        """Return the document that a quote is of, as it is today."""
        return next(iter(self.documents_of(quote)), None)

    def _page_now(self, quote: Quote) -> str | None:
        documents = (one for one in self.documents_of(quote) if not is_waiting(one))
        pages = (self.passages.page(document.id, quote.page) for document in documents)
        return next((page for page in pages if page is not None), None)

    def forget(self, documents: Iterable[str], *, by: str, role: str) -> int:
        """Take cards that rest on documents out for good; return how many."""
        documents = set(documents)
        self.cards.forget_tried(documents)
        return self._erase(self.cards.resting_on(documents), by=by, role=role)

    def forget_lost(self, document: str, *, by: str, role: str) -> int:
        """Take out for good the cards that quote what a document does not hold any more."""
        pages = [text for _, text in self.passages.pages(document)]
        lost = [
            card
            for card in self.cards.resting_on({document})
            for quote in card.quotes
            if quote.document == document
            and not any(next(found_in(quote.quote, text), None) for text in pages)
        ]
        return self._erase(list({card.id: card for card in lost}.values()), by=by, role=role)

    def _erase(self, cards: Sequence[Card], *, by: str, role: str) -> int:
        for card in cards:
            enter_card(self.register, card.id, "erased", {}, by=by, role=role)
        if cards:
            self.cards.erase(card.id for card in cards)
        return len(cards)

    def _live(self, identifier: str) -> Card:
        card = self.cards.card(identifier)
        if card is None or card.state not in LIVE:
            raise Refused(Fault.NO_SUCH_CARD)
        return card

    def _enter(self, card: Card, state: State, *, by: str, role: str, why: Why = Why.NONE) -> None:
        said: dict[str, JsonValue] = {"why": why.value, "question": card.question}
        if state in {State.SERVED, State.PROPOSED}:
            said |= {
                "wordings": [*card.wordings],
                "answer": card.answer,
                "audience": card.audience,
                "until": card.until,
                "service": card.service,
                "answers": {str(one): said for one, said in card.translations},
                "quotes": [
                    {"document": q.document, "page": q.page, "quote": q.quote} for q in card.quotes
                ],
            }
        enter_card(self.register, card.id, state.value, said, by=by, role=role)


def why_not(passages: PassageStore, card: Card, today: date) -> Why | None:
    """Return why a card must not be served to anybody, None where it may."""
    return places_of(passages, card, today)[1]


def places_of(
    passages: PassageStore, card: Card, today: date
) -> tuple[tuple[Place, ...], Why | None]:
    """Return where a card's quotes stand today, and why it must not be served, if so."""
    if card.until and card.until < today.isoformat():
        return (), Why.OVER
    places = list[Place]()
    for quote in card.quotes:
        found = find_again(passages, quote)
        if isinstance(found, Why):
            return (), found
        places.append(found)
    if not card.until and "" < end_of(card.askings, places) < today.isoformat():
        return (), Why.OVER  # validated before its end was read
    return tuple(places), None if places else Why.GONE


def quarrelling(cards: Sequence[Card]) -> set[str]:
    """Return the ids of cards that share a question, for the same people, and say different
    things."""
    asked = defaultdict[str, dict[tuple[str, str], Card]](dict)
    for card in cards:
        for key in card.keys:
            asked[key][card.audience, card.says] = card
    return {
        card.id
        for card in cards
        for key in card.keys
        if any(card.meets(other) and card.says != other.says for other in asked[key].values())
    }


def _is_tied(card: Card) -> bool:
    """Whether a person proposes it, from pages."""
    return card.state is State.PROPOSED and bool(card.quotes) and not card.is_program_s
