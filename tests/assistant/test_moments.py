# SPDX-License-Identifier: EUPL-1.2
"""Words for a time get the date that documents hold; all other words stay as they are."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.moments import absolute

TODAY = date(2026, 1, 1)
SITTING = date(2025, 12, 11)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Quel budget cette année ?", "Quel budget cette année (2026) ?"),
        ("Et l'an dernier, combien ?", "Et l'an dernier (2025), combien ?"),
        ("Et l’année passée ?", "Et l’année passée (2025) ?"),
        ("Que prévoit-on l'an prochain ?", "Que prévoit-on l'an prochain (2027) ?"),
        ("Quelles fêtes ce mois-ci ?", "Quelles fêtes ce mois-ci (janvier 2026) ?"),
        ("Est-ce ouvert aujourd'hui ?", "Est-ce ouvert aujourd'hui (1er janvier 2026) ?"),
        ("Et demain ?", "Et demain (2 janvier 2026) ?"),
        ("C'était fermé hier ?", "C'était fermé hier (31 décembre 2025) ?"),
        (
            "Qui était absent à la dernière séance du conseil municipal ?",
            "Qui était absent à la dernière séance du conseil municipal (11 décembre 2025) ?",
        ),
        ("Le dernier conseil a voté quoi ?", "Le dernier conseil (11 décembre 2025) a voté quoi ?"),
        ("What was decided this year?", "What was decided this year (2026)?"),
    ],
)
def test_a_time_is_made_a_date(asked: str, told: str) -> None:
    assert absolute(asked, today=TODAY, last_sitting=lambda: SITTING) == told
    assert absolute(told, today=TODAY, last_sitting=lambda: SITTING) == told


@pytest.mark.parametrize(
    "asked",
    [
        "Que dit la délibération du 12 mars 2024 ?",
        "Où habitait Hierle ?",
        "La demainerie est-elle ouverte ?",
        "Quel est le dernier jour de la foire ?",
    ],
)
def test_another_word_is_left(asked: str) -> None:
    assert absolute(asked, today=TODAY, last_sitting=lambda: SITTING) == asked


def test_without_any_sitting_the_last_one_has_no_date() -> None:
    asked = "Qui était absent au dernier conseil municipal ?"
    assert absolute(asked, today=TODAY, last_sitting=lambda: None) == asked
