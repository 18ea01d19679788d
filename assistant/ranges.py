# SPDX-License-Identifier: EUPL-1.2
"""Which row of a scale a figure falls into: a quotient of 1 200 belongs to « de 1 001 à 1 400 ».

    question, row ──suits──▶ True it falls there │ False elsewhere │ None no figure, or no scale

Words alone cannot tell: the row that answers shares no figure with the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.french import fold

_FIGURE = r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_UNIT = r"(?:\s?(?:€|euros?|ans?|m2|m²|m³|m3|km|personnes?|habitants?|enfants?))?"
_BETWEEN = re.compile(rf"(?:\bde|\bentre|:|\()?\s*({_FIGURE}){_UNIT}\s?(?:a|et|-|–)\s?({_FIGURE})")
_UNDER = re.compile(
    rf"(?:jusqu'a|moins de|inferieure?s? (?:ou egale?s? )?a|au plus|<=?|≤|qf\s?<)\s?({_FIGURE})"
)
_OVER = re.compile(
    rf"(?:plus de|a partir de|au-dela de|au-dessus de|superieure?s? (?:ou egale?s? )?a|>=?|≥|des)"
    rf"\s?({_FIGURE})|({_FIGURE}){_UNIT}\s(?:et plus|ou plus|et au-dela)"
)
_ASKED = re.compile(
    rf"(?<![\w/.,-])({_FIGURE})(?!\s?(?:h\b|heures?\b|:|/|er\b|eme\b|janvier|fevrier|mars|avril|mai\b"
    r"|juin|juillet|aout|septembre|octobre|novembre|decembre)|[\w-])"
)
_NAMED = re.compile(r"(?:n°|numero|article|annee|rentree|en|depuis|avant|apres|zone|rue)\s*$")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def suits(question: str, row: str) -> bool | None:
    """Whether a figure of the question falls into a range of the row.

    >>> suits("Quel tarif pour un quotient de 1200 ?", "Quotient : de 1 001 à 1 400 ; Prix : 4 €")
    True
    >>> suits("Quel tarif pour un quotient de 1200 ?", "Quotient : jusqu’à 400 ; Prix : 1 €")
    False
    >>> suits("Quel est le tarif ?", "Quotient : jusqu’à 400 ; Prix : 1 €") is None
    True
    """
    figures = list(_figures(fold(question)))
    ranges = list(_ranges(fold(row)))
    if not figures or not ranges:
        return None
    return any(low <= figure <= high for figure in figures for low, high in ranges)


def _figures(question: str) -> Iterator[float]:
    for match in _ASKED.finditer(question):
        value = _value(match[1])
        before = question[: match.start()]
        is_year = _FIRST_YEAR <= value < _LAST_YEAR and "quotient" not in before[-20:]
        if not is_year and not _NAMED.search(before):
            yield value


def _ranges(row: str) -> Iterator[tuple[float, float]]:
    for match in _BETWEEN.finditer(row):
        low, high = _value(match[1]), _value(match[2])
        if low < high:
            yield low, high
    for match in _UNDER.finditer(row):
        yield 0.0, _value(match[1])
    for match in _OVER.finditer(row):
        yield _value(match[1] or match[2]), float("inf")


def _value(figure: str) -> float:
    digits = re.sub(r"[ \u00a0\u202f]|\.(?=\d{3}\b)", "", figure)
    return float(digits.replace(",", "."))
