# SPDX-License-Identifier: EUPL-1.2
"""Which figures of a text are years: « en 1950 » names one, « un quotient de 1950 » does not.

« QF 2000 », « 2000 m² »         an amount
« rue du 19 mars 1962 »          a street
« les tarifs de 2025 »           2025
"""

from __future__ import annotations

import re

from corpus.french import MONTHS, fold

_STREET = (
    "rue|place|placette|avenue|boulevard|bd|square|quai|stade|salle|ecole|allee|impasse|chemin"
    "|esplanade|parvis|rond-point|cite|residence|gymnase|pont"
)
_QUOTIENT = (
    r"(?:quotient|qf|indice)(?: (?:familial|mensuel|majore|brut|caf|est|s'eleve|depasse|entre|egal"
    r"|superieur|inferieur|de|d'environ|environ|a)| ?[:=])*"
)
_UNIT = r"€|euros?\b|m[23]\b|(?:habitants?|kg|km|litres?|places|personnes)\b"
_YEAR = re.compile(
    # streets keep days of the last century: « la place du 14 juillet 2025 » is that of a ball
    rf"\b(?:{_STREET}) du [\w-]+[ -](?:{'|'.join(MONTHS)})[ -](?P<street>19\d\d)\b"
    # « QF 2023-2024 » is the scale of a school year
    rf"|\b{_QUOTIENT} ?\d{{4}}\b(?![-/](?:20)?\d\d\b)"
    rf"|\b(?P<year>(?:19|20)\d\d)\b(?!,\d\d?\b| ?(?:{_UNIT}))"
)


def years_in(text: str) -> frozenset[str]:
    """Return the years that a text names.

    >>> sorted(years_in("Entre 2024 et 2025, n° 20251"))
    ['2024', '2025']
    >>> sorted(years_in("2000 euros au QF 1950, rue du 19 mars 1962, en 2024"))
    ['2024']
    """
    return frozenset(match["year"] for match in _YEAR.finditer(fold(text)) if match["year"])


def dates_in(folded: str) -> frozenset[int]:
    """Return where the years of a folded text begin, those in the names of streets too.

    >>> sorted(dates_in("rue du 19 mars 1962, 2000 m2 en 2024"))
    [15, 32]
    """
    found = _YEAR.finditer(folded)
    return frozenset(match.start(match.lastgroup) for match in found if match.lastgroup)
