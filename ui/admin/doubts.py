# SPDX-License-Identifier: EUPL-1.2
"""Pages worth a look: what the guard nearly hid, what it would hide today, orders taken out.

GET /admin/doubts, POST /admin/doubts (look again), GET and POST /admin/doubts/ID/PAGE
A page that was looked at leaves the queue until the document is read anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.operations import UNTOUCHED
from corpus.passages import StoredDocument
from corpus.quarantine import is_waiting
from corpus.structure import Structure
from guardrails.findings import Screened
from guardrails.injection import REPLACEMENT
from guardrails.register.records import AuditRecord, Kind
from ui.admin.desk import Desk
from ui.admin.html import Markup, button, join, link, paragraph, table
from ui.admin.jobs import Progress
from ui.admin.kept import Invalid
from ui.admin.progress import progress
from ui.drawn import page_html
from ui.forms import value

HERE = "/admin/doubts"
LOOKING = "looking"
SEEN = "doubts_seen"
ORDER = "order"
DECISIONS = ("seen", "hide")
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A page and how many of each kind were found on it."""

    document: str
    file: str
    page: int
    counted: dict[str, int]


def doubts_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _list(desk), "doubts")

    @router.post(HERE)
    def look_again(request: Request, form: FormData = desk.sent) -> Response:
        desk.jobs.start(LOOKING, lambda progress: tuple(_search(desk, progress)))
        return desk.back(HERE)

    @router.get(HERE + "/{document}/{page}")
    def look(request: Request, document: str, page: int) -> HTMLResponse:
        stored = _known(desk, document)
        title = desk.say.plain("doubts.page", file=stored.file, page=page)
        return desk.page("doubts", _context(desk, stored, page), title=title)

    @router.post(HERE + "/{document}/{page}")
    def decide(request: Request, document: str, page: int, form: FormData = desk.sent) -> Response:
        stored, decision = _known(desk, document), value(form, "decision")
        if decision not in DECISIONS:
            raise Invalid("quarantine.no_decision")
        if is_waiting(stored):
            raise Invalid("doubts.waits")
        seen = _page(desk, stored, page)[1]
        record = AuditRecord(
            kind=Kind.QUARANTINE,
            actor=desk.pseudonym(request),
            role="admin",
            payload={"document": document, "page": page, "decision": decision},
        )
        with desk.services.parts.register.changing(record, untouched=UNTOUCHED):
            if decision == "hide":
                desk.services.parts.quarantine.withhold(document, page, _spans(seen))
            _note(desk, stored, page)
        return desk.back(HERE, f"doubt_{decision}")

    return router


def _spans(seen: Screened) -> list[tuple[int, int]]:
    """Return what stands out on a page, in its order."""
    return sorted((f.start, f.end) for f in (*seen.findings, *seen.doubts))


def _page(desk: Desk, stored: StoredDocument, page: int) -> tuple[str, Screened]:
    """Return a page as it is kept and what the guard says of it today."""
    pages = desk.services.parts.store.pages(stored.id)
    numbers = [number for number, _ in pages]
    if page not in numbers:
        raise Invalid("documents.unknown")
    place = numbers.index(page)
    return pages[place][1], _screened(desk, stored, pages)[place]


def _known(desk: Desk, document: str) -> StoredDocument:
    stored = desk.services.parts.store.document(document)
    if stored is None:
        raise Invalid("documents.unknown")
    return stored


def _search(desk: Desk, progress: Progress) -> Iterator[Doubtful]:
    """Screen what is kept again, under the rules of today, and yield what stands out."""
    documents = desk.services.parts.store.documents()
    for done, stored in enumerate(documents, start=1):
        pages = desk.services.parts.store.pages(stored.id)
        for (number, text), seen in zip(pages, _screened(desk, stored, pages), strict=True):
            counted = _counted(text, seen)
            if counted:
                yield Doubtful(document=stored.id, file=stored.file, page=number, counted=counted)
        progress(done, len(documents))


def _screened(
    desk: Desk, stored: StoredDocument, pages: Sequence[tuple[int, str]]
) -> Sequence[Screened]:
    guard = desk.services.parts.long_texts
    (screened,) = guard.screen_documents([[t for _, t in pages]], policy=stored.declared)
    return screened


def _counted(text: str, seen: Screened) -> dict[str, int]:
    counted = Counter(str(finding.entity) for finding in (*seen.findings, *seen.doubts))
    if orders := text.count(REPLACEMENT):
        counted[ORDER] = orders
    return dict(sorted(counted.items()))


def _seen(desk: Desk) -> dict[str, list[str]]:
    kept = json.loads(desk.services.parts.store.state(SEEN) or "{}")
    return kept if isinstance(kept, dict) else {}


def _mark(stored: StoredDocument, page: int) -> str:
    return f"{page}@{stored.recipe}"


def _note(desk: Desk, stored: StoredDocument, page: int) -> None:
    seen = _seen(desk)
    seen[stored.id] = sorted({*seen.get(stored.id, []), _mark(stored, page)})
    desk.services.parts.store.set_state(SEEN, json.dumps(seen))


def _list(desk: Desk) -> Markup:
    say, job = desk.say, desk.jobs.last(LOOKING)
    found = job.result if job and isinstance(job.result, tuple) else None
    return join((
        paragraph(say.plain("doubts.intro")),
        progress(desk, job, HERE) if job and (job.error or not job.is_over) else "",
        desk.form(HERE, send=say.plain("doubts.look")),
        "" if found is None else _queue(desk, found),
    ))  # fmt: skip


def _queue(desk: Desk, found: Sequence[Doubtful]) -> Markup:
    say, seen = desk.say, _seen(desk)
    stored = {d.id: d for d in desk.services.parts.store.documents()}
    left = [
        one
        for one in found
        if one.document in stored
        and _mark(stored[one.document], one.page) not in seen.get(one.document, [])
    ]
    rows = [
        (link(f"{HERE}/{one.document}/{one.page}", one.file), one.page, _what(desk, one.counted))
        for one in left[:MAX_SHOWN]
    ]
    if not rows:
        return paragraph(say.plain("doubts.none"))
    more = len(left) - MAX_SHOWN
    heads = [say.plain(f"head.{h}") for h in ("file", "page", "what")]
    return join((
        table(say.plain("section.doubts"), heads, rows),
        paragraph(say.plain("more", count=more)) if more > 0 else "",
    ))  # fmt: skip


def _what(desk: Desk, counted: dict[str, int]) -> str:
    return ", ".join(f"{_entity(desk, name)} ({n})" for name, n in counted.items())


def _entity(desk: Desk, name: str) -> str:
    return desk.say.plain(f"entity.{name}")


def _context(desk: Desk, stored: StoredDocument, page: int) -> Markup:
    """Return the page with what stands out marked, and what may be done."""
    say, (text, seen) = desk.say, _page(desk, stored, page)
    spans = _spans(seen)
    choices = "".join(
        f"<li>{button(say.plain(f'doubts.{one}'), name='decision', value=one)}"
        f'<span class="hint">{say(f"doubts.means_{one}")}</span></li>'
        for one in (DECISIONS if spans else DECISIONS[:1])
    )
    remove = f"/admin/documents/retirer/{stored.id}"
    return join((
        paragraph(_what(desk, _counted(text, seen)) or say.plain("doubts.none")),
        desk.form(f"{HERE}/{stored.id}/{page}", f'<ul class="choices">{choices}</ul>'),
        f"<p>{link(remove, say.plain('doubts.reject'))}</p>",
        f'<div class="page-text">{page_html(Structure.of(text), *spans)}</div>',
        f"<p>{link(HERE, say.plain('go_on'))}</p>",
    ))  # fmt: skip
