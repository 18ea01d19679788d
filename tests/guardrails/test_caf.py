# SPDX-License-Identifier: EUPL-1.2
"""Numbers of family allowance files."""

from __future__ import annotations

from guardrails.recognizers.caf import CAF
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "digits": "allocataire ⟦CAF:1234567⟧",
    "letter": "n° allocataire CAF ⟦CAF:4512087 K⟧",
    "glued letter": "CAF : ⟦CAF:4512087K⟧",
    "spaces": "N° d’allocataire : ⟦CAF:45 120 87⟧",
    "no-break space": "allocataire ⟦CAF:4512087\u00a0K⟧",
    "line break after the label": "Numéro d’allocataire\n⟦CAF:4512087⟧",
    "OCR": "allocataire n° ⟦CAF:45l2O87⟧",
    "in words": "allocations familiales sous le n° ⟦CAF:4512087⟧",
    "column": "Nom;Allocataire;Montant\nArran;⟦CAF:7654321⟧;40",
    "second parent": "CAF : ⟦CAF:4512087⟧, et celui du papa, ⟦CAF:4512088 T⟧.",
    "alone in a social text": "secours d’urgence\nArran – ⟦CAF:7654321⟧ | 312",
}

STAYS = {
    "amount": "la CAF verse 125 000 €",
    "amount of an allowance": "La CAF a versé 1 234 567 euros",
    "year": "tarif CAF 2024",
    "no label": "4512087 K",
    "quotient": "quotient familial CAF : 534",
    "far": "La CAF de la Gironde informe les familles de la commune que le montant est de 4512087",
    "seven digits elsewhere": "compteur 7654321",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(CAF, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(CAF, text)
    assert not found
