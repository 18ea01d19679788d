# SPDX-License-Identifier: EUPL-1.2
"""Everyday lines of a town's papers, through the whole guard: nothing of them is a person."""

from __future__ import annotations

import pytest

from corpus.filenames import hidden_name, readable_name
from guardrails.guard import Guard, open_guard

pytestmark = pytest.mark.real

NOBODY = [
    "| Hiver (du 2 novembre au 30 mars) | 9 h – 12 h | fermé |",
    "| Court de tennis, à l'heure | 6,00 € |\n| Terrasse ouverte, de mai à juin | 20,00 € |",
    "- Coupez le gaz et l'électricité.\n- N’allez pas chercher votre voiture.",
    "La prairie humide au bord de l’Auvelle. Canoë sur l’Auvelle. Foulées de l’Auvelle.",
    "La société, dont le siège est à Vaudresel, répare les toits. Elle vend à Vaudresel.",
    "La commune de Mirelande-sur-Auvelle la remercie. Elle fut institutrice à Mirelande.",
    "Ville de Vaudrimont-lès-Ormes. Le rendez-vous est à Vaudrimont. Vaudrimont vote.",
    "La commune de Brasseval-sur-Orne et ses écoles. Mémoire et patrimoine de Brasseval.",
    "Le SYCAUVEL vend des composteurs en bois de 400 litres.",
    "une résistance thermique de 7,5 m².K/W",
    "Période : Été (1er avril – 31 octobre) ; Lundi : 9 h – 12 h\n"
    "Période : Hiver (1er novembre – 31 mars) ; Lundi : 9 h – 12 h ; Mardi : fermé",
    "Nature : Cavurne, 30 ans ; Tarif 2025 : 572,00 €",
    "| Nature | Tarif 2025 |\n|---|---|\n| Cavurne, 30 ans | 572,00 € |",
    "Il accueille les enfants des tranches A, B et C. Un gilet jaune est remis à chacun.",
    "Pour les élèves de catégorie B. Chaque famille reçoit un dossier.",
    "Le tarif est celui de la zone C. Les familles le règlent en mairie.",
    "Le marché est passé avec Husson pour 24 036 €.",
    "Le maire rend compte du marché confié à Isolbois pour l'école.",
    "Le maire est autorisé à conclure un marché avec la société HUSSON.",
    "Marché public de restauration : la commission retient l'offre de Sagère, mieux-disante. "
    "Sagère livre les repas depuis mai. La convention avec Sagère court jusqu'en 2027.",
    "Le marché, conclu pour un an renouvelable deux fois avec SAGERE, coûte 3 € par repas.",
    "Le maire propose de passer un marché avec DEGAUCHOIS TP pour un montant de 45 632,20 € HT.",
    "Le titulaire du lot 3 est Brévenal. Le prestataire retenu est Isolbois.",
    "L'enquête porte sur la société WELCHEMIN LAMOTTE. WELCHEMIN LAMOTTE épand des boues.",
    "Conformément à la demande de la C.A.F, un barème est adopté.",
    "La dotation est demandée au titre de la D.E.T.R 2019 et du F.P.I.C.",
    "L’alimentation du C.E.T se fera une fois par an. Les contrats (C.A.E.) sont aidés.",
    "Ils sont affiliés à I.R.C.A.N.T.E.C.",
    "Plan d'épargne retraite (PER)\nLe PER est ouvert à tous.",
    "Le Syndicat Mixte Intercommunal de l'Orne des Classes d’Environnement (SMIOCE) est "
    "dissous. Le SMIOCE avait dix ans.",
    "Voir http://www.journaux.example/jopdf/",
    "Soyez prudents. Cela va sans dire. Gauche ou droite ? Ayez vos papiers.",
    "Qui avance les arrhes ?\nAujourd’hui, nous n’avons pas les moyens.",
    "V. - Une communauté est créée.\nI.-Les articles sont abrogés.",
]
SOMEBODY = [
    ("Soyez prudents. M. Cela va mieux.", "Cela"),
    ("| Hiver Jean-Luc | 12, rue Basse |", "Hiver Jean-Luc"),
    ("- Marchand Odile, absente", "Marchand Odile"),
    ("Mme Court de la Vigne est venue le 3 mai.", "Court de la Vigne"),
    ("M. Brasseval demande un badge.", "Brasseval"),
    ("Vu par l’agent. Mme Le Sycauvel vend sa maison.", "Le Sycauvel"),
    ("Sadia, 30 ans, demeurant au foyer, a été relogée.", "Sadia"),
    ("Bénéficiaire : Zahirbek, 30 ans ; Tarif 2025 : 572,00 €", "Zahirbek"),
    ("Enfant : Zahirbek, 12 ans ; Tarif 2025 : 72,00 €", "Zahirbek"),
    ("| Nom | Tarif 2025 |\n|---|---|\n| Zahirbek, 30 ans | 572,00 € |", "Zahirbek"),
    ("Le marché est passé avec Jean Husson pour 24 036 €.", "Jean Husson"),
    ("Le marché est passé avec Husson, artisan à son compte.", "Husson"),
    ("Le marché est passé avec M. Husson. Husson commence lundi.", "Husson"),
    ("Le maire signe un marché avec Husson. Mme Husson habite rue Basse.", "Husson"),
    ("Je me plains du marché passé avec Husson, mon voisin. Husson bloque la rue.", "Husson"),
    ("Elle est venue au marché avec Husson. On a revu Husson ce matin.", "Husson"),
    ("L'emplacement du marché attribué à Delattre est libre. Delattre a déménagé.", "Delattre"),
    ("Le marché de voirie a été signé et le chèque remis à Delattre.", "Delattre"),
    ("Consultation : l'offre faite par Delattre pour la parcelle est refusée.", "Delattre"),
    ("Le marché est passé avec Delattre. Delattre habite au 3.", "Delattre"),
    ("Le marché est passé avec Delattre. Delattre a perdu sa femme.", "Delattre"),
    ("Dossier suivi par J.-P. Oursival et vu par M. J.P.D. Malbrun.", "Oursival Malbrun"),
    ("Le dossier de Sorya Oursival (SOURSIVAL) est clos.", "Sorya Oursival"),
    ("Sa page : https://www.reseau.example/husson-delattre", "husson-delattre"),
    ("Vu par C. Le Goff au guichet. Relevé par B. Chaquet.", "Le Goff Chaquet"),
]
FILES = [
    ("Cinq risques sont connus.", "securite/dicrim-risques-majeurs.pdf", ""),
    ("Le règlement du cimetière.", "reglements/reglement-cimetiere.pdf", ""),
    ("Tarifs du columbarium.", "vaux-sur-orne/tarifs-salle-des-fetes.pdf", ""),
    ("Le nom d’une rue.", "deliberations/denomination-rue-germaine-vauquelin.odt", ""),
    *(
        ("Le conseil approuve.", name, "")
        for name in (
            "compte-rendu-03-12-2018.pdf",
            "Compte-Rendu_du-12-04-2021.pdf",
            "compte-rendu-20181203.md",
            "dossier-inscription-2024-v2.pdf",
            "contrat-de-ville-2015-2020.pdf",
            "deliberation-2024-031.pdf",
            "Ville_Delibs_2024.csv",
            "2013-06-06_AP_mistral.md",
        )
    ),
    *(
        ("Mme Odile Ferrand, née le 3 mai 1961, et ses enfants demandent un acte.", name, "")
        for name in ("V2018-345.pdf", "M2019-12_7.pdf", "F1707.json", "2013-06-06_AP.pdf")
    ),
    ("Mme Odile Ferrand écrit.", "Ferrand 12 rue des Lilas 60350 Lisse.pdf", "12 Lilas 60350"),
    ("Bonjour.", "courriers/courrier-dupont-jean.pdf", "dupont jean"),
    ("Mme Oursival demande une aide.", "courriers/demande-oursival.pdf", "oursival"),
]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard()


@pytest.mark.parametrize("text", NOBODY)
def test_nothing_is_hidden(guard: Guard, text: str) -> None:
    assert guard.screen(text).text == text


@pytest.mark.parametrize(("text", "name"), SOMEBODY)
def test_the_same_words_as_names_are_hidden(guard: Guard, text: str, name: str) -> None:
    shown = guard.screen(text).text
    assert not {*name.split()} & {*shown.replace(",", " ").replace(".", " ").split()} - {"de", "la"}


@pytest.mark.parametrize(("text", "file", "name"), FILES)
def test_a_file_is_called_after_somebody_or_not(
    guard: Guard, text: str, file: str, name: str
) -> None:
    shown = hidden_name(file, guard.screen_pages([text, readable_name(file)])[-1])
    assert shown == file if not name else not any(part in shown for part in name.split())
