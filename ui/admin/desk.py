# SPDX-License-Identifier: EUPL-1.2
"""What all the administrator's pages do alike: let in, check forms, answer, tell what failed.

request ─person▶ admin? ─fields▶ a form of ours? ─▶ page │ back to the page with what was done
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from assistant.cli import explain
from assistant.errors import AssistantError
from assistant.in_force import waiting
from assistant.texts import Texts
from corpus.errors import CorpusError
from guardrails.errors import GuardrailError, RegisterUnavailable
from ui.access.errors import AccountRefused
from ui.access.person import Person, Role, person_of
from ui.admin.frame import Frame
from ui.admin.html import Markup, button, hidden, join, link, paragraph, text
from ui.admin.jobs import Busy, Jobs
from ui.admin.kept import Invalid, Kept, NotInForce
from ui.admin.services import AdminServices
from ui.forms import value
from ui.senior.tokens import Tokens
from ui.wording import Words

HOME = "/admin"
MAX_FIELDS = 2_000


class NotForYou(Exception):
    """Somebody who is no administrator; the gate should have turned them away before."""


class Stale(Exception):
    """A form that this process did not make: sent after a restart, or by another site."""


class Desk:
    """What the pages share: services, words, work under way, and the tokens of forms."""

    def __init__(self, services: AdminServices) -> None:
        self.services = services
        self.say = Words("ui.admin", services.language)
        self.texts = Texts(services.language)
        self.jobs = Jobs()
        self.is_receiving = False
        self._tokens = Tokens()
        self.sent: FormData = Depends(self.fields)
        """What a route is given of its form: `form: FormData = desk.sent`."""

    # -- who, and what they sent

    def person(self, request: Request) -> Person:
        """Return the administrator who asks; NotForYou for anybody else."""
        try:
            person = person_of(request)
        except LookupError as error:
            raise NotForYou from error
        if person.role is not Role.ADMIN:
            raise NotForYou
        return person

    def pseudonym(self, request: Request) -> str:
        """Return what stands for the administrator in the register."""
        return self.services.parts.register.pseudonym(self.person(request).name)

    def kept(self, request: Request) -> Kept:
        """Return what changes the town's files on behalf of the one who asks."""
        return Kept(self.services, self.jobs, by=self.pseudonym(request), role=Role.ADMIN)

    async def fields(self, request: Request) -> FormData:
        """Return the fields of a form of ours, for an administrator."""
        self.person(request)
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
        if not self._tokens.holds(value(form, "token")):
            raise Stale
        return form

    # -- what is answered

    def form(self, action: str, *parts: str, send: str = "", kind: str = "") -> Markup:
        """Return a form that only this process can have made."""
        return join((
            f'<form method="post" action="{action}" class="{kind}">',
            self.token(),
            *parts,
            f'<p class="send">{button(send, kind="main")}</p>' if send else "",
            "</form>",
        ))  # fmt: skip

    def token(self) -> Markup:
        return hidden("token", self._tokens.make())

    def holds(self, token: str) -> bool:
        return self._tokens.holds(token)

    def page(
        self, section: str, main: str, *, title: str = "", said: str = "", bad: str = "",
        status: int = 200,
    ) -> HTMLResponse:  # fmt: skip
        """Return a page; `said` and `bad` are HTML."""
        frame = Frame(self.say, self._town())
        words = title or self.say.plain(f"section.{section}")
        whole = frame.page(section, words, main, said=said, bad=bad, waits=self.waits())
        return HTMLResponse(whole, status)

    def waits(self) -> list[str]:
        """Return the names of what was kept and is not in force."""
        try:
            names = waiting(self.services.parts.now, self.services.settings())
        except (AssistantError, OSError):
            return []
        return [self._named("pending", name) for name in names]

    def _named(self, table: str, name: str) -> str:
        """Return what something is called; by its own name where no words are kept for it."""
        key = f"{table}.{name}"
        return self.say.plain(key) if self.say.has(key) else name

    def _town(self) -> str:
        """Return the town's name; a page that says what is wrong must not fail over it."""
        try:
            return self.services.settings().town.name
        except AssistantError:
            return ""

    def done(self, request: Request, main: str, section: str) -> HTMLResponse:
        """Return a page, with what the form before it did."""
        key = f"done.{request.query_params.get('done', '')}"
        said = paragraph(self.say.plain(key)) if self.say.has(key) else ""
        return self.page(section, main, said=said)

    def back(self, address: str, done: str = "") -> RedirectResponse:
        """Lead back to a page, so that a refresh does nothing again."""
        return RedirectResponse(f"{address}?done={done}" if done else address, 303)

    def wrong(
        self, section: str, main: Callable[[Mapping[str, str]], str], error: Exception
    ) -> HTMLResponse:
        """Return a form again with what was typed and why it cannot be kept: `main` is given what
        is wrong with each field, to be told beside it; the top leads to each."""
        others = error.others if isinstance(error, Invalid) else ()
        told = [(one.field if isinstance(one, Invalid) else "", self.why(one))
                for one in (error, *others)]  # fmt: skip
        lines = [link(f"#{field}", words) if field else text(words) for field, words in told]
        problems = {field: words for field, words in reversed(told) if field}
        bad = join(f"<p>{line}</p>" for line in lines)
        status = 409 if isinstance(error, Busy) else 400
        return self.page(section, main(problems), bad=bad, status=status)

    def why(self, error: Exception) -> str:
        """Say in plain words what failed, without a word of any document."""
        match error:
            case Busy(kind=kind):
                return self.say.plain("busy", work=self._named("work", kind))
            case NotInForce():
                return self.say.plain("not_in_force")
            case Stale():
                return self.say.plain("stale")
            case Invalid(key=key, facts=facts):
                return self.say.plain(key, **facts)
            case AccountRefused(key=key, facts=facts) if self.say.has(f"refused.{key}"):
                return self.say.plain(f"refused.{key}", **facts)
            case AssistantError() | CorpusError() | GuardrailError() | OSError():
                return _begun(explain(error, self.texts))
            case _:
                return self.say.plain("unforeseen")

    def route(self) -> type[APIRoute]:
        """Return a kind of route that tells what failed on a page."""
        desk = self
        Handler = Callable[[Request], Coroutine[Any, Any, Response]]

        class Told(APIRoute):
            def get_route_handler(self) -> Handler:
                handle = super().get_route_handler()

                async def handler(request: Request) -> Response:
                    try:
                        desk.person(request)
                        return await handle(request)
                    except NotForYou:
                        told = paragraph(desk.say.plain("closed"))
                        closed = partial(desk.page, "", "", title=desk.say.plain("closed_title"),
                                         bad=told, status=403)  # fmt: skip
                        return await run_in_threadpool(closed)
                    except (HTTPException, RequestValidationError):
                        raise
                    except Exception as error:  # noqa: BLE001  # told, in words that hold no data
                        return await run_in_threadpool(desk.failed, request, error)

                return handler

        return Told

    def failed(self, request: Request, error: Exception) -> HTMLResponse:
        """Say on a page of its own what failed, and lead back."""
        section = request.url.path.removeprefix(HOME).strip("/").partition("/")[0]
        again = f'<p><a href="{HOME}/{section}">{self.say("go_on")}</a></p>' if section else ""
        status = 409 if isinstance(error, Busy | Stale) else 400 if _is_told(error) else 500
        if isinstance(error, RegisterUnavailable):
            status = 503
        told = paragraph(self.why(error))
        title = "not_in_force_title" if isinstance(error, NotInForce) else "failed"
        return self.page(section, again, title=self.say.plain(title), bad=told, status=status)


def _begun(words: str) -> str:
    """Return words as a sentence begins, unless it begins with the name of a file."""
    return words if "." in words.partition(" ")[0] else words[:1].upper() + words[1:]


def _is_told(error: Exception) -> bool:
    """Whether words were foreseen for it."""
    known = (Invalid, AssistantError, CorpusError, GuardrailError, OSError)
    return isinstance(error, known)


def collection_name(desk: Desk, collection: str) -> str:
    """Return what a collection is called on pages: `default` is « À classer »."""
    return desk.texts.section("collection").get(collection, collection)
