# SPDX-License-Identifier: EUPL-1.2
"""What becomes of an answer that was shown: taken away as a file, judged by who read it.

GET  /reponse/{record}/docx, /odt      the file
GET  /reponse/{record}/preuve          EXPORT entry, then the proofs of the answer, as a .zip
POST /reponse/{record}/avis            right, wrong, incomplete, dangerous, and a screened note
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from assistant.cards import Refused, Why
from guardrails.errors import GuardrailError, RecordInvalid, RegisterError
from guardrails.findings import Screened
from guardrails.register.events import Feedback, enter_feedback
from guardrails.register.proof_files import ANSWER_KINDS, entries_of, hand_over
from ui.access.person import Person
from ui.agent.actions import AGAIN, MAX_NOTE_CHARS, PROOF, TAKEN_FORMS
from ui.agent.frame import Frame
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.agent.taken import answer_content, is_takeable
from ui.export import FORMS
from ui.forms import Fields
from ui.source import title_of


def answers_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of answers that were shown."""
    router = APIRouter(prefix="/reponse")
    title = partial(title_of, services.store)

    @router.get("/{record}/{form}")
    def take(person: Asking, record: str, form: str) -> Response:
        view = services.shown(person, record)
        if form == PROOF:
            return _proved(services, frame, person, record)
        if view is None or form not in TAKEN_FORMS or not is_takeable(view):
            return HTMLResponse(frame.message("gone_title", "gone", ""), 404)
        content = answer_content(view, services.texts, frame.say, title, services.store.structure)
        name = f"greffier-{record[:8]}.{form}"
        return Response(
            FORMS[form].write(content),
            media_type=FORMS[form].media_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @router.post("/{record}/avis")
    def judge(person: Asking, request: Request, sent: Fields, record: str) -> HTMLResponse:
        said = Opinion(
            verdict=str(sent.get("verdict", "")),
            note=str(sent.get("note", "")),
            is_more=bool(sent.get(AGAIN)),
        )
        key, code = _judged(services, person, record, said)
        if request.headers.get("accept", "").startswith("application/json"):
            return HTMLResponse(escape(frame.say.plain(key)), code)
        return HTMLResponse(frame.message("judge_title", key, ""), code)

    return router


def _proved(services: AgentServices, frame: Frame, person: Person, record: str) -> Response:
    """Return the proofs of an answer that this person was given, once that is entered."""
    register = services.tools.register
    if register is None or services.shown(person, record) is None:
        return HTMLResponse(frame.message("gone_title", "gone", ""), 404)
    try:
        entries = entries_of(register, record, kinds=ANSWER_KINDS)
        by = register.pseudonym(person.name)
        handed = hand_over(register, entries, by=by, role=str(person.role))
    except RecordInvalid:
        return HTMLResponse(frame.message("gone_title", "gone", ""), 404)
    except (RegisterError, OSError):
        return HTMLResponse(frame.message("prove", "prove_register", ""), 503)
    headers = {"Content-Disposition": f'attachment; filename="preuve-{record[:8]}.zip"'}
    return Response(handed.zipped(), media_type="application/zip", headers=headers)


WRONG = frozenset({Feedback.WRONG, Feedback.DANGEROUS})
"""What takes a validated answer out of service at once."""


def _suspended(services: AgentServices, person: Person, record: str) -> bool:
    """Serve the card of an answer no more; whether it was one."""
    view, cards = services.shelf.get(person.name, record), services.tools.cards
    if view is None or cards is None or not view.validation.role:
        return False
    with suppress(Refused):  # somebody else did
        cards.desk.suspend(
            view.validation.card, why=Why.REPORTED, by=cards.who(person), role=str(person.role)
        )
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What somebody thinks of an answer; `is_more`: after they said so with one click."""

    verdict: str
    note: str
    is_more: bool


def _judged(services: AgentServices, person: Person, record: str, said: Opinion) -> tuple[str, int]:
    """Enter what somebody thought; return the key of what they are told, and the status."""
    verdict, note = said.verdict, said.note
    if services.tools.register is None or services.shelf.get(person.name, record) is None:
        return "gone", 404
    if verdict not in set(Feedback):
        return "judge_choose", 400
    if len(note) > MAX_NOTE_CHARS:
        return "judge_long", 400
    if not services.shelf.judge(person.name, record, again=said.is_more):
        return "judge_already", 200  # a double click, or a page sent again
    try:
        screened = Screened("")
        if note.strip():
            if services.tools.guard is None:
                services.shelf.unjudge(person.name, record)
                return "judge_guard", 503
            screened = services.tools.guard.screen(note)
        enter_feedback(
            services.tools.register, record, Feedback(verdict),
            note=screened, user=person.name, role=str(person.role),
        )  # fmt: skip
        if verdict in WRONG and _suspended(services, person, record):
            return "judge_suspended", 200
    except (GuardrailError, OSError) as error:
        services.shelf.unjudge(person.name, record)
        return ("judge_register" if isinstance(error, RegisterError) else "judge_guard"), 503
    return "judge_thanks", 200
