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
from ui.admin.html import Markup
from ui.admin.kept import Invalid, Kept
from ui.admin.lexicons import (
    glossary_fields,
    glossary_now,
    keep_glossary,
    keep_synonyms,
    synonyms_fields,
    synonyms_now,
)
from ui.admin.policies import keep_policies, policies_fields, policies_now
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

Typed = Mapping[str, str]
"""What stands in the fields of a form, by their names; a box that is ticked is `name:value`."""

Now = Callable[[Desk], Typed]
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


def forms_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())
    for name in FORMS:
        _add(desk, router, name)
    return router


def _add(desk: Desk, router: APIRouter, name: str) -> None:
    here = f"/admin/{name}"
    now, fields, keep = FORMS[name]

    def whole(typed: Typed) -> Markup:
        return desk.form(here, fields(desk, typed), send=desk.say.plain("save"))

    @router.get(here)
    def show(request: Request) -> HTMLResponse:
        return desk.done(request, whole(now(desk)), name)

    @router.post(here)
    def save(request: Request, form: FormData = desk.sent) -> Response:
        typed = typed_in(form)
        try:
            keep(desk, desk.kept(request), typed)
        except Invalid as error:
            return desk.wrong(name, whole(typed), error)
        return desk.back(here, f"saved_{name}" if desk.say.has(f"done.saved_{name}") else "saved")


def typed_in(form: FormData) -> dict[str, str]:
    """Return the fields of a form; each ticked box on its own."""
    typed: dict[str, str] = {}
    for name, found in form.multi_items():
        if isinstance(found, str):
            key = f"{name}:{found}" if name.startswith("box.") else name
            typed[key] = found.replace("\r\n", "\n")
    return typed
