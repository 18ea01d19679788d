# SPDX-License-Identifier: EUPL-1.2
"""Addresses of persons, and the streets and public places that stay."""

from __future__ import annotations

import pytest

from guardrails.recognizers.address import ADDRESS
from tests.guardrails.marked import found_and_marked

FOUND = {
    "whole": "demeurant ⟦ADDRESS:12 bis, rue des Lilas, 33999 Fontclaire⟧",
    "letter head": (
        "Claire ARRAN\n⟦ADDRESS:12 rue des Lilas\nBât. B, appt 4\nBP 12\n33999 FONTCLAIRE "
        "CEDEX 2⟧\nTél."
    ),
    "abbreviation": "M. Arran, ⟦ADDRESS:3 av. du Gal. Arlac⟧",
    "boulevard": "Mme Arran, ⟦ADDRESS:118 bd Victor-Arlac, 33999 Fontclaire⟧",
    "ter": "⟦ADDRESS:7 ter impasse du Puits⟧ chez elle",
    "letter": "⟦ADDRESS:7B chemin du Puits⟧",
    "range": "⟦ADDRESS:7-9 rue Haute⟧ pour sa part",
    "no type name": "habite ⟦ADDRESS:12 place de la Fontaine⟧",
    "numbers in the name": "⟦ADDRESS:5 rue du 11 Novembre 1918⟧, Mme Arran",
    "town in words": "M. Arran, ⟦ADDRESS:12 rue des Lilas à Fontclaire⟧",
    "town and code": "Mme Arran, ⟦ADDRESS:12 rue des Lilas, Fontclaire (33999)⟧",
    "hamlet": "demeurant ⟦ADDRESS:lieu-dit Les Granges, 33999 Fontclaire⟧",
    "hamlet, quoted": "demeurant ⟦ADDRESS:Lieu-dit « Les Brandes », 33999 La Fontclaire⟧",
    "le bourg": "M. Arran, ⟦ADDRESS:Le Bourg, 33999 Fontclaire⟧",
    "no number": "domiciliée ⟦ADDRESS:chemin de Hourque, 33999 Fontclaire⟧",
    "free": "demeurant ⟦ADDRESS:La Haie aux Moines⟧",
    "residence": "⟦ADDRESS:résidence Les Pins, bâtiment C, appartement 12⟧",
    "stairs": "⟦ADDRESS:12 rue Haute, esc. 2, 3e étage⟧",
    "box": "Mme Arran, ⟦ADDRESS:BP 40212, 33999 FONTCLAIRE CEDEX 1⟧",
    "parentheses": "Mme Arran, ⟦ADDRESS:36 rue Haute (bât. 3) 33999 Fontclaire-le-Vieux⟧",
    "no-break spaces": "demeurant ⟦ADDRESS:12\u00a0rue\u00a0des\u00a0Lilas, 33999\u00a0Fontclaire⟧",
    "zero width": "demeurant ⟦ADDRESS:12 rue des Li\u200blas⟧",
    "OCR": "demeurant ⟦ADDRESS:l5 , rue des Ecoles , 33 99O Fontclaire⟧",
    "line break in the name": "demeurant ⟦ADDRESS:12 rue des\nLilas⟧",
    "capitals": "MME ARRAN ⟦ADDRESS:12 RUE DES LILAS 33999 FONTCLAIRE⟧",
    "small letters": "j’habite ⟦ADDRESS:12 rue des lilas 33999 fontclaire⟧",
    "chat": "jhabite ⟦ADDRESS:5 rue des lilas⟧",
    "Corsica": "M. Arran, ⟦ADDRESS:4 cours Paoli, 20999 Fontclaire⟧",
    "overseas": "Mme Arran, ⟦ADDRESS:12 chemin Mangue, Ravine-Claire, 97499 Saint-Clair⟧",
    "hôtel, then a person": "Hôtel de ville – M. Arran, demeurant ⟦ADDRESS:12 rue des Lilas⟧",
    "sole trader": "Félix Arran EI, ⟦ADDRESS:46 route d’Arlac, 33999 Fontclaire⟧",
    "after a person": "Mme Claire Arran (⟦ADDRESS:hameau de Fontbelle⟧) demande",
    "CSV": "ARRAN;Claire;⟦ADDRESS:11 CHE DES VIGNES;33999;FONTCLAIRE⟧;45,00",
    "wrapped title": "M. Arran, ⟦ADDRESS:949 avenue du Professeur\nArlac⟧",
    "field": "Adresse : ⟦ADDRESS:Le Colombier, côte du Moulin⟧\nTél. 01",
    "XML": "<adresse>⟦ADDRESS:La Grange Basse⟧</adresse><cp>⟦ADDRESS:33999⟧</cp>",
    "JSON": '"adresse": {"voie": "⟦ADDRESS:chemin du Puits⟧", "cp": "⟦ADDRESS:33999⟧"}',
    "column": "Nom|Adresse|Solde\nARRAN|⟦ADDRESS:La Grange Basse⟧|12",
    "named building": "dom. ⟦ADDRESS:61 bd Haut, bât. Orion, 33999 Fontclaire⟧",
    "place before the town": "Mme Arran, ⟦ADDRESS:Les Trois Pins, 33999 Fontclaire⟧",
    "dashes": "M. Arran ⟦ADDRESS:rue Haute – pavillon 4 – 33999 FONTCLAIRE⟧",
    "country": "j’habite ⟦ADDRESS:8 Talweg, 79999 Freital, Allemagne⟧",
    "small letters, no code": "j ai déménagé au ⟦ADDRESS:2 all des cedres bat 7⟧ hier",
    "two in a row": "déménagé du ⟦ADDRESS:3 rue Haute au 2 rue Basse⟧ hier",
    "kilometre": "M. Arran, ⟦ADDRESS:PK 9 route de Javelle⟧",
    "OCR of the code": "dom. ⟦ADDRESS:3 rue Haute 3399O FONTCLAIRE⟧",
    "spaced capitals": "M. ARRAN\n⟦ADDRESS:3    RUE   DE   L   ECLUSE\n33999 FONTCLAIRE⟧",
    "floor": "Mme Arran, ⟦ADDRESS:16 r. Haute 2e ét. G.⟧",
    "after a person, no number": "Mme Arran (⟦ADDRESS:rue des Lilas⟧) demande",
    "one and another": "Mme Arran, ⟦ADDRESS:12 rue Haute⟧ et ⟦ADDRESS:rue Basse⟧.",
    "article before a street": "M. Arran, ⟦ADDRESS:Les Landes, 6 rue Haute⟧.",
    "owned": "Le ⟦ADDRESS:lieu-dit Les Granges⟧ appartenant à la famille",
    "a place of one word": "Mme Arran – ⟦ADDRESS:Kerclair, 33999 Fontclaire⟧",
    "PUBLIC line above does not count": "Piscine : fermée\nMme Arran, ⟦ADDRESS:3 rue Haute⟧",
}

STAYS = {
    "street alone": "La circulation est interdite rue des Lilas et place du Marché.",
    "street in capitals": "STATIONNEMENT INTERDIT RUE DES LILAS",
    "works": "travaux avenue Victor-Arlac, entre la rue Haute et la rue Basse",
    "inhabitant": "Un habitant de la rue des Tanneurs",
    "numbers of a street": "stationnement interdit du n° 12 au n° 20 rue des Lilas",
    "town hall": "Mairie de Fontclaire, 1 place de la Mairie, 33999 Fontclaire",
    "town hall, letter head": "HÔTEL DE VILLE\n1 place de la Mairie\n33999 FONTCLAIRE",
    "school": "école Jean-Arlac, 3 rue des Écoles",
    "hall": "salle des fêtes, 4 place du Marché",
    "library": "Médiathèque – 12 rue Haute, 33999 Fontclaire",
    "court": "tribunal administratif, 9 rue Arlac, 33999 Fontclaire",
    "company": "SARL Les Tilleuls, 12 rue Haute, 33999 Fontclaire",
    "town alone": "33999 Fontclaire",
    "town in prose": "la commune de Fontclaire (33999)",
    "places": "3 places de stationnement, 2 cours d’eau, 1 route départementale",
    "lots": "divisé en 2 lots : lot 1 voirie, lot 2 éclairage",
    "many": "les enfants domiciliés à Fontclaire",
    "market day": "marché du samedi 12 place du Marché",
    "hour": "rendez-vous à 14 h 30 place du Marché",
    "year": "en 2024, rue des Lilas",
    "act number": "délibération 2024-06-12-03",
    "amount": "35 000 euros",
    "permit": "PC 034 142 23 A0001",
    "article": "Article 3 : la rue des Lilas est fermée",
    "company in a place": "SARL Arlac, Les Trois Pins, 33999 Fontclaire",
    "field of a hall": "Salle des fêtes\nAdresse : 3 rue Haute",
    "ISO date": "2024-03-02,rond-point Haut",
    "e-mail field": "Adresse : accueil@fontclaire.fr",
    "company in short": "Ets Arlac, rue des Lilas, 33999 Fontclaire",
    "mail address": "Adresse : ana.petit@exemple.fr",
    "street furniture": "Armoire verte 26 rue Haute",
    "at the CCAS": "Domicilié au CCAS",
}


@pytest.mark.parametrize("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(ADDRESS, marked)
    assert found == expected


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(ADDRESS, text)
    assert not found
