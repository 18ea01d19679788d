# SPDX-License-Identifier: EUPL-1.2
"""`/valider`: an agent stands for lines of a page, and from then on they answer.

GET  /valider/{record}                        an answer: its quotes are ticked
GET  /valider/{record}/{document}/{page}      a lead or a passage under a refusal
POST /valider/lignes                          a question that found no answer, and a page
POST /valider                                 validated, or told why not
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers import Author
from assistant.cards import Fault, Refused, State
from assistant.cards.card import MOST_SENTENCES
from guardrails.errors import GuardrailError
from guardrails.placeholders import PLACEHOLDER
from ui.access.person import Person
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices, CardTools
from ui.agent.validating.form import HERE, Typed, form_page, with_end
from ui.agent.validating.lines import Spot, given, may_see_card
from ui.agent.view import View
from ui.forms import Fields
from ui.senior.tokens import Tokens


def validating_router(
    services: AgentServices, frame: Frame, cards: CardTools, tokens: Tokens
) -> APIRouter:
    """The routes by which an answer is validated."""
    router = APIRouter(prefix=HERE)

    def shown(person: Person, typed: Typed, fault: Fault | None = None) -> HTMLResponse:
        body = form_page(services, person, typed, tokens.make(), fault)
        return HTMLResponse(
            frame.page(frame.say.plain("card_title"), HERE, body), 400 if fault else 200
        )

    @router.get("/{record}")
    def of_answer(person: Asking, record: str) -> HTMLResponse:
        view = services.shown(person, record)
        if view is None or not view.citations:
            return HTMLResponse(frame.message("gone_title", "gone", ""), 404)
        return shown(person, with_end(services, cards, person, typed_of(view)))

    @router.get("/{record}/{document}/{page}")
    def of_lines(
        person: Asking, record: str, document: str, page: int, start: int = 0, end: int = 0
    ) -> HTMLResponse:
        view = services.shown(person, record)
        if view is None:
            return HTMLResponse(frame.message("gone_title", "gone", ""), 404)
        spot = Spot(document, page, start, end)
        typed = Typed(question=view.question, spots=(spot,))
        return shown(person, with_end(services, cards, person, typed))

    @router.post("/lignes")
    def of_question(person: Asking, form: Fields) -> HTMLResponse:
        if not tokens.holds(str(form.get("token", ""))):
            return HTMLResponse(frame.message("card_title", "card_stale", ""), 409)
        return shown(person, Typed.read(form))

    @router.post("")
    def validate(person: Asking, form: Fields) -> Response:
        if not tokens.holds(str(form.get("token", ""))):
            return HTMLResponse(frame.message("card_title", "card_stale", ""), 409)
        typed = Typed.read(form)
        try:
            made = _validated(services, cards, person, typed)
        except (GuardrailError, OSError):
            return HTMLResponse(frame.message("card_title", "card_unkept", ""), 503)
        if isinstance(made, Fault):
            return shown(person, typed, made)
        where = f"/reponses-validees/{'proposees' if typed.goes_on else made}"
        return RedirectResponse(f"{where}?fait=validee", 303)

    return router


def typed_of(view: View) -> Typed:
    """Return the form of an answer as it was shown: its quotes ticked, its words where somebody
    may have to weigh them."""
    spots = tuple(Spot(c.document, c.page, c.start, c.end) for c in view.citations)
    said = [s for s in view.sentences if not s.is_note and s.author is not Author.SOURCE]
    answer = " ".join(sentence.text for sentence in said)
    if len(said) > MOST_SENTENCES or PLACEHOLDER.search(answer):
        answer = ""
    return Typed(question=view.question, spots=spots, answer=answer)


def _validated(
    services: AgentServices, cards: CardTools, person: Person, typed: Typed
) -> str | Fault:
    """Validate what was typed; return the card's id, or why it is none."""
    quotes = given(services, person, typed.ticked)
    if not typed.question:
        return Fault.MISSING_FIELD
    if not quotes:
        return Fault.QUOTE_NOT_FOUND
    drafts = typed.drafts(quotes)
    who = cards.who(person)
    added = list[str]()
    for draft in drafts:
        done = cards.desk.add(
            [draft], by=who, role=str(person.role),
            sees=lambda card: may_see_card(services, cards, person, card),
        )  # fmt: skip
        if done.refused:
            for one in added:  # both wordings are kept, or none
                cards.desk.retire(one, by=who, role=str(person.role))
            return done.refused[0][1]
        added += done.added
    before = cards.desk.cards.card(typed.replaces) if typed.replaces else None
    is_theirs = before is not None and may_see_card(services, cards, person, before)
    if before is not None and is_theirs and before.state in {State.SUSPENDED, State.PROPOSED}:
        try:
            cards.desk.retire(before.id, by=who, role=str(person.role))
        except Refused:  # somebody else did
            return added[0]
    return added[0]
