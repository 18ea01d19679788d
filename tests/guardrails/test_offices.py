# SPDX-License-Identifier: EUPL-1.2
"""Who stays: ⟦KEEP:…⟧ acts in office, ⟦PERSON:…⟧ does not."""

from __future__ import annotations

from guardrails.findings import Entity, Finding
from guardrails.offices import Offices
from guardrails.roster import parts, read_roster
from tests.markup import read_marked
from tests.table import each

ROSTER = [
    "Hélène VASSEUR",
    "M. Yves Le Goff, adjoint",
    "Patrick Blanchet",
    "PETIT Sandrine",
    "Anne-Laure Guivarc'h",
    "Maider Etche",
]

BY_ROLE = [
    "De : ⟦KEEP:Ana Petit⟧ (élue accessibilité)",
    "Vu le comptable public, ⟦KEEP:Ana Petit⟧.",
    "Cadre : la DST, Mme ⟦PERSON:Petit⟧, poste 412",
    "M. ⟦PERSON:Luc Roy⟧, conseiller, 45 ans, cherche un logement.",
    "M. ⟦KEEP:Roy⟧, conseiller de la minorité, vote contre.",
    "M. ⟦PERSON:Roy⟧, conseiller bancaire, a écrit à Mme ⟦PERSON:Ba⟧, adj. technique.",
    "Mme ⟦KEEP:Petit⟧, 1re adj.\nM. ⟦KEEP:Ba⟧, cons. mun.",
    "Vu à 22 h 40, brigadier ⟦PERSON:Luc Roy⟧ — appel de M. ⟦PERSON:Ba⟧.",
    "M. ⟦PERSON:Roy⟧, secrétaire de mairie, a répondu à M. ⟦PERSON:Ba⟧, facteur.",
    "Copropriété : M. ⟦PERSON:Roy⟧ ne prend pas part au vote. M. ⟦PERSON:Ba⟧ (opposition) sort.",
    "Mme ⟦KEEP:Petit⟧ (adj. social) transmet la lettre de M. ⟦PERSON:Ba⟧",
    "Club de judo\n⟦PERSON:PETIT Ana⟧     1re vice-présidente     signé",
    "Le Maire, ⟦KEEP:Ana PETIT⟧",
    "Le Maire,\n\n(signé)\n⟦KEEP:Ana PETIT⟧",
    "Mme ⟦KEEP:Ana Petit⟧, maire de Courcelles, accueille M. ⟦PERSON:Luc Roy⟧.",
    "M. ⟦KEEP:Luc Roy⟧, 3e adjoint au maire, rapporte.",
    "l'adjoint délégué à l'urbanisme, ⟦KEEP:Luc Roy⟧",
    "sous la présidence de Mme ⟦KEEP:Ana Petit⟧, Maire,",
    "MM. ⟦KEEP:ROY⟧, ⟦KEEP:PETIT⟧ et ⟦KEEP:BA⟧, conseillers municipaux",
    "Adjoints : ⟦KEEP:Luc Roy⟧, ⟦KEEP:Ana Petit⟧.",
    "Secrétaire de séance : M. ⟦KEEP:Luc Roy⟧.",
    "La Directrice générale des services\n⟦KEEP:Ana Petit⟧\nAffaire suivie par : ⟦PERSON:T. Nowak⟧",
    "le maire a reçu M. ⟦PERSON:Roy⟧",
    "autorise M. le Maire à signer l'acte à recevoir par Maître ⟦PERSON:Luc Roy⟧, notaire",
    "M. ⟦PERSON:Luc Roy⟧, ancien maire, et M. ⟦PERSON:Ba⟧, adjoint technique",
    "ancien maire, ⟦PERSON:Luc Roy⟧",
    "M. ⟦PERSON:Luc Roy⟧, président de l'association Les Amis du four",
    "le bureau de l'association : la présidente, ⟦PERSON:Ana Petit⟧",
    "⟦PERSON:Inès Roy⟧, maire des jeunes",
    "Mme ⟦KEEP:Ana Petit⟧, adjointe, rapporte. Mme ⟦KEEP:Petit⟧ répond à M. ⟦PERSON:Petit⟧.",
    "Mme ⟦KEEP:Petit⟧, adjointe. Le terrain de Mme ⟦PERSON:Petit⟧ ; ⟦PERSON:Petit⟧ aussi.",
    "Le Président du SIVOM du Val, ⟦KEEP:Luc Roy⟧",
    "Dites à l'élu aux fêtes, M. ⟦KEEP:Roy⟧, que M. ⟦PERSON:Ba⟧ part.",
    "L'adj. dél. ⟦KEEP:V. Roy⟧",
    "Le Maire, pour ampliation, ⟦KEEP:A. PETIT⟧.",
    "Le Maire, et par délégation, l'adjoint : ⟦KEEP:Luc Roy⟧",
    "L'équipe, adjoint : ⟦PERSON:Luc Roy⟧",
    "la préfète du Cher, ⟦KEEP:Ana Petit⟧,\nArticle 2",
    "M. ⟦KEEP:Luc Roy⟧, ingénieur en retraite, est désigné commissaire enquêteur.",
    "M. ⟦PERSON:Luc Roy⟧, ingénieur en retraite, est désigné tuteur.",
    "Comité syndical du 3 mai\nLe président, ⟦KEEP:Luc Roy⟧, constate que M. ⟦PERSON:Ba⟧ est là.",
    "Comité syndical, club de pêche\nLe président, ⟦PERSON:Luc Roy⟧, constate.",
    "Association du four\nLa présidente de la communauté, ⟦KEEP:Ana Petit⟧",
    "Chère Madame ⟦KEEP:Petit⟧, vous qui êtes notre adjointe",
    "Monsieur ⟦KEEP:Roy⟧, en votre qualité de maire,",
    "le maire d'Urcuit, c'est bien ⟦KEEP:Roy⟧ ?",
    "le maire dit que ⟦PERSON:Roy⟧ vient",
    "Vu, le comptable public, ⟦KEEP:Ana Petit⟧",
    "La présidente de la commission d'appel d'offres, ⟦KEEP:Ana Petit⟧.",
    "et affiché place Bellevue.\nLe préfet, ⟦KEEP:Luc Roy⟧",
    "en présence du sous-préfet, M. ⟦KEEP:Luc Roy⟧, et de M. ⟦PERSON:Ba⟧",
    "Pour le préfet, la secrétaire générale, ⟦KEEP:Ana Petit⟧",
    "Présent : Mme ⟦KEEP:Petit⟧, 1re adjointe",
    "délégation de signature à Mme ⟦KEEP:Ana Petit⟧, directrice",
    "Procuration à Mme ⟦PERSON:Ana Petit⟧, directrice",
    "La régisseuse, ⟦KEEP:Ana Petit⟧",
    "La régisseuse, ⟦PERSON:Ana Petit⟧, est absente",
    "Le chef de poste : brigadier-chef ⟦KEEP:Luc Roy⟧",
    "Nous, ⟦KEEP:Luc Roy⟧, gardien-brigadier, constatons que ⟦PERSON:Luc Ba⟧",
    "Nous, ⟦PERSON:Luc Roy⟧, locataire,",
    "Je, soussigné, ⟦PERSON:Luc Roy⟧, président de l'association du four, atteste",
    "Banque du Val – le directeur, ⟦PERSON:Luc Roy⟧",
    "Signé : le président, ⟦PERSON:Luc Roy⟧",
    "Je, ⟦PERSON:Ana Petit⟧, directrice de l'agence, certifie",
    "Le président, ⟦KEEP:Luc Roy⟧ – La greffière, ⟦KEEP:Ana Petit⟧",
    "Je, ⟦KEEP:Ana Petit⟧, commissaire de justice, constate",
    "Avis conforme.\nL'architecte des Bâtiments de France : ⟦KEEP:Ana Petit⟧.",
    "L'officière d'état civil déléguée, ⟦KEEP:Ana Petit⟧",
    "L'élue référente handicap,\n⟦KEEP:Ana Petit⟧",
    "à gauche ⟦PERSON:Luc Roy⟧, le maire ⟦KEEP:Ana Petit⟧, l'adjointe ⟦KEEP:Inès Ba⟧",
    "Parrain : ⟦PERSON:Luc Roy⟧\nLe maire, ⟦KEEP:Ana Petit⟧, lit",
    "MM. ⟦KEEP:De schamps⟧, m aire ; ⟦KEEP:Lau rière⟧, adj oint ; M. ⟦PERSON:Roy⟧",
    "M. ⟦KEEP:Ba⟧, conse i1ler mun icipal",
    "Le Malre, ⟦KEEP:R. Roy⟧",
    "préviens le maire\n⟦PERSON:Bruno⟧ : fait",
    "Mme ⟦PERSON:Roy⟧, adjointe gestionnaire",
    "Cher M. ⟦KEEP:Roy⟧, (maire)",
    "Commission de contrôle – réunion\nMembres : ⟦KEEP:Luc Roy⟧, ⟦KEEP:Ana Petit⟧",
    "Commission municipale\nMembres : ⟦PERSON:Luc Roy⟧, délégué de l'administration",
    "Vendeur : la commune d'Arlac, représentée par ⟦KEEP:Luc Roy⟧",
    "la commune, représentée par Mme ⟦PERSON:Ana Petit⟧, avocate",
    "l'indivision, représentée par M. ⟦PERSON:Luc Roy⟧",
    "Le bureau ; membres : ⟦PERSON:Luc Roy⟧, ⟦PERSON:Ana Petit⟧",
    "Vu, l'élue déléguée ⟦KEEP:Ana Petit⟧",
    "l'élue déléguée de classe, ⟦PERSON:Ana Petit⟧",
    "tournée de Mme ⟦KEEP:Ana Petit⟧ (élue)",
    "Décision de u Merre ⟦KEEP:Petru Roy⟧ : accord",
    "Vu, la directrice : ⟦PERSON:Ana Petit⟧",
    "Mme ⟦KEEP:Petit⟧, élue de quartier",
    "⟦PERSON:Ana Petit⟧, élue de l'année",
    "Madame l'élue au sport, chère Madame ⟦KEEP:Petit⟧,",
    "à M. ⟦KEEP:Roy⟧, adjoint, délégation.\nFait à Arlac. Le Maire, ⟦KEEP:Ana Petit⟧.",
]
SITTING = [
    "Délibération n° 4 (M. ⟦KEEP:Roy⟧ et Mme ⟦KEEP:Ana Petit⟧ ne prennent pas part au vote)",
    "Délibération n° 4, M. ⟦KEEP:Roy⟧ n'ayant pas pris part au vote. M. ⟦PERSON:Ba⟧ est loué.",
    "Conseil municipal. M. ⟦KEEP:Luc Roy⟧ (opposition) parle. Mme ⟦PERSON:Ba⟧ (riveraine) aussi.",
    "Conseil municipal\n⟦KEEP:PETIT Ana⟧     3e adjointe     signé\n⟦PERSON:ROY Luc⟧     agent",
    "Le conseil municipal\nNom : ⟦KEEP:Ana Petit⟧ ; Fonction : deuxième adjointe, école\n"
    "Nom : ⟦PERSON:Luc Roy⟧ ; Fonction : adjoint technique",
    "Le conseil municipal\nFonction : maire ; Nom : Mme ⟦KEEP:Ana Petit⟧ ; Tél. : néant",
    "Le conseil municipal\nPlaignant : M. ⟦PERSON:Luc Roy⟧ ; Reçu par : la maire ; Le : 3 mai",
    "Le conseil municipal\nFonction : maire ; Conjoint : M. ⟦PERSON:Luc Roy⟧ ; Tél. : néant",
    "Conseil municipal\nPrésents : ⟦KEEP:L. Roy⟧, ⟦KEEP:I. Ba⟧. Excusée : ⟦KEEP:A. Petit⟧ "
    "(pouvoir à ⟦KEEP:I. Ba⟧)",
    "Comité syndical\nAbsents : M. ⟦KEEP:Roy⟧\nPouvoirs :\n- Mme ⟦KEEP:Petit⟧ à M. ⟦KEEP:Ba⟧",
    "Conseil municipal\nPrésents : ⟦KEEP:L. Roy⟧, ⟦PERSON:I. Ba⟧ (Secours populaire)",
    "Conseil municipal\nPrésents : ⟦KEEP:L. Roy⟧, maire, ⟦KEEP:I. Ba⟧\nAssistait : ⟦PERSON:Ana⟧",
    "Conseil municipal\nPrésents : ⟦KEEP:L. Roy⟧ ; ⟦PERSON:I. Ba⟧, architecte",
    "Conseil des sages\nPrésents : ⟦PERSON:L. Roy⟧, ⟦PERSON:I. Ba⟧",
    "Avis du conseil municipal. Réunion de chantier\nPrésent : ⟦PERSON:L. Roy⟧",
    "Présents : ⟦PERSON:L. Roy⟧, ⟦PERSON:I. Ba⟧",
    "Commission de contrôle des listes électorales\nProcuration : Mme ⟦PERSON:Petit⟧ à M. "
    "⟦PERSON:Ba⟧\nMembres : ⟦KEEP:L. Roy⟧ (conseiller), ⟦PERSON:I. Ba⟧ (délégué de l'État)",
    "Le conseil, par 9 voix pour et une abstention (⟦KEEP:Luc Roy⟧), cède le pré à ⟦PERSON:I. Ba⟧.",
    "Délibération n° 4\nOnt voté contre : ⟦KEEP:Luc Roy⟧ et Mme ⟦KEEP:Petit⟧. Le pré de "
    "⟦PERSON:I. Ba⟧ est loué.",
    "Délibération n° 4. Mme ⟦KEEP:Ana Petit⟧, sœur du vendeur, quitte la salle.",
    "Réunion publique. Mme ⟦PERSON:Ana Petit⟧ quitte la salle.",
    "Conseil municipal. M. ⟦KEEP:Roy⟧ donne lecture du courrier de M. ⟦PERSON:Ba⟧.",
    "Conseil municipal. M. ⟦PERSON:Roy⟧ signale un trou. M. ⟦PERSON:Ba⟧ signale un arbre.",
    "Conseil municipal\nQuestions du public\nM. ⟦PERSON:Roy⟧ donne lecture d'une lettre.",
    "Délibération n° 4. Mme ⟦PERSON:Ana Petit⟧, veuve, quitte la salle.",
    "Délibération n° 4. Mme ⟦PERSON:Ana Petit⟧ quitte la salle après avoir exposé sa situation.",
    "Conseil municipal\nEnfants absents : ⟦PERSON:Ana Petit⟧, ⟦PERSON:Luc Roy⟧",
    "ARRÊTÉ N° 4\nArt. 2 : le chien est saisi.\nLe maire, ⟦KEEP:Luc Roy⟧\n\n⟦PERSON:Ana Petit⟧",
    "ARRÊTÉ N° 4\nArt. 2 : le chien est saisi.\nNotifié le 12 mai à :\n⟦PERSON:Ana Petit⟧",
    "ARRÊTÉ N° 4\nArt. 2 : congé accordé.\nSignature de l'agent :\nMme ⟦PERSON:Ana Petit⟧",
    "Conseil municipal. Dans le public, M. ⟦PERSON:Ba⟧ signale un trou.",
    "Conseil municipal. La riveraine, Mme ⟦PERSON:Petit⟧ ouvre la séance",
    "Délibération n° 4. Secrétaire : ⟦KEEP:Luc Roy⟧.",
    "Bureau de vote n° 4. Secrétaire : ⟦PERSON:Luc Roy⟧.",
    "ARRÊTÉ N° 4\nArt. 2 : M. ⟦PERSON:Ba⟧ paie.\n⟦KEEP:Luc Roy⟧\n",
    "ARRÊTÉ N° 4\nArt. 2 : notifié à\nM. ⟦PERSON:Ba⟧, locataire",
    "Merci de l'arrêté.\n⟦PERSON:Luc Roy⟧",
]
BY_ROSTER = [
    "M. ⟦KEEP:LE GOFF⟧ rapporte le point 4 ; Mme ⟦KEEP:VASSEUR⟧ met aux voix.",
    "Mme ⟦KEEP:S. Petit⟧ et Mme ⟦KEEP:Sandrine PETIT⟧",
    "Mme ⟦KEEP:GUIVARC'H⟧ s'abstient.",
    "M. ⟦PERSON:VASSEUR⟧ se plaint du bruit.",
    "Mme ⟦PERSON:Odile VASSEUR⟧ se plaint du bruit.",
    "M. ⟦PERSON:Patrick BLANCHET⟧, demeurant 8 route de la Forge",
    "M. et Mme ⟦PERSON:Patrick BLANCHET⟧ souhaitent acquérir le chemin.",
    "la parcelle appartenant à M. ⟦PERSON:Blanchet⟧",
    "Demandeur : ⟦PERSON:Patrick Blanchet⟧",
    "M. ⟦KEEP:Blanchet⟧ regagne la salle.",
    "⟦PERSON:Patrick Blanchet⟧\n12 bis, allée des Ormes\n\nBruit.\n\n⟦PERSON:Patrick Blanchet⟧",
    "⟦KEEP:Patrick Blanchet⟧\nMairie d'Arlac, 2 place du Four\n\nVu, ⟦KEEP:P. Blanchet⟧",
    "Présents : ⟦KEEP:P. Blanchet⟧, M. ⟦KEEP:Etche⟧",
    "Présents : M. ⟦KEEP:Etche⟧, ⟦KEEP:P. Blanchet⟧",
    "le mari de l'élue, M. ⟦PERSON:Etche⟧",
    "M. ⟦PERSON:Petit⟧ se plaint.",
    "⟦KEEP:H. V.⟧ présente le compte ; ⟦PERSON:O. V.⟧ écoute.",
    "Présents (3) : Mmes et MM. ⟦KEEP:Hélène VASSEUR⟧, ⟦KEEP:Yves LE GOFF⟧",
    "NOM PRÉNOM ADRESSE\n⟦PERSON:BLANCHET Patrick⟧ 14 route des Essarts 03 53 01 61 52",
    "NOM     ADRESSE\n⟦PERSON:BLANCHET Patrick⟧     14 route des Essarts",
    "Nom : M. ⟦KEEP:Patrick BLANCHET⟧ ; Fonction : Responsable des services techniques",
    "Nom : M. ⟦PERSON:Patrick BLANCHET⟧ ; Né le : 3 mai 1960",
]


def sorted_out(marked: str, roster: list[str]) -> tuple[list[str], list[str]]:
    text, marks = read_marked(marked)
    persons = [Finding(mark.start, mark.end, Entity.PERSON, "test") for mark in marks]
    acting = Offices(roster).acting(text, persons)
    kept = [text[p.start : p.end] for p in persons if p in acting]
    return kept, [text[mark.start : mark.end] for mark in marks if mark.label == "KEEP"]


@each("marked", BY_ROLE)
def test_a_role_beside_the_name_keeps_it(marked: str) -> None:
    kept, expected = sorted_out(marked, [])
    assert kept == expected


@each("marked", SITTING)
def test_who_sits_in_a_council_stays_without_a_role(marked: str) -> None:
    kept, expected = sorted_out(marked, [])
    assert kept == expected


@each("marked", BY_ROSTER)
def test_the_roster_keeps_the_elected_and_hides_the_resident(marked: str) -> None:
    kept, expected = sorted_out(marked, ROSTER)
    assert kept == expected


@each(
    "line, given, surname, sex",
    [
        ("Jean-Luc MORVAN", ("jean", "luc"), ("morvan",), "m"),
        ("MORVAN Jean-Luc, adjoint", ("jean", "luc"), ("morvan",), "m"),
        ("Yves Le Goff", ("yves",), ("goff",), "m"),
        ("Mme Claude Roy", ("claude",), ("roy",), "f"),
        ("Jean Paul Roy", ("jean", "paul"), ("roy",), "m"),
        ("Vasseur", (), ("vasseur",), "x"),
    ],
)
def test_a_roster_is_read_as_towns_write_it(
    line: str, given: tuple[str, ...], surname: tuple[str, ...], sex: str
) -> None:
    (official,) = read_roster([line])
    assert (official.given, official.surname, official.sex) == (given, surname, sex)


def test_a_blank_line_names_nobody() -> None:
    assert read_roster(["", "  "]) == ()
    assert parts("Mme Le Goff") == ("goff",)
