# SPDX-License-Identifier: EUPL-1.2
"""The figures that an act states, each once: a value, or an end of its range.

    Fact ─▶ Atom(group, key, noun): « du 1er mai au 30 septembre » ─▶ date 501, date 930

Two atoms of one key say the same, however they are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.comparing.facts import Fact, is_unitless
from assistant.comparing.matching import Place, of_other_year
from assistant.comparing.tokens import FREE, is_years
from assistant.comparing.units import Unit
from corpus.french import fold, stem
from guardrails.values import Kind, Value

DAY = 24 * 60
_GROUPS: Mapping[str, str] = {"month": "time", "minute": "time", "working day": "time"}
_TOLD = frozenset({"€", "%", "time", "clock", "date", "weekday"})
_FORTNIGHT = {8.0 * DAY: 7.0 * DAY, 15.0 * DAY: 14.0 * DAY}
"""« Huit jours » and « une semaine », « quinze jours » and « deux semaines » say the same."""

WORDED = frozenset({"clock", "date", "months", "weekday", "time"})
"""Groups that no number without a word stands for."""

_OF_ACT = re.compile(
    r"\b(?:deliberations?|arretes?|decret|loi|ordonnance|seance|avis|edition"
    r"|conseil (?:municipal|communautaire|syndical))"
    r"\b[^.;:]{0,30}\b(?:du|le)\s*$"
)
"""Before a day that says which act is meant."""

_NEXT = re.compile(r"\W{0,3}([^\W\d_]{3,})")


@dataclass(frozen=True, slots=True)
class Atom:
    """A figure of a fact: its value, or an end of its range. `noun` is what a number counts."""

    place: Place
    fact: Fact
    group: str
    key: tuple[str, float]
    noun: str
    rank: float
    figure: Value | None

    @property
    def is_unitless(self) -> bool:
        """Whether a cell's number leaves it open what it counts."""
        in_table = self.fact.cell is not None or self.fact.in_label
        return in_table and self.figure is not None and is_unitless(self.figure)

    @property
    def number(self) -> object:
        """What equal figures share, whatever they count."""
        return self.figure.figure if self.figure else self.key

    def equals(self, other: Atom) -> bool:
        """Whether both say the same; a number whose unit is not said may count anything."""
        if self.key == other.key or not (self.is_unitless or other.is_unitless):
            return self.key == other.key
        return self.number == other.number and WORDED.isdisjoint((self.group, other.group))


def atoms_of(units: Sequence[Unit]) -> list[Atom]:
    found = list[Atom]()
    for i, unit in enumerate(units):
        for m, fact in enumerate(unit.facts):
            if of_other_year(fact) or names_an_act(unit, fact):
                continue
            for group, low, figure in figures_of(fact):
                rank = m / max(1, len(unit.facts))
                noun = _noun(unit, fact) if group == "count" else fact.period
                found.append(Atom((i, m), fact, group, _key(group, low), noun, rank, figure))
    return found


def names_an_act(unit: Unit, fact: Fact) -> bool:
    """Whether a day says which act is meant: « la délibération du 10 décembre 2020 »."""
    before = fold(unit.text[: max(0, fact.start - unit.start)][-60:])
    return fact.kind is Kind.DATE and _OF_ACT.search(before) is not None


def _key(group: str, low: float) -> tuple[str, float]:
    """Return what two equal figures share: « 1 h » lasts an hour wherever it is no time of day."""
    if group == "time":
        return group, _FORTNIGHT.get(low, low)
    return ("time" if group == "clock" and low <= 240 else group, low)


def figures_of(fact: Fact) -> Iterator[tuple[str, float, Value | None]]:
    """Yield what a fact counts and how much: a value once, a range by its ends. Days of a year are
    the same whatever the year: it tells editions apart."""
    value = fact.value
    if value is None:
        if fact.key in FREE:
            is_price = fact.kind is Kind.AMOUNT
            yield ("€", 0.0, None) if is_price else ("clock", -1.0, None)
        return
    if is_years(value):
        return
    group = _GROUPS.get(value.unit, value.unit)
    if value.kind is Kind.COUNT or group not in _TOLD:
        group = "count"
    parts = [part for part in value.parts if part.unit == value.unit] or [value]
    if value.unit == "date" and not value.parts and value.low != value.high:
        group = "months"
    ends = [(parts[0].low, parts[0])]
    if len(parts) > 1:
        ends.append((parts[-1].high if math.isfinite(parts[-1].high) else 0.0, parts[-1]))
    for end, part in ends:
        if group != "count" or end > 1 or not value.in_words:
            yield group, end % 10_000 if value.unit == "date" else end, part


def _noun(unit: Unit, fact: Fact) -> str:
    value = fact.value
    if value is not None and value.unit:
        return stem(value.unit)
    after = _NEXT.match(unit.text, fact.end - unit.start)
    return stem(after[1].lower()) if after else ""


def is_same_day(mine: Fact, theirs: Fact) -> bool:
    """Whether two days differ in their year alone, which tells editions apart."""
    if not (mine.value and theirs.value) or mine.kind is not Kind.DATE:
        return False
    x, y = mine.value.written, theirs.value.written
    return len(x) == len(y) and all(
        one.unit == other.unit == "date"
        and one.has_year
        and other.has_year
        and (one.low % 10_000, one.high % 10_000) == (other.low % 10_000, other.high % 10_000)
        for one, other in zip(x, y, strict=True)
    )
