# SPDX-License-Identifier: EUPL-1.2
"""What residents and agents said of the assistant itself, for the town's committee.

GET /admin/remarks, GET /admin/remarks/export, POST /admin/remarks/effacer
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from guardrails.register.records import AuditRecord, JsonValue, Kind
from ui.admin.desk import Desk
from ui.admin.html import Markup, hidden, join, link, paragraph, table
from ui.forms import attachment, value
from ui.public.remarks import FILE, Remark, Remarks, as_csv

HERE = "/admin/remarks"
MAX_SHOWN = 200


def remarks_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())
    remarks = Remarks(desk.services.data / FILE)

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, _page(desk, remarks.all()), "remarks")

    @router.get(f"{HERE}/export")
    def export(request: Request) -> Response:
        found = remarks.all()
        record = AuditRecord(
            kind=Kind.EXPORT,
            actor=desk.pseudonym(request),
            role="admin",
            payload={"form": "remarks", "count": len(found)},
        )
        desk.services.parts.register.append(record)
        content = as_csv(
            found, [desk.say.plain(f"head.{h}") for h in ("day", "from", "kind", "remark")]
        )
        return attachment(content, "remarques.csv", "text/csv; charset=utf-8")

    @router.post(f"{HERE}/effacer")
    def erase(request: Request, form: FormData = desk.sent) -> Response:
        number = value(form, "number")
        if number.isdecimal() and any(one.number == int(number) for one in remarks.all()):
            _erase(desk, remarks, int(number), by=desk.pseudonym(request))
        return desk.back(HERE, "remark_erased")

    return router


def _erase(desk: Desk, remarks: Remarks, number: int, *, by: str) -> None:
    """Enter that a remark goes, take it out, enter that it is gone."""
    register = desk.services.parts.register
    exchange = register.new_exchange()

    def record(status: str) -> AuditRecord:
        payload: dict[str, JsonValue] = {"remark": number, "status": status}
        return AuditRecord(
            kind=Kind.SETTINGS, exchange=exchange, actor=by, role="admin", payload=payload
        )

    register.begin(record("begun"))
    remarks.erase(number)
    register.complete(record("erased"))


def _page(desk: Desk, found: list[Remark]) -> Markup:
    say = desk.say
    heads = [say.plain(f"head.{h}") for h in ("day", "from", "kind", "remark", "act")]
    rows = [
        (one.day, say.plain(f"audience.{one.audience}"), say.plain(f"remark.{one.kind}"), one.text,
         desk.form(f"{HERE}/effacer", hidden("number", str(one.number)),
                   f'<button type="submit" class="button">{say("remarks.erase")}'
                   f'<span class="unseen"> {one.number}</span></button>', kind="inline"))
        for one in found[:MAX_SHOWN]
    ]  # fmt: skip
    more = len(found) - MAX_SHOWN
    return join((
        paragraph(say.plain("remarks.intro")),
        f"<p>{link(f'{HERE}/export', say.plain('remarks.export', count=len(found)))}</p>"
        if found else "",
        table(say.plain("section.remarks"), heads, rows) if rows
        else paragraph(say.plain("remarks.none")),
        paragraph(say.plain("more", count=more)) if more > 0 else "",
    ))  # fmt: skip
