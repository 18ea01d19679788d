# SPDX-License-Identifier: EUPL-1.2
"""Proofs of an answer, for programs: entered as an export, then handed over.

proved(services, person, record) ─▶ ProofReply      the same for the API and for agents' tools

A key of an agent takes those of its own questions alone; one of an auditor, of any entry.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from guardrails.errors import RecordInvalid
from guardrails.register.proof_files import ANSWER_KINDS, entries_of, hand_over, holder_of
from ui.access.person import Person, Role
from ui.api import models
from ui.api.errors import Refused, Wrong
from ui.api.services import ApiServices

RecordName = Annotated[str, Path(pattern=r"^[0-9a-zA-Z_-]{1,64}$")]
"""The name of a question in the register, or the number of an entry."""


def proved(services: ApiServices, person: Person, record: str) -> models.ProofReply:
    """Hand over the proofs of a record; Refused where there is none for this key."""
    register = services.register or services.tools.register
    if register is None:
        raise Refused(Wrong(404, "closed", services.words("closed")))
    is_auditor = person.role is Role.AUDITOR
    try:
        entries = entries_of(register, record, kinds=None if is_auditor else ANSWER_KINDS)
    except RecordInvalid:
        entries = []
    if not is_auditor and len([*holder_of(register, entries, person.name)]) < len(entries):
        entries = []
    if not entries:
        raise Refused(Wrong(404, "no_record", services.words("no_record")))
    by = register.pseudonym(person.name)
    handed = hand_over(register, entries, by=by, role=person.role.value)
    return models.ProofReply(
        record=record,
        origin=handed.origin,
        notice=services.words("proof_outlives"),
        proofs=[
            models.ProofFile(
                index=proof.index, kind=proof.kind, name=proof.name, text=proof.text,
                contents=proof.contents,
            )
            for proof in handed.proofs
        ],
        handovers=handed.handovers,
    )  # fmt: skip
