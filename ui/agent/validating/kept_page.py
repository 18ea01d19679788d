# SPDX-License-Identifier: EUPL-1.2
"""How validated answers are laid out: the list, one of them, what is to be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.cards import Card, Fault, Quote, Refused, State, ToReview, Why
from assistant.cards.ends import NEVER
from assistant.cards.quotes import find_again, likest_line
from corpus.acts import date_in_words
from corpus.french import terms
from ui.access.person import Person
from ui.agent.services import AgentServices, CardTools
from ui.agent.validating.form import NAMES, Typed
from ui.agent.validating.lines import Spot, may_see_card
from ui.drawn import marked
from ui.reply import address
from ui.senior.tokens import Tokens
from ui.senior.words import RIGHT_TO_LEFT
from ui.source import title_of

HERE = "/reponses-validees"
REVIEW = f"{HERE}/a-revoir"
PROPOSED = f"{HERE}/proposees"
MOST_SHOWN = 200
MOST_REVIEWED = 50
ACTIONS = {
    State.SERVED: ("suspend", "retire"),
    State.PROPOSED: ("confirm", "retire"),
    State.SUSPENDED: ("confirm", "retire"),
    State.RETIRED: (),
}


def actions_on(card: Card) -> tuple[str, ...]:
    """Return what may be done of a card; one that is served though somebody says that it is wrong
    may be confirmed too."""
    is_reported = card.state is State.SERVED and card.why is Why.REPORTED
    return (("confirm",) if is_reported else ()) + ACTIONS[card.state]


class KeptPage:
    """Lays out validated answers, those that a person may see."""

    def __init__(self, services: AgentServices, cards: CardTools, tokens: Tokens) -> None:
        self._services, self._cards, self._tokens = services, cards, tokens
        self._say, self._texts = services.words, services.texts

    # -- what there is

    def seen(self, person: Person, cards: Sequence[Card]) -> list[Card]:
        """Return the cards of which this person may read each quote's document."""
        return [card for card in cards if self._may_see(person, card)]

    def card(self, person: Person, identifier: str) -> Card | None:
        found = self._cards.desk.cards.card(identifier)
        return found if found and self._may_see(person, found) else None

    def _may_see(self, person: Person, card: Card) -> bool:
        return may_see_card(self._services, self._cards, person, card)

    def changed(self, person: Person, identifier: str, action: str, seen: str) -> bool:
        """Do what a button says; False where there is no such card or button; raise Refused, also
        where the card is not any more what was `seen`."""
        card, desk = self.card(person, identifier), self._cards.desk
        if card is None or action not in actions_on(card):
            return False
        if action == "confirm" and seen != stamp(card):
            raise Refused(Fault.CHANGED)
        who, role = self._cards.who(person), str(person.role)
        if action == "suspend":
            desk.suspend(identifier, why=Why.REPORTED, by=who, role=role)
        elif action == "retire":
            desk.retire(identifier, by=who, role=role)
        else:
            known_as = self._cards.known_as(person)
            desk.confirm(identifier, by=who, role=role, known_as=known_as)
        return True

    def typed(self, card: Card) -> Typed:
        """Return the form of a card, the lines ticked that hold its quotes today, or that are
        likest what they were."""
        spots = list[Spot]()
        for quote in card.quotes:
            place = find_again(self._cards.desk.passages, quote)
            if isinstance(place, Why):
                spots.append(self._likest(quote))
            else:
                spots.append(Spot(place.document.id, place.page, place.start, place.end))
        return Typed(
            question=card.question,
            spots=tuple(spots),
            wordings="\n".join(card.wordings),
            answer=card.answer,
            audience=card.audience,
            until="" if card.until == NEVER else card.until,
            service=card.service,
            replaces=card.id,
            translations=card.translations,
        )

    def _likest(self, quote: Quote) -> Spot:
        """Return the line that a quote may have become, else its page alone."""
        document, store = self._document(quote), self._cards.desk.passages
        text = store.page(document, quote.page) or ""
        line = likest_line(quote.quote, text)
        start = text.find(line)
        return Spot(document, quote.page, start, start + len(line))

    # -- as HTML

    def done(self, what: str) -> str:
        key = f"card_done_{what}"
        if not self._say.has(key):
            return ""
        return f'<p class="notice-box" role="status">{self._say(key)}</p>'

    def listed(self, person: Person, state: str, wanted: str) -> str:
        """Return the list: those of a state, those that hold all words that are looked for."""
        say, store = self._say, self._cards.desk.cards
        counts = store.counts()
        program_s = sum(card.is_program_s for card in store.cards(states=[State.PROPOSED]))
        waiting = store.to_review() + counts[State.PROPOSED] - program_s
        states = [one for one in State if one.value == state] or [
            State.SERVED, State.PROPOSED, State.SUSPENDED,
        ]  # fmt: skip
        found = self.seen(person, store.cards(states=states))
        words = set(terms(wanted))
        if words:
            found = [card for card in found if words <= set(terms(" ".join(card.askings)))]
        options = "".join(
            f'<option value="{one.value}"{" selected" if one.value == state else ""}>'
            f"{escape(self._texts('card_state', one.value))} ({counts[one]})</option>"
            for one in State
        )
        shown = "".join(f"<li>{self._line(card)}</li>" for card in found[::-1][:MOST_SHOWN])
        more = len(found) - MOST_SHOWN
        return (
            f'<p class="lead">{say("cards_intro")}</p><p>'
            f'<a class="small-button" href="{PROPOSED}">{say("cards_proposed")} ({program_s})</a> '
            f'<a class="small-button" href="{REVIEW}">'
            f"{say('cards_review')} ({waiting})</a> "
            f'<a class="small-button" href="{HERE}/export" download>{say("cards_export")}</a></p>'
            f'<form method="post" action="{HERE}" class="search" role="search">'
            f'<p class="field"><label for="q">{say("cards_search")}</label>'
            f'<input id="q" name="q" type="search" maxlength="300" value="{escape(wanted)}"></p>'
            f'<p class="field"><label for="etat">{say("cards_state")}</label>'
            f'<select id="etat" name="etat"><option value="">{say("cards_live")}</option>'
            f"{options}</select></p>"
            f'<button type="submit" class="button">{say("cards_show")}</button></form>'
            f'<p role="status">{say.counted("cards_found", len(found))}</p>'
            + (f'<ol class="documents">{shown}</ol>' if shown else "")
            + (f"<p>{say('cards_more', count=more)}</p>" if more > 0 else "")
        )

    def _line(self, card: Card) -> str:
        return (
            f'<p class="title"><a href="{HERE}/{card.id}">{marked(card.question)}</a></p>'
            f'<p class="quiet">{self._state(card)} {self._by(card)}</p>'
        )

    def _state(self, card: Card) -> str:
        words = self._texts("card_state", card.state.value)
        if card.why:
            words += f" ({self._texts('card_why', card.why.value)})"
        return f'<strong class="card-state">{escape(words)}</strong>'

    def _by(self, card: Card) -> str:
        return self._say(
            "card_by_service" if card.service else "card_by",
            service=card.service,
            day=self._day(card.at[:10]),
        )

    def _day(self, day: str) -> str:
        return date_in_words(day) if self._say.language == "fr" else day

    def one(self, card: Card) -> str:
        """Return one of them whole, with what may be done of it."""
        say = self._say
        wordings = "".join(f"<li>{marked(one)}</li>" for one in card.wordings)
        asked = f"<h2>{say('card_wordings')}</h2><ul>{wordings}</ul>" if wordings else ""
        said = f"<h2>{say('card_answer')}</h2><p>{marked(card.answer)}</p>" if card.answer else ""
        for language, words in card.translations:
            direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
            said += (
                f'<h3 lang="{language}">{NAMES[language]}</h3>'
                f'<p lang="{language}" dir="{direction}">{marked(words)}</p>'
            )
        audience = self._say(f"card_audience_{card.audience or 'all'}")
        ends = card.until not in {"", NEVER}
        until = say("card_holds", day=self._day(card.until)) if ends else ""
        return (
            f'<p class="lead">{marked(card.question)}</p>'
            f"<p>{self._state(card)} {self._by(card)}</p><p>{audience}. {until}</p>"
            f'<p class="quiet">{say("card_pseudonym", by=card.by)}</p>'
            f"{said}<h2>{say('card_quotes')}</h2>{''.join(map(self._quote, card.quotes))}{asked}"
            f'{self._actions(card)}<p><a href="{HERE}">{say("cards_back")}</a></p>'
        )

    def _quote(self, quote: Quote) -> str:
        document = self._document(quote)
        title = escape(title_of(self._services.store, document, quote.file))
        page = self._say("card_page", page=quote.page)
        return (
            f'<blockquote class="kept-quote">{marked(quote.quote)}</blockquote>'
            f'<p class="quiet"><a href="{address(document, quote.page, 0, 0)}">'
            f"{title}, {page}</a></p>"
        )

    def _document(self, quote: Quote) -> str:
        """Return the id that a quote's document has today."""
        now = self._cards.desk.document_of(quote)
        return now.id if now else quote.document

    def _actions(self, card: Card, back: str = "") -> str:
        say = self._say
        buttons = "".join(
            f'<button type="submit" class="small-button" name="action" value="{action}">'
            f"{say(f'card_do_{action}')}</button>"
            for action in actions_on(card)
        )
        mend = ""
        if card.state in {State.SUSPENDED, State.PROPOSED}:
            mend = (
                f'<a class="small-button" href="{HERE}/{card.id}/corriger">'
                f"{say('card_do_mend')}</a>"
            )
        if not buttons:
            return ""
        return (
            f'<form method="post" action="{HERE}/{card.id}" class="take">'
            f'<input type="hidden" name="token" value="{self._tokens.make()}">'
            f'<input type="hidden" name="back" value="{back}">'
            f'<input type="hidden" name="seen" value="{stamp(card)}">{buttons}{mend}</form>'
        )

    def review(self, person: Person) -> str:
        """Return what waits for a person: what was said beside what the pages say now."""
        say, store = self._say, self._cards.desk.cards
        waiting = [one for one in self._cards.desk.review() if self._may_see(person, one.card)]
        proposed = self.seen(person, store.cards(states=[State.PROPOSED]))
        proposed = [card for card in proposed if not card.is_program_s]  # they have their own page
        items = [self._changed(one) for one in waiting]
        items += [self._proposed(card) for card in proposed]
        if not items:
            return f'<p class="notice-box">{say("cards_nothing")}</p>'
        more = len(items) - MOST_REVIEWED
        shown = "".join(f"<li>{one}</li>" for one in items[:MOST_REVIEWED])
        rest = f"<p>{say('cards_more', count=more)}</p>" if more > 0 else ""
        return (
            f'<p class="lead">{say("cards_review_intro")}</p>'
            f'<ol class="documents">{shown}</ol>{rest}'
            f'<p><a href="{HERE}">{say("cards_back")}</a></p>'
        )

    def _changed(self, one: ToReview) -> str:
        say, card = self._say, one.card
        beside = ""
        for quote, now in one.now:
            line = likest_line(quote.quote, now) if now else ""
            shown = marked(line) if line else say("card_no_page")
            link = address(self._document(quote), quote.page, 0, 0)
            beside += (
                f'<div class="columns"><div><h2>{say("card_was")}</h2>'
                f'<blockquote class="kept-quote">{marked(quote.quote)}</blockquote></div>'
                f"<div><h2>{say('card_now')}</h2>"
                f'<blockquote class="kept-quote">{shown}</blockquote>'
                f'<p class="quiet"><a href="{link}">{say("card_see_page")}</a></p></div></div>'
            )
        said = f"<p>{marked(card.answer)}</p>" if card.answer else ""
        return f"{self._line(card)}{said}{beside}{self._actions(card, 'review')}"

    def _proposed(self, card: Card) -> str:
        quotes = "".join(map(self._quote, card.quotes)) or f"<p>{self._say('card_no_quote')}</p>"
        said = f"<p>{marked(card.answer)}</p>" if card.answer else ""
        return f"{self._line(card)}{said}{quotes}{self._actions(card, 'review')}"


def stamp(card: Card) -> str:
    """Return what a card was when its page was drawn."""
    return f"{card.state.value} {card.why.value} {card.at}"
