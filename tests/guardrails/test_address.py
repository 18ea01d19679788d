# SPDX-License-Identifier: EUPL-1.2
"""Addresses of persons, and the streets and public places that stay."""

from __future__ import annotations

from guardrails.recognizers.address import ADDRESS
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "a pupil in a row": "Élève : Zoé ; École : Les Vents ; Adresse : ⟦ADDRESS:8, allée du Pré⟧",
    "a row with its owner": "Nom : Arlin ; École : Les Vents ; Adresse : ⟦ADDRESS:8, allée du Pré⟧",
    "one hamlet": "Mme Arlin demeurant au ⟦ADDRESS:hameau de la brande⟧",
    "brought home to somebody": (
        "Bénéficiaire : Mme Arran. Portage à domicile : ⟦ADDRESS:14 pigeonnier haut⟧"
    ),
    "care at home": "Soins à domicile : ⟦ADDRESS:au bourg, 33999 fontclaire⟧",
    "a way": "Nom : Arran\nDonnant sur voie : ⟦ADDRESS:rue des Acacias 12⟧",
    "last address": "dernière adresse ⟦ADDRESS:Le Clos Haut, entrée 2, app. 5, 33999 Fontclaire⟧",
    "last home": "dernier domicile : ⟦ADDRESS:coron des 120, maison 54⟧\n",
    "code before": "demt ⟦ADDRESS:33999, 6 lot. Bois Haut⟧, d’autre part",
    "ADR": "DDN 140602 ADR ⟦ADDRESS:ESC 2 APT 9 RES LE PARC⟧",
    "house, small letters": "j’habite le ⟦ADDRESS:mas de la fontaine⟧ euh après le pont",
    "lives in a wood": "lettre de Mme Arran (habite le ⟦ADDRESS:Petit Bois⟧, même commune)",
    "room of a hostel": "1) M. K., ⟦ADDRESS:foyer Haut, ch. 218⟧ : facture",
    "room of a hotel": "actuellt ⟦ADDRESS:hôtel Haut, ch. 206, ZA de la Gare⟧",
    "floor and room": "logée au ⟦ADDRESS:foyer HAUT, 3e étage, ch. 12⟧",
    "camp": (
        "Claire Arran\n⟦ADDRESS:Camping municipal des Dunes – emplacement 47 (mobil-home)\n"
        "33999 FONTCLAIRE⟧\n"
    ),
    "travellers": "⟦ADDRESS:aire des gens du voyage place 9 route de haut 33999⟧ ou alors",
    "town and its code in brackets": (
        "domiciliés ⟦ADDRESS:12 rue du Pré à Fontclaire (33999)⟧, d’acquérir"
    ),
    "a blank in the name": "chez moi, ⟦ADDRESS:7 rue du Gé néral-Haut⟧ , en panne",
    "a blank after two letters": "chez moi, ⟦ADDRESS:7 rue Vo lnette⟧ , en panne",
    "a town of two names": (
        "une case, ⟦ADDRESS:48 chemin Zamal, La Ravine, 97499 Piton Sainte-Arlac⟧, en tôle"
    ),
    "meter": "mon mari, point de livraison ⟦ADDRESS:lieu-dit Les Prés Hauts⟧.",
    "barge": "famille Arran ⟦ADDRESS:péniche « Lune », ponton 4⟧",
    "number alone": "Moi j’habite juste en face, au ⟦ADDRESS:15⟧, depuis 1988.",
    "same street": "Claire Arran, même rue n° ⟦ADDRESS:6⟧",
    "idem": "Paul Arran, neveu, idem, n° ⟦ADDRESS:56⟧",
    "number of the avenue": "Un habitant (Mr Arran, n° ⟦ADDRESS:71⟧ de l’avenue) signale",
    "at a number": "M. Arran (au ⟦ADDRESS:12⟧) et Mme Petit",
    "lock of a list": "1. Arran P., ⟦ADDRESS:écluse 14⟧ — PArran",
    "building of a list": "> Claire A., ⟦ADDRESS:bâtiment des Acacias, 4e⟧ : les bancs",
    "mill of someone": "vu M. Arran (le vieux, celui du ⟦ADDRESS:moulin d’Arlac⟧)",
    "place and code": "dom. idem sf week-end : ⟦ADDRESS:Le Pré Haut, 33999⟧\n",
    "column of people": "NOM | NÉ(E) | OÙ\nArran | 1/11/32 | ⟦ADDRESS:Casa Alta⟧",
    "slashes": "N° et voie : ⟦ADDRESS:17 RUE HAUTE⟧\nBât./Étage/Porte : ⟦ADDRESS:B / 3 / 32⟧",
    "low type after a person": "une voisine, Mme Arran, du ⟦ADDRESS:5, allée neuve⟧, qui",
    "floor and side": "dom. ⟦ADDRESS:50 r Haute, Étage 1 Dte, 33999⟧\n",
    "department in words": "en son domicile, ⟦ADDRESS:3 ter, rte Haute à ARLAC (Finistère)⟧ : Yves",
    "deep letter head": (
        "Madame Claire Arran\n"
        + 48 * " "
        + "⟦ADDRESS:Résidence autonomie Haute\n"
        + 48 * " "
        + "Bâtiment 2 – Logement 11\n"
        + 48 * " "
        + "33999 FONTCLAIRE⟧\nMadame"
    ),
    "overseas head": (
        "M. Luc Arran\n⟦ADDRESS:PK 18,2 côté montagne, servitude Haute\nBP 380 221\n"
        "98718 Arlac – Polynésie française⟧\n"
    ),
    "flat abroad": "réside actuellement ⟦ADDRESS:Flat 3B, 14 Haut Street, Sheung Wan, Hong Kong⟧.",
    "British code": "M. Arran, ⟦ADDRESS:Rose House, Mill Road, Arlac DE45 1XX, Royaume-Uni⟧.",
    "Swiss code": "M. Arran, ⟦ADDRESS:Chemin du Pré 9, CH-1999 Arlac⟧, né",
    "Portuguese code": "Viseu (PT) | ⟦ADDRESS:Quinta Alta, Rua 3, 3500-999 Arlac⟧\n",
    "Belgian street": "M. Arran, ⟦ADDRESS:Rue de la Loi 16, 1099 Arlac, Belgique⟧",
    "a link misspelt": "j’habite ⟦ADDRESS:19 rue es Étards⟧ et le bac",
    "a link glued": "domicilié au ⟦ADDRESS:46 rue dela Ferme⟧, informé",
    "a postcode glued": "j’habite ⟦ADDRESS:1 rue Gustave Arlac33999⟧ et le bac",
    "head below a civility": (
        "Demande de Mme\nFatou N’Diaye\n⟦ADDRESS:Résidence Haute\n33999 FONTCLAIRE⟧\nMadame"
    ),
    "low name, whole line": "bonjour\n⟦ADDRESS:12 place de la liberté⟧\nmerci",
    "home and box": "M. Arran, ⟦ADDRESS:lotissement Haut, BP 12⟧",
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
    "fields apart": (
        "N° et voie : ⟦ADDRESS:3 quater, traverse Haute⟧\nCode postal : ⟦ADDRESS:33999⟧   "
        "Commune : ⟦ADDRESS:Fontclaire⟧"
    ),
    "one field a part": (
        "Numéro : ⟦ADDRESS:21⟧ Voie : ⟦ADDRESS:rue Haute⟧\nLieu-dit : ⟦ADDRESS:La Cour⟧ "
        "Localité : ⟦ADDRESS:Fontclaire⟧"
    ),
    "boxes for the postcode": (
        "Adresse …… ⟦ADDRESS:12 rue Haute⟧\nCode postal ⟦ADDRESS:3 3 9 9 9⟧ Commune "
        "⟦ADDRESS:FONTCLAIRE⟧"
    ),
    "a form of the school": "École Arlac – Fiche d’inscription\nAdresse : ⟦ADDRESS:Le Mas Haut⟧",
    "a value ends with its sentence": "Domicile : ⟦ADDRESS:5 rue Basse⟧. Joignable le soir.",
    "column of wide gaps": (
        "Nom          Adresse              Bac\nArran        ⟦ADDRESS:Kerclair⟧             gris"
    ),
    "and": "immeuble ⟦ADDRESS:3 et 5, rue Haute⟧",
    "list of numbers": "demeurant ⟦ADDRESS:64, 68 rue Haute⟧",
    "a number that is another's": "locataire Habitat 44, ⟦ADDRESS:17 rue Haute⟧",
    "quater": "Mme Arran, ⟦ADDRESS:3 quater, sente Haute⟧",
    "t for ter": "Mme Arran, ⟦ADDRESS:45t chemin Haut⟧",
    "N° in capitals": "Mme Arran, ⟦ADDRESS:N°24, place Haute⟧",
    "r": "jhabite ⟦ADDRESS:17 r du marais⟧",
    "r. and a letter": "M. Arran, ⟦ADDRESS:89A R. des Lilas, Fontclaire⟧.",
    "number after the street": "Nous habitons ⟦ADDRESS:rue Haute, au numéro 8 bis⟧.",
    "number after, small letters": "jhabite ⟦ADDRESS:rue haute au numéro 8⟧",
    "number of this street": "Nous habitons le ⟦ADDRESS:n° 5 de cette impasse⟧.",
    "neighbours of a number": "Mes voisins du ⟦ADDRESS:7⟧ se plaignent.",
    "door": "⟦ADDRESS:résidence Les Pins, porte gauche⟧",
    "two lots of a home": "⟦ADDRESS:résidence Les Pins, bât. A, lots 14 et 62⟧",
    "two letters and a number": "⟦ADDRESS:Appt B 24, résidence Les Pins⟧",
    "the floor alone": "demeurant ⟦ADDRESS:tour 3, 8e, 33999 Fontclaire⟧",
    "home and street": "M. Arran – ⟦ADDRESS:cité Haute – 90 quater r. Basse – 33999 Fontclaire⟧",
    "home quoted, street without number": "chez elle, ⟦ADDRESS:villa « Clair », montée Haute⟧",
    "same building": "sa sœur, même immeuble, ⟦ADDRESS:appt 51⟧",
    "commune of": "demeurant ⟦ADDRESS:lieudit « Les Pins », commune de Fontclaire (33999)⟧",
    "head with a house": (
        "Claire ARRAN\n⟦ADDRESS:Maison Haute\nLa Place\n33999 FONTCLAIRE⟧\n\nMonsieur"
    ),
    "one line alone": "Votre adresse ?\n- ⟦ADDRESS:4 cité des peupliers⟧\n- merci",
    "OCR of the type": "demeurant ⟦ADDRESS:5, p1ace de la Halle⟧",
    "OCR of ten": "demeurant ⟦ADDRESS:lO rue du Four⟧",
    "department on the next line": "M. Arran, ⟦ADDRESS:7 rue Haute\n91 Fontclaire⟧",
    "a postcode that lost its zero": "domicilié au ⟦ADDRESS:48 avenue Haute 3270⟧, informé",
    "town with a code": "M. Arran, ⟦ADDRESS:22 rue Pasteur, Fieffes-Montrelet (80999)⟧",
    "d without apostrophe": "j’habite ⟦ADDRESS:2 place d Arlac⟧",
    "small letters and what follows": "jhabite ⟦ADDRESS:12 rue gaston arlac⟧ chez ma mère",
    "et in a name": "jhabite ⟦ADDRESS:12 rue des arts et métiers⟧ et je",
    "New York": "née à Lyon, ⟦ADDRESS:45 West 12th Street, Apt 5C, New York, NY 10011, USA⟧.",
    "Germany": "M. Arran, ⟦ADDRESS:Hauptstraße 12, 79999 Freital⟧",
    "Spain": "vit à ⟦ADDRESS:Calle Mayor 12, 28999 Madrid⟧",
    "asked before": "à quelle adresse ?\n⟦ADDRESS:4 cite des peupliers⟧ mais avant",
    "quarter, house and town": "vit au ⟦ADDRESS:quartier Haut, maison Basse, 33999 Fontclaire⟧.",
    "PUBLIC line above does not count": "Piscine : fermée\nMme Arran, ⟦ADDRESS:3 rue Haute⟧",
    "the number of a street": "Mme Petit habite au ⟦ADDRESS:3 de la rue⟧, avant le pont",
    "the number of a lane": "logé au ⟦ADDRESS:12 de l'impasse des Lilas⟧",
    "behind a church": "elle vit ⟦ADDRESS:derrière l'église, la maison aux volets bleus⟧",
    "at a corner": "M. Petit, qui demeure ⟦ADDRESS:à l'angle de la rue Haute et du four⟧",
    "the last house": "j'habite ⟦ADDRESS:la dernière maison avant le pont⟧",
    "at the end of a way": "la maison de Mme Petit, ⟦ADDRESS:au bout du chemin des Vignes⟧",
    "moved": "elle a déménagé de ⟦ADDRESS:La Combe⟧",
    "a place beside a hidden name": "[PERSONNE_1], ⟦ADDRESS:Le Pré Haut, Arlac⟧",
    "a house beside a hidden name": "Cdt, [PERSONNE_1], ⟦ADDRESS:Mas del Bosc 33999 Arlac⟧",
    "an adverb, a house": "On habite toujours ⟦ADDRESS:mas de la Borie haute, 33999 Arlac⟧.",
    "a house in small letters": "qui habite ⟦ADDRESS:casa suprana, 33999 Arlac⟧.",
    "a town before": "garde la maison de ⟦ADDRESS:Arlac, 11 rue Haute⟧ et les petits",
    "home and office": "domicile et cabinet : ⟦ADDRESS:28 rue Haute, 33999 Arlac⟧ – port.",
    "to be sent": "à la mairie, salle A\nEnvoi : ⟦ADDRESS:14 rue des Ifs, 33999 Arlac⟧, mail",
    "a trader's street": "potière (micro-entreprise), ⟦ADDRESS:rue de la Source à Arlac 33999⟧ –",
    "an item with a bracket": "tournée\n1) ⟦ADDRESS:Haut Four, 33999 Arlac⟧ – ép. Petit",
}

STAYS = {
    "a school in a row": "École : Maternelle des Quatre-Vents ; Adresse : 8, allée des Vents",
    "a school in a table": "| École | Adresse |\n|---|---|\n| Maternelle Haute | 8, allée du Pré |",
    "how many places": "Logement de moins de 80 m² : 1 place\nLogement de plus : 2 places\n"
    "Logement social : 1 place\nBureau : 1 place pour 40 m²",
    "any hamlet": "M. LHERMINOT indique que chaque hameau en aura un ; la liste paraîtra.",
    "brought home": "Portage à domicile : le premier jeudi du mois, pour les plus de 75 ans.",
    "works on the street": (
        "Adresse des travaux : mairie.\nDémolition : permis\nClôture sur rue : déclaration"
    ),
    "a corner of works": "travaux à l'angle de la rue Haute et de la rue Basse",
    "behind a hall": "le parking, derrière la salle des fêtes, est fermé",
    "numbers of works": "stationnement interdit du 3 au 12 de la rue Haute",
    "who lives without a place": "elle vit seule, avec ses enfants, depuis mai",
    "a list of farms": "[PERSONNE_1], Le Moulin-Robert, Les Bertrands, Puy-Haut",
    "a post office beside": "[PERSONNE_1], La Poste",
    "seat on a boat": "siège : péniche « Lune », quai Haut",
    "library at the same address": "La médiathèque est à la même adresse, n° 12",
    "same number of an invoice": "facture n° 55, idem n° 56",
    "year of a home": "Son dernier domicile connu en 1945 est",
    "transport rules": "matières dangereuses (ADR 2023)",
    "funeral home": "Visites : chambre funéraire Haute, 18 avenue de la Gare.",
    "right before a house": "interdit au droit du 3 place Haute le samedi",
    "from a number on": "barrée à partir du n° 17 rue Haute",
    "notary": "Contrat : étude de Me Arlac, notaire, 2 place Haute",
    "leisure": "base de loisirs Haute, 1 chemin du Lac",
    "to be handed in": "Dossier à déposer 12 rue Haute",
    "camera": "caméra n° 9, parvis Haut",
    "a hostel": "le foyer rural, la salle 3 et le parking place Haute",
    "beds": "Ehpad Haut, lit 12 places",
    "that of": "le quartier de la gare et celui du moulin",
    "cited": "je suis cité nominativement sur un pan",
    "a firm's room": "la SARL Arlac, dernier domicile connu : Pont Haut",
    "a mailbox in a field": "Adresse : ana@exemple.fr\nCode postal : 33999",
    "numbers in a field": "Adresse : 12 34",
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
    "addresses as a verb": "l’exploitant adresse au Préfet :\n- le document",
    "time of residence": "condition de durée de résidence : l’Irlande et la Suède",
    "foreign firm": "Société Arlac, Hauptstraße 12, 79999 Freital",
    "a way": "Via Rhôna, 12 km",
    "a parcel and its place": "section C n° 77, lieudit Les Pins, 42 a",
    "point of sale": "Points de vente : tabac Arlac, 12 rue Haute",
    "bar": "Le bar Arlac, 11 rue Haute, ferme à 2 h",
    "garage": "Garage Arlac, 3 route Haute",
    "procession": "départ du défilé au 25 rue Haute",
    "hour before a place": "à partir de 6 h, place Haute",
    "rural path": "acquérir le chemin rural n° 14",
    "alley of a cemetery": "Allée A, n° 3 : Arlac",
    "streets and an estate": "voirie : rue Haute, chemin des Bruyères, lotissement du Parc",
    "an estate": "le gardien de la résidence Arlac",
    "place of parking": "créer 3 place de stationnement rue Haute",
    "an electronic address": "Adresse électronique : oui",
    "postcode of a form alone": "Code postal : 33999   Ville : Fontclaire",
    "service above a field": "Médiathèque\nAdresse : 3 rue Haute\nCP : 33999",
    "letter head of a town": "Mairie\nHôtel Haut\nLa Place\n33999 FONTCLAIRE",
    "at the CCAS": "Domicilié au CCAS",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(ADDRESS, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(ADDRESS, text)
    assert not found


def test_a_printed_form_without_colons_is_hidden_whole() -> None:
    text = "Numéro 114 Voie Grande-Rue Lieu-dit le pré Localité Fontclaire CP 3 3 9 9 9\n"
    hidden = {at for f in ADDRESS.find(text) for at in range(f.start, f.end)}
    for words in ("114", "Grande-Rue", "le pré", "Fontclaire", "3 3 9 9 9"):
        start = text.index(words)
        assert set(range(start, start + len(words))) <= hidden
