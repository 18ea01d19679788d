# SPDX-License-Identifier: EUPL-1.2
"""Words for a time get the date that documents hold; all other words stay as they are."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.moments import absolute, without_dates
from tests.table import each

TODAY = date(2026, 1, 1)
SITTINGS = (date(2025, 10, 2), date(2025, 12, 11))
COMING = date(2026, 1, 29)


def last(until: date) -> date | None:
    return max((day for day in SITTINGS if day <= until), default=None)


@each(
    "asked, told",
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
        (
            "Qu'a-t-on voté à l'avant-dernière séance ?",
            "Qu'a-t-on voté à l'avant-dernière séance (2 octobre 2025) ?",
        ),
        (
            "L'ordre du jour du prochain conseil municipal ?",
            "L'ordre du jour du prochain conseil municipal (29 janvier 2026) ?",
        ),
        ("Combien le mois dernier ?", "Combien le mois dernier (décembre 2025) ?"),
        ("Et le mois prochain ?", "Et le mois prochain (février 2026) ?"),
        ("Le budget d'il y a deux ans ?", "Le budget d'il y a deux ans (2024) ?"),
        ("Ouvert samedi prochain ?", "Ouvert samedi prochain (3 janvier 2026) ?"),
        ("Ouvert jeudi prochain ?", "Ouvert jeudi prochain (8 janvier 2026) ?"),
        ("Fermé jeudi dernier ?", "Fermé jeudi dernier (25 décembre 2025) ?"),
        ("What was decided this year?", "What was decided this year (2026)?"),
    ],
)
def test_a_time_is_made_a_date(asked: str, told: str) -> None:
    told = told.replace(" (", "\u00a0(")
    assert absolute(asked, today=TODAY, last_sitting=last, next_sitting=lambda _: COMING) == told
    assert absolute(told, today=TODAY, last_sitting=last, next_sitting=lambda _: COMING) == told
    assert without_dates(told) == asked


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
    assert absolute(asked, today=TODAY, last_sitting=last, next_sitting=lambda _: COMING) == asked


def test_without_any_sitting_the_last_one_has_no_date() -> None:
    asked = "Qui était absent au dernier conseil municipal ?"
    assert absolute(asked, today=TODAY, last_sitting=lambda _: None) == asked


def test_without_a_sitting_nothing_is_added() -> None:
    asked = "Et l'avant-dernière séance, et la prochaine séance ?"
    assert absolute(asked, today=TODAY, last_sitting=lambda _: None) == asked
