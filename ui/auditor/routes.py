# SPDX-License-Identifier: EUPL-1.2
"""What the auditor's page fetches besides: its style, and the exports that were prepared.

GET {path}/static/auditor.css
GET {path}/export/{ticket}     EXPORT entry, then the file, piece by piece
GET {path}/preuve/{record}     EXPORT entry, then the proofs of a question or an entry
GET {path}/kit                 EXPORT entry, then the verifier, the key, a checkpoint made now
GET {path}/point-de-controle   EXPORT entry, then a checkpoint made now
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from guardrails.errors import GuardrailError, RecordInvalid
from guardrails.register.kit import hand_over_kit, hand_over_point, point_name
from guardrails.register.proof_files import entries_of, hand_over
from guardrails.register.streams import leaving
from ui.access.person import person_of
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words
from ui.forms import attachment, saved_as

P = ParamSpec("P")
STATIC = Path(__file__).with_name("static")
TYPES = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "jsonl": ("jsonl", "application/jsonl; charset=utf-8"),
    "bundle": ("zip", "application/zip"),
    "proofs": ("zip", "application/zip"),
    "copy": ("zip", "application/zip"),
}


def export_router(services: AuditorServices) -> APIRouter:
    """The routes beside the page; they must be added before the page is mounted."""
    router = APIRouter(prefix=services.path)
    words = Words(services.language, services.zone)

    @router.get("/static/auditor.css", response_class=FileResponse)
    def style() -> FileResponse:
        return FileResponse(STATIC / "auditor.css", media_type="text/css")

    def entered(route: Callable[P, Response]) -> Callable[P, Response]:
        """Enter first, then give: nothing leaves while the register is shut."""

        @wraps(route)
        def tried(*args: P.args, **kwargs: P.kwargs) -> Response:
            try:
                return route(*args, **kwargs)
            except (GuardrailError, OSError):
                return PlainTextResponse(words.plain("error_register"), 503)

        return tried

    def taker(request: Request) -> dict[str, str]:
        """Return who takes something away, as the register names them."""
        person = person_of(request)
        return {"by": services.register.pseudonym(person.name), "role": person.role.value}

    def dated(name: str) -> str:
        return f"{name}-{words.local(services.register.now()):%Y-%m-%d}"

    @router.get("/export/{ticket}")
    @entered
    def export(ticket: str, request: Request) -> Response:
        asked = services.tickets.find(ticket, person_of(request).name)
        if asked is None:
            return PlainTextResponse(words.plain("ticket_gone"), 404)
        who = taker(request)
        pieces = leaving(services.register, asked.selection, asked.form, **who, sizes=asked.sizes)
        ending, media_type = TYPES[asked.form]
        headers = saved_as(f"{dated('registre')}.{ending}")
        return StreamingResponse(pieces, media_type=media_type, headers=headers)

    @router.get("/preuve/{record}")
    @entered
    def proof(record: str, request: Request) -> Response:
        try:
            entries = entries_of(services.register, record, kinds=None)
            handed = hand_over(services.register, entries, **taker(request))
        except RecordInvalid:
            return PlainTextResponse(words.plain("error_invalid"), 404)
        name = f"preuve-{entries[0].index}.zip"
        return attachment(handed.zipped(), name, "application/zip")

    @router.get("/kit")
    @entered
    def kit(request: Request) -> Response:
        made = hand_over_kit(services.register, **taker(request))
        name = f"{dated('kit-de-verification')}.zip"
        return attachment(made, name, "application/zip")

    @router.get("/point-de-controle")
    @entered
    def point(request: Request) -> Response:
        note = hand_over_point(services.register, **taker(request))
        return PlainTextResponse(note, headers=saved_as(point_name(note)))

    return router
