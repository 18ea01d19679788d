# SPDX-License-Identifier: EUPL-1.2
"""The NIR: keys, labels, separators, Corsica and overseas."""

from __future__ import annotations

from guardrails.recognizers.nir import NIR
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "compact": "NIR ⟦NIR:269054958815780⟧, dossier complet.",
    "spaced": "Numéro : ⟦NIR:2 69 05 49 588 157 80⟧.",
    "no label": "Le dossier porte la mention ⟦NIR:2 69 05 49 588 157 80⟧ en marge.",
    "dots": "⟦NIR:2.69.05.49.588.157.80⟧",
    "hyphens": "⟦NIR:2-69-05-49-588-157-80⟧",
    "no-break spaces": "Sécu : ⟦NIR:2\u00a069\u00a005\u00a049\u00a0588\u00a0157\u00a080⟧",
    "narrow no-break spaces": "⟦NIR:2\u202f69\u202f05\u202f49\u202f588\u202f157\u202f80⟧",
    "thin spaces": "⟦NIR:2\u200969\u200905\u200949\u2009588\u2009157\u200980⟧",
    "zero width": "⟦NIR:2690\u200b5495\u200c88157\u206080⟧ inscrit",
    "right-to-left marks": "⟦NIR:2\u200f69\u200e054958\u202b8157\u202c80⟧ inscrit",
    "soft hyphen": "⟦NIR:26905495\u00ad8815780⟧ inscrit",
    "full width": "⟦NIR:２６９０５４９５８８１５７８０⟧",
    "OCR": "⟦NIR:2 69 O5 49 588 l57 8O⟧",
    "line break": "assurée ⟦NIR:2 69 05 49\n588 157 80⟧ depuis",
    "line break and indent": "assurée ⟦NIR:2 69 05 49 588\n   157 80⟧ depuis",
    "line break inside a field, labelled": "NIR : ⟦NIR:26905495881\n5780⟧",
    "boxes": "⟦NIR:2 6 9 0 5 4 9 5 8 8 1 5 7 8 0⟧",
    "boxes with bars": "|⟦NIR:2|6|9|0|5|4|9|5|8|8|1|5|7|8|0⟧|",
    "key apart": "⟦NIR:2 69 05 49 588 157 / 80⟧",
    "key named": "⟦NIR:2 69 05 49 588 157 clé 80⟧",
    "Corsica, south": "⟦NIR:1 85 02 2A 004 012 22⟧",
    "Corsica, lower case": "⟦NIR:1 85 02 2a 004 012 22⟧",
    "Corsica, north": "⟦NIR:1 85 02 2B 033 012 52⟧",
    "overseas": "⟦NIR:1 85 02 97 411 012 62⟧",
    "born abroad": "⟦NIR:2 91 11 99 350 042 56⟧",
    "unknown month": "⟦NIR:1 50 31 75 114 003 17⟧",
    "provisional": "⟦NIR:8 69 05 49 588 157 71⟧",
    "wrong key, label": "NIR : ⟦NIR:269054958815781⟧",
    "wrong key, words": "numéro de sécurité sociale de l'enfant : ⟦NIR:2 69 05 49 588 157 81⟧",
    "wrong key, label after": "⟦NIR:269054958815781⟧ (NIR)",
    "13 digits, label": "N° de sécurité sociale ⟦NIR:2 69 05 49 588 157⟧ (à compléter)",
    "any shape, label": "immatriculation à la sécurité sociale ⟦NIR:2 15 63 79 323 134 60⟧",
    "label on the line above": "Numéro de sécurité sociale\n⟦NIR:269054958815781⟧",
    "two": "⟦NIR:269054958815780⟧ et ⟦NIR:1 85 02 2A 004 012 22⟧",
}

STAYS = {
    "wrong key": "Mauvaise clé : 269054958815781.",
    "13 digits": "Référence 2690549588157 au catalogue.",
    "inside a longer number": "Un numéro de facture : 1269054958815780.",
    "inside, at the end": "Un numéro de facture : 2690549588157801.",
    "inside a word": "REF269054958815780X",
    "act number": "Délibération 2024-06-12-03 du 12 juin 2024",
    "permit": "PC 034 142 23 A0001",
    "amounts": "1 250 000,00 € et 2 690 549,58 € de crédits, 815 780 € de reste",
    "a company": "SIRET 217 601 234 00018",
    "dates": "du 02/06/2024 au 12/07/2024, de 08h30 à 17h00",
    "impossible month, no label": "2 69 15 49 588 157 80",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(NIR, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(NIR, text)
    assert not found
