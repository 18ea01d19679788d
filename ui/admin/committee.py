# SPDX-License-Identifier: EUPL-1.2
"""What the committee reads at its meeting, and where its decisions are entered.

| address | |
|---|---|
| GET /admin/committee | remarks, what was asked in vain, decisions, suspensions |
| POST /admin/committee | a decision, told to everybody from then on |
| POST /admin/committee/retirer | a decision taken back from the public page |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.cards.themes import LEAST, Theme
from assistant.cards.unanswered import of_one_matter
from assistant.moratorium import Change, history
from corpus.errors import CorpusError
from corpus.seams import Vectors
from guardrails.register.records import Kind
from guardrails.register.selection import Selection
from ui.admin.desk import Desk, collection_name
from ui.admin.hourly import Hourly
from ui.admin.html import Markup, hidden, join, paragraph, table, text
from ui.admin.kept import Invalid
from ui.admin.typed import Typed
from ui.forms import value
from ui.public.decisions import FILE as DECISIONS
from ui.public.decisions import MAX_CHARS, Decision, Decisions
from ui.public.remarks import FILE as REMARKS
from ui.public.remarks import Remark, Remarks

HERE = "/admin/committee"
MAX_THEMES, MAX_MONTHS = 30, 12
MAX_GROUPED = 200
"""Remarks that are put together by matter, the newest ones: each is turned into a vector once."""


def committee_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())
    data = desk.services.data
    remarks, decisions = Remarks(data / REMARKS), Decisions(data / DECISIONS)
    matters, parts = Matters(desk), desk.services.parts
    asked = Hourly(lambda by: parts.themes(by, "admin"), parts.register.now)

    def whole(request: Request, typed: Typed | None = None) -> Markup:
        found = remarks.all()
        return join((
            paragraph(desk.say.plain("committee.intro")),
            _remarks(desk, matters(found[:MAX_GROUPED]), len(found)),
            _themes(desk, _asked_in_vain(asked, desk.pseudonym(request))),
            _decisions(desk, decisions.all(), typed or Typed()),
            _history(desk, _changes(desk, request)),
        ))  # fmt: skip

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, whole(request), "committee")

    @router.post(HERE)
    def decide(request: Request, form: FormData = desk.sent) -> Response:
        typed, day = " ".join(value(form, "decision").split()), value(form, "day")
        try:
            when = _checked(desk, typed, day)
        except Invalid as error:
            again = {"decision": typed, "day": day}
            return desk.wrong("committee", lambda p: whole(request, Typed(again, p)), error)
        register, me = desk.services.parts.register, desk.pseudonym(request)
        decisions.add(register, typed, day=when, by=me, role="admin")
        return desk.back(HERE, "decided")

    @router.post(f"{HERE}/retirer")
    def withdraw(request: Request, form: FormData = desk.sent) -> Response:
        number = value(form, "number")
        if number.isdecimal() and any(one.number == int(number) for one in decisions.all()):
            register, me = desk.services.parts.register, desk.pseudonym(request)
            decisions.withdraw(register, int(number), by=me, role="admin")
        return desk.back(HERE, "withdrawn")

    return router


class Matters:
    """Puts remarks of one matter together; their vectors stay in memory, by their numbers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._vectors: dict[str, Vectors] = {}

    def __call__(self, remarks: Sequence[Remark]) -> list[list[Remark]]:
        """Return groups, the largest first; without an embedder, those of one kind."""
        try:
            self._vectors = {one.text: self._vector(one.text) for one in remarks}
            places = of_one_matter([one.text for one in remarks], self._vectors.__getitem__)
            groups = [[remarks[place] for place in some] for some in places]
        except CorpusError:
            kinds = dict.fromkeys(one.kind for one in remarks)
            groups = [[one for one in remarks if one.kind == kind] for kind in kinds]
        return sorted(groups, key=len, reverse=True)

    def _vector(self, words: str) -> Vectors:
        known = self._vectors.get(words)
        return self._desk.services.parts.embedder.embed_query(words) if known is None else known


def _checked(desk: Desk, typed: str, day: str) -> date:
    """Return the day of a decision; Invalid if it may not be public."""
    if not typed:
        raise Invalid("committee.empty", field="decision")
    if len(typed) > MAX_CHARS:
        raise Invalid("committee.long", field="decision", most=MAX_CHARS)
    try:
        when = date.fromisoformat(day)
    except ValueError as error:
        raise Invalid("committee.bad_day", field="day") from error
    if desk.services.parts.guard.screen(typed).findings:
        raise Invalid("committee.personal", field="decision")
    return when


def _changes(desk: Desk, request: Request) -> list[Change]:
    entries = desk.services.parts.register.entries(
        Selection(kinds=(Kind.SETTINGS,)),
        by=desk.pseudonym(request),
        role="admin",
        purpose="committee",
    )
    return history(entries)


def _remarks(desk: Desk, groups: Sequence[Sequence[Remark]], count: int) -> Markup:
    say = desk.say
    shown = sum(map(len, groups))
    return join((
        f"<section><h2>{say('committee.remarks', count=count)}</h2>",
        *(_group(desk, group) for group in groups),
        paragraph(say.plain("remarks.none")) if not groups else "",
        paragraph(say.plain("more", count=count - shown)) if count > shown else "",
        "</section>",
    ))  # fmt: skip


def _group(desk: Desk, group: Sequence[Remark]) -> Markup:
    say = desk.say
    caption = say.plain("committee.matter" if len(group) > 1 else "committee.alone",
                        count=len(group), first=group[-1].day)  # fmt: skip
    heads = [say.plain(f"head.{h}") for h in ("day", "from", "kind", "remark")]
    rows = [
        (one.day, say.plain(f"audience.{one.audience}"), say.plain(f"remark.{one.kind}"), one.text)
        for one in group
    ]
    return join((f"<h3>{text(caption)}</h3>", table(caption, heads, rows)))


def _asked_in_vain(asked: Hourly[list[Theme]], by: str) -> list[Theme]:
    try:
        return asked(by)
    except CorpusError:  # without an embedder nothing is put together
        return []


def _themes(desk: Desk, found: Sequence[Theme]) -> Markup:
    """Return what people asked in vain, by month: matters that enough of them asked of."""
    say = desk.say
    months = sorted({month for theme in found for month in theme.months})[-MAX_MONTHS:]
    few = say.plain("committee.few", count=LEAST)
    rows = [
        (theme.matter, *(_count(theme.months.get(month, 0), few) for month in months))
        for theme in found[:MAX_THEMES]
    ]
    caption = say.plain("committee.themes")
    return join((
        f"<section><h2>{say('committee.themes')}</h2>",
        paragraph(say.plain("committee.themes_note", count=LEAST)),
        table(caption, [say.plain("head.matter"), *months], rows) if rows
        else paragraph(say.plain("committee.themes_none")),
        "</section>",
    ))  # fmt: skip


def _count(count: int, few: str) -> str:
    return str(count) if count >= LEAST else few if count else "0"


def _decisions(desk: Desk, found: Sequence[Decision], typed: Typed) -> Markup:
    say = desk.say
    typed.setdefault("day", date.today().isoformat())
    heads = [say.plain(f"head.{h}") for h in ("day", "decision", "act")]
    rows = [
        (one.day, one.text,
         desk.form(f"{HERE}/retirer", hidden("number", str(one.number)),
                   f'<button type="submit" class="button">{say("committee.withdraw")}'
                   f'<span class="unseen"> {one.number}</span></button>', kind="inline"))
        for one in found
    ]  # fmt: skip
    return join((
        f"<section><h2>{say('committee.decisions')}</h2>",
        table(say.plain("committee.decisions"), heads, rows) if rows
        else paragraph(say.plain("committee.decisions_none")),
        desk.form(
            HERE,
            typed.field("day", say.plain("head.day"), kind="date"),
            typed.area("decision", say.plain("committee.decision"), rows=3,
                       hint=say.plain("committee.decision_hint", most=MAX_CHARS),
                       maxlength=str(MAX_CHARS)),
            send=say.plain("committee.decide"),
        ),
        "</section>",
    ))  # fmt: skip


def _history(desk: Desk, found: Sequence[Change]) -> Markup:
    say = desk.say
    heads = [say.plain(f"head.{h}") for h in ("day", "state", "from_whom", "collection", "said")]
    rows = [
        (
            f"{one.at.astimezone():%d/%m/%Y %H:%M}",
            say.plain(f"committee.{'suspended' if one.is_pause else 'resumed'}"),
            say.plain(f"audience.{one.audience or 'all'}"),
            collection_name(desk, one.collection)
            if one.collection
            else say.plain("moratorium.everything"),
            one.sentence if one.is_pause else "",
        )
        for one in found
    ]
    return join((
        f"<section><h2>{say('committee.history')}</h2>",
        table(say.plain("committee.history"), heads, rows) if rows
        else paragraph(say.plain("committee.history_none")),
        "</section>",
    ))  # fmt: skip
