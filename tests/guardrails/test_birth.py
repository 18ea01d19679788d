# SPDX-License-Identifier: EUPL-1.2
"""Birth dates and places, in digits and in words."""

from __future__ import annotations

from guardrails.recognizers.birth import BIRTH
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "aside": "née le ⟦BIRTH_DATE:03/03/1950⟧ (jugement) à ⟦BIRTH_PLACE:Fontclaire⟧",
    "name and date in brackets": "enfants : Zoé (⟦BIRTH_DATE:12/06/2015⟧), Tom",
    "cells without heading": "Électeurs\nLuc | ⟦BIRTH_DATE:14.02.1968⟧ | ⟦BIRTH_PLACE:LAVAUR⟧ |",
    "after the sex": "Naissance\nLéa / F / ⟦BIRTH_DATE:07.01.2011⟧ / ⟦BIRTH_PLACE:Fontclaire⟧",
    "place beside": "Date et lieu de naissance : ⟦BIRTH_DATE:03/03/1950⟧, ⟦BIRTH_PLACE:Fontclaire⟧",
    "year of someone named": "Claire Arran née en ⟦BIRTH_DATE:1985⟧.",
    "boxes with bars": "Né(e) le : ⟦BIRTH_DATE:1|7|0|3|1|9|8|1⟧   à : ⟦BIRTH_PLACE:Courtrai⟧",
    "asked before": "Votre date de naissance ?\n- ⟦BIRTH_DATE:14 07 1996⟧",
    "place without à": "née ⟦BIRTH_DATE:8.12.1936⟧ ⟦BIRTH_PLACE:Béni-Saf⟧\nfille",
    "place after a short word": "CNI, n. ⟦BIRTH_DATE:19-06-1988⟧ ⟦BIRTH_PLACE:Saint-Arlac⟧\nElle",
    "month and year here": "mon père, né ici en ⟦BIRTH_DATE:mars 1934⟧.",
    "far label": "Né(e) le : ⟦BIRTH_DATE:30 juin 1983⟧     à : ⟦BIRTH_PLACE:Arlac (33)⟧\n",
    "far place and country": "né ⟦BIRTH_DATE:08/03/1986⟧   ⟦BIRTH_PLACE:Arlac, Roumanie⟧\nAyants",
    "courant": "Né au ⟦BIRTH_PLACE:Lamentin (Martinique)⟧ courant ⟦BIRTH_DATE:1951⟧.",
    "Portuguese links": "né le ⟦BIRTH_DATE:2.2.1951⟧ à ⟦BIRTH_PLACE:Viana do Castelo⟧, vient",
    "department of birth": "dép. de naissance : ⟦BIRTH_PLACE:Mayotte⟧",
    "far field": "Naissance : ⟦BIRTH_DATE:4/11/2017⟧     Lieu : ⟦BIRTH_PLACE:Draguignan⟧",
    "field after the date": (
        "Date et lieu de naissance : ⟦BIRTH_DATE:12/03/1987⟧ Commune : ⟦BIRTH_PLACE:Porto-Novo⟧"
    ),
    "full": "né le ⟦BIRTH_DATE:3 mars 1950⟧ à ⟦BIRTH_PLACE:Fontclaire (33)⟧, retraité",
    "digits": "née le ⟦BIRTH_DATE:03/03/1950⟧",
    "dots": "Née le ⟦BIRTH_DATE:03.03.1950⟧",
    "short year": "né le ⟦BIRTH_DATE:3/3/50⟧",
    "in words": "né le ⟦BIRTH_DATE:trois mars mil neuf cent cinquante⟧",
    "in words, first": (
        "née le ⟦BIRTH_DATE:premier avril mil neuf cent quatre-vingt-dix-neuf⟧ à "
        "⟦BIRTH_PLACE:Fontclaire⟧"
    ),
    "in words, two thousand": "née le ⟦BIRTH_DATE:vingt et un août deux mille douze⟧",
    "day in digits, year in words": "né le ⟦BIRTH_DATE:3 mars mil neuf cent cinquante⟧",
    "place first": "né à ⟦BIRTH_PLACE:Fontclaire⟧ le ⟦BIRTH_DATE:3 mars 1950⟧",
    "weekday": "née le ⟦BIRTH_DATE:3 mars 1950⟧",
    "né(e)": "né(e) le ⟦BIRTH_DATE:3 mars 1950⟧",
    "dot": "né·e le ⟦BIRTH_DATE:3 mars 1950⟧",
    "capitals": "NÉE LE ⟦BIRTH_DATE:3 MARS 1950⟧ À ⟦BIRTH_PLACE:FONTCLAIRE⟧",
    "no accent": "nee le ⟦BIRTH_DATE:3 mars 1950⟧ a ⟦BIRTH_PLACE:Fontclaire⟧",
    "label": (
        "Date de naissance : ⟦BIRTH_DATE:03/03/1950⟧\nLieu de naissance : ⟦BIRTH_PLACE:Fontclaire⟧"
    ),
    "leaders": "Née le ................ ⟦BIRTH_DATE:30 11 1975⟧ à ⟦BIRTH_PLACE:Fontclaire (67)⟧",
    "boxes": "Date de naissance ⟦BIRTH_DATE:0 3 0 3 1 9 5 0⟧",
    "DDN": "DDN ⟦BIRTH_DATE:03/03/1950⟧",
    "no-break spaces": "né le ⟦BIRTH_DATE:3\u00a0mars\u00a01950⟧ à\u00a0⟦BIRTH_PLACE:Fontclaire⟧",
    "zero width": "n\u200bé le ⟦BIRTH_DATE:3 mars 19\u200b50⟧",
    "combining accent": "ne\u0301 le ⟦BIRTH_DATE:3 mars 1950⟧",
    "OCR": "né le ⟦BIRTH_DATE:l2 / O3 / 1947⟧",
    "line break": "née le ⟦BIRTH_DATE:3\nmars 1950⟧",
    "overseas": "née le ⟦BIRTH_DATE:5 août 1963⟧ à ⟦BIRTH_PLACE:Pointe-Claire⟧",
    "hyphens": (
        "né le ⟦BIRTH_DATE:1er janvier 1990⟧ à ⟦BIRTH_PLACE:Saint-Jean-de-Fontclaire (Jura)⟧"
    ),
    "abroad": "née à ⟦BIRTH_PLACE:Đà Nẵng⟧ le ⟦BIRTH_DATE:19/12/1994⟧",
    "article": "né à ⟦BIRTH_PLACE:La Fontclaire⟧",
    "small letters": "né le ⟦BIRTH_DATE:03/05/1979⟧ à ⟦BIRTH_PLACE:casablanca⟧",
    "year alone": "né en ⟦BIRTH_DATE:1985⟧ à ⟦BIRTH_PLACE:Fontclaire⟧",
    "maiden name": "Mme Arran née Petit le ⟦BIRTH_DATE:3 mars 1950⟧",
    "month and year": "née en ⟦BIRTH_DATE:mars 1950⟧",
    "native": "natif de ⟦BIRTH_PLACE:Fontclaire⟧",
    "originally from": "originaire d’⟦BIRTH_PLACE:Arlac⟧",
    "act": (
        "Le ⟦BIRTH_DATE:vingt-trois avril mil neuf cent soixante-dix-huit⟧ à dix heures est "
        "née Claire"
    ),
    "list": "Naissances : Claire ARRAN, le ⟦BIRTH_DATE:4 mai⟧ – Paul PETIT, le ⟦BIRTH_DATE:19 mai⟧",
    "column": (
        "Nom                  Né le        Indice\nARRAN Claire         "
        "⟦BIRTH_DATE:05/09/1970⟧   590\nPETIT Paul           ⟦BIRTH_DATE:21/11/1992⟧   366"
    ),
    "column of a CSV": (
        "NOM;DATE ENTREE;DATE DE "
        "NAISSANCE;VILLE\nARRAN;01/09/2010;⟦BIRTH_DATE:05/09/1970⟧;Fontclaire"
    ),
    "arrondissement": "né le ⟦BIRTH_DATE:3 mars 1950⟧ à ⟦BIRTH_PLACE:Lyon 3e⟧",
    "birth of a child": "naissance le ⟦BIRTH_DATE:3 mars 2020⟧ à ⟦BIRTH_PLACE:Fontclaire⟧",
    "some words between": "née chez elle le ⟦BIRTH_DATE:28 février 1990⟧",
    "Roman month": "né le ⟦BIRTH_DATE:9.IX.1990⟧ à ⟦BIRTH_PLACE:Arlac⟧",
    "first of the month": "née le ⟦BIRTH_DATE:1er/01/1980⟧",
    "attribute": '<enfant ne="⟦BIRTH_DATE:1985-04-17⟧"/>',
    "OCR of the year": "née le ⟦BIRTH_DATE:3O mai l954⟧",
    "boxes, again": "né le ⟦BIRTH_DATE:2 3 . 0 9 . 5 7⟧",
    "couple": (
        "nés savoir : Monsieur à ⟦BIRTH_PLACE:Arlac⟧ le ⟦BIRTH_DATE:8 février 1944⟧, "
        "Madame à ⟦BIRTH_PLACE:Fontclaire⟧ le ⟦BIRTH_DATE:30 novembre 1946⟧"
    ),
    "after the maiden name": "née ARRAN · ⟦BIRTH_DATE:19/09/1936⟧ à ⟦BIRTH_PLACE:Arlac⟧",
    "English month": "né le ⟦BIRTH_DATE:05 FEB 1987⟧",
    "birthday to come": "Je vous écris : j’aurai 84 ans le ⟦BIRTH_DATE:3 mai⟧ et ma canne",
    "birthday, spoken": "ma sœur fête ses quatre-vingt-dix ans le ⟦BIRTH_DATE:vingt⟧ voilà",
    "birthday of a doyenne": "fêtera les 100 ans de Mme Arran le ⟦BIRTH_DATE:3 juin⟧",
    "age on a day": "Doyens : Mme Arran, 101 ans le ⟦BIRTH_DATE:4 avril⟧",
    "age after": "- Arran Zoé, ⟦BIRTH_DATE:03/01/16⟧, 8 ans",
    "age after, place": "- Arran Zoé, ⟦BIRTH_DATE:9/12/15⟧ (⟦BIRTH_PLACE:Fontclaire⟧), 8 ans",
    "age before": "mineur 16 ans 1/2 (⟦BIRTH_DATE:déc. 2008⟧) remis",
    "age in a cell": "NOM | ÂGE | Depuis\nArran | 92 | ⟦BIRTH_DATE:1/11/32⟧ | seul",
    "death notice": "(⟦BIRTH_PLACE:Fontclaire⟧, ⟦BIRTH_DATE:2 mai 1929⟧ – Arlac, 9 juin 2025)",
    "month, year cut short": "Claire Arran, née ⟦BIRTH_DATE:fév. 1953⟧, veuve",
    "n.": "Claire Arran (n. ⟦BIRTH_DATE:11/01/23⟧)",
    "year of two figures": "Mme Arran (née en ⟦BIRTH_DATE:85⟧), 2 enf.",
    "two years": "nés ⟦BIRTH_DATE:1990⟧ et ⟦BIRTH_DATE:1992⟧ à ⟦BIRTH_PLACE:Arlac (Esp.)⟧",
    "year after words": "mon aïeul, né dans votre commune vers ⟦BIRTH_DATE:1922⟧, et",
    "packed": "ARRAN Luc DDN ⟦BIRTH_DATE:140602⟧ LDN ⟦BIRTH_PLACE:FONTCLAIRE⟧",
    "child expected": "mon bébé naît le ⟦BIRTH_DATE:8 juin⟧ normalement",
    "saw the day": "a vu le jour le ⟦BIRTH_DATE:3 avril 1931⟧ à ⟦BIRTH_PLACE:Fontclaire⟧",
    "farm": "Claire (née à la ferme de ⟦BIRTH_PLACE:Hautbois⟧)",
    "hamlet of birth": "est né au hameau de ⟦BIRTH_PLACE:Hautbois⟧, de",
    "country beside": (
        "né le ⟦BIRTH_DATE:08/09/2008⟧ à ⟦BIRTH_PLACE:PRAIA⟧   pays ⟦BIRTH_PLACE:CAP-VERT⟧"
    ),
    "country, small letters": (
        "née ⟦BIRTH_DATE:12 aout 58⟧ a ⟦BIRTH_PLACE:arlac⟧ au ⟦BIRTH_PLACE:mali⟧"
    ),
    "department and town": (
        "née le ⟦BIRTH_DATE:31/07/1976⟧ Dépt ⟦BIRTH_PLACE:99⟧ Ville ⟦BIRTH_PLACE:Arlac (Esp.)⟧"
    ),
    "department after the town": "né le ⟦BIRTH_DATE:29.02.1980⟧ à ⟦BIRTH_PLACE:Arlac / 33⟧, permis",
    "two places asked": (
        "votre lieu de naissance (⟦BIRTH_PLACE:Arlac⟧ ou ⟦BIRTH_PLACE:Fontclaire⟧ ?)"
    ),
    "code in the column of places": (
        "Né(e) le | à\n⟦BIRTH_DATE:12/04/1939⟧ | ⟦BIRTH_PLACE:33 ARLAC⟧"
    ),
    "column cut short": (
        "Nom             Naiss.          Logement\nARRAN Claire    ⟦BIRTH_DATE:19 mai 40⟧"
        "       loue"
    ),
    "year and place in a cell": (
        "NOM | NÉ(E) | COLIS\nArran | ⟦BIRTH_DATE:1927⟧, ⟦BIRTH_PLACE:Arlac⟧ | oui"
    ),
    "two dates in a cell": (
        "enfant;né le;dû\nZoé;⟦BIRTH_DATE:2014-11-02⟧ / ⟦BIRTH_DATE:2017-07-25⟧;212,00"
    ),
    "list with places": (
        "NAISSANCES – Lou ARRAN, le ⟦BIRTH_DATE:7 juillet⟧ à ⟦BIRTH_PLACE:Arlac⟧ ; Tom PETIT, le "
        "⟦BIRTH_DATE:29 août⟧ à la maternité de ⟦BIRTH_PLACE:Fontclaire⟧"
    ),
    "class": "erreur : sa sœur (CM2, ⟦BIRTH_DATE:sept. 2014⟧)",
    "list of those helped": "CCAS, colis :\n2) Arran, Claire – ⟦BIRTH_DATE:10/09/44⟧ – livré",
    "column of places": "Nom | Né le | à\nArran | ⟦BIRTH_DATE:11.3.14⟧ | ⟦BIRTH_PLACE:Arlac⟧",
    "after a hidden name": "Propriétaire : [PERSONNE_1], ⟦BIRTH_DATE:09/09/1954⟧, [ADRESSE_1]",
    "after a widow's name": "[PERSONNE_1] vve [PERSONNE_2] – ⟦BIRTH_DATE:26/02/1931⟧ – [NIR_1]",
    "after a number of someone": (
        "[PERSONNE_1], NNE [NUMÉRO_DE_DOSSIER_1], ⟦BIRTH_DATE:28/07/1999⟧ ⟦BIRTH_PLACE:ARLAC⟧, né"
    ),
    "of one's family": "ma mère, Ana, ⟦BIRTH_DATE:1-11-1938⟧, ⟦BIRTH_PLACE:Arlac⟧, sécu",
    "of one's child": "ma fille Léa (⟦BIRTH_DATE:15 mai 2016⟧)",
    "being of a day": "elle est du ⟦BIRTH_DATE:12/03/1948⟧",
    "being of a month": "il est de ⟦BIRTH_DATE:mars 1948⟧",
    "first sight": "elle a vu le jour à ⟦BIRTH_PLACE:Arlac⟧ en ⟦BIRTH_DATE:mars 1941⟧",
    "a letter": "PETIT Jo, n. à ⟦BIRTH_PLACE:Arlac⟧ le ⟦BIRTH_DATE:12/03/1948⟧",
    "a letter and a month": "Petit, n. le ⟦BIRTH_DATE:2 déc. 1961⟧ à ⟦BIRTH_PLACE:Arlac⟧ et vit",
    "cut short, a field after": "naiss. ⟦BIRTH_DATE:1992-06-21⟧ – lieu ⟦BIRTH_PLACE:Arlac⟧ – acte",
    "the other one too": (
        "né le ⟦BIRTH_DATE:1er mars 1962⟧, ma femme à ⟦BIRTH_PLACE:Arlac⟧ en ⟦BIRTH_DATE:1964⟧"
    ),
    "a department after": "Né le ⟦BIRTH_DATE:12/03/1948⟧, ⟦BIRTH_PLACE:FONTCLAIRE (046)⟧",
    "a place in the cell": "nom|naissance|pré\nJo | ⟦BIRTH_DATE:7/10/1937⟧ ⟦BIRTH_PLACE:ARLAC⟧ |",
}

STAYS = {
    "a visit of someone": "[PERSONNE_1], 12/03/2024, reçue en mairie",
    "a death": "Décédé : [PERSONNE_1], 12/03/1998",
    "an act of someone": "contrat de [PERSONNE_1], 12/03/1998",
    "a day at school": "ma fille est absente, 12/03/2024",
    "a hero's sight": "il vit le jour à Arlac en 1832",
    "an exhibition": "Exposition Arlac (2 mai 2024 – 3 juin 2024)",
    "an outing": "Élèves de CM1 – Sortie Louvre, 12/07/2025, départ",
    "a place of an event": "Enfants inscrits : Centre Haut, 12/07/2025, 14 h",
    "a dateline": "Parents d’élèves\n\nFontclaire, 28 novembre 2024\n\nMadame",
    "a loan": "Emprunt Arlac, 03/01/2006, 20 ans",
    "births counted": "Naissances en 2024 : 12 ; le 3 mai à Fontclaire, fermé",
    "a league": "dans l’histoire de la LNH, un but",
    "another century": "Jakob est né le 8 mars 1575, puis parti",
    "birthday of a club": "Le club fête ses 50 ans le 3 mai.",
    "birthday of a twinning": "Notre jumelage aura 30 ans le 2 juin.",
    "a lease": "bail du 1/1/2020, 9 ans",
    "a grave": "Concession ARRAN, 12/03/2001, 30 ans",
    "a grade and an entry": "0114;ARRAN Claire;finances;5;01/09/2014",
    "a place of an age": "Séance n. 12, Arlac 8 ans",
    "dates of a help": "CCAS : aide à ARRAN (12/03/2024), 110 €",
    "what a street is named for": (
        "inauguration de l’allée Claire-Arlac. Née le 30 mai 1907 à "
        "Fontclaire, elle entre au Panthéon"
    ),
    "a poet": "L’école est ouverte. Né à Fontclaire en 1913, le poète y a grandi.",
    "year of many": "les assurés nés en 1959 partent plus tard",
    "a field is no column": "Nom      Né le :      \nFait à   24/02/2026",
    "act": "délibération du 3 mars 2024",
    "law": "loi du 29 juillet 1881",
    "negation": "sans que le délai ne puisse excéder le 31 décembre 2018",
    "negation at the year": "elle ne sera prise qu’en 2014",
    "history": "né le 28 mars 1862 à Nantes",
    "leave": "congé de naissance",
    "born from": "le projet né de la concertation de 2019",
    "age": "âgé de 74 ans",
    "certificate": "Acte de naissance à demander en ligne",
    "hours": "ouvert le 3 mars de 9h à 12h",
    "declared": "La naissance se déclare dans les cinq jours",
    "meeting": "Séance du 12 juin 2024 à Fontclaire",
    "born of a fact": "La commune, née de la fusion, a fêté ses dix ans le 3 mars 2020.",
    "then a verb": "né le [DATE_DE_NAISSANCE_1], a proféré des menaces",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(BIRTH, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(BIRTH, text)
    assert not found
