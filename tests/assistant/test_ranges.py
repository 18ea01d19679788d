# SPDX-License-Identifier: EUPL-1.2
"""Which rows of a scale a question's figures fall into."""

from __future__ import annotations

from assistant.ranges import suits
from tests.table import each

BOTH = "prix cantine 2 enfants quotient 850"


@each(
    "question, row, falls",
    [
        (BOTH, "Quotient familial : 701 à 950 € ; Repas : 4,20 €", True),
        (BOTH, "Quotient familial : 401 à 650 € ; Soir, jusqu'à 17 h 30 : 1,60 €", False),
        (BOTH, "Quotient familial : plus de 1 200 € ; Repas : 5,60 €", False),
        (BOTH, "Nombre : à partir de 2 enfants ; Remise : 10 %", True),
        (BOTH, "Enfant : jusqu'à 12 ans ; Repas : 2 €", False),
        (BOTH, "Soir : jusqu'à 17 h 30 ; Prix : 1,60 €", None),
        ("Tarif pour 1 200 euros de revenus ?", "Revenus : de 1 000 à 1 400 € ; Prix : 3 €", True),
        ("Tarif à 30 ans ?", "Âge : de 26 à 64 ans ; Prix : 12 €", True),
        ("Tarif à 30 ans ?", "Revenus : de 26 à 64 € ; Prix : 12 €", False),
        ("Surface de 25 m² ?", "De 20 m2 à 40 m2 : permis", True),
        ("La garderie à 18 h ?", "Soir : jusqu'à 18 h 30 ; Prix : 2 €", None),
        ("Tarif QF 2000 ?", "Quotient : de 1 901 à 2 100 ; Prix : 4 €", True),
        ("Tarif QF 2000 ?", "Quotient : de 901 à 1 100 ; Prix : 3 €", False),
        ("Tarif au quotient familial de 1950 ?", "Quotient : plus de 1 200 ; Prix : 5 €", True),
        ("Tarif pour 1 950 € ?", "Revenus : de 1 901 à 2 100 € ; Prix : 4 €", True),
        ("Terrain de 2000 m2 ?", "De 1 000 m2 à 3 000 m2 : permis", True),
        ("Rue du 19 mars 1962 ?", "Quotient : jusqu'à 3 000 € ; Prix : 4 €", None),
        ("Les tarifs de 2025 ?", "Quotient : jusqu'à 3 000 € ; Prix : 4 €", None),
    ],
)
def test_a_figure_falls_into_the_range_of_what_it_counts(
    question: str, row: str, falls: bool | None
) -> None:
    assert suits(question, row) is falls


@each(
    "question, row, falls",
    [
        ("Le port pour un bateau de 7 m ?", "6 m à 7,99 m : 1 046 €", True),
        ("Le port pour un bateau de 7 m ?", "12 m à 14,99 m : 3 107 €", False),
        ("Mon fils a 12 ans", "Moins de 12 ans : 3 €", False),
        ("Prix pour les moins de 12 ans ?", "Moins de 12 ans : 3 €", True),
        ("Ma fille de 18 mois ?", "Crèche : de 10 semaines à 3 ans", True),
        ("Pour 80 coureurs ?", "Secouristes : plus de trois cents participants", False),
        ("Le composteur de 400 litres ?", "Aînés : à partir de 70 ans", False),
        ("Les papiers de mon fils de 10 ans ?", "Un justificatif de moins de trois mois", None),
        ("Le prix du lot 4 ?", "Considérant que les lots 1, 2 et 5 sont vendus", None),
        ("Un bac de 100 litres en 2025 ?", "Quotient familial, année 2024-2025", None),
    ],
)
def test_a_range_in_words_or_of_another_kind_is_told_apart(
    question: str, row: str, falls: bool | None
) -> None:
    assert suits(question, row) is falls
