# SPDX-License-Identifier: EUPL-1.2
"""The quality of the corpus: reckoned when asked for, then what to mend, with a link to each.

GET /admin/etat, POST /admin/etat (reckon), GET /admin/etat/complet (one page to keep)
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.cards import Settled
from assistant.quality_page import quality_page
from corpus.quality import CorpusQuality, DocumentQuality, check
from ui.admin.desk import Desk, collection_name
from ui.admin.html import Cell, Markup, join, link, paragraph, table
from ui.admin.kept import Invalid
from ui.admin.progress import progress
from ui.forms import attachment

HERE = "/admin/etat"
CHECKING = "checking"
MAX_SHOWN = 200
TROUBLE = ("file", "collection", "why")


def quality_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.page("documents", _page(desk), title=desk.say.plain("quality.title"))

    @router.post(HERE)
    def reckon(request: Request, form: FormData = desk.sent) -> Response:
        store = desk.services.parts.store
        desk.jobs.start(CHECKING, lambda _: check(store))
        return desk.back(HERE)

    @router.get(f"{HERE}/complet")
    def whole(request: Request) -> Response:
        quality = _known(desk)
        if quality is None:
            raise Invalid("quality.not_yet")
        # not as a page: what the gate writes above a page, for a session, must not be kept
        kind = "application/octet-stream"
        missing = desk.services.parts.cards.settled(Settled.MISSING)
        page = quality_page(quality, desk.texts, missing)
        return attachment(page, "etat-des-documents.html", kind)

    return router


def _known(desk: Desk) -> CorpusQuality | None:
    job = desk.jobs.last(CHECKING)
    return job.result if job and isinstance(job.result, CorpusQuality) else None


def _page(desk: Desk) -> Markup:
    quality, job = _known(desk), desk.jobs.last(CHECKING)
    return join((
        paragraph(desk.say.plain("quality.intro")),
        progress(desk, job, HERE) if job and (job.error or not job.is_over) else "",
        desk.form(HERE, send=desk.say.plain("quality.reckon")),
        _missing(desk),
        _found(desk, quality) if quality else "",
    ))  # fmt: skip


def _missing(desk: Desk) -> Markup:
    """Return what was asked for and stands in no document, as agents said."""
    found = desk.services.parts.cards.settled(Settled.MISSING)
    rows: list[tuple[Cell, ...]] = [(one.question, one.day) for one in found]
    return _part(desk, "missing", ("question", "date"), rows) if rows else join(())


def _found(desk: Desk, quality: CorpusQuality) -> Markup:
    say, words = desk.say, desk.texts
    names = {d.id: d.file for d in quality.documents}
    return join((
        table(
            words("quality", "by_collection"),
            [words("quality", h) for h in ("collection", "documents", "pages", "searchable",
                                           "quarantined", "not_in")],
            [(collection_name(desk, c.collection), c.documents, c.pages, c.searchable_pages,
              c.quarantined, c.not_in)
             for c in quality.collections],
        ),
        _part(desk, "to_mend", TROUBLE, [_row(desk, d) for d in quality.to_mend]),
        _part(desk, "not_in", TROUBLE, [
            (f.file, collection_name(desk, f.collection),
             words("reason", f.reason) if f.reason else words("needs", f.needs))
            for f in quality.not_in
        ]),
        _part(desk, "alike", ("file", "file", "likeness"), [
            (link(f"/source/{p.first}/1", names[p.first]),
             link(f"/source/{p.second}/1", names[p.second]), f"{p.likeness:.0%}")
            for p in quality.alike
        ]),
        f"<p>{link(f'{HERE}/complet', say.plain('quality.download'))}</p>",
    ))  # fmt: skip


def _part(desk: Desk, name: str, heads: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Markup:
    title, more = desk.texts("quality", name), len(rows) - MAX_SHOWN
    shown = table(title, [desk.texts("quality", h) for h in heads], rows[:MAX_SHOWN])
    return join((
        f"<section><h2>{title}</h2>",
        shown if rows else paragraph(desk.texts("quality", "nothing")),
        paragraph(desk.say.plain("more", count=more)) if more > 0 else "",
        "</section>",
    ))  # fmt: skip


def _row(desk: Desk, document: DocumentQuality) -> tuple[Cell, ...]:
    return (
        link(f"/source/{document.id}/1", document.file),
        collection_name(desk, document.collection),
        ", ".join(_why(desk, document)),
    )


def _why(desk: Desk, document: DocumentQuality) -> Iterator[str]:
    pages = {"unread_pages": document.unread_pages, "unsure_pages": document.unsure_pages}
    for doubt in document.doubts:
        numbers = ", ".join(map(str, pages.get(doubt, ())))
        yield desk.texts("doubt", doubt) + (f" ({numbers})" if numbers else "")
