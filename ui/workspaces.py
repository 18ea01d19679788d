# SPDX-License-Identifier: EUPL-1.2
"""What the pages of each role are made with, gathered from an open data folder.

    workspaces_of(parts, …) ─▶ Workspaces(tools, auditor, admin, public) ─▶ build_app

A workspace that is None is not there: nothing of it is mounted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from assistant.following import after
from assistant.texts import Language
from assistant.wiring import Parts
from corpus.dropped import Dropped
from corpus.folder import read_key
from corpus.originals import Originals
from ui import admin, public
from ui.access import Desk
from ui.access.clerk import AccountsDesk
from ui.admin import AdminServices
from ui.agent.own import FILE, OwnQuestions
from ui.agent.services import NO_TOOLS, AgentTools, CardTools
from ui.agent.validating.unanswered import MOST_GROUPS
from ui.auditor import AuditorServices, export_router
from ui.public import PublicServices
from ui.restarting import Restarting


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspaces:
    """The pages that there are; `tools`: what those of agents do besides answering."""

    tools: AgentTools = NO_TOOLS
    auditor: AuditorServices | None = None
    admin: AdminServices | None = None
    public: PublicServices | None = None


def workspaces_of(
    parts: Parts,
    language: Language,
    keys_base: Path,
    desk: Desk | None,
    *,
    restarting: Restarting | None = None,
) -> Workspaces:
    """Return all workspaces of a data folder; without accounts, only those that need none."""
    folders, key = parts.settings.agent.originals, read_key(parts.keys, "corpus")
    tools = AgentTools(
        register=parts.register,
        guard=parts.guarding,
        search=parts.find,
        lines=parts.lines,
        sought=parts.sought,
        quoting=lambda: parts.now.quoting,
        letters=parts.letters,
        originals=Originals(parts.store, folders, key=key) if folders else None,
        suspended=lambda: parts.said_closed("agent"),
        open_dropped=lambda: Dropped(parts.long_texts, parts.embedder),
        embedder=lambda: parts.embedder,
        following=lambda question, before: after(question, before, parts.model),
        reads=lambda question: parts.question_reader(question),
        looking=lambda dropped, only: parts.assistant_with(dropped, only=only),
        cards=CardTools(desk=parts.card_desk, groups=partial(parts.unanswered, most=MOST_GROUPS)),
        own=OwnQuestions(
            parts.register,
            parts.folder.path / FILE,
            parts.guarding.screen,
            erases=parts.settings.agent.erases == "register",
        ),
    )
    open_to_all = PublicServices(parts=parts, language=language)
    if desk is None:
        return Workspaces(tools=tools, public=open_to_all)
    return Workspaces(
        tools=tools,
        auditor=AuditorServices(
            register=parts.register,
            screen=lambda text: parts.guard.screen(text),
            language=language,
        ),
        admin=AdminServices(
            parts=parts,
            keys_base=keys_base,
            people=AccountsDesk(desk),
            language=language,
            restarting=restarting,
        ),
        public=open_to_all,
    )


def mount_plain(app: FastAPI, workspaces: Workspaces) -> Callable[[], None]:
    """Put the pages that need no Gradio into an application; return what closes them."""
    if workspaces.auditor:
        app.include_router(export_router(workspaces.auditor))
    if workspaces.public:
        app.include_router(public.build(workspaces.public))
    if not workspaces.admin:
        return lambda: None
    desk = admin.open_desk(workspaces.admin)
    app.include_router(admin.build(desk))
    return desk.jobs.close
