# SPDX-License-Identifier: EUPL-1.2
"""`/reponses-validees`: what was validated, and what is to be looked at again.

GET  /reponses-validees?etat=…              the list; POST with `q` looks for words
GET  /reponses-validees/a-revoir            what changed beside what was said
GET  /reponses-validees/export              questions alone, for another town
GET  /reponses-validees/{id}, …/corriger    one of them; its form, to be mended
POST /reponses-validees/{id}                suspend (it is wrong), retire, confirm
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.cards import Refused, State
from assistant.cards.export import exported
from guardrails.errors import GuardrailError
from guardrails.register.records import AuditRecord, Kind
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices, CardTools
from ui.agent.validating.form import form_page, with_end
from ui.agent.validating.kept_page import HERE, PROPOSED, REVIEW, KeptPage
from ui.forms import Fields, attachment, value
from ui.senior.tokens import Tokens

BACK = {"review": REVIEW, "proposed": PROPOSED}
"""Where a button leads back to; otherwise to the card."""


def kept_router(
    services: AgentServices, frame: Frame, cards: CardTools, tokens: Tokens
) -> APIRouter:
    """The routes of validated answers."""
    router = APIRouter(prefix=HERE)
    page = KeptPage(services, cards, tokens)
    missing = frame.message("cards_title", "card_missing", HERE)

    def shown(body: str, title: str = "cards_title", status: int = 200) -> HTMLResponse:
        return HTMLResponse(frame.page(frame.say.plain(title), HERE, body), status)

    @router.get("")
    def listed(person: Asking, etat: str = "") -> HTMLResponse:
        return shown(page.listed(person, etat, ""))

    @router.post("")
    def looked_for(person: Asking, form: Fields) -> HTMLResponse:
        wanted, state = value(form, "q")[:300], value(form, "etat")
        return shown(page.listed(person, state, wanted))

    @router.get("/a-revoir")
    def review(person: Asking, fait: str = "") -> HTMLResponse:
        cards.desk.settle()
        return shown(page.done(fait) + page.review(person), "cards_review")

    @router.get("/export")
    def export(person: Asking) -> Response:
        rows = exported(page.seen(person, cards.desk.cards.cards(states=[State.SERVED])),
                        cards.desk.passages)  # fmt: skip
        record = AuditRecord(
            kind=Kind.EXPORT,
            actor=cards.who(person),
            role=str(person.role),
            payload={"form": "cards", "count": rows.count("\n")},
        )
        cards.desk.register.append(record)
        return attachment(rows, "reponses-validees.jsonl", "application/jsonl")

    @router.get("/{identifier}")
    def one(person: Asking, identifier: str, fait: str = "") -> HTMLResponse:
        card = page.card(person, identifier)
        if card is None:
            return HTMLResponse(missing, 404)
        return shown(page.done(fait) + page.one(card), "cards_one")

    @router.get("/{identifier}/corriger")
    def mend(person: Asking, identifier: str, suite: str = "") -> HTMLResponse:
        card = page.card(person, identifier)
        if card is None or card.state not in {State.SUSPENDED, State.PROPOSED}:
            return HTMLResponse(missing, 404)
        typed = with_end(services, cards, person, page.typed(card))
        typed = replace(typed, goes_on=bool(suite))
        return shown(form_page(services, person, typed, tokens.make()), "card_title")

    @router.post("/{identifier}")
    def change(person: Asking, form: Fields, identifier: str) -> Response:
        if not tokens.holds(value(form, "token")):
            return HTMLResponse(frame.message("cards_title", "card_stale", HERE), 409)
        action, back = value(form, "action"), value(form, "back")
        try:
            found = page.changed(person, identifier, action, value(form, "seen"))
        except Refused as error:
            why = escape(services.texts("card_fault", error.fault.value))
            card = page.card(person, identifier)
            told = f'<p class="problem" role="alert">{frame.say("card_refused")} {why}.</p>'
            return shown(told + (page.one(card) if card else ""), "cards_one", 400)
        except (GuardrailError, OSError):
            return HTMLResponse(frame.message("cards_title", "card_unkept", HERE), 503)
        if not found:
            return HTMLResponse(missing, 404)
        where = BACK.get(back, f"{HERE}/{identifier}")
        return RedirectResponse(f"{where}?fait={action}", 303)

    return router
