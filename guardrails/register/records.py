# SPDX-License-Identifier: EUPL-1.2
"""What is written in the register, and the proof that it was.

    AuditRecord ──Register.append──▶ Sealed      Register.entries ──▶ Entry…

A record's payload is encrypted before it is stored; the tree commits to the
hash of the ciphertext only, so that a payload can be erased and all proofs stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

JsonValue = str | int | float | bool | None | Sequence["JsonValue"] | Mapping[str, "JsonValue"]


class Kind(StrEnum):
    """What happened."""

    INTENT = "intent"  # a question was asked: the hidden question, the passages found
    SENTENCE = "sentence"  # a sentence is about to be shown
    LEAD = "lead"  # a line to read is about to be shown while the answer is looked for
    OUTCOME = "outcome"  # the answer or the refusal that closes the exchange
    FEEDBACK = "feedback"
    INGESTION = "ingestion"
    ERASURE = "erasure"
    QUARANTINE = "quarantine"
    CARD = "card"  # what becomes of a validated answer
    COMPARISON = "comparison"  # two documents are about to be shown side by side
    SETTINGS = "settings"
    SIGN_IN = "sign_in"
    EXPORT = "export"
    READING = "reading"  # somebody read the register
    SAMPLE = "sample"  # an auditor drew a sample (its seed)
    REVIEW = "review"  # an auditor agreed or disagreed with an entry
    INCIDENT = "incident"
    KEY = "key"  # founded, or signs with a new key


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One thing that happened. `actor` is a pseudonym, `exchange` ties a question together."""

    kind: Kind
    exchange: str = ""
    actor: str = ""
    role: str = ""
    payload: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record read back. `public` is what the leaf itself says (see leaves.py).

    An erased entry keeps its place, its moment and its kind; actor, role and payload are gone.
    """

    index: int
    at: datetime
    kind: Kind
    exchange: str
    leaf: bytes
    public: Mapping[str, JsonValue]
    erased: bool
    actor: str = ""
    role: str = ""
    payload: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A record in its place, committed to disk: it may now be shown."""

    index: int
    at: datetime
    leaf: bytes
