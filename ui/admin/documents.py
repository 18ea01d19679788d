# SPDX-License-Identifier: EUPL-1.2
"""Documents: sent, or taken from a folder of this machine, and listed.

| address | |
|---|---|
| GET, POST /admin/documents | what there is, and how to add; what is looked for among it |
| POST /admin/documents/depot | files sent |
| POST /admin/documents/dossier | a folder of this machine |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from anyio import CancelScope
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from assistant.commands.audience import open_collection
from assistant.operations import decide_audience
from corpus.documents import CORRESPONDENCE, PUBLIC, UNFILED
from corpus.packs import is_pack
from corpus.passages import StoredDocument
from corpus.quarantine import WAITS_FOR
from ui.admin import deposit
from ui.admin.desk import Desk, Stale, collection_name
from ui.admin.html import (
    Cell,
    Markup,
    button,
    checkbox,
    field,
    group,
    join,
    link,
    paragraph,
    radio,
    shown,
    table,
    text,
)
from ui.admin.jobs import Busy, Progress
from ui.admin.kept import Faults, Invalid
from ui.admin.progress import progress
from ui.admin.typed import Typed, typed_in
from ui.forms import value
from ui.searches import FIELD, Searches

HERE = "/admin/documents"
ADDING = "adding"
MAX_SHOWN = 200
MAX_NAME_CHARS = 64
MAX_QUERY_CHARS = 300
SORTS = (PUBLIC, CORRESPONDENCE, UNFILED)
OTHER = "other"


def documents_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    searches = Searches()

    @router.get(HERE)
    def show(request: Request, recherche: str = "") -> HTMLResponse:
        asked = searches.find(desk.person(request).name, recherche) or ""
        return desk.done(request, overview(desk, asked), "documents")

    @router.post(HERE)
    def look(request: Request, form: FormData = desk.sent) -> Response:
        """Lead to the list; what is looked for may hold a name, and no address holds it."""
        name = searches.keep(desk.person(request).name, value(form, "q")[:MAX_QUERY_CHARS])
        return RedirectResponse(f"{HERE}?{FIELD}={name}#list" if name else f"{HERE}#list", 303)

    @router.post(f"{HERE}/depot")
    async def send(request: Request) -> Response:
        size, most = int(request.headers.get("content-length") or 0), desk.services.most_bytes
        if size > most:
            await _drain(request)
            error = Invalid("documents.too_heavy", field="sent-files", sent=size // 1_000_000,
                            most=most // 1_000_000)  # fmt: skip
            return await run_in_threadpool(_wrong, desk, Typed(), error, "sent")
        if desk.jobs.running or desk.is_receiving:
            await _drain(request)
            return await run_in_threadpool(_wrong, desk, Typed(), Busy(ADDING), "sent")
        desk.is_receiving = True  # one at a time: two would share a folder
        try:
            return await _received(desk, request)
        finally:
            desk.is_receiving = False

    @router.post(f"{HERE}/dossier")
    def folder(request: Request, form: FormData = desk.sent) -> Response:
        faults, prune = Faults(), value(form, "prune") == "yes"
        try:
            with faults.at("path"):
                path = _there(value(form, "path"))
            with faults.at(""):
                collection = _collection(form, "path")
            faults.stop()
            _begin(desk, request, [path], collection, prune=prune)
        except (Invalid, Busy) as error:
            return _wrong(desk, typed_in(form), error, "path")
        return desk.back(HERE)

    @router.post(f"{HERE}/pour/{{document}}")
    def readers(request: Request, document: str, form: FormData = desk.sent) -> Response:
        parts = desk.services.parts
        found = parts.store.document(document)
        if found is None:
            raise Invalid("documents.unknown")
        is_public = value(form, "readers") == "residents"
        place = open_collection(parts.settings, found) if is_public else CORRESPONDENCE
        if not place:
            raise Invalid("documents.nothing_public")
        decide_audience(parts, found, place, by=desk.pseudonym(request), role="admin")
        return desk.back(HERE, "made_public" if is_public else "made_private")

    return router


def _there(written: str) -> Path:
    """Return a folder of this machine; Invalid if it cannot be seen from here."""
    path = Path(written).expanduser()
    if not written or not path.exists():
        raise Invalid("documents.no_folder", field="path")
    return path


def _wrong(desk: Desk, typed: Typed, error: Exception, which: str) -> HTMLResponse:
    """Return the page with the form of that name as it was filled, and what is wrong with it."""
    return desk.wrong(
        "documents",
        lambda problems: overview(desk, typed={which: Typed(typed, problems)}),
        error,
    )


async def _drain(request: Request) -> None:
    """Hear all that is sent: a browser reads an answer once it has said everything."""
    async for _ in request.stream():
        pass


async def _received(desk: Desk, request: Request) -> Response:
    """Put what was sent into its folder and begin to read it."""
    async with request.form(max_files=deposit.MAX_FILES, max_fields=20) as form:
        if not desk.holds(value(form, "token")):
            raise Stale
        typed = typed_in(form)
        try:
            collection = _collection(form, "sent")
        except Invalid as error:
            return await run_in_threadpool(_wrong, desk, typed, error, "sent")
        folder = await run_in_threadpool(deposit.emptied, desk.services.data, collection)
        try:
            sent = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
            put = [await run_in_threadpool(_put, folder, one) for one in sent]
            if any(put):
                await run_in_threadpool(_begin, desk, request, [folder], collection, prune=False)
        except BaseException:
            with CancelScope(shield=True):  # whoever left leaves nothing there
                await run_in_threadpool(deposit.clear, desk.services.data)
            raise
        if not any(put):
            await run_in_threadpool(deposit.clear, desk.services.data)
            nothing = Invalid("documents.nothing_sent", field="sent-files")
            return await run_in_threadpool(_wrong, desk, typed, nothing, "sent")
    return desk.back(HERE)


def _put(folder: Path, sent: UploadFile) -> bool:
    return bool(sent.filename) and deposit.put(folder, sent.filename or "", sent.file)


def _begin(
    desk: Desk, request: Request, paths: Sequence[Path], collection: str, *, prune: bool
) -> None:
    """Read files in the background; what was sent is deleted however it ends."""
    me, parts = desk.pseudonym(request), desk.services.parts

    def work(progress: Progress) -> object:
        try:
            return deposit.add(
                parts, paths, collection=collection, prune=prune, by=me, progress=progress
            )
        finally:
            deposit.clear(desk.services.data)

    desk.jobs.start(ADDING, work, subject=collection)


def _collection(form: FormData, which: str) -> str:
    """Return the collection that a form names; `which`: the form, whose fields bear its name."""
    name = value(form, "audience")
    if name not in SORTS:
        name = value(form, "collection")
    if not name:  # nothing is public because nobody said anything
        raise Invalid("documents.no_audience", field=f"{which}-audience")
    if len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise Invalid("documents.bad_collection", field=f"{which}-collection")
    return name


# -- the page


def overview(desk: Desk, asked: str = "", *, typed: Mapping[str, Typed] | None = None) -> Markup:
    """Return the whole page: what is under way, how to add, what there is. `typed`: what stands
    in a form that cannot be taken, by its name."""
    sent, path = ((typed or {}).get(name, Typed()) for name in ("sent", "path"))
    documents, job = desk.services.parts.store.documents(), desk.jobs.last(ADDING)
    return join((
        progress(desk, job, HERE),
        _report(desk, job.result) if job and isinstance(job.result, deposit.Added) else "",
        _sending(desk, sent),
        _from_folder(desk, path),
        _listed(desk, documents, asked),
    ))  # fmt: skip


def _report(desk: Desk, added: deposit.Added) -> Markup:
    say, report = desk.say, added.report
    counted = asdict(report) | {
        "hidden": sum(report.hidden.values()),
        "collection": collection_name(desk, added.collection),
    }  # fmt: skip
    rows = [
        (_name(one.document, one.file), one.pages, _fate(desk, one))
        for one in added.files[:MAX_SHOWN]
    ]
    heads = [say.plain(f"head.{name}") for name in ("file", "pages", "fate")]
    more = len(added.files) - MAX_SHOWN
    return join((
        f"<section><h2>{say('documents.report')}</h2>",
        paragraph(say.plain("documents.counted", **counted)),
        paragraph(say.plain("documents.private", count=report.private)) if report.private else "",
        table(say.plain("documents.report"), heads, rows) if rows else "",
        paragraph(say.plain("more", count=more)) if more > 0 else "",
        "</section>",
    ))  # fmt: skip


def _fate(desk: Desk, one: deposit.FileResult) -> Cell:
    if one.reason:
        return _capital(desk.texts("reason", one.reason))
    fate = _waits(desk, one.document, one.needs) or desk.say.plain("documents.is_in")
    if not one.flags:
        return fate
    why = ", ".join(desk.texts("flag", flag) for flag in one.flags)
    return join((shown(fate), paragraph(desk.say.plain("documents.look", why=why))))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _waits(desk: Desk, document: str, needs: str) -> Cell:
    """Return what a document waits for, with the page where a person may decide."""
    if needs.startswith(WAITS_FOR):
        words = desk.say.plain("documents.waits_decision")
        return link(f"/admin/quarantine/{document}", words)
    return _capital(desk.texts("needs", needs)) if needs else ""


def _name(document: str, file: str) -> Cell:
    return link(f"/source/{document}/1", file) if document else file


def _collections(desk: Desk, name: str, typed: Typed) -> Markup:
    every = {name for name in desk.services.collections() if not is_pack(name)}
    say, named = desk.say, sorted(every - {*SORTS})
    options = "".join(f'<option value="{text(c)}">' for c in named)
    choices = [
        radio("audience", one, say.plain(f"documents.sort_{one}"), id=f"{name}-{one}",
              checked=typed.get("audience") == one)
        for one in (*SORTS, OTHER)
    ]  # fmt: skip
    asked = field(
        "collection",
        say.plain("documents.collection"),
        typed.get("collection", ""),
        problem=typed.problems.get(f"{name}-collection", ""),
        hint=say.plain("documents.collection_hint"),
        id=f"{name}-collection",
        list=f"{name}-collections",
        maxlength=str(MAX_NAME_CHARS),
    )
    return join((
        group(say.plain("documents.audience"), choices, hint=say.plain("documents.audience_hint"),
              name=f"{name}-audience", problem=typed.problems.get(f"{name}-audience", "")),
        asked,
        f'<datalist id="{name}-collections">{options}</datalist>',
    ))  # fmt: skip


def _sending(desk: Desk, typed: Typed) -> Markup:
    say, megabytes = desk.say, desk.services.most_bytes // 1_000_000
    heavy = say("documents.too_heavy", sent="{sent}", most=megabytes)
    wrong = typed.problems.get("sent-files", "")
    told = f'<p class="problem" id="files-problem">{text(wrong)}</p>' if wrong else ""
    by = ' aria-describedby="files-problem" aria-invalid="true"' if wrong else ""
    return join((
        f"<section><h2>{say('documents.send')}</h2>",
        paragraph(say.plain("documents.send_intro", most=megabytes)),
        f'<form method="post" action="{HERE}/depot" enctype="multipart/form-data" class="deposit"'
        f' data-most="{desk.services.most_bytes}" data-heavy="{heavy}">',
        desk.token(),
        f'<div class="field" id="sent-files"><label for="files">{say("documents.files")}</label>'
        f'{told}<input id="files" name="files" type="file" multiple{by}></div>',
        f'<div class="field"><label for="folder">{say("documents.folder")}</label>'
        '<input id="folder" name="files" type="file" webkitdirectory></div>',
        _collections(desk, "sent", typed),
        '<p class="bad" role="alert" hidden></p>',
        f'<p class="send">{button(say.plain("documents.send_now"), kind="main")}</p>',
        "</form></section>",
    ))  # fmt: skip


def _from_folder(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    return join((
        f'<section><h2>{say("documents.from_folder")}</h2>',
        paragraph(say.plain("documents.from_folder_intro")),
        desk.form(
            f"{HERE}/dossier",
            typed.field("path", say.plain("documents.path"), hint=say.plain("documents.path_hint")),
            _collections(desk, "path", typed),
            checkbox("prune", "yes", say.plain("documents.prune"),
                     checked=typed.get("prune") == "yes"),
            send=say.plain("documents.read"),
        ),
        "</section>",
    ))  # fmt: skip


def _readers(desk: Desk, document: StoredDocument) -> Markup:
    """Return the button that opens a document to residents, or closes it."""
    is_open = desk.services.parts.settings.rights.sees("senior", document.collection)
    told = ("make_private", "agents") if is_open else ("make_public", "residents")
    say = desk.say.plain(f"documents.{told[0]}")
    return desk.form(
        f"{HERE}/pour/{document.id}", button(say, name="readers", value=told[1]), kind="inline"
    )


def _listed(desk: Desk, documents: Sequence[StoredDocument], asked: str) -> Markup:
    say, wanted = desk.say, asked.casefold().strip()
    found = [d for d in documents if wanted in f"{d.file} {d.act.label}".casefold()]
    rows = [
        (
            link(f"/source/{d.id}/1", d.act.label or d.file),
            d.file,
            collection_name(desk, d.collection),
            d.page_count,
            _waits(desk, d.id, d.needs),
            join(
                (
                    _readers(desk, d),
                    link(f"{HERE}/retirer/{d.id}", say.plain("documents.remove")),
                )
            ),
        )
        for d in found[:MAX_SHOWN]
    ]
    heads = ("document", "file", "collection", "pages", "waits_for", "act")
    more = len(found) - MAX_SHOWN
    finder = (
        f'<form method="post" action="{HERE}" role="search" class="inline">{desk.token()}'
        f"{field('q', say.plain('documents.find'), asked, kind='search')}"
        f'<p class="send"><button class="button">{say("documents.find_now")}</button></p></form>'
    )
    return join((
        f'<section id="list"><h2>{say("documents.list", count=len(documents))}</h2>',
        f"<p>{link('/admin/etat', say.plain('documents.quality'))}</p>",
        finder if documents else "",
        table(say.plain("documents.list", count=len(documents)),
              [say.plain(f"head.{h}") for h in heads], rows)
        if rows else paragraph(say.plain("documents.none")),
        paragraph(say.plain("more", count=more)) if more > 0 else "",
        "</section>",
    ))  # fmt: skip
