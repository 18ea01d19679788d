# SPDX-License-Identifier: EUPL-1.2
"""What a citation opens: a page in its hidden form, and its picture where it may be seen.

    GET /source/{document}/{page}?start=…&end=…&recherche=…          HTML
    GET /source/{document}/{page}/image?start=…&end=…    PNG, for those who may see the original
    GET /source/{document}/fichier                       the original itself, for the same

The picture and the file show what the hidden version hides: each is entered in the register before
it leaves.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from corpus.documents import is_dropped
from corpus.rows import StoredDocument
from guardrails.errors import GuardrailError
from guardrails.register.events import enter_original
from ui.access.person import Person, Role
from ui.agent.frame import reminder
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.source import Shown, message_page, shown_page, source_page

MAX_OFFSET = 10_000_000
MAX_PAGE = 1_000_000
WHOLE = 0
"""The page that stands in the register for a whole file."""

ENDING = re.compile(r"\.[a-z0-9]{1,5}")
READERS = frozenset({Role.AGENT, Role.ADMIN})
"""Who may see an original, where the town opens it; others read the hidden version."""


def sources_router(services: AgentServices) -> APIRouter:
    """The routes of the pages of sources."""
    router = APIRouter()
    texts, store = services.texts, services.store
    missing = message_page(texts, "missing_title", "missing")

    @router.get("/source/{document}/fichier")
    def file(person: Asking, document: str) -> Response:
        stored = _seen(services, person, document, 1)
        originals = services.tools.originals
        if stored is None or originals is None or not _may_take(services, person, stored):
            return HTMLResponse(missing, 404)
        data = originals.read(stored)
        if data is None:
            return HTMLResponse(missing, 404)
        if not _entered(services, person, stored, WHOLE):
            return HTMLResponse(missing, 503)
        ending = PurePosixPath(stored.file).suffix.lower()
        ending = ending if ENDING.fullmatch(ending) else ""
        named = f'attachment; filename="document-{stored.id[:8]}{ending}"'
        return Response(
            data,
            media_type="application/octet-stream",
            headers={"Content-Disposition": named, "X-Content-Type-Options": "nosniff"},
        )

    @router.get("/source/{document}/{page}", response_class=HTMLResponse)
    def source(
        person: Asking, document: str, page: int, start: int = 0, end: int = 0, recherche: str = ""
    ) -> HTMLResponse:
        held = services.held.of(person.name, document) if is_dropped(document) else None
        if held:
            stored: StoredDocument | None = held.document
            known = held.dropped.store.structure(document, page)
        else:
            stored = _seen(services, person, document, page)
            known = shown_page(store, stored, page) if stored else None
        if stored is None or known is None:
            return HTMLResponse(missing, 404)
        has_picture = not held and _may_draw(services, person, stored, page)
        shown = Shown(
            page=page,
            known=known,
            start=start,
            end=end,
            sought=services.sought(person, recherche),
            picture=_picture_address(document, page, start, end) if has_picture else "",
            more=reminder(services.words) + ("" if held else way_to_file(services, person, stored)),
        )
        return HTMLResponse(source_page(texts, stored, shown))

    @router.get("/source/{document}/{page}/image")
    def image(person: Asking, document: str, page: int, start: int = 0, end: int = 0) -> Response:
        stored = _seen(services, person, document, page)
        if stored is None or not _may_draw(services, person, stored, page):
            return HTMLResponse(missing, 404)
        assert services.tools.originals is not None
        span = (start, end) if 0 <= start < end <= MAX_OFFSET else (0, 0)
        picture = services.tools.originals.picture(stored, page, *span)
        if picture is None:
            return HTMLResponse(missing, 404)
        if not _entered(services, person, stored, page):
            return HTMLResponse(missing, 503)
        return Response(picture, media_type="image/png")

    return router


def way_to_file(services: AgentServices, person: Person, stored: StoredDocument) -> str:
    """Return the link to a document's original, nothing where this person may not take it."""
    if not _may_take(services, person, stored):
        return ""
    say, place = services.words, quote(stored.id, safe="")
    return (
        f'<p><a class="small-button" href="/source/{place}/fichier" download>'
        f'{say("take_original")}</a> <span class="quiet">{say("take_original_note")}</span></p>'
    )


def _may_take(services: AgentServices, person: Person, stored: StoredDocument) -> bool:
    """Whether this person may take the very file that was read; nothing of it is read for that."""
    return (
        person.role in READERS
        and services.tools.register is not None
        and services.tools.originals is not None
        and services.may_see_original(person, stored)
        and services.tools.originals.may_hand_over(stored)
    )


def _entered(services: AgentServices, person: Person, stored: StoredDocument, page: int) -> bool:
    """Enter that an original is about to be shown: what cannot be entered is not."""
    assert services.tools.register is not None
    try:
        enter_original(
            services.tools.register, stored.id, page, user=person.name, role=str(person.role)
        )
    except (GuardrailError, OSError):
        return False
    return True


def _seen(
    services: AgentServices, person: Person, document: str, page: int
) -> StoredDocument | None:
    """Return a document whose hidden version this person may read."""
    stored = services.store.document(document) if 0 < page < MAX_PAGE else None
    return stored if stored and services.may_see(person, stored) else None


def _may_draw(services: AgentServices, person: Person, stored: StoredDocument, page: int) -> bool:
    return (
        person.role in READERS
        and services.tools.register is not None
        and services.tools.originals is not None
        and services.may_see_original(person, stored)
        and services.tools.originals.may_show(stored, page)
        and services.tools.originals.read(stored) is not None
    )


def _picture_address(document: str, page: int, start: int, end: int) -> str:
    return f"/source/{quote(document, safe='')}/{page}/image?start={start}&amp;end={end}"
