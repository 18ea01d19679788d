# SPDX-License-Identifier: EUPL-1.2
"""What an auditor finds of an answer: right, wrong, incomplete, dangerous.

    mark_exchange(exchange, Feedback, comment) ─▶ REVIEW entry, in the exchange that it judges

The entry says `agree` or `disagree` as well, so that what counts reviews counts marks.
"""

from __future__ import annotations

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register.events import Feedback
from guardrails.register.records import AuditRecord, JsonValue, Kind, Sealed
from guardrails.register.register import Register


def mark_exchange(
    register: Register,
    exchange: str,
    mark: Feedback,
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
        "verdict": "agree" if mark is Feedback.RIGHT else "disagree",
        "comment": comment.text,
    }
    record = AuditRecord(kind=Kind.REVIEW, exchange=exchange, actor=by, role=role, payload=payload)
    return register.append(record, public={"reviews": outcomes[-1]})
