# SPDX-License-Identifier: EUPL-1.2
"""IBAN: France and abroad, keys, labels, separators."""

from __future__ import annotations

from guardrails.recognizers.iban import IBAN
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "compact": "IBAN ⟦IBAN:FR7630006000011234567890189⟧",
    "after a day": "du 12 IBAN ⟦IBAN:FR76 3000 6000 0112 3456 7890 189⟧ en juin",
    "after a price": "de 12 ⟦IBAN:FR76 3000 6000 0112 3456 7890 189⟧",
    "grouped": "⟦IBAN:FR76 3000 6000 0112 3456 7890 189⟧ au nom de",
    "no-break spaces": "⟦IBAN:FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189⟧",
    "narrow no-break spaces": (
        "⟦IBAN:FR76\u202f3000\u202f6000\u202f0112\u202f3456\u202f7890\u202f189⟧"
    ),
    "zero width": "⟦IBAN:FR76\u200b30006000\u200b011234567890189⟧",
    "line break": "⟦IBAN:FR76 3000 6000 0112\n3456 7890 189⟧.",
    "hyphens": "⟦IBAN:FR76-3000-6000-0112-3456-7890-189⟧",
    "small letters": "⟦IBAN:fr76 3000 6000 0112 3456 7890 189⟧",
    "OCR": "⟦IBAN:FR76 3OO0 6000 0ll2 3456 7890 189⟧",
    "wrong key, French shape": "⟦IBAN:FR7630006000011234567890188⟧",
    "wrong key, label": "IBAN : ⟦IBAN:DE89 3704 0044 0532 0130 01⟧",
    "Germany": "⟦IBAN:DE89 3704 0044 0532 0130 00⟧",
    "Belgium": "⟦IBAN:BE68 5390 0754 7034⟧, Bruxelles",
    "Monaco": "⟦IBAN:MC58 1122 2000 0101 2345 6789 030⟧",
    "followed by the BIC": "⟦IBAN:FR76 3000 6000 0112 3456 7890 189⟧ BIC AGRIFRPP",
    "letters in the account": "⟦IBAN:FR14 2004 1010 0505 0001 3M02 606⟧",
}

STAYS = {
    "wrong key abroad, no label": "DE89 3704 0044 0532 0130 01",
    "inside a longer word": "XFR7630006000011234567890189",
    "too long": "FR76300060000112345678901890",
    "prose that fits": "la création de 84 places associatives et de 12 emplois",
    "a permit": "PC 034 142 23 A0001",
    "a plate and a price": "FR 12 345 euros",
    "BIC alone": "BIC AGRIFRPP",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(IBAN, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(IBAN, text)
    assert not found
