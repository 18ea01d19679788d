# SPDX-License-Identifier: EUPL-1.2
"""Numbers of passports."""

from __future__ import annotations

from guardrails.recognizers.passport import PASSPORT
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "French": "passeport n° ⟦PASSPORT:12AB34567⟧",
    "spaces": "Passeport : ⟦PASSPORT:12 AB 34567⟧",
    "no-break spaces": "passeport ⟦PASSPORT:12\u00a0AB\u00a034567⟧",
    "small letters": "passeport ⟦PASSPORT:12ab34567⟧",
    "OCR": "passeport ⟦PASSPORT:l2AB3456O⟧",
    "foreign": "passeport ⟦PASSPORT:AN1234567⟧ délivré à Fontclaire",
    "issued on": "passeport délivré le 12/03/2015, n° ⟦PASSPORT:12AB34567⟧",
    "zero width": "passeport ⟦PASSPORT:12AB\u200b34567⟧",
    "line break": "passeport n°\n⟦PASSPORT:12AB34567⟧",
}

STAYS = {
    "no label": "marché 12AB34567",
    "appointment": "passeport : rendez-vous le 12/03/2025 à 9h40",
    "stamp": "timbre de 86 € pour un passeport",
    "word": "PASSEPORT BIOMETRIQUE OBLIGATOIRE",
    "longer": "passeport 12AB345678901",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(PASSPORT, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(PASSPORT, text)
    assert not found
