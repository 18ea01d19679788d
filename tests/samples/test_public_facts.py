# SPDX-License-Identifier: EUPL-1.2
"""The sample town's public facts stay visible; its residents do not."""

from __future__ import annotations

import pytest

from assistant.settings import Settings
from corpus.readers import read
from guardrails.guard import Guard, open_guard
from tests.samples.test_samples import SAMPLES

pytestmark = pytest.mark.real

STAY = {
    "proces-verbaux/2025-09-24-conseil-municipal.pdf": ("chaque hameau en aura un",),
    "periscolaire/guide-des-familles-2025-2026.docx": (
        "8, allée des Quatre-Vents",
        "12, rue Germaine-Tallandier",
    ),
    "bibliotheque/guide-du-lecteur.html": ("03 53 01 20 40",),
    "urbanisme/plu-reglement-zone-ub.pdf": ("1 place",),
    "ccas/reglement-aides-facultatives.pdf": ("délibération n° CCAS-2025-04",),
    "vie-municipale/bulletin-municipal-automne-2025.odt": (
        "Mirelande ensemble",
        "Mirelande autrement",
    ),
    "proces-verbaux/2025-06-11-conseil-municipal.pdf": ("Mmes et MM. Hélène MARCHETERRE",),
    "vie-municipale/contacts-et-horaires.md": ("Vaudresel", "Hélène Marcheterre"),
    "marches/avis-attribution-toiture-ecole.docx": (
        "Couvertures Lassaigne et filles",
        "Isolbois Haute-Auvelle",
        "Dépollution de l’Est-Auvelle",
    ),
    "arretes/2025-090-delegation-de-signature.pdf": (
        "Hélène MARCHETERRE",
        "Anne-Lise FERRANDIER",
        "Karim AIT-BELKACEM",
        "Odile GARRIGOUX",
        "Sylvain POUCHELOT",
    ),
}
HIDDEN = {
    "courriers/2025-09-15-petition-vitesse-les-essarts.txt": (
        "VAUTHERIN",
        "Gérard",
        "14 route des Essarts",
        "06 39 98 10 11",
    ),
    "ccas/courrier-decision-aide-chauffage.docx": ("VAUTHERIN", "rue Basse", "née à Vaudresel"),
}
QUESTIONS = (
    "Quel car va à Vaudresel le samedi ?",
    "À quelle heure part le bus pour Vaudresel ?",
    "Le bus va-t-il jusqu'à Bois-Renaud ?",
)


@pytest.fixture(scope="module")
def guard() -> Guard:
    settings = Settings.read(SAMPLES / "greffier.toml")
    return open_guard(roster=settings.roster, known=settings.public_facts)


def shown(guard: Guard, name: str) -> str:
    """Return a paper of the sample town as the guard leaves it."""
    source = read(SAMPLES / name, name=name)
    return "\n".join(page.text for page in guard.screen_pages([p.text for p in source.pages]))


@pytest.mark.parametrize("name", STAY)
def test_public_facts_stay(guard: Guard, name: str) -> None:
    text = shown(guard, name)
    assert [words for words in STAY[name] if words not in text] == []


@pytest.mark.parametrize("name", HIDDEN)
def test_residents_are_hidden(guard: Guard, name: str) -> None:
    text = shown(guard, name)
    assert [words for words in HIDDEN[name] if words in text] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_town_of_a_question_stays(guard: Guard, question: str) -> None:
    assert guard.screen(question).text == question
