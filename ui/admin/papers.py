# SPDX-License-Identifier: EUPL-1.2
"""The town's papers, as `greffier papers` writes them: listed, and taken away one at a time.

GET /admin/papers, GET /admin/papers/NAME.docx, GET /admin/papers/NAME.md
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from ui.admin.desk import Desk
from ui.admin.html import Markup, join, paragraph, table, text
from ui.forms import attachment
from ui.papers import FORMS, PAPERS, draft_papers

HERE = "/admin/papers"


def papers_router(desk: Desk) -> APIRouter:
    router = APIRouter(route_class=desk.route())

    @router.get(HERE)
    def show(request: Request) -> HTMLResponse:
        return desk.page("papers", _page(desk))

    @router.get(f"{HERE}/{{file}}")
    def take(request: Request, file: str) -> Response:
        name, _, form = file.rpartition(".")
        if name not in PAPERS or form not in FORMS:
            return Response(status_code=404)
        parts, me = desk.services.parts, desk.pseudonym(request)
        (paper,) = draft_papers(parts, [name], form, by=me, role="admin")
        return attachment(paper.content, paper.name, paper.media_type)

    return router


def _page(desk: Desk) -> Markup:
    say = desk.say
    rows = [
        (
            say.plain(f"papers.{name.replace('-', '_')}"),
            say.plain(f"papers.{name.replace('-', '_')}_use"),
            join(_links(desk, name)),
        )
        for name in PAPERS
    ]
    heads = [say.plain(f"head.{h}") for h in ("paper", "paper_use", "take")]
    return join((
        paragraph(say.plain("papers.intro")),
        table(say.plain("section.papers"), heads, rows),
        paragraph(say.plain("papers.command")),
    ))  # fmt: skip


def _links(desk: Desk, name: str) -> list[Markup]:
    """Return a link a form; its name says which paper, for who hears links out of their row."""
    paper = desk.say.plain(f"papers.{name.replace('-', '_')}")
    return [
        Markup(
            f'<a href="{HERE}/{name}.{form}">{desk.say(f"papers.as_{form}")}'
            f'<span class="unseen"> : {text(paper)}</span></a> '
        )
        for form in FORMS
    ]
