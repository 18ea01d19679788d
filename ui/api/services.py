# SPDX-License-Identifier: EUPL-1.2
"""What the addresses of programs need: what the screens have, and threads for their questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

from assistant.answers import Step
from assistant.pipeline import Answering
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Filters
from corpus.quarantine import is_waiting
from corpus.rows import StoredDocument
from guardrails.register import Register
from ui.access.person import Person, Role
from ui.access.rights import filters_of
from ui.agent.services import NO_TOOLS, AgentTools, Corpus
from ui.api.errors import route_class
from ui.api.figures import Figures
from ui.api.words import Words
from ui.live import Live
from ui.relay import Relay

KEY = HTTPBearer(auto_error=False, scheme_name="key", description="greffier key add")
"""Described only: the gate has looked at the key before."""


def audience_of(person: Person) -> str:
    """Return whose rights a key has: a resident who is let in has never those of agents."""
    return "senior" if person.role is Role.RESIDENT else "agent"


@dataclass(frozen=True, kw_only=True)
class ApiServices:
    """Everything that the addresses are made with. `register`: what auditors' keys read; without
    it their addresses are closed, as those that hide or search are without `tools`."""

    assistant: Answering
    texts: Texts
    store: Corpus
    settings: Live[Settings] = Live()
    figures: Figures
    tools: AgentTools = NO_TOOLS
    register: Register | None = None
    relay: Relay = field(default_factory=Relay)

    @property
    def words(self) -> Words:
        return Words(self.texts.language)

    def router(self, prefix: str, name: str) -> APIRouter:
        """Return a router whose failures all have one shape, and whose routes say that they want
        a key."""
        return APIRouter(
            prefix=prefix,
            tags=[name],
            route_class=route_class(self.texts, self.words),
            dependencies=[Depends(KEY)],
        )

    def filters(self, person: Person, asked: Filters) -> Filters:
        """Return what was asked for, narrowed to what this key may see."""
        return self.settings.rights.filters(audience_of(person), filters_of(person, asked))

    def steps(self, question: str, person: Person, asked: Filters) -> Iterator[Step]:
        """Ask as the screens do: hidden, checked, sealed."""
        return self.assistant.steps(
            question,
            actor=person.name,
            role=person.role.value,
            audience=audience_of(person),
            filters=self.filters(person, asked),
        )

    def visible(self, person: Person, found: Iterable[str] | None = None) -> list[StoredDocument]:
        """Return the documents that this key may see, of all or of those that were found, without
        those that wait for a person."""
        allowed = self.filters(person, Filters()).collections
        return [
            document
            for document in (
                self.store.documents() if found is None else self.store.documents_of(found)
            )
            if (allowed is None or document.collection in allowed) and not is_waiting(document)
        ]
