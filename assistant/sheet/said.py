# SPDX-License-Identifier: EUPL-1.2
"""A fact of the town's sheet in words, in a language of the simple page.

AskedFact, Town, offices ──said──▶ sentences (three at most), () where the town did not fill it in
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from assistant.opening import DAYS, is_holiday, on
from assistant.settings import Town, TownService
from assistant.sheet.facts import AskedFact, Fact, NamedDay, Tongue
from assistant.sheet.words import forms_of, words_of
from corpus.french import stem
from guardrails.roster import Office

MOST_CLOSURES = 6
MOST_DEPUTIES = 15


@cache
def table(language: Tongue) -> dict[str, Any]:
    """Return the words of a language."""
    words = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
    return dict(words[language])


def said(
    asked: AskedFact, town: Town, offices: Sequence[Office], *, language: Tongue, today: date
) -> tuple[str, ...]:
    """Return what the sheet says to a question, nothing where it says nothing."""
    pen = _Pen(town, language, today)
    if asked.fact is Fact.MAYOR:
        return pen.office(asked.fact, [one for one in offices if is_mayor(one)], most=1)
    if asked.fact is Fact.DEPUTIES:
        return _deputies(pen, asked, [one for one in offices if is_deputy(one)])
    whom = town if asked.service is None else town.services[asked.service]
    return pen.of(asked, whom)


def _deputies(pen: _Pen, asked: AskedFact, deputies: Sequence[Office]) -> tuple[str, ...]:
    if not asked.rest:
        return pen.office(asked.fact, deputies, most=MOST_DEPUTIES)
    wanted = {stem(word) for word in asked.rest}
    fit = [one for one in deputies if wanted <= {stem(word) for word in words_of(one.office)}]
    return (pen.write("deputy", value=f"{fit[0].name}, {fit[0].office}"),) if len(fit) == 1 else ()


def is_mayor(office: Office) -> bool:
    """Whether somebody is the mayor, not one who was, stands beside, or is of a part of the town.

    >>> is_mayor(Office("Ana Petit", "Maire")), is_mayor(Office("Luc Roy", "adjoint au maire"))
    (True, False)
    """
    return words_of(office.office)[:1] == ["maire"] and not set(words_of(office.office)) & {
        "delegue", "deleguee", "adjoint", "adjointe", "honoraire",
    }  # fmt: skip


def is_deputy(office: Office) -> bool:
    """Whether somebody is one of the mayor's deputies today."""
    said = {form for word in words_of(office.office) for form in forms_of(word)}
    return bool(said & {"adjoint", "adjointe"}) and not said & {"ancien", "ancienne", "ex"}


class _Pen:
    """Writes the sheet's facts in one language."""

    def __init__(self, town: Town, language: Tongue, today: date) -> None:
        self._town, self._language, self._today = town, language, today
        self._words = table(language)

    def write(self, key: str, **facts: str) -> str:
        """Return a sentence: it begins as one, and ends once."""
        text = str(self._words[key]).format(**facts)
        return (text[:1].upper() + text[1:]).replace("..", ".")

    def of(self, asked: AskedFact, whom: Town | TownService) -> tuple[str, ...]:
        """Return what is said of the town hall or of a service."""
        match asked.fact:
            case Fact.PHONE | Fact.EMAIL | Fact.ADDRESS:
                return self._filled(asked.fact, whom, getattr(whom, asked.fact))
            case Fact.CONTACT:
                lines = (
                    self._filled(fact, whom, getattr(whom, fact))
                    for fact in (Fact.PHONE, Fact.EMAIL, Fact.ADDRESS)
                )
                return tuple(line for some in lines for line in some)
            case Fact.HOURS | Fact.OPEN if asked.day:
                return self._day(asked.day, whom)
            case Fact.HOURS | Fact.OPEN:
                return self._filled(Fact.HOURS, whom, self._hours(whom))
            case Fact.CLOSURES if isinstance(whom, Town):
                coming = sorted(day for day in self._town.closed if day >= self._today)
                days = ", ".join(self.date(day) for day in coming[:MOST_CLOSURES])
                return self._filled(asked.fact, whom, days)
            case _:
                return ()

    def office(self, fact: Fact, offices: Sequence[Office], *, most: int) -> tuple[str, ...]:
        """Return who holds an office; nothing where nobody does, or more than may."""
        if not 0 < len(offices) <= most:
            return ()
        value = ", ".join(
            one.name if fact is Fact.MAYOR else f"{one.name} ({one.office})" for one in offices
        )
        return (self.write(fact, value=value, town=self._town.name or self._words["here"]),)

    def _filled(self, fact: Fact, whom: Town | TownService, value: str) -> tuple[str, ...]:
        if not value:
            return ()
        if isinstance(whom, TownService):  # in brackets: no name needs an article
            of = str(self._words["of_service"]).format(whom=whom.name)
        else:
            of = str(self._words["of_hall"])
        return (self.write(fact, of=of, value=value),)

    def _whom(self, whom: Town | TownService) -> str:
        if isinstance(whom, TownService):
            return whom.name
        return str(self._words["hall"])

    def _hours(self, whom: Town | TownService) -> str:
        """Return the hours of a week: as the town wrote them in French, else day by day."""
        if whom.hours and (self._language == "fr" or not whom.week):
            return whom.hours if whom.hours.endswith(".") else f"{whom.hours}."
        week = [(n, whom.week.get(day, ())) for n, day in enumerate(DAYS)]
        lines = [f"{self._weekday(n)} {self._spans(spans)}" for n, spans in week if spans]
        return str(self._words["then"]).join(lines) + "." if lines else ""

    def _day(self, named: NamedDay, whom: Town | TownService) -> tuple[str, ...]:
        """Return whether a desk is open on a day. What a public holiday changes is the town's to
        say, and it did not: who names one by its date gets no answer from the sheet."""
        day = named.day
        if named.is_given and is_holiday(day) and day not in self._town.closed:
            return ()
        if not whom.week:
            is_shut = named.weekday is None and (is_holiday(day) or day in self._town.closed)
            if is_shut:
                return (self.write("day_closed", day=self.date(day), whom=self._whom(whom)),)
            return self._filled(Fact.HOURS, whom, self._hours(whom))
        if named.weekday is None:
            as_town = self._town.model_copy(update={"week": whom.week})
            return (self._opened(self.date(day), on(as_town, day), whom),)
        spans = whom.week.get(DAYS[named.weekday], ())
        line = self._opened(self._weekday(named.weekday), spans, whom)
        coming = [day + timedelta(days=7 * weeks) for weeks in range(2)]
        shut = [d for d in coming[:1] if spans and (d in self._town.closed or is_holiday(d))]
        return (line, *(self.write("coming_closed", day=self.date(d)) for d in shut))

    def _opened(self, day: str, spans: Sequence[str], whom: Town | TownService) -> str:
        if not spans:
            return self.write("day_closed", day=day, whom=self._whom(whom))
        return self.write("day_open", day=day, whom=self._whom(whom), value=self._spans(spans))

    def _spans(self, spans: Sequence[str]) -> str:
        pairs = (span.split("-") for span in spans)
        return str(self._words["and"]).join(
            self._words["from_to"].format(start=self._hour(start), end=self._hour(end))
            for start, end in pairs
        )

    def _hour(self, written: str) -> str:
        if self._language != "fr":
            return written
        hour, minutes = written.split(":")
        return f"{int(hour)} h" + (f" {minutes}" if minutes != "00" else "")

    def _weekday(self, number: int) -> str:
        return str(self._words["weekdays"][number][0])

    def date(self, day: date, form: str = "date") -> str:
        """Return a day in words."""
        return str(self._words[form]).format(
            weekday=self._weekday(day.weekday()),
            number="1er" if day.day == 1 and self._language == "fr" else day.day,
            month=self._words["months"][day.month - 1],
            year=day.year,
        )


def source(language: Tongue, updated: date | None) -> str:
    """Return where it is from: the town's sheet, and when somebody changed it last."""
    pen = _Pen(Town(), language, updated or date.min)
    if updated is None:
        return pen.write("source_undated")
    return pen.write("source", day=pen.date(updated, "day"))
