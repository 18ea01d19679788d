# SPDX-License-Identifier: EUPL-1.2
"""Numbers of bank cards: Luhn, networks, labels."""

from __future__ import annotations

from guardrails.recognizers.bank_card import BANK_CARD
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "grouped": "carte ⟦BANK_CARD:4970 1012 3456 7893⟧",
    "compact": "⟦BANK_CARD:4970101234567893⟧ expire en 12/27",
    "no-break spaces": "⟦BANK_CARD:4970\u00a01012\u00a03456\u00a07893⟧",
    "hyphens": "⟦BANK_CARD:5132-0045-6677-8892⟧",
    "zero width": "⟦BANK_CARD:4970\u200b101234567893⟧",
    "line break": "⟦BANK_CARD:4970 1012\n3456 7893⟧",
    "OCR": "⟦BANK_CARD:497O 1Ol2 3456 7893⟧",
    "American Express": "⟦BANK_CARD:3782 822463 10005⟧",
    "wrong key, label": "carte bancaire n° ⟦BANK_CARD:4970 1012 3456 7891⟧",
    "13 digits, label": "CB ⟦BANK_CARD:4222222222222⟧",
    "label in words": "mon numéro de carte bleue ⟦BANK_CARD:4970 1012 3456 7892⟧",
}

STAYS = {
    "wrong key": "4970 1012 3456 7891",
    "a SIRET": "SIRET 732 829 320 00074",
    "inside a longer number": "14970101234567893",
    "followed by decimals": "4970101234567893,50",
    "network unknown": "9970 1012 3456 7898",
    "amounts": "4 970 101 234,56 €",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(BANK_CARD, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(BANK_CARD, text)
    assert not found
