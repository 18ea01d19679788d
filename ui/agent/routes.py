# SPDX-License-Identifier: EUPL-1.2
"""All plain pages of the agents' workspace, under one router.

agent_router(services) ─▶ /source, /documents, /comparer, /masquer, /fichier, /repondre,
                          /premiers-pas, /mes-questions, /reponse, /valider,
                          /reponses-validees, /sans-reponse
"""

from __future__ import annotations

from fastapi import APIRouter

from ui.agent.answers import answers_router
from ui.agent.comparing import comparing_router
from ui.agent.course import course_router
from ui.agent.documents import documents_router
from ui.agent.dropping import dropping_router
from ui.agent.frame import Frame
from ui.agent.letters import letters_router
from ui.agent.masking import masking_router
from ui.agent.own_pages import own_router
from ui.agent.services import AgentServices
from ui.agent.sources import sources_router
from ui.agent.validating.kept import kept_router
from ui.agent.validating.proposed import proposed_router
from ui.agent.validating.routes import validating_router
from ui.agent.validating.unanswered import unanswered_router
from ui.anonymise import sweep
from ui.senior.tokens import Tokens


def agent_router(services: AgentServices) -> APIRouter:
    """Return the routes; the gate in front of them says who may use them."""
    sweep()
    cards = services.tools.cards
    waiting = cards.to_review if cards else int
    frame = Frame(services.texts, services.words, lambda: services.settings, waiting)
    router = APIRouter()
    router.include_router(sources_router(services))
    parts = (
        answers_router, documents_router, comparing_router, masking_router, dropping_router,
        letters_router, course_router,
    )  # fmt: skip
    for part in parts:
        router.include_router(part(services, frame))
    if services.tools.own is not None:
        router.include_router(own_router(services, frame, services.tools.own))
    if cards is not None:
        tokens = Tokens()
        for page in (validating_router, proposed_router, kept_router, unanswered_router):
            router.include_router(page(services, frame, cards, tokens))
    return router
