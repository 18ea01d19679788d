# SPDX-License-Identifier: EUPL-1.2
"""Numbers of driving licences, not of building permits."""

from __future__ import annotations

from guardrails.recognizers.driving_licence import DRIVING_LICENCE
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "groups": "Permis n° ⟦DRIVING_LICENCE:20 AC 61 544⟧, catégorie AM",
    "new": "permis de conduire n° ⟦DRIVING_LICENCE:13AA00002⟧",
    "old": "permis de conduire ⟦DRIVING_LICENCE:880692310285⟧",
    "category": "permis B : ⟦DRIVING_LICENCE:880692310285⟧",
    "NEPH": "NEPH ⟦DRIVING_LICENCE:060831200125⟧",
    "holder": "titulaire du permis n° ⟦DRIVING_LICENCE:180572300145⟧",
    "no-break spaces": "permis de conduire ⟦DRIVING_LICENCE:8806\u00a09231\u00a00285⟧",
    "OCR": "permis de conduire ⟦DRIVING_LICENCE:88O69231O285⟧",
    "issued on": "permis de conduire délivré le 12/03/2015 n° ⟦DRIVING_LICENCE:880692310285⟧",
    "line break": "NEPH :\n⟦DRIVING_LICENCE:060831200125⟧",
    "permis alone": "né à Fontclaire, permis ⟦DRIVING_LICENCE:980359200418⟧, maçon",
    "pc": "Arran Jo pc ⟦DRIVING_LICENCE:120846300418⟧",
    "licence": "chauffeur, licence ⟦DRIVING_LICENCE:060820200377⟧",
}

STAYS = {
    "building permit": "permis de construire n° PC 034 142 23 A0001",
    "compact building permit": "permis n° PC03414223A0001",
    "number of a building permit": "permis 034172250017",
    "no label": "880692310285",
    "burial permit": "permis d’inhumer n° 12",
    "longer": "NEPH 0608312001251234567",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(DRIVING_LICENCE, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(DRIVING_LICENCE, text)
    assert not found
