# SPDX-License-Identifier: EUPL-1.2
"""Cadastral parcels, alone and in lists."""

from __future__ import annotations

import pytest

from guardrails.recognizers.parcel import PARCEL
from tests.guardrails.marked import found_and_marked

FOUND = {
    "number before its section": "parcelle ⟦PARCEL:482 section D⟧",
    "far below the word": "plan cadastral : elle cède ⟦PARCEL:AM 7⟧ et acquiert ⟦PARCEL:AM 12⟧",
    "the word section": "Terrain : ⟦PARCEL:section C n° 552⟧.",
    "two fields": "Le terrain – ⟦PARCEL:Section : ZH Numéro : 0147⟧",
    "reference with a dot": "réf. cad. : ⟦PARCEL:0B 1182⟧",
    "cells of a list of permits": (
        "AFFICHAGE DP – PC – DIA\nDIA n°78 | Cts Arran | 1 € | ⟦PARCEL:C 18⟧\n"
        "DIA n°79 | M. Petit | abri | ⟦PARCEL:HL 7 et 9⟧"
    ),
    "one": "la parcelle ⟦PARCEL:AB 123⟧",
    "section": "cadastrée ⟦PARCEL:section AB n° 123⟧",
    "glued": "parcelle ⟦PARCEL:B1769⟧",
    "list": "parcelles ⟦PARCEL:AB 123, 124 et AC n° 12⟧.",
    "areas in between": "parcelles ⟦PARCEL:CX 125⟧ d’une superficie de 67 m² et ⟦PARCEL:CX 127⟧",
    "prefix": "⟦PARCEL:000 AB 0123⟧",
    "capitals": "PARCELLE CADASTRÉE ⟦PARCEL:AB 123⟧",
    "no-break space": "parcelle ⟦PARCEL:AB\u00a0123⟧",
    "line break": "parcelle ⟦PARCEL:AB\n123⟧",
    "number alone": "parcelle ⟦PARCEL:n° 123⟧",
    "terrain": "le terrain ⟦PARCEL:A 1203⟧",
    "over a line": "cadastrées ⟦PARCEL:B2278, \nB2279 et B2288⟧",
    "prefix and section": "cadastrée ⟦PARCEL:000 AB 123⟧",
    "communal": "les parcelles communales ⟦PARCEL:E 12, E 14 à E 19⟧",
}

STAYS = {
    "a road": "plan de voirie : voie classée VC 7, emplacement réservé ER 3",
    "a rule of building": "cadastrée ; attestation RE2020 signée",
    "election section": "section de vote",
    "budget": "section de fonctionnement : 12 500 €",
    "investment": "section d’investissement, chapitre 21",
    "areas": "une parcelle de 350 m²",
    "number of parcels": "3 parcelles",
    "street": "parcelles du 2 rue des Tourterelles",
    "plate": "AB-123-CD",
    "permit": "PC 034 142 23 A0001",
    "amount": "la parcelle est vendue 12 000 €",
    "road": "la RD 123 et la RN 10",
    "football": "terrain de football n° 2",
}


@pytest.mark.parametrize("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(PARCEL, marked)
    assert found == expected


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(PARCEL, text)
    assert not found
