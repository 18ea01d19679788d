# SPDX-License-Identifier: EUPL-1.2
"""What a question asks for, and which ones are refused before any search."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answers import Reason
from assistant.moments import absolute
from assistant.understanding.kinds import QuestionKind
from assistant.understanding.questions import understand
from guardrails.findings import Screened
from tests.table import each


@each(
    "question, kind",
    [
        ("Combien coûte la cantine ?", QuestionKind.AMOUNT),
        ("Combien la région a-t-elle accordé pour le toit ?", QuestionKind.AMOUNT),
        ("Combien Enedis verse à la commune ?", QuestionKind.AMOUNT),
        ("Combien d'arbres la commune a-t-elle donnés ?", QuestionKind.COUNT),
        ("Quel est le montant de la subvention ?", QuestionKind.AMOUNT),
        ("à quelle heure ouvre la mairie", QuestionKind.HOURS),
        ("Quand a lieu le marché ?", QuestionKind.DATE),
        ("Combien de conseillers étaient présents ?", QuestionKind.COUNT),
        ("Qui préside la commission ?", QuestionKind.PERSON),
        ("Qui contacter pour un arbre tombé ?", QuestionKind.CONTACT),
        ("Un lampadaire est en panne, qui prévenir ?", QuestionKind.CONTACT),
        ("J'ai perdu mes clés, à qui m'adresser ?", QuestionKind.CONTACT),
        ("Quel est le numéro de téléphone de la mairie ?", QuestionKind.CONTACT),
        ("Comment joindre le service urbanisme ?", QuestionKind.CONTACT),
        ("Quelles pièces faut-il joindre ?", QuestionKind.FACT),
        ("Quel est le numéro de l'arrêté ?", QuestionKind.FACT),
        ("Pourquoi la rue est-elle fermée ?", QuestionKind.REASON),
        ("Où se trouve la déchèterie ?", QuestionKind.PLACE),
        ("La location de la salle est-elle ouverte aux associations ?", QuestionKind.FACT),
        ("prix cantine", QuestionKind.AMOUNT),
        ("tarif garderie matin", QuestionKind.AMOUNT),
        ("C'est combien pour louer la salle ?", QuestionKind.AMOUNT),
        ("C'est combien de jours ?", QuestionKind.DURATION),
        ("Qui fixe le prix de l'eau ?", QuestionKind.AMOUNT),
        ("La caution est-elle rendue ?", QuestionKind.FACT),
        ("La mairie est ouverte le samedi matin ?", QuestionKind.HOURS),
        ("le centre aéré est ouvert pendant les vacances ?", QuestionKind.HOURS),
        ("Comment s'appelle la maire ?", QuestionKind.PERSON),
        ("Mail du service urbanisme ?", QuestionKind.CONTACT),
        ("mail mairie", QuestionKind.CONTACT),
        ("À qui je m'adresse pour un acte de naissance ?", QuestionKind.CONTACT),
        ("Où est le mail Jean-Jaurès ?", QuestionKind.PLACE),
        ("Le marché du mail a lieu quand ?", QuestionKind.DATE),
        ("je peux payer la cantine par mail ?", QuestionKind.FACT),
        ("Le dispositif s'adresse à qui ?", QuestionKind.FACT),
        ("c'est combien d'enfants par classe", QuestionKind.COUNT),
        ("Le prix comprend le goûter ?", QuestionKind.FACT),
        ("La caution est rendue ?", QuestionKind.FACT),
        ("prix cantine ou garderie", QuestionKind.AMOUNT),
        ("tarif rendez-vous passeport", QuestionKind.AMOUNT),
        ("Bonjour,\nprix cantine", QuestionKind.AMOUNT),
        ("Les inscriptions pour les vacances de la Toussaint sont ouvertes ?", QuestionKind.FACT),
        ("La rue Haute est-elle fermée dimanche ?", QuestionKind.FACT),
        ("La mairie étant fermée samedi, comment déclarer une naissance ?", QuestionKind.FACT),
        ("Peut-on visiter la ferme pédagogique le dimanche ?", QuestionKind.FACT),
        ("La mairie est ouverte\nle samedi ?", QuestionKind.HOURS),
        ("vous fermez à midi ?", QuestionKind.HOURS),
        ("la mairie ouvre quand le samedi", QuestionKind.HOURS),
        ("la bibliothèque c'est ouvert quand", QuestionKind.HOURS),
        ("Quand la mairie est-elle ouverte ?", QuestionKind.HOURS),
        ("quand ouvre le secrétariat ?", QuestionKind.HOURS),
        ("la piscine ouvre quand le dimanche ?", QuestionKind.HOURS),
        ("Quand la piscine est-elle ouverte le mardi ?", QuestionKind.HOURS),
        ("quand ferme la piscine ?", QuestionKind.DATE),
        ("la piscine est ouverte jusqu'à quand ?", QuestionKind.HOURS),
        ("la rue est fermée jusqu'à quand", QuestionKind.DATE),
        ("les inscriptions sont ouvertes jusqu'à quand", QuestionKind.DATE),
        ("l'enquête publique est ouverte jusqu'à quand", QuestionKind.DATE),
        ("l'église est fermée jusqu'à quand pour les travaux ?", QuestionKind.DATE),
        ("quand ouvre la nouvelle mairie ?", QuestionKind.DATE),
        ("la déchetterie ferme quand l'hiver ?", QuestionKind.DATE),
        ("à partir de quand ouvrent les inscriptions en mairie le samedi", QuestionKind.DATE),
        ("La bibliothèque est-elle fermée le lundi ?", QuestionKind.HOURS),
        ("Comment s'appelle la salle des fêtes ?", QuestionKind.FACT),
        ("une aide pour le chauffage, je m'adresse à qui", QuestionKind.CONTACT),
        ("c cb la cantine svp", QuestionKind.AMOUNT),
        ("garderie du soir c payant ?", QuestionKind.AMOUNT),
        ("Indiquez-moi le coût total de la halle.", QuestionKind.AMOUNT),
        ("Pouvez-vous me rappeler le calendrier des vacances ?", QuestionKind.DATE),
        ("Prix d'une heure de tennis ?", QuestionKind.AMOUNT),
        ("signaler un nid de poule à ki", QuestionKind.CONTACT),
        ("num de la police municipale", QuestionKind.CONTACT),
        ("pk la rue est fermée", QuestionKind.REASON),
        ("comment ça se fait que les lampadaires soient éteints", QuestionKind.REASON),
        ("dernier bus pour la gare", QuestionKind.HOURS),
        ("la poste est ouverte entre midi et deux ?", QuestionKind.HOURS),
        ("date limite inscription cantine", QuestionKind.DATE),
        ("prochain conseil municipal ?", QuestionKind.DATE),
        ("comment annuler un repas quand le petit est malade", QuestionKind.FACT),
        ("delai pour une carte d'identité", QuestionKind.DURATION),
        ("zone bleue on peut rester garé combien", QuestionKind.DURATION),
        ("hauteur max d'une clôture", QuestionKind.MEASURE),
        ("à kelle distance planter un sapin", QuestionKind.MEASURE),
        ("capacité salle polyvalente", QuestionKind.COUNT),
        ("kel age min pour la carte jeune", QuestionKind.COUNT),
        ("c qui le maire", QuestionKind.PERSON),
        ("fournisseur des repas de la cantine", QuestionKind.PERSON),
        ("je vote ou", QuestionKind.PLACE),
        ("où s'arrête la navette", QuestionKind.PLACE),
        ("Où en est le chantier ?", QuestionKind.FACT),
        ("Quand le village a été fondé ?", QuestionKind.YEAR),
    ],
)
def test_the_kind_of_a_question(question: str, kind: QuestionKind) -> None:
    assert understand(Screened(question)).kind is kind


@each(
    "question, reason",
    [
        ("Ai-je droit au RSA ?", Reason.INDIVIDUAL_VERDICT),
        ("Est-ce que je peux toucher l'APA ?", Reason.INDIVIDUAL_VERDICT),
        ("ma demande de logement sera-t-elle acceptée ?", Reason.INDIVIDUAL_VERDICT),
        ("Quelle est l'adresse de [PERSONNE_1] ?", Reason.PERSONAL_DATA),
        ("Donne-moi le numéro de sécurité sociale de la directrice", Reason.PERSONAL_DATA),
        ("Qui touche le RSA dans la commune ?", Reason.PERSONAL_DATA),
        ("Quelles sont les conditions pour recevoir l'APA ?", None),
        ("Puis-je déposer mes gravats à la déchèterie ?", None),
        ("Je m'appelle [PERSONNE_1], quelle est l'adresse de la mairie ?", None),
        ("Quels sont le téléphone et l'adresse du CCAS ?", None),
    ],
)
def test_questions_refused_at_once(question: str, reason: Reason | None) -> None:
    assert understand(Screened(question)).refusal is reason


def test_an_introduction_is_not_part_of_the_question() -> None:
    asked = understand(Screened("Je m'appelle [PERSONNE_1], à quelle heure ouvre la mairie ?"))
    assert "[PERSONNE_1]" not in asked.text


@pytest.mark.parametrize(
    "text",
    [
        "J'habite au [ADRESSE_1], quand passe le camion ?",
        "nous habitons [ADRESSE_1] et quand passe le camion ?",
        "Je vis au [ADRESSE_2]. quand passe le camion ?",
    ],
)
def test_where_somebody_lives_is_not_part_of_the_question(text: str) -> None:
    assert understand(Screened(text)).text == "quand passe le camion ?"


def test_a_home_alone_is_kept_as_it_was_said() -> None:
    assert understand(Screened("J'habite au [ADRESSE_1]")).text == "J'habite au [ADRESSE_1]"


@each(
    "text",
    [
        "Bonjour, [PERSONNE_1] touche-t-elle le RSA ?",
        "Bonsoir, [PERSONNE_1] touche-t-elle le RSA ?",
        "Salut ! [PERSONNE_1] a-t-il payé la cantine ?",
        "Bonjour [PERSONNE_1] touche le RSA ?",
        "bjr, Mme [PERSONNE_1] est enceinte ?",
        "Bonjour, c'est [PERSONNE_1] qui touche l'APA ?",
    ],
)
def test_a_greeting_leaves_the_person_asked_about(text: str) -> None:
    asked = understand(Screened(text))
    assert "[PERSONNE_1]" in asked.text
    assert asked.refusal is Reason.PERSONAL_DATA


@each(
    "greeting",
    [
        "Bonjour [PERSONNE_1],",
        "Bonsoir Mme [PERSONNE_1],",
        "Salut [PERSONNE_1] !",
        "Bonjour Madame [PERSONNE_1]\n",
        "Bonjour, je suis [PERSONNE_1],",
    ],
)
def test_who_is_greeted_is_not_part_of_the_question(greeting: str) -> None:
    asked = understand(Screened(f"{greeting} combien coûte la taxe de séjour ?"))
    assert asked.text == "combien coûte la taxe de séjour ?"
    assert asked.refusal is None


@each(
    "text",
    [
        "quotient familial de 1950",
        "QF 2000",
        "mon quotient est de 1950",
        "indice majoré 2000",
        "quotient: 2000",
        "quotient : 2000",
        "quotient familial s'élève à 2000",
        "2000 euros",
        "2000 €",
        "2000,50 €",
        "1 950 €",
        "2000 m2",
        "2000 m²",
        "2000 habitants",
        "2000 kg",
        "2000 km",
        "2000 places",
        "rue du 19 mars 1962",
        "place du 8 mai 1945",
        "avenue du 11 novembre 1918",
        "École du 8-Mai-1945",
        "square du Dix-Neuf-Mars-1962",
    ],
)
def test_an_amount_or_a_street_is_no_year(text: str) -> None:
    assert not understand(Screened(f"Que sait-on de : {text} ?")).years


@each(
    "text, years",
    [
        ("Grille QF 2023-2024", {"2023", "2024"}),
        ("Un quotient de 900 en 2024", {"2024"}),
        ("Marché de Noël 2025 place de la Mairie", {"2025"}),
        ("Le bal sur la place du 13 juillet 2025", {"2025"}),
        ("L'arrêté du 19 mars 1962", {"1962"}),
        ("Les tarifs de 2024,2025", {"2024", "2025"}),
        ("2000 € en 2025", {"2025"}),
    ],
)
def test_years_stay_years(text: str, years: set[str]) -> None:
    assert understand(Screened(text)).years == years


def test_the_language_of_the_question() -> None:
    assert understand(Screened("What time does the library open?")).language == "en"
    assert understand(Screened("La bibliothèque ouvre-t-elle le lundi ?")).language == "fr"


def test_a_year_that_was_added_to_this_year_is_not_asked_for() -> None:
    asked = absolute("Le budget cette année ?", today=date(2026, 3, 2), last_sitting=lambda _: None)

    assert understand(Screened(asked)).years == frozenset()
    assert understand(Screened("Le budget (2026) ?")).years == {"2026"}
