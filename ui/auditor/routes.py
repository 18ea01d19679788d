# SPDX-License-Identifier: EUPL-1.2
"""What the auditor's page fetches besides: its style, and the exports that were prepared.

GET {path}/static/auditor.css
GET {path}/export/{ticket}     EXPORT entry, then the file, piece by piece
GET {path}/preuve/{record}     EXPORT entry, then the proofs of a question or an entry
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from guardrails.errors import GuardrailError, RecordInvalid
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
    "copy": ("sqlite3", "application/vnd.sqlite3"),
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
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(pieces, media_type=media_type, headers=headers)

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
        headers = {"Content-Disposition": f'attachment; filename="preuve-{entries[0].index}.zip"'}
        return Response(handed.zipped(), media_type="application/zip", headers=headers)

    return router
