# SPDX-License-Identifier: EUPL-1.2
"""What the selector learns from."""

from __future__ import annotations

from assistant.seams import Extract
from benchmarks.selector_prompts import YEAR, Example, of_other_years

PRICES = Extract("Tarifs 2025", ("La grande salle : 250 €", "La petite salle : 90 €"))
ROADS = Extract("Voirie", ("En 2026, la rue des Lilas est refaite.",))


def example(question: str, *labels: int) -> Example:
    return Example(question=question, extracts=(PRICES, ROADS), labels=labels)


def test_a_year_that_no_line_has_is_answered_by_none() -> None:
    asked = example("Combien coûte la grande salle en 2025 ?", 1, 0, 0)
    (other,) = of_other_years([asked], 1)
    (year,) = YEAR.findall(other.question)
    assert year not in {"2025", "2026"}
    assert (other.extracts, other.labels) == (asked.extracts, (0, 0, 0))


def test_only_a_year_that_the_answer_bears_is_changed() -> None:
    left = [
        example("Combien coûte la grande salle ?", 1, 0, 0),
        example("Combien coûte la grande salle en 2024 ?", 1, 0, 0),
        example("Et la piscine en 2025 ?", 0, 0, 0),
        example("De 2025 à 2026, combien coûte la grande salle ?", 1, 0, 0),
    ]
    assert not [*of_other_years(left, 1)]
