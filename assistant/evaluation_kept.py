# SPDX-License-Identifier: EUPL-1.2
"""What the last `eval` found, kept for the town's papers and its public page: counts, no question.

    scores ─keep_evaluation══sealed══▶ DATA/evaluation.json ─last_evaluation▶ Evaluation │ None

The questions of an evaluation are entered with a role of their own, so that they are not counted
as the town's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.cards.card import PROPOSALS
from assistant.tally import Tally
from corpus.storage import keep_private
from guardrails.register import Register
from guardrails.register.records import AuditRecord, Entry, Kind

logger = logging.getLogger(__name__)

FILE = "evaluation.json"
EVALUATION = "evaluation"
"""The role under which questions of an evaluation are entered."""


class Evaluation(BaseModel):
    """One run: when, by which program and model, on which file of questions, and its counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    program: str
    model: str
    questions_sha256: str
    energy_method: str
    tally: Tally


def evaluation_of(
    tally: Tally, *, model: str, questions: bytes, energy_methods: Iterable[str]
) -> Evaluation:
    """Return what is kept of a run that ended now; `questions` are the bytes of its file."""
    return Evaluation(
        at=datetime.now(UTC),
        program=version("greffier"),
        model=model,
        questions_sha256=sha256(questions).hexdigest(),
        energy_method=", ".join(sorted(energy_methods)),
        tally=tally,
    )


def keep_evaluation(
    data: Path, register: Register, evaluation: Evaluation, *, by: str, role: str
) -> None:
    """Keep a run in place of the one before: in the register first. `by` is a pseudonym."""
    tally = evaluation.tally
    register.append(
        AuditRecord(
            kind=Kind.SETTINGS,
            actor=by,
            role=role,
            payload={
                "status": "evaluated",
                "model": evaluation.model,
                "questions_sha256": evaluation.questions_sha256,
                **{name: count for name, count in asdict(tally).items() if isinstance(count, int)},
            },
        )
    )
    path = data / FILE
    draft = path.with_suffix(".draft")
    keep_private(draft)
    draft.write_text(evaluation.model_dump_json(), "utf-8")
    draft.replace(path)


def last_evaluation(data: Path) -> Evaluation | None:
    """Return the last run; None where there is none, or where its file says something else."""
    try:
        return Evaluation.model_validate_json((data / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        logger.warning("the last evaluation cannot be read: %s", type(error).__name__)
        return None


def asked_by_people(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Leave out what an evaluation asked, or the program itself to propose an answer, and what was
    asked once more only for the lines of what was found, with what anybody thought of it; of
    entries in their order."""
    apart = set[str]()
    for entry in entries:
        own = entry.role in {EVALUATION, PROPOSALS}
        if entry.kind is Kind.INTENT and (own or entry.payload.get("quotes_only")):
            apart |= {entry.exchange} - {""}
        if not own and entry.exchange not in apart:
            yield entry
