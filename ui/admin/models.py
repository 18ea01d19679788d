# SPDX-License-Identifier: EUPL-1.2
"""Model files: which are here, which this machine can hold, fetched and chosen from the page.

GET /admin/models, POST /admin/models/aller-chercher, POST /admin/models/choisir

What an answer takes is the register's (of what a model read, this month); of a model that has
answered too little here it is told from the sizes of both files, and said to be an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.evaluation_kept import last_evaluation
from assistant.paces import Pace, measured
from assistant.probe import FOLDER as PROBES
from assistant.wiring import open_weights
from corpus.acts import date_in_words
from corpus.machine import memory_bytes
from corpus.weights import DEFAULT_LANGUAGE_MODEL, Purpose, WeightsStatus
from ui.admin.desk import Desk
from ui.admin.hourly import Hourly
from ui.admin.html import Markup, hidden, join, paragraph, table
from ui.admin.jobs import Progress
from ui.admin.kept import Invalid
from ui.admin.progress import PULLING, progress
from ui.forms import value
from ui.wording import model_note

HERE = "/admin/models"
SMALL_BYTES = 50_000_000


def models_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())
    register = desk.services.parts.register
    paces = Hourly(partial(measured, register, role="admin"), register.now)

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk, paces(desk.pseudonym(request))), "models")

    @router.post(f"{HERE}/aller-chercher")
    def pull(request: Request, form: FormData = desk.sent) -> Response:
        status = _known(desk, value(form, "name"))
        weights, name = open_weights(desk.services.settings()), status.weights.name

        def work(tell: Progress) -> str:
            weights.pull(name, lambda done, total, word: tell(done, total))
            return name

        desk.jobs.start(PULLING, work, subject=name)
        return desk.back(HERE)

    @router.post(f"{HERE}/choisir")
    def choose(request: Request, form: FormData = desk.sent) -> Response:
        status = _known(desk, value(form, "name"))
        if status.state != "present" or not status.fits:
            raise Invalid("models.not_usable")
        desk.kept(request).change_settings({"model.name": status.weights.name})
        return desk.back(HERE, "model_chosen")

    return router


def _status(desk: Desk) -> tuple[WeightsStatus, ...]:
    return open_weights(desk.services.settings()).status()


def _known(desk: Desk, name: str) -> WeightsStatus:
    for status in _status(desk):
        if status.weights.name == name:
            return status
    raise Invalid("models.unknown")


def _page(desk: Desk, paces: Mapping[str, Pace]) -> Markup:
    say, job = desk.say, desk.jobs.last(PULLING)
    chosen = desk.services.settings().model.name or DEFAULT_LANGUAGE_MODEL
    heads = (
        "model", "model_use", "model_state", "size", "memory", "pace", "calibrated", "licence",
        "act",
    )  # fmt: skip
    statuses = _status(desk)
    rows = [
        (
            status.weights.name,
            desk.texts("models", f"purpose_{status.weights.purpose}"),
            _state(desk, status, chosen),
            _size(desk, status.weights.size_bytes, 2),
            _size(desk, status.weights.memory_bytes, 1),
            _pace(desk, status, statuses, paces),
            _calibrated(desk, status),
            status.weights.licence,
            _act(desk, status, chosen),
        )
        for status in statuses
    ]
    return join((
        paragraph(say.plain("models.intro", memory=_size(desk, memory_bytes(), 1))),
        _job(desk) if job else "",
        paragraph(say.plain("models.gains")),
        paragraph(model_note("coder", say.language)),
        table(say.plain("section.models"), [say.plain(f"head.{h}") for h in heads], rows),
        "" if chosen in {s.weights.name for s in statuses}
        else paragraph(say.plain("models.own_file")),
    ))  # fmt: skip


def _stem(status: WeightsStatus) -> str:
    """Return what the register calls a model."""
    return Path(status.weights.file).stem


def _pace(
    desk: Desk,
    status: WeightsStatus,
    statuses: tuple[WeightsStatus, ...],
    paces: Mapping[str, Pace],
) -> str:
    """Return what an answer takes here: measured, or estimated by the sizes of two files."""
    say = desk.say
    if status.weights.purpose is not Purpose.LANGUAGE_MODEL or not status.fits:
        return "–"
    if pace := paces.get(_stem(status)):
        seconds = desk.texts.decimal(pace.seconds, 1)
        return say.plain("models.measured", seconds=seconds, count=pace.answers)
    known = [(paces[_stem(s)], s.weights) for s in statuses if _stem(s) in paces]
    if not known:
        return say.plain("models.unmeasured")
    pace, other = max(known, key=lambda one: one[0].answers)
    estimate = pace.seconds * status.weights.size_bytes / other.size_bytes
    return say.plain("models.estimated", seconds=desk.texts.decimal(estimate, 0), name=other.name)


def _calibrated(desk: Desk, status: WeightsStatus) -> str:
    """Return whether something was learnt for a model, and what the last evaluation counted."""
    if status.weights.purpose is not Purpose.LANGUAGE_MODEL:
        return "–"
    say = desk.say
    is_learnt = (PROBES / f"{status.weights.name}.npz").exists()
    told = [say.plain("models.calibrated" if is_learnt else "models.uncalibrated")]
    last = last_evaluation(desk.services.data)
    if last is not None and last.model in {_stem(status), status.weights.name}:
        day = f"{last.at:%Y-%m-%d}"
        told.append(say.plain(
            "models.evaluated", day=date_in_words(day) if say.language == "fr" else day,
            right=last.tally.right, answerable=last.tally.answerable, wrong=last.tally.wrong,
        ))  # fmt: skip
    return " ".join(told)


def _size(desk: Desk, size: int, digits: int) -> str:
    """Return a size as it is written in the language of the page, on one line."""
    if size < SMALL_BYTES:
        written = desk.texts.decimal(max(size / 1e6, 0.1), 1)
        return f"{written}\u00a0{desk.say.plain('megabytes')}"
    return f"{desk.texts.decimal(size / 1e9, digits)}\u00a0{desk.say.plain('gigabytes')}"


def _job(desk: Desk) -> Markup:
    job = desk.jobs.last(PULLING)
    if job and job.is_over and job.error is None:
        return Markup(f'<p class="said">{desk.say("models.pulled", name=job.subject)}</p>')
    return progress(desk, job, HERE)


def _state(desk: Desk, status: WeightsStatus, chosen: str) -> str:
    told = [desk.texts("models", f"state_{status.state}")]
    if status.weights.name == chosen:
        told.append(desk.say.plain("models.chosen"))
    if status.weights.recommended:
        told.append(desk.texts("models", "recommended"))
    if not status.fits:
        told.append(desk.texts("models", "too_big"))
    return ", ".join(told)


def _act(desk: Desk, status: WeightsStatus, chosen: str) -> Markup:
    say, name = desk.say, status.weights.name
    if status.state != "present":
        send = say.plain("models.pull")
        return desk.form(f"{HERE}/aller-chercher", hidden("name", name),
                         _named(send, name), kind="inline")  # fmt: skip
    if status.weights.purpose is Purpose.LANGUAGE_MODEL and name != chosen and status.fits:
        return desk.form(f"{HERE}/choisir", hidden("name", name),
                         _named(say.plain("models.choose"), name), kind="inline")  # fmt: skip
    return Markup("")


def _named(words: str, name: str) -> Markup:
    """Return a button that says of which line it is to whoever does not see the table."""
    return Markup(
        f'<button type="submit" class="button">{escape(words)}'
        f'<span class="unseen"> {escape(name)}</span></button>'
    )
