# SPDX-License-Identifier: EUPL-1.2
"""The register, for auditors' keys: verified, signed, read; each reading is entered first.

GET /api/register/verify   /api/register/checkpoint   /api/register/entries
GET /api/register/proof/{record}
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import JsonValue, TypeAdapter

from guardrails.register import Register, Selection
from guardrails.register.exports import as_json
from guardrails.register.pages import enter_look, look_back
from guardrails.register.selection import EVERYTHING
from ui.access.person import Person
from ui.agent.person import Asking
from ui.api import models
from ui.api.own import closed
from ui.api.proofs import RecordName, proved
from ui.api.services import ApiServices

ENTRY = TypeAdapter(dict[str, JsonValue])


def audit_router(services: ApiServices) -> APIRouter:
    """The addresses of auditors' keys."""
    router = services.router("/api/register", "register")

    @router.get("/verify")
    def verify(person: Asking) -> models.Verdict:
        register = _register(services)
        _enter(register, "verify", person)
        verdict, language = register.verify(), services.texts.language
        return models.Verdict(
            holds=verdict.holds,
            size=verdict.size,
            origin=verdict.origin,
            trouble=verdict.trouble,
            index=verdict.index if verdict.trouble else None,
            sentence=verdict.sentence(language),
            remarks=verdict.asides(language),
        )

    @router.get("/checkpoint")
    def checkpoint(person: Asking) -> models.Checkpoint:
        register = _register(services)
        _enter(register, "checkpoint", person)
        return models.Checkpoint(note=register.checkpoint())

    @router.get("/entries")
    def entries(person: Asking, asked: Annotated[models.Entries, Query()]) -> models.EntriesReply:
        register = _register(services)
        selection = Selection(
            since=asked.since,
            until=asked.until,
            kinds=(asked.kind,) if asked.kind else (),
            exchange=asked.exchange,
        )
        size = register.size()
        before = size if asked.before is None else min(asked.before, size)
        _enter(register, "api", person, selection, before)
        *_, look = look_back(register, selection, before=before, count=asked.limit)
        return models.EntriesReply(
            entries=[ENTRY.validate_python(as_json(entry)) for entry in look.entries],
            further=look.reached if look.more else None,
        )

    @router.get("/proof/{record}")
    def proof(person: Asking, record: RecordName) -> models.ProofReply:
        return proved(services, person, record)

    return router


def _register(services: ApiServices) -> Register:
    if services.register is None:
        raise closed(services)
    return services.register


def _enter(
    register: Register,
    purpose: str,
    person: Person,
    selection: Selection = EVERYTHING,
    before: int = 0,
) -> None:
    by = register.pseudonym(person.name)
    enter_look(register, purpose, selection, by=by, role=person.role.value, before=before)
