# SPDX-License-Identifier: EUPL-1.2
"""Where personal data was found in a text, and the text once it is hidden.

    text ──Detector.find──▶ Finding… ──Guard.screen──▶ Screened

A Finding says where and of which kind, never the words themselves, so that it
can be logged, counted and shown without leaking what it found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

LEARNED = "learned:"
"""How the rule of a finding begins that the learned layer made alone (`names/others.py`)."""


class Entity(StrEnum):
    """The kinds of personal data that the guard knows."""

    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    NIR = "NIR"
    SPI = "SPI"
    IBAN = "IBAN"
    RIB = "RIB"
    BANK_CARD = "BANK_CARD"
    CNI = "CNI"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT"
    CAF = "CAF"
    FILE_NUMBER = "FILE_NUMBER"
    INE = "INE"
    PLATE = "PLATE"
    BIRTH_DATE = "BIRTH_DATE"
    BIRTH_PLACE = "BIRTH_PLACE"
    IP = "IP"
    SECRET = "SECRET"
    SIRET = "SIRET"
    PARCEL = "PARCEL"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Personal data of one kind, from `start` to `end` (exclusive) of the original text."""

    start: int
    end: int
    entity: Entity
    rule: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Screened:
    """A text that went through the guard: placeholders stand for what was hidden.

    `findings` point into the original text, which is not kept; so do `doubts`, near misses that
    were not hidden: what is worth a look by a person. Two screened texts are the same whatever
    was doubted on the way.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = field(default=(), compare=False)


class Detector(Protocol):
    """Anything that can point at personal data in a French text."""

    @property
    def name(self) -> str: ...

    def find(self, text: str) -> Sequence[Finding]: ...
