# SPDX-License-Identifier: EUPL-1.2
"""The anchors: a term in somebody's file or beside a person may tell of a private life."""

from __future__ import annotations

import pytest

from guardrails.findings import Screened
from guardrails.special import (
    WITHHELD,
    Category,
    concerns,
    is_somebodys,
    main_category,
    without,
)
from tests.table import each


def _categories(*pages: str) -> set[Category]:
    return {concern.category for concern in concerns([Screened(page) for page in pages])}


TOLD = {
    "illness": ("[PERSONNE_1] est hospitalisé depuis mars.", Category.HEALTH),
    "allergy": ("Allergie : [PERSONNE_1] (arachide)", Category.HEALTH),
    "meal": ("[PERSONNE_1] demande un repas sans porc.", Category.BELIEFS),
    "conviction": ("[PERSONNE_1] a été condamné en 2019.", Category.OFFENCES),
    "help": ("Une aide d'urgence est accordée à [PERSONNE_1].", Category.SOCIAL_AID),
    "file": ("Dossier RSA [NUMÉRO_CAF_1]", Category.SOCIAL_AID),
    "first name": ("changement de sexe de [PERSONNE_1]", Category.INTIMACY),
    "next sentence": ("Mme [PERSONNE_1] vit seule. Elle souffre de diabète.", Category.HEALTH),
    "order": ("ARRÊTE : M. [PERSONNE_1], adjoint technique, est placé en congé de longue maladie.",
              Category.HEALTH),
    "form": ("NOM : [PERSONNE_1]\nNÉ LE : [DATE_DE_NAISSANCE_1]\n\nAIDE\n\nbon alimentaire",
             Category.SOCIAL_AID),
    "rules": ("Demandes d'APA : contact Mme [PERSONNE_1], au guichet.", Category.SOCIAL_AID),
    "medicine": ("[PERSONNE_1] prend des médicaments, périmés ou non.", Category.HEALTH),
    "at home": ("Au village, [PERSONNE_1] est hospitalisée.", Category.HEALTH),
    "letter": ("Je soussigné [PERSONNE_1] vous écris.\n\nDepuis mai, le RSA ne suffit plus.",
               Category.SOCIAL_AID),
}  # fmt: skip

NO_ANCHOR = {
    "nobody": "Une subvention de 500 € à la ligue contre le cancer.",
    "another paragraph": "Le budget de l'aide sociale augmente.\n\n[PERSONNE_1] remercie l'équipe.",
    "no term": "[PERSONNE_1] demande une place de stationnement rue Basse.",
    "another sentence": "[PERSONNE_1] tond le pré. Les prairies se louent. Le RSA augmente.",
    "no person": "[ADRESSE_1] : travaux, risque de cancer écarté.",
    "small letters": "[PERSONNE_1] joue au rsa, ass",
}


@each("text, category", TOLD.values(), ids=TOLD.keys())
def test_what_is_told_of_a_person_is_a_concern(text: str, category: Category) -> None:
    found = concerns([Screened(text)])
    assert category in {concern.category for concern in found}
    assert all(0 <= c.start < c.end <= len(text) for c in found)


@each("text", NO_ANCHOR.values(), ids=NO_ANCHOR.keys())
def test_without_a_person_or_a_term_there_is_none(text: str) -> None:
    assert concerns([Screened(text)]) == ()


def test_a_file_is_read_as_a_whole() -> None:
    assert _categories("Demandeur : [PERSONNE_1]", "Aide demandée : colis alimentaire") == {
        Category.SOCIAL_AID
    }


def test_a_birth_date_in_an_act_of_the_council_makes_it_no_file() -> None:
    act = "Le conseil municipal, après avoir délibéré, cède à [PERSONNE_1], né le "
    assert not _categories(act + "[DATE_DE_NAISSANCE_1], un terrain.\n\nLe CCAS instruit le RSA.")


@pytest.mark.parametrize(
    "price_list",
    [
        "Réductions, pour les familles de 3 enfants : 30 %.\nAvec [PERSONNE_1] : 5 €.",
        "Tarifs 2014. Bénéficiaire : un habitant.\nNom : [PERSONNE_1], trésor public.",
        "Présents : [PERSONNE_1], [PERSONNE_2].\nJ'ai reçu la liste. Enfant : 2 €.",
    ],
)
def test_a_price_list_is_nobodys_file(price_list: str) -> None:
    assert not is_somebodys([Screened(price_list), Screened("Gratuit : bénéficiaires du RSA.")])


def test_every_category_has_terms_and_the_most_told_leads() -> None:
    text = "[PERSONNE_1] : cancer, diabète, halal, prison, RSA, homosexuel"
    found = concerns([Screened(text)])
    assert {c.category for c in found} == set(Category)
    assert main_category(found) is Category.HEALTH


def test_without_takes_the_sentence_out_and_leaves_the_rest() -> None:
    page = Screened("Objet : lavoir. [PERSONNE_1] perçoit le RSA et l'APA. Le lavoir fuit.")
    found = concerns([page])
    assert page.text[found[0].start : found[0].end].strip().startswith("[PERSONNE_1]")
    (kept,) = without([page], found)
    assert kept.text == f"Objet : lavoir.{WITHHELD} Le lavoir fuit."
    assert concerns([kept]) == ()
