# SPDX-License-Identifier: EUPL-1.2
"""Special categories beside a person put a document in quarantine; budgets do not."""

from __future__ import annotations

import pytest

from guardrails.findings import Screened
from guardrails.special import Category, concerns


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("[PERSONNE_1] est hospitalisé depuis mars.", Category.HEALTH),
        ("Allergie : [PERSONNE_1] (arachide)", Category.HEALTH),
        ("[PERSONNE_1] demande un repas sans porc.", Category.BELIEFS),
        ("[PERSONNE_1] a été condamné en 2019.", Category.OFFENCES),
        ("Une aide d'urgence est accordée à [PERSONNE_1].", Category.SOCIAL_AID),
        ("Dossier RSA [NUMÉRO_CAF_1]", Category.SOCIAL_AID),
        ("changement de sexe de [PERSONNE_1]", Category.INTIMACY),
    ],
)
def test_a_term_beside_a_person_is_a_concern(text: str, category: Category) -> None:
    found = concerns(Screened(text))
    assert category in {concern.category for concern in found}
    assert all(0 <= c.start < c.end <= len(text) for c in found)


@pytest.mark.parametrize(
    "text",
    [
        "Une subvention de 500 € à la ligue contre le cancer.",
        "Le budget de l'aide sociale augmente.\n\n[PERSONNE_1] remercie les agents.",
        "[PERSONNE_1] demande une place de stationnement rue Basse.",
        "[PERSONNE_1] a une ânesse et un âne ; elle passe par l'est." + " x" * 150 + " RSA",
        "[ADRESSE_1] : travaux, risque de cancer écarté.",
    ],
    ids=["nobody", "another paragraph", "no term", "too far", "no person"],
)
def test_public_action_is_none(text: str) -> None:
    assert concerns(Screened(text)) == ()


def test_an_acronym_counts_in_capitals_only() -> None:
    assert concerns(Screened("[PERSONNE_1] joue au rsa, ass")) == ()


def test_every_category_has_terms() -> None:
    assert {c.category for c in concerns(Screened(EVERYTHING))} == set(Category)


EVERYTHING = "[PERSONNE_1] : cancer, halal, prison, RSA, homosexuel"
