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
    "column of badges": "matricule;nom;badge\n⟦FILE_NUMBER:A0021⟧;Arran;⟦FILE_NUMBER:0005518⟧",
    "column of accounts": "compte;responsable;dû\n⟦FILE_NUMBER:RS00331⟧;ARRAN Jo;84,60",
    "column, wide blanks": (
        "Nom          N° licence      Club\nARRAN Jo     ⟦FILE_NUMBER:2546118340⟧      Judo"
    ),
    "column of a roll": "Liste électorale\nN° | Nom\n⟦FILE_NUMBER:218⟧ | ARRAN Jo",
    "farm": "n° PACAGE ⟦FILE_NUMBER:034118220⟧, cheptel EDE ⟦FILE_NUMBER:34 118 022⟧",
    "power and gas": "PRM ⟦FILE_NUMBER:14 128 774 201 335⟧ ; PCE ⟦FILE_NUMBER:GI118822⟧",
    "water": "PDS ⟦FILE_NUMBER:34172-0551⟧   Contrat ⟦FILE_NUMBER:C.228.402⟧",
    "mandate": "RUM ⟦FILE_NUMBER:++EAU34C228402A01⟧",
    "meter of someone": "mon compteur finit par ⟦FILE_NUMBER:0287⟧",
    "customer": "mon code client ⟦FILE_NUMBER:arr3302⟧",
    "elector's number": "ARRAN Jo  NNE ⟦FILE_NUMBER:612 118 177⟧  ordre ⟦FILE_NUMBER:518⟧",
    "proxy": "Procuration reçue : réf. ⟦FILE_NUMBER:M6K-3PQ-Z18⟧",
    "housing request": "Arran Jo, NUR ⟦FILE_NUMBER:0340724018832AHDZQ⟧",
    "teacher": "NUMEN de Jo Arran : ⟦FILE_NUMBER:11E0578316QTC⟧",
    "pupil": "élève en CM2, dérogation scolaire ⟦FILE_NUMBER:DEROG25-18⟧",
    "club": "Jo Arran, judo, licence ⟦FILE_NUMBER:JA12021985ARRAN01⟧",
    "federation": "lic. FFPJP ⟦FILE_NUMBER:03400518⟧",
    "hunter": "permis de chasser ⟦FILE_NUMBER:34-2-11866⟧",
    "hunters in a list": "permis de chasser : Jo Arran (⟦FILE_NUMBER:1998 034 0031-08-A⟧).",
    "insurance": "Macif sociétaire ⟦FILE_NUMBER:17442038⟧ ; AXA police ⟦FILE_NUMBER:6631180404⟧",
    "claim": "réf. sinistre ⟦FILE_NUMBER:M24 0518 6630⟧",
    "local's number": "invariant du local ⟦FILE_NUMBER:1030448 K⟧",
    "land tax": "avis de taxe foncière porte ⟦FILE_NUMBER:24 34 7 118 044 22⟧ et le rôle",
    "owner's code": "PROPRIÉTAIRE  ⟦FILE_NUMBER:MBLK8T⟧  M ARRAN",
    "foreigner": "Réf. OFII : ⟦FILE_NUMBER:RF-34-2025-00388⟧.",
    "refugee": "Ancien dossier OFPRA ⟦FILE_NUMBER:2008-06-01866⟧.",
    "vehicle": "VIN ⟦FILE_NUMBER:VF32AKFWR44818291⟧",
    "registration": "n° formule : ⟦FILE_NUMBER:2018CK44719⟧",
    "childminder": "agrément PMI ⟦FILE_NUMBER:034-2018-0112⟧ jusqu’au 31/08/2029",
    "employer of a childminder": "Pajemploi ⟦FILE_NUMBER:Y 31 772 018 4⟧",
    "debtor": "réf. débiteur ⟦FILE_NUMBER:034029/DEB/66184⟧",
    "card of a trade": "taxi, carte professionnelle ⟦FILE_NUMBER:03418000371⟧",
    "in brackets": "l’abonnée Jeanne Arran (n° ⟦FILE_NUMBER:4418-B⟧)",
    "family in brackets": "fam. Arran (n°⟦FILE_NUMBER:3307⟧) – 3 enf.",
    "square brackets": "Mme ARRAN Jo [id ⟦FILE_NUMBER:228220⟧]",
    "agent": "M. Jo ARRAN, agent n° ⟦FILE_NUMBER:518⟧",
    "guardianship": "mandat de protection ⟦FILE_NUMBER:24/A/00518⟧ (tutelle)",
    "disabled worker": "RQTH n° ⟦FILE_NUMBER:2021-22822⟧",
    "boat": "permis bateau n° ⟦FILE_NUMBER:34228220⟧",
    "dog": "puce électronique ⟦FILE_NUMBER:250 26 85 022 82 203⟧",
    "tattoo of a dog": "Le chien de M. Arran, identifié ⟦FILE_NUMBER:2HXA228⟧",
    "supplier": "Mme Arran, contrat Engie ⟦FILE_NUMBER:228 220 334⟧",
    "approved on": "assistante maternelle, agr. du 12/03/2021 n° ⟦FILE_NUMBER:2021-228⟧",
    "leader dots": "N° d’usager ....... ⟦FILE_NUMBER:004518-B⟧",
    "canteen": "régie cantine. Dossier ⟦FILE_NUMBER:C-00771⟧ / ARRAN Jo",
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
    "meter of a hall": "Salle des fêtes : PDL 14128774201335",
    "meters in a table": "Site | PDL\nÉcole Arlac | 14128774201335",
    "contract of upkeep": "contrat de maintenance n° 2024-0118",
    "licence of a bar": "licence IV n° 1182",
    "counts": "12 345 usagers, un foyer 1 200 €, APA 12 345 bénéficiaires, 118 220 abonnés",
    "bare act number": "agent 2025-118, usager 2025/118, assuré 48 000",
    "contract of a year": "abonné, contrat CEE 2024",
    "microchip said in part": "une puce, numéro 250269…",
    "years": "badge 2025, foyer 2024, adhérents 2024-2025",
    "derogation to a plan": "dérogation n° 2024-018 au PLU",
    "approval of a system": "agrément ministériel 2011-006-ext04",
    "municipal police": "police municipale 118 interventions",
    "office of a body": "Centre national Pajemploi 43013 Le Puy",
    "short telephone": "Famille 34 00 - informations",
    "bare order": "ordre du jour 118, n° d’ordre 118",
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
