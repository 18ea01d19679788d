# SPDX-License-Identifier: EUPL-1.2
"""What an auditor finds of an answer: right, wrong, incomplete, dangerous.

    mark_exchange(exchange, Mark, comment) ─▶ REVIEW entry, in the exchange that it judges

The entry says `agree` or `disagree` as well, so that what counts reviews counts marks.
"""

from __future__ import annotations

from enum import StrEnum

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register.records import AuditRecord, JsonValue, Kind, Sealed
from guardrails.register.register import Register


class Mark(StrEnum):
    """What somebody finds of an answer, or of a refusal."""

    RIGHT = "right"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    DANGEROUS = "dangerous"


def mark_exchange(
    register: Register,
    exchange: str,
    mark: Mark,
    *,
    comment: Screened,
    by: str = "",
    role: str = "",
) -> Sealed:
    """Enter a mark on the outcome of an exchange; the comment went through the guard.

    RecordInvalid where there is no outcome to judge.
    """
    outcomes = [e.index for e in register.unrecorded_exchange(exchange) if e.kind is Kind.OUTCOME]
    if not outcomes:
        raise RecordInvalid("this exchange has no outcome to mark")
    payload: dict[str, JsonValue] = {
        "mark": mark.value,
        "verdict": "agree" if mark is Mark.RIGHT else "disagree",
        "comment": comment.text,
    }
    record = AuditRecord(kind=Kind.REVIEW, exchange=exchange, actor=by, role=role, payload=payload)
    return register.append(record, public={"reviews": outcomes[-1]})
