# SPDX-License-Identifier: EUPL-1.2
"""Which figures of a text are years: « en 1950 » names one, « un quotient de 1950 » does not.

« QF 2000 », « 2000 m² »         an amount
« rue du 19 mars 1962 »          a street
« les tarifs de 2025 »           2025
"""

from __future__ import annotations

import re

from guardrails.normalise import flat
from guardrails.values import Kind, Value, values

_STREET = re.compile(
    r"\b(?:rue|place|placette|avenue|boulevard|bd|square|quai|stade|salle|ecole|allee|impasse"
    r"|chemin|esplanade|parvis|rond-point|cite|residence|gymnase|pont) du $"
)
_IN_A_NUMBER = re.compile(r"(?<![a-z])(?:19|20)\d\d(?![a-z])")
_DAYS_OF_STREETS = "2000"
"""Streets keep days of the last century: « la place du 14 juillet 2025 » is that of a ball."""


def years_in(text: str) -> frozenset[str]:
    """Return the years that a text names.

    >>> sorted(years_in("Entre 2024 et 2025, n° 20251"))
    ['2024', '2025']
    >>> sorted(years_in("2000 euros au QF 1950, rue du 19 mars 1962, en 2024"))
    ['2024']
    """
    folded = flat(text)
    return frozenset(
        one.days[0][:4] if one.has_year else str(one.low)
        for value in values(text)
        for one in value.written
        if (one.has_year and not _names_a_street(folded, one)) or _is_of_a_number(folded, one)
    )


def _names_a_street(folded: str, day: Value) -> bool:
    is_old = day.days[0] < _DAYS_OF_STREETS
    return is_old and bool(_STREET.search(folded[: day.start]))


def _is_of_a_number(folded: str, code: Value) -> bool:
    """Whether a code is the year in an act's number, « n° 2024-17 »."""
    return code.kind is Kind.CODE and bool(_IN_A_NUMBER.fullmatch(folded, code.start, code.end))
