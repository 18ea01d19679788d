# SPDX-License-Identifier: EUPL-1.2
"""An auditor's sample that anybody can draw again, and what the auditor thinks of it.

    sample ─▶ SAMPLE entry (seed, how many, out of how many entries) ─▶ exchanges
    redraw(index of that entry) ─▶ the same exchanges
    second(sample) ─▶ the fifth of it that another person rates as well
    review(index, agrees, comment) ─▶ REVIEW entry

The seed is entered before anything is drawn. An exchange's turn is SHA-256 of the seed and
of the leaf of its first entry. Who tries seeds until one pleases leaves an entry a try.
A selection by pseudonym, reason or collection cannot be drawn again once payloads are erased.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind, Sealed
from guardrails.register.register import Register
from guardrails.register.selection import EVERYTHING, Selection

MAX_SAMPLE = 10_000
MAX_SEED_CHARS = 64
SECOND_ONE_IN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Questions drawn, in the order of their turn, out of `population`."""

    sealed: int
    seed: str
    population: int
    exchanges: tuple[str, ...]


def sample(
    register: Register,
    count: int,
    *,
    seed: str = "",
    selection: Selection = EVERYTHING,
    by: str = "",
    role: str = "",
) -> Sample:
    """Enter a seed, then draw questions of the selection."""
    seed = seed or secrets.token_hex(8)
    if not 0 < count <= MAX_SAMPLE:
        raise RecordInvalid(f"a sample holds 1 to {MAX_SAMPLE} questions")
    if not (seed.isascii() and seed.isalnum() and len(seed) <= MAX_SEED_CHARS):
        raise RecordInvalid(f"a seed is {MAX_SEED_CHARS} letters and digits at most")
    payload: dict[str, JsonValue] = {"selection": selection.as_json()}
    record = AuditRecord(kind=Kind.SAMPLE, actor=by, role=role, payload=payload)
    place = register.append(record, public={"seed": seed, "count": count})
    return _draw(register, place.index, seed, count, selection)


def redraw(register: Register, index: int, *, by: str = "", role: str = "") -> Sample:
    """Draw again the sample that an entry tells of; what was erased since stays in it."""
    entry = register.entry(index, by=by, role=role, purpose="redraw")
    if entry.kind is not Kind.SAMPLE or entry.erased:
        raise RecordInvalid(f"entry {index} is not a sample that can be drawn again")
    seed, count = entry.public.get("seed"), entry.public.get("count")
    if not isinstance(seed, str) or not isinstance(count, int):
        raise RecordInvalid(f"entry {index} holds no seed")
    selection = Selection.from_json(entry.payload.get("selection"))
    return _draw(register, index, seed, count, selection)


def second(drawn: Sample) -> tuple[str, ...]:
    """Return a fifth of a sample (rounded up) that another person rates as well, chosen by its
    seed among all of it, so that neither the first nor the last questions rated are those seen
    twice; in the order of the draw."""
    count = -(-len(drawn.exchanges) // SECOND_ONE_IN)
    by_lot = sorted(
        drawn.exchanges,
        key=lambda name: hashlib.sha256(f"second\n{drawn.seed}\n{name}".encode()).digest(),
    )
    return tuple(name for name in drawn.exchanges if name in by_lot[:count])


def review(
    register: Register,
    index: int,
    *,
    agrees: bool,
    comment: Screened,
    by: str = "",
    role: str = "",
) -> Sealed:
    """Enter what an auditor thinks of an entry; the comment went through the guard."""
    if not 0 <= index < register.size():
        raise RecordInvalid(f"there is no entry {index} to review")
    payload: dict[str, JsonValue] = {
        "verdict": "agree" if agrees else "disagree",
        "comment": comment.text,
    }
    record = AuditRecord(kind=Kind.REVIEW, actor=by, role=role, payload=payload)
    return register.append(record, public={"reviews": index})


def _draw(register: Register, stop: int, seed: str, count: int, selection: Selection) -> Sample:
    intents = [
        entry
        for entry in register.unrecorded_entries(selection, stop=stop)
        if entry.kind is Kind.INTENT
    ]
    chosen = sorted(intents, key=lambda entry: _turn(seed, entry))[:count]
    return Sample(
        sealed=stop,
        seed=seed,
        population=len(intents),
        exchanges=tuple(entry.exchange for entry in chosen),
    )


def _turn(seed: str, entry: Entry) -> bytes:
    return hashlib.sha256(seed.encode() + b"\n" + entry.leaf).digest()
