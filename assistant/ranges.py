# SPDX-License-Identifier: EUPL-1.2
"""Which row of a scale a figure falls into: a quotient of 1 200 belongs to « de 1 001 à 1 400 ».

    question, row ──suits──▶ True it falls there │ False elsewhere │ None no figure, or no scale

Words alone cannot tell: the row that answers shares no figure with the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.understanding.years import dates_in
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
_COUNTED = re.compile(
    r"\s?(€|euros?|ans?|mois|jours?|semaines?|m2|m²|m³|m3|km|kg|%|h(?:eures?)?(?![a-z])|personnes?"
    r"|habitants?|enfants?|adultes?|eleves?)(?![a-z])"
)
_HOUR = "h"
_SAME = {"euro": "€", "m²": "m2", "m³": "m3", "heure": _HOUR}


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
    return any(
        low <= figure <= high and (not unit or not of or unit == of)
        for figure, unit in figures
        for low, high, of in ranges
    )


def _figures(question: str) -> Iterator[tuple[float, str]]:
    """Yield what a question counts, and in what: two children are no quotient."""
    dates = dates_in(question)
    for match in _ASKED.finditer(question):
        if match.start(1) not in dates and not _NAMED.search(question, 0, match.start()):
            yield _value(match[1]), _unit(question, match.end(1))


def _ranges(row: str) -> Iterator[tuple[float, float, str]]:
    """Yield lowest, highest and unit of each range; « jusqu'à 17 h 30 » is none."""
    found = [
        *((_value(m[1]), _value(m[2]), m.end(2)) for m in _BETWEEN.finditer(row)),
        *((0.0, _value(m[1]), m.end(1)) for m in _UNDER.finditer(row)),
        *(
            (_value(m[1] or m[2]), float("inf"), max(m.end(1), m.end(2)))
            for m in _OVER.finditer(row)
        ),
    ]
    for low, high, end in found:
        unit = _unit(row, end)
        if low < high and unit != _HOUR:
            yield low, high, unit


def _unit(text: str, end: int) -> str:
    """Return what a figure that ends there counts, in one form; nothing where it is not said."""
    unit = _COUNTED.match(text, end)
    word = unit[1].rstrip("s") if unit else ""
    return _SAME.get(word, word)


def _value(figure: str) -> float:
    digits = re.sub(r"[ \u00a0\u202f]|\.(?=\d{3}\b)", "", figure)
    return float(digits.replace(",", "."))
