# SPDX-License-Identifier: EUPL-1.2
"""What can be asked of the town's sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Tongue = Literal["fr", "en", "ar", "pt", "es", "tr"]
TONGUES: tuple[Tongue, ...] = ("fr", "en", "ar", "pt", "es", "tr")
"""The languages of the simple page; where two fit a question, the first of them."""


class Fact(StrEnum):
    """What is asked for: the head's classes, after `none`, in this order."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HOURS = "hours"
    OPEN = "open"  # on a day that is named
    CLOSURES = "closures"
    CONTACT = "contact"
    MAYOR = "mayor"
    DEPUTIES = "deputies"


PEOPLE = frozenset({Fact.MAYOR, Fact.DEPUTIES})
"""What the roster tells; the contact sheet tells the others."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a question names. `day` is the next one that fits; `weekday` (Monday is 0): any
    such day of the week is meant; `is_given`: by its date."""

    day: date
    weekday: int | None = None
    is_given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFact:
    """A question that the sheet may answer. `service`: its place in the directory, None for the
    town hall; `rest`: words of the question that only an office of the roster may explain."""

    fact: Fact
    language: Tongue
    score: float
    service: int | None = None
    day: NamedDay | None = None
    rest: tuple[str, ...] = ()
