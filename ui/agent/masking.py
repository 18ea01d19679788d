# SPDX-License-Identifier: EUPL-1.2
"""The page where an agent hides the personal data of a text before using it elsewhere.

    GET  /masquer            a text or a file
    POST /masquer            its hidden version, with what was hidden by kind
    POST /masquer/fichier    the same, in a file: the browser sends the hidden text back

The server keeps nothing between the three: not the text, not its hidden version, not the name. A
file is received in memory (Starlette would put a large one on the disk).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from assistant.provenance import DigitalSource, Mark
from guardrails.errors import GuardrailError, TextTooLong
from guardrails.placeholders import LABELS
from ui.agent.frame import Frame, apart
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.anonymise import (
    MAX_TEXT_CHARS,
    Masked,
    MaskingFailed,
    mask_file,
    mask_text,
)
from ui.drawn import marked
from ui.export import FORMS, Content, Paragraph, Style
from ui.forms import attachment
from ui.relay import in_turn

HERE = "/masquer"
ALTERED = Mark(ai_generated=False, source=DigitalSource.ALGORITHMICALLY_ALTERED)
"""A hidden version: no word of it is a machine's, but for the marks of what was hidden."""
ACCEPTED = ".pdf,.docx,.odt,.doc,.rtf,.txt,.md,.html,.eml,.msg,.xlsx,.ods,.csv,.png,.jpg,.tif"
MAX_PARTS_BYTES = 6_000_000


def masking_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of the masking page."""
    router, most = APIRouter(prefix=HERE), services.settings.uploads.masking_mb * 1_000_000

    @router.get("", response_class=HTMLResponse)
    def asked(person: Asking) -> HTMLResponse:
        return HTMLResponse(_form(frame, most))

    @router.post("", response_class=HTMLResponse)
    async def mask(person: Asking, request: Request) -> HTMLResponse:
        sent: Sent = {}

        async def again(words: str, status: int = 400) -> HTMLResponse:
            """What was pasted is given back: it is kept nowhere else."""
            text = sent.get("text", "")
            kept = text if isinstance(text, str) else ""
            return await apart(partial(_form, frame, most, error=words, text=kept), status)

        try:
            sent = await sent_form(request, most)
            masked = await in_turn(services.tools.maskings, request, _mask, services, sent)
        except MaskingFailed as error:
            return await again(frame.say(error.key, **error.facts))
        except TextTooLong as error:
            facts = {"chars": error.chars, "max_chars": error.max_chars}
            return await again(frame.say("mask_too_long", **facts))
        except (GuardrailError, OSError):
            return await again(frame.say("mask_closed"), 503)
        return await apart(partial(_result, frame, masked))

    @router.post("/fichier")
    async def take(person: Asking, request: Request) -> Response:
        try:
            sent = await sent_form(request, MAX_PARTS_BYTES)
        except MaskingFailed as error:
            words = frame.say(error.key, **error.facts)
            return await apart(partial(_form, frame, most, error=words), 400)
        text, form = str(sent.get("text", "")), FORMS.get(str(sent.get("form", "")))
        if form is None or not text.strip() or len(text) > 2 * MAX_TEXT_CHARS:
            return await apart(partial(_form, frame, most, error=frame.say("mask_empty")), 400)
        data = await run_in_threadpool(form.write, _content(frame, text))
        return attachment(data, f"version-masquee.{sent['form']}", form.media_type)

    return router


Sent = Mapping[str, str | tuple[str, bytes]]
"""What a form says: words, or a file's name and bytes."""


async def sent_form(request: Request, max_bytes: int) -> Sent:
    """Return a form, its file held in memory; raise MaskingFailed if it is none or too large."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > max_bytes + 100_000:
        async for _ in request.stream():  # a browser reads an answer once it has said everything
            pass
        raise MaskingFailed("mask_too_large", megabytes=max_bytes // 1_000_000)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise MaskingFailed("mask_empty")
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=6, max_part_size=max_bytes
    )
    parser.spool_max_size = max_bytes + 1_000_000  # never on the disk
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise MaskingFailed("mask_too_large", megabytes=max_bytes // 1_000_000) from error
    try:
        return {
            name: (value.filename or "", await value.read())
            if isinstance(value, UploadFile)
            else value
            for name, value in form.items()
        }
    finally:
        await form.close()


def _mask(services: AgentServices, sent: Sent) -> Masked:
    if services.tools.guard is None:
        raise MaskingFailed("mask_closed")
    file, text = sent.get("file"), sent.get("text", "")
    if isinstance(file, tuple) and file[0]:
        return mask_file(services.tools.guard, file[1], file[0], services.tools.open_reading)
    return mask_text(services.tools.guard, text if isinstance(text, str) else "")


def _form(frame: Frame, most: int, *, error: str = "", text: str = "") -> str:
    say = frame.say
    problem = f'<p class="problem" role="alert" id="problem">{error}</p>' if error else ""
    megabytes = most // 1_000_000
    body = (
        f'<p class="lead">{say("mask_lead")}</p>{problem}'
        f'<form method="post" action="{HERE}" enctype="multipart/form-data" autocomplete="off" '
        f'class="stack" data-busy="{say("mask_busy")}">'
        f'<p class="field"><label for="text">{say("mask_text")}</label>'
        f'<textarea id="text" name="text" rows="10" maxlength="{MAX_TEXT_CHARS}">'
        f"\n{escape(text)}</textarea></p>"
        f'<p class="field"><label for="file">{say("mask_file")}</label>'
        f'<input type="file" id="file" name="file" accept="{ACCEPTED}" aria-describedby="kinds">'
        f'<span class="quiet" id="kinds">{say("mask_kinds", megabytes=megabytes)}</span></p>'
        f'<p><button type="submit" class="button">{say("mask_send")}</button></p></form>'
        f'<ul class="promises"><li>{say("mask_promise_kept")}</li>'
        f"<li>{say('mask_promise_miss')}</li></ul>"
    )
    return frame.page(say.plain("nav_mask"), HERE, body)


def _rows(text: str) -> int:
    """Return how high a box must be to show most of a text."""
    lines = sum(1 + len(line) // 90 for line in text.splitlines())
    return min(max(lines + 1, 5), 16)


def _result(frame: Frame, masked: Masked) -> str:
    say = frame.say
    warnings = "".join(
        f'<p class="care">{words}</p>'
        for is_due, words in (
            (masked.is_sensitive, say("mask_sensitive")),
            (bool(masked.unread), say("mask_unread", pages=", ".join(map(str, masked.unread)))),
            (bool(masked.doubts), say.counted("mask_doubts", masked.doubts)),
        )
        if is_due
    )
    forms = "".join(
        f'<button type="submit" class="small-button" name="form" value="{form}">'
        f"{say(f'take_{form}')}</button>"
        for form in FORMS
    )
    body = (
        f'<p class="lead" role="status" tabindex="-1" id="done">'
        f"{say.counted('mask_count', masked.count)}</p>{_kinds(frame, masked)}{warnings}"
        f'<form method="post" action="{HERE}/fichier" enctype="multipart/form-data" class="stack" '
        'data-take autocomplete="off">'
        f'<p class="field"><label for="hidden-text">{say("mask_result")}</label>'
        f'<textarea id="hidden-text" name="text" rows="{_rows(masked.text)}" '
        'aria-describedby="mend">'
        f"\n{escape(masked.text)}</textarea>"
        f'<span class="quiet" id="mend">{say("mask_mend")}</span></p>'
        f'<div class="take" role="group" aria-label="{say("take")}">'
        f'<button type="button" class="small-button" data-copy-from="hidden-text" '
        f'data-done="{say("copied")}" data-failed="{say("copy_failed")}">'
        f"{say('copy_text')}</button>{forms}"
        '<span class="done" role="status"></span></div></form>'
        f'<p class="quiet">{say("mask_pdf")}</p>'
        f'<p><a class="button plain" href="{HERE}">{say("mask_again")}</a></p>'
    )
    return frame.page(say.plain("mask_done"), HERE, body)


def _kinds(frame: Frame, masked: Masked) -> str:
    rows = "".join(
        f'<tr><th scope="row">{frame.say(f"entity_{entity}")}</th><td>{count}</td>'
        f"<td>{marked(f'[{LABELS[entity]}_1]')}</td></tr>"
        for entity, count in masked.hidden
    )
    if not rows:
        return ""
    say = frame.say
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{say("mask_table")}">'
        f'<table class="kinds"><caption>{say("mask_table")}</caption><thead><tr>'
        f'<th scope="col">{say("mask_kind")}</th><th scope="col">{say("mask_how_many")}</th>'
        f'<th scope="col">{say("mask_mark")}</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _content(frame: Frame, text: str) -> Content:
    say = frame.say
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Content(
        title=say.plain("mask_title"),
        mark=say.plain("mask_file_mark"),
        provenance=ALTERED,
        paragraphs=tuple(Paragraph(block, Style.BODY) for block in blocks),
        language=say.language,
        producer=say.plain("producer"),
        keywords=say.plain("keywords"),
    )
