# SPDX-License-Identifier: EUPL-1.2
"""SIRET and SIREN: sole traders are hidden, companies and public bodies stay."""

from __future__ import annotations

from guardrails.recognizers.siret import SIRET
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "a name alone": "Luz Marina Ospina Villegas, SIRET ⟦SIRET:73282932000074⟧",
    "EI": "Félix Arran EI, SIRET ⟦SIRET:732 829 320 00074⟧",
    "micro-entrepreneur": "Nola Tardif, micro-entrepreneuse, SIRET ⟦SIRET:73282932000074⟧",
    "civility": "M. Paul Arran, maçon, SIREN ⟦SIRET:732 829 320⟧",
    "wrong key, label": "M. Paul Arran, SIRET ⟦SIRET:732 829 320 00075⟧",
    "no-break spaces": "Mme Arran, SIRET ⟦SIRET:732\u00a0829\u00a0320\u00a000074⟧",
    "line break": "Mme Arran, SIRET ⟦SIRET:732 829\n320 00074⟧",
    "OCR": "Mme Arran, SIRET ⟦SIRET:732 829 32O OOO74⟧",
    "EI after": "SIREN ⟦SIRET:732 829 320⟧ (EI)",
    "a trade": "Lise Arran, éleveuse, SIREN ⟦SIRET:732 829 320⟧",
    "micro": "Paul Arran TP, micro, RM ⟦SIRET:732 829 320⟧",
    "my number": "Mon numéro SIRET : ⟦SIRET:732 829 320 00074⟧",
    "abbreviated": "Yvan Arran (auto-entr.), siret ⟦SIRET:732829320-00074⟧",
    "register of crafts": "Paul Arran, artisan immatriculé ⟦SIRET:732 829 320⟧ au RNE",
    "nine digits, no label": "entreprise individuelle Paul Arran, ⟦SIRET:732829320⟧",
    "row of a table": "2232    ARRAN Paul (traducteur)  ⟦SIRET:73282932000074⟧   6228    180",
    "micro after the number": "⟦SIRET:73282932000074⟧    ARRAN Luz (« Pizza »)    micro   camion",
    "CSV": "nom;siret;montant\nARRAN Paul;⟦SIRET:73282932000074⟧;120",
    "no label, mistyped": "il dit être en micro-entreprise ; le ⟦SIRET:732 829 321 00075⟧",
    "no label, valid": "Monsieur Arran, artisan, ⟦SIRET:73282932000074⟧",
}

STAYS = {
    "company": "SARL Les Tilleuls, SIRET 732 829 320 00074",
    "company with its manager": "M. Arran, gérant de la SARL Les Tilleuls, SIRET 732 829 320 00074",
    "association": "l'association Les Tilleuls (SIRET 732 829 320 00074)",
    "commune": "M. le Maire de la commune, SIRET 217 601 234 00018",
    "public body by its first digit": "Mme Arran, régisseuse, SIRET 217 601 234 00018",
    "La Poste": "La Poste, société anonyme, SIREN 356 000 000",
    "brand": "Titulaire : COLAS Sud-Ouest, SIRET 732 829 320 00074",
    "fire door beside": "SAS Arran (RCS Cahors 732 829 320), portes EI 30",
    "row below a sole trader": (
        "2234    ARRAN Luz, maraîchère EI   papier       60623       233,10\n"
        "2235    MANUTAN COLLECTIVITÉS     73282932000074       2184        1 912,44"
    ),
    "headed by a person": "SCI Arran, représentée par M. Arran, SIRET 732 829 320 00074",
    "the company's, said after": "j'ai mis 732 829 320 00074, c'est celui de Arran SAS",
    "nobody": "SIREN 732 829 320",
    "wrong key, no label": "M. Arran a payé 732 829 321 00074",
    "phone": "M. Arran, 06 12 34 56 78",
    "inside a longer number": "M. Arran 173282932000074",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(SIRET, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(SIRET, text)
    assert not found
