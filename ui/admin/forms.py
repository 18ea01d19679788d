# SPDX-License-Identifier: EUPL-1.2
"""What the town sets by itself: one form a page, checked whole, then kept or shown again.

    /admin/town /admin/roster /admin/policies /admin/synonyms /admin/glossary /admin/retention

Each form is read from the file as it is now, and given again as it was typed when it is no good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from ui.admin.desk import Desk
from ui.admin.html import Markup, join, paragraph
from ui.admin.jobs import Busy, Job
from ui.admin.kept import MASKING, Invalid, Kept, NotInForce
from ui.admin.lexicons import (
    glossary_fields,
    glossary_now,
    keep_glossary,
    keep_synonyms,
    synonyms_fields,
    synonyms_now,
)
from ui.admin.policies import keep_policies, policies_fields, policies_now
from ui.admin.progress import progress
from ui.admin.town import (
    keep_retention,
    keep_roster,
    keep_town,
    retention_fields,
    retention_now,
    roster_fields,
    roster_now,
    town_fields,
    town_now,
)
from ui.admin.typed import Typed, typed_in

Now = Callable[[Desk], Mapping[str, str]]
Fields = Callable[[Desk, Typed], Markup]
Keep = Callable[[Desk, Kept, Typed], None]

FORMS: Mapping[str, tuple[Now, Fields, Keep]] = {
    "town": (town_now, town_fields, keep_town),
    "roster": (roster_now, roster_fields, keep_roster),
    "policies": (policies_now, policies_fields, keep_policies),
    "synonyms": (synonyms_now, synonyms_fields, keep_synonyms),
    "glossary": (glossary_now, glossary_fields, keep_glossary),
    "retention": (retention_now, retention_fields, keep_retention),
}


RULES = ("town", "roster", "policies")
"""The forms that say what stays in sight, so that what is kept may have to be hidden again."""


def forms_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())
    for name in FORMS:
        _add(desk, router, name)
    return router


def _add(desk: Desk, router: APIRouter, name: str) -> None:
    here = f"/admin/{name}"
    now, fields, keep = FORMS[name]

    def whole(typed: Typed) -> Markup:
        masking = desk.jobs.last(MASKING)
        return join((
            progress(desk, masking, here) if name in RULES else "",
            paragraph(desk.say.plain("masking_failed"))
            if name in RULES and masking and _is_unchanged(masking) else "",
            desk.form(here, fields(desk, typed), send=desk.say.plain("save")),
        ))  # fmt: skip

    @router.get(here)
    def show(request: Request) -> HTMLResponse:
        main, masking = whole(Typed(now(desk))), desk.jobs.last(MASKING)
        if request.query_params.get("done") == "masking" and masking and masking.is_over:
            told = paragraph(desk.say.plain("done.masked", count=masking.result))
            return desk.page(name, main, said="" if masking.error else told)
        return desk.done(request, main, name)

    @router.post(here)
    def save(request: Request, form: FormData = desk.sent) -> Response:
        typed, kept = typed_in(form), desk.kept(request)
        try:
            keep(desk, kept, typed)
        except (Invalid, Busy) as error:
            return desk.wrong(name, lambda problems: whole(Typed(typed, problems)), error)
        if kept.is_masking:
            return desk.back(here, "masking")
        desk.jobs.forget(MASKING)  # what failed before says nothing of the rules as they are now
        return desk.back(here, f"saved_{name}" if desk.say.has(f"done.saved_{name}") else "saved")


def _is_unchanged(masking: Job) -> bool:
    """Whether the change that waited for a masking was not made."""
    return masking.error is not None and not isinstance(masking.error, NotInForce)
