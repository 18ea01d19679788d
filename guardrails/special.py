# SPDX-License-Identifier: EUPL-1.2
"""Health, beliefs, offences, social aid: hiding the name is not enough, a person must decide.

    Screened ─▶ terms of lexicons/special.toml near a hidden person ─▶ Concern… ─▶ quarantine

A term alone is no concern: acts vote budgets for social aid and against cancer. Beside a person
(a placeholder in the same paragraph), it tells something of that person's life.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from guardrails.findings import Screened

_TERMS = Path(__file__).with_name("lexicons") / "special.toml"
_PERSON = re.compile(r"\[(?:PERSONNE|NIR|DATE_DE_NAISSANCE|NUMÉRO_CAF|NUMÉRO_DE_DOSSIER)_\d+\]")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
REACH_CHARS = 220


class Category(StrEnum):
    """Why a document waits for a person's decision."""

    HEALTH = "health"
    BELIEFS = "beliefs"
    OFFENCES = "offences"
    SOCIAL_AID = "social_aid"
    INTIMACY = "intimacy"


@dataclass(frozen=True, slots=True, order=True)
class Concern:
    """A term of a special category beside a person: positions in the screened text."""

    start: int
    end: int
    category: Category


def concerns(screened: Screened) -> tuple[Concern, ...]:
    """Return what may tell of a hidden person's health, beliefs, offences, needs or intimacy."""
    text = screened.text
    persons = [match.span() for match in _PERSON.finditer(text)]
    if not persons:
        return ()
    ends = [match.start() for match in _PARAGRAPH_END.finditer(text)]
    return tuple(
        sorted(
            Concern(match.start(), match.end(), category)
            for category, pattern in _patterns().items()
            for match in pattern.finditer(text)
            if any(_is_near(match.span(), person, ends) for person in persons)
        )
    )


def _is_near(term: tuple[int, int], person: tuple[int, int], paragraph_ends: list[int]) -> bool:
    low, high = min(term[1], person[1]), max(term[0], person[0])
    return high - low <= REACH_CHARS and not any(low <= end <= high for end in paragraph_ends)


@cache
def _patterns() -> dict[Category, re.Pattern[str]]:
    read = tomllib.loads(_TERMS.read_text("utf-8"))
    return {
        category: re.compile(
            rf"(?<!\w)(?:{'|'.join(map(_term, read[category.value]))})(?!\w)", re.IGNORECASE
        )
        for category in Category
    }


def _term(term: str) -> str:
    """An acronym counts in capitals only: ASS is a benefit, `ass` is not."""
    return f"(?-i:{term})" if term.isupper() else term
