# SPDX-License-Identifier: EUPL-1.2
"""Until when what a card quotes holds, where somebody said nothing: a season, a school year.

    quotes, headings, titles ─values─▶ ranges that end, the year of a title ─▶ the last day, or none

A list of periods is over with its last one; a line under « Tarifs 2025-2026 » with that year. Who
asks of a year that they name gets what was true then: that has no end.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence

from assistant.cards.quotes import Place
from assistant.understanding.questions import years_in
from guardrails.values import DATE, Value, values

A_YEARLESS_END = 1232
"""What no day without a year reaches: 31 December is 1231."""

NEVER = "9999-12-31"
"""The last day of what somebody said has none."""


def end_of(askings: Iterable[str], places: Sequence[Place]) -> str:
    """Return the last day (ISO) on which quotes hold, as they say it; empty where they do not."""
    if not places or all(years_in(asking) for asking in askings):
        return ""
    return min(filter(None, map(_of_place, places)), default="")


def _of_place(place: Place) -> str:
    title = place.passages[0].heading.partition(" > ")[0] if place.passages else ""
    return last_day(place.words, (place.heading, title or place.document.act.label))


def last_day(words: str, over: Sequence[str]) -> str:
    """Return the last day on which words hold, under what stands over them.

    >>> last_day("Le repas coûte 4,20 €.", ("Tarifs de la cantine 2025-2026",))
    '2026-08-31'
    >>> last_day("Ouvert du 5 juillet au 28 août.", ("Piscine, été 2026",))
    '2026-08-28'
    >>> last_day("Inscription jusqu'au 30 juin 2026.", ("Année 2026-2027",))
    '2026-06-30'
    >>> last_day("Depuis 2019, le repas coûte 4 €.", ("Délibération du 3 juin 2025",))
    ''
    """
    said, above = _dates(words), [_dates(text) for text in over]
    years = {value.days[0][:4] for dates in above for value in dates if value.is_year}
    seasons = [value for value in said if _is_season(value)]
    ends = [max(map(_end, filter(_ends, said)), default="")]
    ends += [_in_year(year, max(int(value.high) for value in seasons)) for year in years if seasons]
    ends += [max((_end(one) for one in dates if _ends(one) or one.is_year), default="")
             for dates in above]  # fmt: skip
    return min(filter(None, ends), default="")


def _dates(text: str) -> list[Value]:
    return [value for value in values(text) if value.unit == DATE]


def _is_season(value: Value) -> bool:
    """Whether it is a stretch of days within one year, which is not said."""
    return value.is_range and value.low <= value.high < A_YEARLESS_END


def _ends(value: Value) -> bool:
    return value.is_range and value.has_year and bool(value.days[1])


def _end(value: Value) -> str:
    return value.days[1]


def _in_year(year: str, day: int) -> str:
    month = day // 100
    return f"{year}-{month:02}-{min(day % 100, monthrange(int(year), month)[1]):02}"
