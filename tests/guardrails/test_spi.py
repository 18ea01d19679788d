# SPDX-License-Identifier: EUPL-1.2
"""Tax numbers of persons: key, labels, separators."""

from __future__ import annotations

from guardrails.recognizers.spi import SPI
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "compact": "Numéro fiscal : ⟦SPI:3023217600053⟧.",
    "spaced": "⟦SPI:30 23 217 600 053⟧ figure sur la déclaration",
    "no label": "Le foyer ⟦SPI:3023217600053⟧ est connu",
    "no-break spaces": "⟦SPI:30\u00a023\u00a0217\u00a0600\u00a0053⟧",
    "narrow no-break spaces": "⟦SPI:30\u202f23\u202f217\u202f600\u202f053⟧",
    "zero width": "SPI ⟦SPI:30232\u200b17600053⟧",
    "OCR": "⟦SPI:3O 23 2l7 6OO O53⟧",
    "line break": "⟦SPI:30 23 217\n600 053⟧",
    "wrong key, label": "SPI : ⟦SPI:3023217600054⟧",
    "wrong key, label in words": "mon identifiant fiscal est le ⟦SPI:30 23 217 600 054⟧",
    "label after": "⟦SPI:3023217600054⟧ (numéro fiscal)",
    "any spacing, label": "n° fiscal ⟦SPI:302 321 760 005 3⟧",
}

STAYS = {
    "wrong key": "Référence 3023217600054 du catalogue",
    "all zero": "0000000000000",
    "bar code": "EAN 3760123456789",
    "inside a longer number": "13023217600053",
    "inside, at the end": "30232176000531",
    "first digit too high": "4023217600053",
    "amounts": "3 023 217,60 € et 53 000 €",
    "act number": "Délibération 2024-06-12-03, page 053",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(SPI, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(SPI, text)
    assert not found
