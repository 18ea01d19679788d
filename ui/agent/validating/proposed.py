# SPDX-License-Identifier: EUPL-1.2
"""`/reponses-validees/proposees`: one proposal after the other, its page in sight.

GET  /reponses-validees/proposees    the likeliest to be asked; what is done is a POST of `kept.py`

Without a script, the first button has the focus: Enter validates, Tab and Enter leave or mend. With
one, a letter does each while the focus is on the buttons (`static/proposed.js`).
"""

from __future__ import annotations

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.cards import Card, State, Why
from assistant.cards.quotes import Place, find_again
from ui.access.person import Person
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices, CardTools
from ui.agent.validating.kept_page import HERE as KEPT
from ui.agent.validating.kept_page import PROPOSED, KeptPage, stamp
from ui.agent.validating.lines import seen_page
from ui.drawn import marked, page_html
from ui.senior.tokens import Tokens
from ui.source import title_of


def proposed_router(
    services: AgentServices, frame: Frame, cards: CardTools, tokens: Tokens
) -> APIRouter:
    """The route of proposals."""
    router = APIRouter()
    page = ProposedPage(services, cards, tokens)

    @router.get(PROPOSED)
    def next_one(person: Asking, fait: str = "") -> HTMLResponse:
        return HTMLResponse(
            frame.page(frame.say.plain("cards_proposed"), KEPT, page.body(person, fait))
        )

    return router


class ProposedPage:
    """Lays out the proposal that is next."""

    def __init__(self, services: AgentServices, cards: CardTools, tokens: Tokens) -> None:
        self._services, self._cards, self._tokens = services, cards, tokens
        self._say = services.words
        self._kept = KeptPage(services, cards, tokens)

    def body(self, person: Person, done: str) -> str:
        """Return the likeliest proposal of those that this person may read, and its page."""
        say = self._say
        waiting = [
            card
            for card in self._cards.desk.cards.cards(states=[State.PROPOSED])
            if card.is_program_s
        ]
        waiting = sorted(self._kept.seen(person, waiting), key=lambda card: -card.likely)
        back = f'<p><a href="{KEPT}">{say("cards_back")}</a></p>'
        told = self._kept.done(done)
        if not waiting:
            return f'{told}<p class="notice-box">{say("cards_proposed_none")}</p>{back}'
        card = waiting[0]
        return (
            f'{told}<p class="lead">{say.counted("cards_proposed_left", len(waiting))} '
            f"{say('cards_proposed_keys')}</p>"
            f'<section class="proposal" aria-labelledby="asked"><h2 id="asked">'
            f"{marked(card.question)}</h2>{self._asked(card)}{self._quotes(card)}"
            f"{self._buttons(card)}</section>{self._pages(person, card)}{back}"
        )

    def _asked(self, card: Card) -> str:
        say = self._say
        times = ""
        if card.likely >= 1:
            times = f"<p>{say.counted('cards_proposed_asked', int(card.likely))}</p>"
        also = "".join(f"<li>{marked(one)}</li>" for one in card.wordings)
        return times + (f"<p>{say('card_wordings')}</p><ul>{also}</ul>" if also else "")

    def _quotes(self, card: Card) -> str:
        shown = ""
        for quote in card.quotes:
            title = escape(title_of(self._services.store, quote.document, quote.file))
            place = self._say("card_page", page=quote.page)
            under = f"<br>{marked(quote.heading)}" if quote.heading else ""
            shown += (
                f'<blockquote class="kept-quote">{marked(quote.quote)}</blockquote>'
                f'<p class="quiet">{title}, {place}{under}</p>'
            )
        return shown

    def _buttons(self, card: Card) -> str:
        """Return the three ways on. The first has the focus, so that Enter takes it."""
        say = self._say
        return (
            f'<form method="post" action="{KEPT}/{card.id}" class="take" data-keys>'
            f'<input type="hidden" name="token" value="{self._tokens.make()}">'
            '<input type="hidden" name="back" value="proposed">'
            f'<input type="hidden" name="seen" value="{stamp(card)}">'
            '<button type="submit" class="button" name="action" value="confirm" data-key="v" '
            f"autofocus>{say('cards_proposed_validate')}</button>"
            '<button type="submit" class="small-button" name="action" value="retire" data-key="l">'
            f"{say('cards_proposed_leave')}</button>"
            f'<a class="small-button" href="{KEPT}/{card.id}/corriger?suite=1" data-key="c">'
            f"{say('card_do_mend')}</a></form>"
        )

    def _pages(self, person: Person, card: Card) -> str:
        """Return the pages that are quoted, each once, their quotes in marks."""
        places = dict[tuple[str, int], list[Place]]()
        for quote in card.quotes:
            place = find_again(self._cards.desk.passages, quote)
            if not isinstance(place, Why):
                places.setdefault((place.document.id, place.page), []).append(place)
        shown = ""
        for (document, page), some in places.items():
            seen = seen_page(self._services, person, document, page)
            if seen is not None:
                stored, known = seen
                title = escape(title_of(self._services.store, stored.id, stored.file))
                drawn = page_html(known, *((place.start, place.end) for place in some))
                shown += (
                    f"<h2>{title}, {self._say('card_page', page=page)}</h2>"
                    f'<div class="page-text">{drawn}</div>'
                )
        return shown
