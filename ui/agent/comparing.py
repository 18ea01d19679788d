# SPDX-License-Identifier: EUPL-1.2
"""The page where an agent compares two acts, of the index or one of them just dropped.

    GET  /comparer?a=ID&b=ID     choose; of a passage `ID@PAGE`, that page alone
    POST /comparer               a, b, pages_a, pages_b, file ─▶ /comparer/{record}
    GET  /comparer/{record}      what changed, side by side
    GET  /comparer/{record}/docx, /csv

A dropped file is read in memory, hidden, compared, and gone; what was shown of it stays with who
was shown it, for an hour, to be printed or taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.comparing.desk import Compared, CompareDesk
from assistant.comparing.sides import Asked, NotComparable, SideReader, parse_range
from corpus.dropped import fleeting
from corpus.errors import CorpusError
from corpus.prepare import DocumentGuard
from corpus.rows import StoredDocument
from guardrails.errors import DetectorFailed, GuardrailError
from ui.access.person import Person
from ui.agent.compared import FORMS, result
from ui.agent.editions import alike
from ui.agent.frame import Frame, apart
from ui.agent.masking import ACCEPTED, Sent, sent_form
from ui.agent.person import Asking
from ui.agent.services import AgentServices
from ui.agent.shelf import Shelf
from ui.anonymise import MaskingFailed, ending_of
from ui.forms import attachment
from ui.relay import in_turn
from ui.reply import file_title

HERE = "/comparer"
KEPT_SECONDS = 3600.0


def comparing_router(services: AgentServices, frame: Frame) -> APIRouter:
    """The routes of the page."""
    router, most = APIRouter(prefix=HERE), services.settings.uploads.masking_mb * 1_000_000
    shelf = Shelf[Compared](seconds=KEPT_SECONDS)

    @router.get("", response_class=HTMLResponse)
    def asked(person: Asking, a: str = "", b: str = "") -> HTMLResponse:
        (first, _, pages_a), (second, _, pages_b) = a.partition("@"), b.partition("@")
        chosen = {"a": first, "pages_a": pages_a, "b": second, "pages_b": pages_b}
        return HTMLResponse(_form(services, frame, person, chosen))

    @router.post("")
    async def compare(person: Asking, request: Request) -> Response:
        sent: Sent = {}

        async def again(words: str, status: int = 400) -> HTMLResponse:
            return await apart(partial(_form, services, frame, person, sent, error=words), status)

        try:
            sent = await sent_form(request, most)
            places = services.tools.maskings
            found = await in_turn(places, request, _compared, services, person, sent)
        except MaskingFailed as error:
            return await again(frame.say(error.key, **error.facts))
        except NotComparable as error:
            return await again(_why_not(frame, error))
        except (GuardrailError, CorpusError, OSError):
            return await again(frame.say("mask_closed"), 503)
        shelf.put(person.name, found)
        return RedirectResponse(f"{HERE}/{found.record}", 303)

    @router.get("/{record}", response_class=HTMLResponse)
    def shown(person: Asking, record: str) -> HTMLResponse:
        found = shelf.get(person.name, record)
        if found is None:
            return HTMLResponse(frame.message("gone_title", "compare_gone", HERE), 404)
        return HTMLResponse(result(frame, services.store, found))

    @router.get("/{record}/{form}")
    def take(person: Asking, record: str, form: str) -> Response:
        found = shelf.get(person.name, record)
        if found is None or form not in FORMS:
            return HTMLResponse(frame.message("gone_title", "compare_gone", HERE), 404)
        media_type, write = FORMS[form]
        name = f"comparaison-{record[:8]}.{form}"
        return attachment(write(frame.say, services.store, found), name, media_type)

    return router


def _compared(services: AgentServices, person: Person, sent: Sent) -> Compared:
    """Compare what a form asks for; the dropped file stands for the act that was not chosen."""
    register, told = services.tools.register, {name: _word(sent, name) for name in FIELDS}
    if register is None:
        raise MaskingFailed("mask_closed")
    try:
        pages = [parse_range(told[f"pages_{side}"]) for side in "ab"]
    except ValueError:
        raise MaskingFailed("compare_range") from None
    file = sent.get("file")
    dropped = file if isinstance(file, tuple) and file[0] else None
    if not (told["a"] and (told["b"] or dropped)) and not (told["b"] and dropped):
        raise MaskingFailed("compare_choose")
    with ExitStack() as until_read:
        asked = [Asked(name=told[side], pages=pages[rank]) for rank, side in enumerate("ab")]
        if dropped:
            path = until_read.enter_context(fleeting(dropped[1]))
            name = f"document{ending_of(dropped[0])}"
            place = 0 if told["b"] and not told["a"] else 1
            asked[place] = replace(asked[place], name=name, path=path)
        rights = services.settings.rights
        desk = CompareDesk(_reader(services, person), register, rights, services.tools.embedder)
        by, role = register.pseudonym(person.name), str(person.role)
        found = desk.compare(*asked, by=by, role=role)
    # The pages themselves are not kept: a dropped one is gone here.
    return replace(found, a=replace(found.a, pages=()), b=replace(found.b, pages=()))


FIELDS = ("a", "b", "pages_a", "pages_b")


def _word(sent: Sent, name: str) -> str:
    value = sent.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _reader(services: AgentServices, person: Person) -> SideReader:
    def guard(chars: int) -> DocumentGuard:
        if services.tools.guard is None:
            raise DetectorFailed("guard")
        return services.tools.guard

    return SideReader(
        store=lambda: services.store,
        sees=lambda document: services.may_see(person, document),
        guard=guard,
        open_reading=services.tools.open_reading,
    )


def _why_not(frame: Frame, error: NotComparable) -> str:
    say, facts = frame.say, error.facts
    key = f"unreadable_{facts['reason']}" if error.key == "compare_unreadable" else error.key
    words = say.plain(key if say.has(key) else "unreadable_needs", **facts)
    which = say.plain(f"compare_which_{facts['position']}")
    return escape(f"{which} {words}")


# -- the form


def _form(
    services: AgentServices, frame: Frame, person: Person, sent: Sent, *, error: str = ""
) -> str:
    say = frame.say
    documents = services.visible(person)
    problem = f'<p class="problem" role="alert" id="problem">{error}</p>' if error else ""
    chosen = {name: _word(sent, name) for name in FIELDS}
    known = {side: next((d for d in documents if d.id == chosen[side]), None) for side in "ab"}
    sides = "".join(
        f'<fieldset class="side"><legend>{say(f"compare_{side}")}</legend>'
        f'<p class="field"><label for="{side}">{say("compare_document")}</label>'
        f'<select id="{side}" name="{side}"><option value="">{say("compare_none")}</option>'
        f"{_options(frame, documents, chosen[side], known[other])}</select></p>"
        f'<p class="field"><label for="pages_{side}">{say("compare_pages")}</label>'
        f'<input id="pages_{side}" name="pages_{side}" inputmode="numeric" maxlength="12" '
        f'value="{escape(chosen[f"pages_{side}"])}" placeholder="1-40"></p></fieldset>'
        for side, other in ("ab", "ba")
    )
    megabytes = services.settings.uploads.masking_mb
    body = (
        f'<p class="lead">{say("compare_lead")}</p>{problem}'
        f'<form method="post" action="{HERE}" enctype="multipart/form-data" autocomplete="off" '
        f'class="stack" data-busy="{say("compare_busy")}"><div class="pair">{sides}</div>'
        f'<p class="field"><label for="file">{say("compare_file")}</label>'
        f'<input type="file" id="file" name="file" accept="{ACCEPTED}" aria-describedby="kinds">'
        f'<span class="quiet" id="kinds">{say("compare_kinds", megabytes=megabytes)}</span></p>'
        f'<p><button type="submit" class="button">{say("compare_send")}</button></p></form>'
        f'<ul class="promises"><li>{say("compare_promise_quotes")}</li>'
        f"<li>{say('compare_promise_kept')}</li></ul>"
    )
    return frame.page(say.plain("nav_compare"), HERE, body)


def _options(
    frame: Frame,
    documents: Sequence[StoredDocument],
    chosen: str,
    like: StoredDocument | None,
) -> str:
    """Return the documents to choose from; those that may be another edition of `like` first."""
    ranked = sorted(documents, key=lambda d: (d.act.date, d.file), reverse=True)
    near = alike(like, ranked) if like else []
    rest = [document for document in ranked if document not in near]
    options = "".join(_option(document, chosen) for document in rest)
    if not near:
        return options
    groups = (("compare_like", "".join(_option(d, chosen) for d in near)), ("compare_all", options))
    return "".join(f'<optgroup label="{frame.say(key)}">{some}</optgroup>' for key, some in groups)


def _option(document: StoredDocument, chosen: str) -> str:
    selected = " selected" if document.id == chosen else ""
    return f'<option value="{document.id}"{selected}>{escape(title_of_choice(document))}</option>'


def title_of_choice(document: StoredDocument) -> str:
    """Return how a document is told apart in a list: its title, what it is about, its file."""
    title, about = document.act.label or file_title(document.file), document.act.object
    return f"{title} – {about}" if about and about.lower() not in title.lower() else title
