# SPDX-License-Identifier: EUPL-1.2
"""Cadastral parcels, alone and in lists."""

from __future__ import annotations

from guardrails.recognizers.parcel import PARCEL
from tests.guardrails.marked import found_and_marked
from tests.table import each

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
    "of a letter, an article": "le bornage de la ⟦PARCEL:B 417⟧ avec mon voisin",
    "of a letter, in brackets": "le bois d'en face (⟦PARCEL:C 92⟧)",
    "glued, in a letter": "il est tombé dans mon pré, la ⟦PARCEL:ZH31⟧",
    "in small letters": "mon terrain, c'est la ⟦PARCEL:zk 14⟧.",
    "the neighbour's": "Voisin M. Petit (⟦PARCEL:AE 61⟧)",
    "exchange": "remembrement : il apporte ⟦PARCEL:A-310, A-318 à 322⟧ contre ⟦PARCEL:ZK/14⟧",
    "hyphens between numbers": "îlot PAC 4 : orge, les ⟦PARCEL:ZB 12-13-17⟧",
    "a part": "fermage : ⟦PARCEL:H 15, 16 (partie) et I 3⟧",
    "a thousand": "au droit de chez Petit, ⟦PARCEL:C 1 118⟧",
    "split": "division de ⟦PARCEL:E 233⟧, désormais ⟦PARCEL:E 641⟧ (7 a 12 ca)",
    "under the number": "cadastré\n- ⟦PARCEL:YC sous le numéro 7⟧",
    "prefix and two letters": "terrain sis Pech Blanc – ⟦PARCEL:138 ZD 55⟧",
    "prefix and one letter": "zone AU | ⟦PARCEL:000 D 77⟧",
    "long reference": "Réf. : ⟦PARCEL:46215000WD0038⟧",
    "a number alone": "bornage : l'un a la ⟦PARCEL:412⟧, l'autre la ⟦PARCEL:413 de la AN⟧.",
    "of the same section": "cadastrés ⟦PARCEL:0A 12⟧. Il sera le ⟦PARCEL:n° 13 de la même section⟧",
    "a section in figures": "référence cadastrale ⟦PARCEL:section 12 n° 344⟧",
    "OCR": "mes bois, sect ⟦PARCEL:B n° l2O , l2l⟧",
    "columns": (
        "Parcelles\nSection | Numéro | Lieudit\n⟦PARCEL:ZA⟧ | ⟦PARCEL:12⟧ | Les Prés\n"
        "⟦PARCEL:B⟧ | ⟦PARCEL:1204⟧ | Le Bourg"
    ),
    "wide gaps": (
        "SECTION  N° PLAN  LIEUDIT       CONTENANCE\n⟦PARCEL:AC⟧       ⟦PARCEL:0147⟧     LA COMBE"
        "      02 21 40"
    ),
    "a column of lists": (
        "Nom        Parcelles     Surface\nArran        ⟦PARCEL:ZA 13, ZA 14⟧        204"
    ),
    "a number of a section, in a sentence": "je vends le ⟦PARCEL:12 de la section AB⟧ à mon fils",
    "a list and its section": "parcelles ⟦PARCEL:12, 13 et 14 (section ZB⟧)",
    "two sections, their numbers": "sections ⟦PARCEL:A et B, numéros 12, 45 et 118⟧",
    "a form's plural": "Section(s) : ⟦PARCEL:AB  Numéro(s) : 12-13-14⟧",
    "small letters after the word": "talus de la parcelle ⟦PARCEL:zc54⟧, à élaguer",
    "an exchange": "l'échange ⟦PARCEL:YB 61⟧ contre ⟦PARCEL:YB 64p⟧",
    "a strip of it": "céder une bande de ma ⟦PARCEL:D 0442⟧ s'il le faut",
    "a dot after the section": "bornage : M. Petit, pour ⟦PARCEL:C. 1217⟧",
    "numbers in the plural": "Terrain : ⟦PARCEL:ZA n°s 12 et 13⟧",
    "sold": "la parcelle ⟦PARCEL:AB 12⟧ a été vendue",
    "OCR of the word": "ma parce11e ⟦PARCEL:AE n°2l4⟧",
    "owned": "je possède ⟦PARCEL:AB 12, AB 15⟧ et la moitié de ⟦PARCEL:AC 3⟧",
    "beside an area": "(⟦PARCEL:AB 123⟧ ; 450 m²)",
    "communal": "les parcelles communales ⟦PARCEL:E 12, E 14 à E 19⟧",
}

STAYS = {
    "a school year": "Parcelle du potager\n\n## 8. Participation au voyage scolaire des CM2",
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
    "zones near land": "terrain en zone A 2, secteur Nh 3, UB 12",
    "a road by a field": "mon pré au bord de la D 820",
    "a road in brackets": "le bois (D 820)",
    "signs": "au droit de la maison, panneaux AK 5, K 8 et B 14",
    "classes of land": "remembrement, classes : T 2 (8 500 pts), P 3 (4 100 pts)",
    "servitudes": "terrain : servitudes AC 1, PT 2, I 4",
    "a model near land": "le portail et la grue Potain IGO 32",
    "a plan": "bornage, voir plan A 3 au 1/500",
    "a class at school": "la fille de ma voisine, CM2",
    "an article of a code": "terrains : articles L45-9 et L46 du code",
    "batteries": "commander des piles AA 12",
    "a plot of a cemetery": "cimetière, terrain concédé, carré B 14",
    "a budget": "Chapitre | Section | N° compte\n65 | F | 6574",
    "ares": "une parcelle de 12 a 30",
    "a dwelling": "maison à louer : T 4, 78 m², ou F3 de 61 m²",
    "a receipt": "succession | eau\nEx. 2022 | T. 38",
    "words in small letters": "parcelle de 12 m, parcelle en 2024, section du 12, les 12 et 13 mai",
    "football": "terrain de football n° 2",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(PARCEL, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(PARCEL, text)
    assert not found
