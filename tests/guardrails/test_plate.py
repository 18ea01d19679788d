# SPDX-License-Identifier: EUPL-1.2
"""Number plates: both systems, labels, what looks like them."""

from __future__ import annotations

from guardrails.recognizers.plate import PLATE
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "column, no vehicle's form": "Nom;Immatriculation\nArran;⟦PLATE:X 4471⟧",
    "wreck": "une épave bleue ⟦PLATE:4471 VB 62⟧",
    "old model": "R19 bleue ⟦PLATE:4471 VB 62⟧",
    "hyphens": "stationné, ⟦PLATE:AB-123-CD⟧, rue des Lilas",
    "spaces": "⟦PLATE:AB 123 CD⟧ mis en fourrière",
    "compact": "⟦PLATE:AB123CD⟧ mis en fourrière",
    "no-break spaces": "⟦PLATE:AB\u00a0123\u00a0CD⟧",
    "non-breaking hyphens": "⟦PLATE:AB‑123‑CD⟧",
    "zero width": "⟦PLATE:AB-1\u200b23-CD⟧",
    "OCR": "véhicule ⟦PLATE:AB-l23-CD⟧",
    "line break": "⟦PLATE:AB-\n123-CD⟧",
    "small letters, label": "véhicule immatriculé ⟦PLATE:ab-123-cd⟧",
    "old, label": "immatriculée ⟦PLATE:1234 AB 33⟧",
    "old, Corsica": "véhicule ⟦PLATE:123 ABC 2A⟧",
    "old, overseas": "voiture ⟦PLATE:123 ABC 974⟧ abandonnée",
    "model": "une Clio grise ⟦PLATE:1234 AB 33⟧",
    "moped": "cyclomoteur ⟦PLATE:A 123 B⟧",
    "German": "véhicule ⟦PLATE:KA-XY 4471⟧",
    "tractor": "mon tracteur (⟦PLATE:4127 KR 46⟧)",
    "model by its number": "la 208 de ma mère (⟦PLATE:ab 117 rk⟧)",
    "glued, small": "le 4x4 sera le ⟦PLATE:7733sb46⟧.",
    "boxes": "Véhicule |⟦PLATE:F|S|2|0|9|K|V⟧|",
    "dictated": "immatriculé ⟦PLATE:GM espace 551 espace DC⟧",
    "accident": "accident | A : X | B : ⟦PLATE:58 CMV 31⟧ Arran",
    "department in OCR": "le camion ( ⟦PLATE:3318 SX l2⟧ )",
    "the word after": "⟦PLATE:ab-123-cd⟧ : c'est la plaque",
    "a make that also sells machines": "Honda ⟦PLATE:AB-123-CD⟧ mal garée",
    "keys": "les clés du ⟦PLATE:AB-123-CD⟧",
    "a part for it": "une borne pour ⟦PLATE:AB-123-CD⟧",
    "seen by a camera": "caméra de la place : ⟦PLATE:AB-123-CD⟧ à 14 h",
    "a product, then a vehicle": "caméra 2 : utilitaire ⟦PLATE:AB-123-CD⟧",
    "column": "Nom | Véhicule | Heure\nArran | ⟦PLATE:KA-XY 4471⟧ | 17:10",
    "old, OCR": "N° imm. ⟦PLATE:4O8 QR 5l⟧",
}

STAYS = {
    "hour beside a vehicle": "véhicule garé à 8h30",
    "weight of a vehicle": "véhicule 3500 kg 75",
    "permit beside a vehicle": "abri pour voiture PC 034 14",
    "a cell without number": "Nom;Véhicule\nArran;une remorque",
    "forbidden letters": "AI-123-OU",
    "SS": "SS-123-AB",
    "parcels": "parcelles AK 204, AK 205 et AK 209",
    "parcels in a list": "AK 204 AK 205",
    "old, no label": "1234 AB 33",
    "act number": "Délibération 2024-06-12-03 ; arrêté AR-2024-118",
    "permit": "PC 034 142 23 A0001",
    "town, in words": "la circulation des véhicules en ville",
    "inside a longer reference": "XAB-123-CD-9",
    "toner": "l'imprimante veut un TN-243-BK",
    "reference": "tapis réf. WS-220-BL",
    "machine of a make": "sono Yamaha MG-124-CX",
    "furniture": "armoires AR-195-GR",
    "post": "branchement sur borne BM-112-EL",
    "a point on a road": "accident RD 653 PR 12",
    "words shaped as numbers": "il quitte Porsche en 1962 car il part. Voiture. Le 12 juin",
    "a section, no vehicle": "article KA-XY 4471",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(PLATE, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(PLATE, text)
    assert not found
