# SPDX-License-Identifier: EUPL-1.2
"""Backups: when the last ones were made, making one now, how to check one and put it back.

GET /admin/backups, POST /admin/backups (kind, folder, words, again)

Putting back needs a service that is stopped: the page gives the commands. A passphrase is held
in memory while the file is written, and shown to nobody again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.backup.making import (
    MIN_CHARS,
    back_up,
    last_made,
    refuse_passphrase,
    refuse_place,
    refuse_shared,
)
from assistant.backup.manifest import Kind
from corpus.acts import date_in_words
from ui.access.person import Role
from ui.admin.desk import Desk
from ui.admin.html import Markup, field, hidden, join, paragraph, text
from ui.admin.jobs import Progress
from ui.admin.kept import Invalid
from ui.admin.progress import progress
from ui.forms import value

HERE = "/admin/backups"
SAVING = "saving"
STALE_DAYS = 7
NAMES = {Kind.DATA: "greffier", Kind.KEYS: "cles"}
STEPS = ("check", "stop", "keys", "data", "verify", "after")
COMMANDS = {
    "check": "greffier restore greffier-….backup --check",
    "keys": "greffier restore cles-….backup",
    "data": "greffier restore greffier-….backup",
    "verify": "greffier register verify",
}


def backups_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk), "backups")

    @router.post(HERE)
    def make(request: Request, form: FormData = desk.sent) -> Response:
        services, by = desk.services, desk.pseudonym(request)
        try:
            kind, path = _wanted(form)
        except Invalid as error:
            return desk.wrong("backups", lambda problems: _page(desk, form, problems), error)
        words = str(form.get("words", ""))
        refuse_place(path, data=services.data, keys_base=services.keys_base)
        refuse_passphrase(words)
        kept = services.settings().backup
        refuse_shared(kind, words, filter(None, (kept.folder, kept.keys_folder, path.parent)))

        def work(tell: Progress) -> str:
            back_up(services.parts, kind, path, words, by=by, role=Role.ADMIN)
            return path.name

        desk.jobs.start(SAVING, work)
        return desk.back(HERE)

    return router


def _wanted(form: FormData) -> tuple[Kind, Path]:
    """Return what is to be saved and where; Invalid for what was not typed twice alike."""
    kind = Kind.KEYS if value(form, "kind") == Kind.KEYS else Kind.DATA
    folder = value(form, "folder")
    if not folder:
        raise Invalid("backups.no_folder", field=f"folder-{kind}")
    if form.get("words") != form.get("again"):
        raise Invalid("backups.not_alike", field=f"again-{kind}")
    name = f"{NAMES[kind]}-{datetime.now():%Y%m%d-%H%M%S}.backup"
    return kind, Path(folder).expanduser() / name


def _page(
    desk: Desk, typed: FormData | None = None, problems: Mapping[str, str] | None = None
) -> Markup:
    say = desk.say
    return join((
        paragraph(say.plain("backups.intro")),
        *(_last(desk, kind) for kind in Kind),
        _job(desk),
        *(_form(desk, kind, typed, problems or {}) for kind in Kind),
        _restoring(desk),
    ))  # fmt: skip


def _last(desk: Desk, kind: Kind) -> Markup:
    """Say when the last one was finished, and whether that is long ago."""
    say, made = desk.say, last_made(desk.services.parts.store, kind)
    if made is None:
        return Markup(f'<p class="state paused">{say(f"backups.none_{kind}")}</p>')
    is_old = datetime.now(UTC) - made > timedelta(days=STALE_DAYS)
    here = made.astimezone()
    day = date_in_words(here.date().isoformat()) if say.language == "fr" else f"{here:%Y-%m-%d}"
    told = say(f"backups.last_{kind}", day=day, hour=f"{here:%H:%M}")
    old = f" {say('backups.old', days=STALE_DAYS)}" if is_old else ""
    return Markup(f'<p class="state {"paused" if is_old else "open"}">{told}{old}</p>')


def _job(desk: Desk) -> Markup:
    job = desk.jobs.last(SAVING)
    if job and job.is_over and job.error is None:
        return Markup(f'<p class="said">{desk.say("backups.made", name=str(job.result))}</p>')
    return progress(desk, job, HERE)


def _form(desk: Desk, kind: Kind, typed: FormData | None, problems: Mapping[str, str]) -> Markup:
    say, settings = desk.say, desk.services.settings().backup
    usual = settings.folder if kind is Kind.DATA else settings.keys_folder
    is_typed = typed is not None and value(typed, "kind") == kind
    folder = value(typed, "folder") if typed is not None and is_typed else str(usual or "")
    secret = {"kind": "password", "autocomplete": "new-password", "required": "required"}
    return join((
        f"<h2>{say(f'backups.make_{kind}')}</h2>",
        paragraph(say.plain(f"backups.about_{kind}")),
        desk.form(
            HERE,
            hidden("kind", kind.value),
            field("folder", say.plain("backups.folder"), folder, id=f"folder-{kind}",
                  hint=say.plain("backups.folder_hint"), required="required",
                  problem=problems.get(f"folder-{kind}", "")),
            field("words", say.plain("backups.words"), id=f"words-{kind}",
                  hint=say.plain("backups.words_hint", chars=MIN_CHARS), **secret),
            field("again", say.plain("backups.again"), id=f"again-{kind}",
                  problem=problems.get(f"again-{kind}", ""), **secret),
            send=say.plain(f"backups.send_{kind}"),
        ),
    ))  # fmt: skip


def _restoring(desk: Desk) -> Markup:
    say = desk.say
    steps = "".join(
        f"<li>{say(f'backups.step_{step}')}"
        + (f"<br><code>{text(COMMANDS[step])}</code>" if step in COMMANDS else "")
        + "</li>"
        for step in STEPS
    )
    return Markup(f"<h2>{say('backups.restore')}</h2><ol>{steps}</ol>")
