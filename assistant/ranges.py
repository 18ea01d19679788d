# SPDX-License-Identifier: EUPL-1.2
"""Which row of a scale a figure falls into: a quotient of 1 200 belongs to « de 1 001 à 1 400 ».

    question, row ──suits──▶ True it falls there │ False elsewhere │ None no figure, or no scale

Words alone cannot tell: the row that answers shares no figure with the question.
"""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.values import Kind, Value, values_kept

_OF_NO_SCALE = frozenset({Kind.CODE, Kind.DATE, Kind.HOUR, Kind.WEEKDAY})
"""« Jusqu'à 17 h 30 » tells when, not for whom."""


def suits(question: str, row: str) -> bool | None:
    """Whether a figure of the question falls into a range of the row.

    >>> suits("Quel tarif pour un quotient de 1200 ?", "Quotient : de 1 001 à 1 400 ; Prix : 4 €")
    True
    >>> suits("Quel tarif pour un quotient de 1200 ?", "Quotient : jusqu’à 400 ; Prix : 1 €")
    False
    >>> suits("Quel est le tarif ?", "Quotient : jusqu’à 400 ; Prix : 1 €") is None
    True
    """
    ranges = [one for one in values_kept(row) if one.is_range and one.kind not in _OF_NO_SCALE]
    figures = [*_figures(question)] if ranges else []
    scale = [one for one in ranges if any(_may_tell(one, figure) for figure in figures)]
    if not scale:
        return None
    return any(_is_counted_in(figure, one) and figure in one for one in scale for figure in figures)


def _figures(question: str) -> Iterator[Value]:
    """Yield what a question counts: « deux fois » and « un jour » are no figures of a scale."""
    for value in values_kept(question):
        ends = value.written if len(value.written) > 1 else (value,)
        if value.kind in _OF_NO_SCALE or (len(ends) > 1 and not value.unit):
            continue
        for one in ends:
            if not one.is_article and (one.unit or not one.in_words):
                yield one


def _may_tell(one: Value, figure: Value) -> bool:
    """Not « un justificatif de moins de 3 mois » of a child of ten: it is no scale of ages."""
    return one.kind is not Kind.DURATION or figure.kind is Kind.DURATION


def _is_counted_in(figure: Value, one: Value) -> bool:
    """Whether both count the same; a question may leave out the unit, but not of an age."""
    is_bare = not figure.unit and one.kind not in (Kind.AGE, Kind.DURATION)
    return figure.unit == one.unit or is_bare or not one.unit
