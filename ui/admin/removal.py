# SPDX-License-Identifier: EUPL-1.2
"""Documents taken out for good, with the signed proof of it.

| address | |
|---|---|
| GET, POST /admin/documents/retirer/ID | asked once more, then erased |
| GET /admin/documents/certificat/EXCHANGE | the certificate |
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.operations import remove as remove_documents
from corpus.erase import ErasureProof
from corpus.passages import StoredDocument
from guardrails.register.events import write_certificate
from ui.admin.desk import Desk
from ui.admin.documents import HERE
from ui.admin.html import Markup, join, link, paragraph
from ui.admin.kept import Invalid
from ui.forms import attachment


def removal_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE + "/retirer/{document}")
    def ask(request: Request, document: str) -> HTMLResponse:
        return desk.page(
            "documents", _sure(desk, _known(desk, document)),
            title=desk.say.plain("documents.remove_title"),
        )  # fmt: skip

    @router.post(HERE + "/retirer/{document}")
    def remove(request: Request, document: str, form: FormData = desk.sent) -> HTMLResponse:
        _known(desk, document)
        me, parts = desk.pseudonym(request), desk.services.parts
        proof, exchange = remove_documents(parts, (document,), by=me, role="admin")
        return desk.page(
            "documents", _proof(desk, proof, exchange),
            title=desk.say.plain("documents.removed_title"),
        )  # fmt: skip

    @router.get(HERE + "/certificat/{exchange}")
    def certificate(request: Request, exchange: str) -> Response:
        if not (len(exchange) == 32 and exchange.isalnum()):
            raise Invalid("documents.no_certificate")
        me, register = desk.pseudonym(request), desk.services.parts.register
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "certificate.zip"
            write_certificate(register, exchange, path, by=me, role="admin")
            content = path.read_bytes()
        return attachment(content, f"attestation-{exchange[:8]}.zip", "application/zip")

    return router


def _known(desk: Desk, document: str) -> StoredDocument:
    found = desk.services.parts.store.document(document)
    if found is None:
        raise Invalid("documents.unknown")
    return found


def _sure(desk: Desk, document: StoredDocument) -> Markup:
    say = desk.say
    return join((
        paragraph(document.act.label or document.file, "subject"),
        paragraph(say.plain("documents.sure", file=document.file, pages=document.page_count)),
        desk.form(f"{HERE}/retirer/{document.id}", kind="grave",
                  send=say.plain("documents.remove_now")),
        f"<p>{link(HERE, say.plain('cancel'))}</p>",
    ))  # fmt: skip


def _proof(desk: Desk, proof: ErasureProof, exchange: str) -> Markup:
    say = desk.say
    key = "documents.proof_clean" if proof.is_clean else "documents.proof_left"
    return join((
        f'<div class="{"said" if proof.is_clean else "bad"}" role="status">',
        paragraph(say.plain(key, **asdict(proof))),
        "</div>",
        f"<p>{link(f'{HERE}/certificat/{exchange}', say.plain('documents.certificate'))}</p>",
        paragraph(say.plain("documents.original_stays")),
        f"<p>{link(HERE, say.plain('go_on'))}</p>",
    ))  # fmt: skip
