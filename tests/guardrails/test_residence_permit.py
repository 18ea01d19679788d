# SPDX-License-Identifier: EUPL-1.2
"""Numbers of foreigners’ papers."""

from __future__ import annotations

from guardrails.recognizers.residence_permit import RESIDENCE_PERMIT
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "three letters": "titre de séjour n° ⟦RESIDENCE_PERMIT:FRG4471802⟧",
    "paper of the prefecture": "le papier de la préfecture cest le ⟦RESIDENCE_PERMIT:9903047122⟧",
    "AGDREF": "N° étranger ⟦RESIDENCE_PERMIT:7503123456⟧",
    "permit": "titre de séjour n° ⟦RESIDENCE_PERMIT:FDR2X4K7T⟧",
    "card": "carte de séjour ⟦RESIDENCE_PERMIT:7503123456⟧",
    "resident": "carte de résident n° ⟦RESIDENCE_PERMIT:7503123456⟧",
    "receipt": "récépissé de demande n° ⟦RESIDENCE_PERMIT:7503123456⟧",
    "no-break spaces": "AGDREF ⟦RESIDENCE_PERMIT:75\u00a00312\u00a03456⟧",
    "OCR": "AGDREF ⟦RESIDENCE_PERMIT:75O3l23456⟧",
    "line break": "titre de séjour n°\n⟦RESIDENCE_PERMIT:7503123456⟧",
    "bare title": "recours DALO, titre ⟦RESIDENCE_PERMIT:9946027618⟧",
    "card, cut short": "carte séjour ⟦RESIDENCE_PERMIT:4R82K01X7⟧",
    "long visa": "VLS-TS ⟦RESIDENCE_PERMIT:021744913⟧",
    "until": "titre de séjour valable jusqu’au 12/03/2027, n° ⟦RESIDENCE_PERMIT:7503123456⟧",
    "receipt, again": "récépissé ⟦RESIDENCE_PERMIT:2210458819⟧",
}

STAYS = {
    "title of a budget": "titre 1182203344, bordereau 94",
    "no label": "7503123456",
    "tax on stays": "taxe de séjour : 7 503 €",
    "word": "TITRE DE SEJOUR OBLIGATOIRE",
    "longer": "AGDREF 75031234567890123",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(RESIDENCE_PERMIT, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(RESIDENCE_PERMIT, text)
    assert not found
