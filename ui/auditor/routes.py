# SPDX-License-Identifier: EUPL-1.2
"""What the auditor's page fetches besides: its style, and the exports that were prepared.

GET {path}/static/auditor.css
GET {path}/export/{ticket}     EXPORT entry, then the file, piece by piece
GET {path}/preuve/{record}     EXPORT entry, then the proofs of a question or an entry
GET {path}/kit                 EXPORT entry, then the verifier, the key, a checkpoint made now
GET {path}/point-de-controle   EXPORT entry, then a checkpoint made now
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from guardrails.errors import GuardrailError, RecordInvalid
from guardrails.register.kit import hand_over_kit, hand_over_point, point_name
from guardrails.register.proof_files import entries_of, hand_over
from guardrails.register.streams import leaving
from ui.access.person import person_of
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words

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

    @router.get("/export/{ticket}")
    def export(ticket: str, request: Request) -> Response:
        person = person_of(request)
        asked = services.tickets.find(ticket, person.name)
        if asked is None:
            return PlainTextResponse(words.plain("ticket_gone"), 404)
        register = services.register
        try:
            pieces = leaving(
                register,
                asked.selection,
                asked.form,
                by=register.pseudonym(person.name),
                role=person.role.value,
                sizes=asked.sizes,
            )
        except (GuardrailError, OSError):
            return PlainTextResponse(words.plain("error_register"), 503)
        ending, media_type = TYPES[asked.form]
        name = f"registre-{words.local(register.now()):%Y-%m-%d}.{ending}"
        return StreamingResponse(pieces, media_type=media_type, headers=_saved(name))

    @router.get("/preuve/{record}")
    def proof(record: str, request: Request) -> Response:
        person, register = person_of(request), services.register
        try:
            entries = entries_of(register, record, kinds=None)
            by = register.pseudonym(person.name)
            handed = hand_over(register, entries, by=by, role=person.role.value)
        except RecordInvalid:
            return PlainTextResponse(words.plain("error_invalid"), 404)
        except (GuardrailError, OSError):
            return PlainTextResponse(words.plain("error_register"), 503)
        name = f"preuve-{entries[0].index}.zip"
        return Response(handed.zipped(), media_type="application/zip", headers=_saved(name))

    @router.get("/kit")
    def kit(request: Request) -> Response:
        person, register = person_of(request), services.register
        try:
            by = register.pseudonym(person.name)
            made = hand_over_kit(register, by=by, role=person.role.value)
        except (GuardrailError, OSError):
            return PlainTextResponse(words.plain("error_register"), 503)
        name = f"kit-de-verification-{words.local(register.now()):%Y-%m-%d}.zip"
        return Response(made, media_type="application/zip", headers=_saved(name))

    @router.get("/point-de-controle")
    def point(request: Request) -> Response:
        person, register = person_of(request), services.register
        try:
            by = register.pseudonym(person.name)
            note = hand_over_point(register, by=by, role=person.role.value)
        except (GuardrailError, OSError):
            return PlainTextResponse(words.plain("error_register"), 503)
        return PlainTextResponse(note, headers=_saved(point_name(note)))

    return router


def _saved(name: str) -> dict[str, str]:
    """Return the headers by which a browser saves a file under this name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
