# SPDX-License-Identifier: EUPL-1.2
"""Numbers of social files, and the acts and permits that stay."""

from __future__ import annotations

import pytest

from guardrails.recognizers.file_number import FILE_NUMBER
from tests.guardrails.marked import found_and_marked

FOUND = {
    "column of an administration": "matr.|agent|motif\n⟦FILE_NUMBER:00871⟧|Arran|maladie",
    "arrow": "Matricule ► ⟦FILE_NUMBER:M-07713⟧",
    "family": "Notre numéro famille c’est le ⟦FILE_NUMBER:F-20417⟧, QF 640",
    "tax": "Maison Arran, invariant ⟦FILE_NUMBER:0810 204 117 K⟧",
    "digits apart": "RSA : n° demandeur ⟦FILE_NUMBER:7 0 9 9 1 2 3⟧ ;",
    "pension": "N° Ircantec ⟦FILE_NUMBER:3 1204 556⟧, RIB",
    "someone's": "j’ai un dossier Yousra, ⟦FILE_NUMBER:PS-25-88120⟧, rien",
    "reader's card": "carte de lecteur n° ⟦FILE_NUMBER:004512⟧",
    "MDPH": "dossier MDPH n° ⟦FILE_NUMBER:34-2024-001234⟧",
    "MDPH first": "MDPH : dossier ⟦FILE_NUMBER:62/118734⟧",
    "RSA": "RSA n° ⟦FILE_NUMBER:R0623341 T⟧",
    "APA": "bénéficiaire de l’APA n° ⟦FILE_NUMBER:2024001234⟧",
    "housing": "Mon numéro unique est le ⟦FILE_NUMBER:034052412345678901⟧",
    "MSA": "n° MSA ⟦FILE_NUMBER:1234567890⟧",
    "CCAS": "dossier CCAS ⟦FILE_NUMBER:2024-0187⟧",
    "bare, social text": "Aide sociale facultative. Dossier n° ⟦FILE_NUMBER:2024-0191⟧ : accordé.",
    "family record": "livret de famille n° ⟦FILE_NUMBER:LF-2019-00412⟧",
    "elector": "n° national d’électeur ⟦FILE_NUMBER:612345789⟧",
    "subscriber": "abonné n° ⟦FILE_NUMBER:A-10442⟧",
    "tax notice": "Référence de l’avis : ⟦FILE_NUMBER:24 75 1234567 89⟧",
    "no-break space": "dossier MDPH n°\u00a0⟦FILE_NUMBER:34-2024-001234⟧",
    "job centre": "identifiant France Travail : ⟦FILE_NUMBER:1234567A⟧",
    "long": "bonjour c’est le ⟦FILE_NUMBER:033042188740311020⟧ merci",
    "body inside": "N° dossier ⟦FILE_NUMBER:28-APA-0091733⟧",
    "boxes": "⟦FILE_NUMBER:9 0 2 1 9 9 5 0 4 8⟧",
    "column": "Nom;Matricule\nArran;⟦FILE_NUMBER:10448⟧",
}

STAYS = {
    "a permit with a label": "Dossier administré n° PC 034 142",
    "a permit's file": "mon dossier DP 034 154 25 00078 est refusé",
    "a permit of someone": "dossier de M. Arran, PC 034 142 23 00012",
    "meter": "Fuite compteur n° 00478-B",
    "permit": "Dossier n° PC 034 142 23 A0001",
    "grant": "subvention de 10 000 € (dossier n° 002206)",
    "act": "délibération n° 2024-06-12-03",
    "amount": "Le CCAS a versé 12 345 € d’aides",
    "year": "bilan du CCAS 2024",
    "phone": "CCAS : 05 56 12 34 56",
    "law": "loi n° 2002-2 du 2 janvier 2002",
    "date": "RSA : 12/06/2024",
    "tender": "marché n° 2024-018",
    "meter of a school": "École Arlac | 14512398700145",
    "offer": "offre 061240500123",
    "counting": "1 2 3 4 5 6 7 8 9 10",
}


@pytest.mark.parametrize("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(FILE_NUMBER, marked)
    assert found == expected


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(FILE_NUMBER, text)
    assert not found
