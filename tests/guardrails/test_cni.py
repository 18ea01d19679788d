# SPDX-License-Identifier: EUPL-1.2
"""Numbers of identity cards."""

from __future__ import annotations

from guardrails.recognizers.cni import CNI
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "12 digits": "CNI n° ⟦CNI:880692310285⟧",
    "in words": "carte nationale d'identité n° ⟦CNI:880692310285⟧",
    "since 2021": "CNI ⟦CNI:X4RTBPFW4⟧",
    "issued on": "carte d’identité délivrée le 12/03/2015 sous le n° ⟦CNI:880692310285⟧",
    "spaces": "pièce d’identité : ⟦CNI:8806 9231 0285⟧",
    "no-break spaces": "CNI ⟦CNI:8806\u00a09231\u00a00285⟧",
    "OCR": "CNI ⟦CNI:88O69231O285⟧",
    "line break": "CNI n°\n⟦CNI:880692310285⟧",
    "label after": "⟦CNI:880692310285⟧ (CNI)",
    "zero width": "CNI ⟦CNI:880692\u200b310285⟧",
    "card alone": "copie de sa carte ⟦CNI:P9ZT40RX6⟧",
}

STAYS = {
    "no label": "880692310285",
    "longer": "CNI 1880692310285",
    "capitals in prose": "CNI OBLIGATOIRE AU GUICHET",
    "another number in between": "Ref 880692310286",
    "amount": "880 692 310,28 €",
    "nine signs alone": "modèle P9ZT40RX6",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(CNI, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(CNI, text)
    assert not found
