# SPDX-License-Identifier: EUPL-1.2
"""Questions that lean on the one before: invented pairs, each with what is understood."""

from __future__ import annotations

import time

import pytest

from assistant.followups import complete, subject_of

CANTEEN = "Quel est le tarif de la cantine pour un adulte ?"
POOL = "Quels sont les horaires de la piscine ?"
HALL = "Combien coûte la location de la salle des fêtes ?"
WASTE = "Quand passe le camion des encombrants dans le bourg ?"
GRANT = "Quelle subvention a été accordée au club de football en 2023 ?"
GRAVE = "Quel est le prix d'une concession de trente ans au cimetière ?"
PARK = "Où se trouve la déchetterie ?"
LIBRARY = "La bibliothèque est-elle ouverte le mardi ?"

LEANS = [
    # a fragment takes the place of what was said in the same way
    (CANTEEN, "Et pour un enfant ?", "Quel est le tarif de la cantine pour un enfant ?"),
    (CANTEEN, "et pour les enfants ?", "Quel est le tarif de la cantine pour les enfants ?"),
    (CANTEEN, "Pour un agent communal ?",
     "Quel est le tarif de la cantine pour un agent communal ?"),
    (GRANT, "Et en 2024 ?", "Quelle subvention a été accordée au club de football en 2024 ?"),
    (GRANT, "En 2022 ?", "Quelle subvention a été accordée au club de football en 2022 ?"),
    (GRANT, "Et au club de tennis ?",
     "Quelle subvention a été accordée au club de tennis en 2023 ?"),
    (WASTE, "Et dans les hameaux ?", "Quand passe le camion des encombrants dans les hameaux ?"),
    (GRAVE, "Et de cinquante ans ?",
     "Quel est le prix d'une concession de cinquante ans au cimetière ?"),
    # … or stands at the end
    (POOL, "Et le samedi ?", "Quels sont les horaires de la piscine le samedi ?"),
    (POOL, "Et pendant les vacances ?",
     "Quels sont les horaires de la piscine pendant les vacances ?"),
    (POOL, "Le dimanche matin ?", "Quels sont les horaires de la piscine le dimanche matin ?"),
    (HALL, "Et pour une association ?",
     "Combien coûte la location de la salle des fêtes pour une association ?"),
    (HALL, "Et avec la cuisine ?",
     "Combien coûte la location de la salle des fêtes avec la cuisine ?"),
    (LIBRARY, "Et le jeudi ?", "La bibliothèque est-elle ouverte le jeudi ?"),
    # another subject, the same question
    (POOL, "Et la bibliothèque ?", "Quels sont les horaires de la bibliothèque ?"),
    (POOL, "Et le musée ?", "Quels sont les horaires du musée ?"),
    (POOL, "Et les bureaux de la mairie ?", "Quels sont les horaires des bureaux de la mairie ?"),
    (PARK, "Et la mairie annexe ?", "Où se trouve la mairie annexe ?"),
    (CANTEEN, "Et la garderie ?", "Quel est le tarif de la garderie pour un adulte ?"),
    # a question of its own that only points
    (POOL, "Combien ça coûte ?", "Combien ça coûte : la piscine ?"),
    (POOL, "Et combien ça coûte ?", "Combien ça coûte : la piscine ?"),
    (POOL, "Où est-elle ?", "Où est-elle : la piscine ?"),
    (HALL, "Quand est-elle libre ?", "Quand est-elle libre : la location de la salle des fêtes ?"),
    (PARK, "Quels sont ses horaires ?", "Quels sont ses horaires : la déchetterie ?"),
    (PARK, "Est-ce qu'elle est ouverte le lundi ?",
     "Est-ce qu'elle est ouverte le lundi : la déchetterie ?"),
    (GRANT, "Pourquoi ?", "Pourquoi : subvention a été accordée au club de football en 2023 ?"),
    (WASTE, "À quelle heure ?", "À quelle heure passe le camion des encombrants dans le bourg ?"),
    (CANTEEN, "Depuis quand ?", "Depuis quand : la cantine pour un adulte ?"),
    # a measure is one of what was spoken of
    (POOL, "Et le tarif ?", "Le tarif de la piscine ?"),
    (POOL, "le tarif ?", "le tarif de la piscine ?"),
    (POOL, "Et l'adresse ?", "L'adresse de la piscine ?"),
    (POOL, "Et pour les tarifs ?", "Les tarifs de la piscine ?"),
    (POOL, "Quel est le tarif ?", "Quel est le tarif de la piscine ?"),
    (POOL, "Et son adresse ?", "Son adresse : la piscine ?"),
    (POOL, "Et le tarif enfant ?", "Le tarif enfant : la piscine ?"),
    (POOL, "Et les horaires du samedi ?", "Les horaires du samedi : la piscine ?"),
    (POOL, "Et les jours fériés ?",
     "Quels sont les horaires de la piscine les jours fériés ?"),
    (POOL, "Et les horaires de la bibliothèque ?", None),
    (POOL, "Et le prix du pain ?", None),
    ("Quel est le numéro de la mairie ?", "et les horaires ?", "Les horaires de la mairie ?"),
    ("Quels sont les horaires d'ouverture de la mairie ?", "Et le numéro de téléphone ?",
     "Le numéro de téléphone de la mairie ?"),
    ("Quel est le prix d'une concession ?", "Et la durée ?", "La durée d'une concession ?"),
    ("Quels sont les tarifs des repas ?", "Et les horaires ?", "Les horaires des repas ?"),
    ("Qui est le maire ?", "Et le téléphone ?", "Le téléphone du maire ?"),
    (PARK, "Et les horaires ?", "Les horaires de la déchetterie ?"),
    (WASTE, "Et le tarif ?", "Le tarif : passe le camion des encombrants dans le bourg ?"),
    (LIBRARY, "Et les tarifs ?", "Les tarifs : La bibliothèque est-elle ouverte le mardi ?"),
    # a question of its own that names nothing
    (POOL, "C'est gratuit ?", "C'est gratuit : la piscine ?"),
    (POOL, "c'est ouvert le dimanche ?", "c'est ouvert le dimanche : la piscine ?"),
    (POOL, "C'est combien ?", "C'est combien : la piscine ?"),
    (POOL, "faut-il réserver ?", "faut-il réserver : la piscine ?"),
    (POOL, "Est-ce qu'il faut réserver ?", "Est-ce qu'il faut réserver : la piscine ?"),
    (POOL, "y a-t-il un parking ?", "y a-t-il un parking : la piscine ?"),
    (POOL, "merci, c'est payant pour les enfants ?",
     "C'est payant pour les enfants : la piscine ?"),
    (POOL, "C'est gratuit à la médiathèque ?", None),
    # thanks complete nothing
    ("Où est la mairie ?", "ok merci", None),
    ("Où est la mairie ?", "Merci beaucoup !", None),
    ("Où est la mairie ?", "merci pour votre aide, bonne journée", None),
    (POOL, "merci, et le samedi ?", "Quels sont les horaires de la piscine le samedi ?"),
    # what was hidden is never carried on
    ("Quel est le tarif de la cantine pour [PERSONNE_1] ?", "Et le mercredi ?",
     "Quel est le tarif de la cantine le mercredi ?"),
    ("[PERSONNE_1] [ADRESSE_1] ?", "Et le mercredi ?", None),
    # in doubt, a question stands alone
    (HALL, "Qui peut la louer et quand est-elle libre ?", None),
    # these do
    (CANTEEN, "Où est la piscine ?", None),
    (CANTEEN, "Quels sont les horaires de la médiathèque le samedi ?", None),
    (CANTEEN, "Il faut quelles pièces pour inscrire un enfant à l'école ?", None),
    (POOL, "Y a-t-il un marché le dimanche ?", None),
    (POOL, "Quel est le montant de la taxe de séjour ?", None),
    (POOL, "Peut-on planter un arbre en limite de propriété ?", None),
    (POOL, "Je cherche le règlement du cimetière", None),
    (GRANT, "Quand a lieu le prochain conseil municipal ?", None),
    (POOL, "Qui est le maire ?", None),
    (POOL, "Quelle est la capitale du Pérou ?", None),
    (POOL, "Comment on fait un bon cassoulet ?", None),
    (POOL, "Le marché est-il ouvert le dimanche ?", None),
    (POOL, "Quel temps fera-t-il demain ?", None),
    (POOL, "Budget de la voirie ?", None),
    (POOL, "Combien coûtait la carte de bus en 1995 ?", None),
    (POOL, "Faut-il un permis pour une clôture ?", None),
    # « pareil pour » opens; a value alone, a pronoun for what was named, a longer name said before
    (POOL, "C'est pareil pour la bibliothèque ?", "Quels sont les horaires de la bibliothèque ?"),
    (GRAVE, "Cinquante ans ?", "Quel est le prix d'une concession de cinquante ans au cimetière ?"),
    (HALL, "Qui peut la louer ?", "Qui peut la louer : la location de la salle des fêtes ?"),
    ("Quel est le plafond de l'aide aux vacances ?", "Et le montant de l'aide ?",
     "Le montant de l'aide aux vacances ?"),
    ("Quand a été voté le budget ?", "À quelle majorité ?",
     "À quelle majorité a été voté le budget ?"),
    ("", "Et pour les enfants ?", None),
    (POOL, "", None),
    (POOL, "Et ?", None),
]  # fmt: skip


def test_there_are_forty_pairs_at_least() -> None:
    assert len(LEANS) >= 40


@pytest.mark.parametrize(("before", "question", "meant"), LEANS)
def test_a_question_is_completed_from_the_one_before(
    before: str, question: str, meant: str | None
) -> None:
    assert complete(question, before) == meant


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        (CANTEEN, "la cantine pour un adulte"),
        (HALL, "la location de la salle des fêtes"),
        (PARK, "la déchetterie"),
        ("Quand est-ce que la mairie ferme ?", "la mairie ferme"),
    ],
)
def test_the_subject_is_what_remains_without_the_words_that_ask(
    question: str, subject: str
) -> None:
    assert subject_of(question) == subject


def test_a_completed_question_can_be_followed_in_turn() -> None:
    first = complete("Et pour un enfant ?", CANTEEN)
    assert first
    assert complete("Et à la garderie ?", first) == (
        "Quel est le tarif de la cantine pour un enfant à la garderie ?"
    )


def test_what_was_completed_can_be_followed_by_another_subject() -> None:
    for fragment, meant in [
        ("Et le tarif ?", "Le tarif de la bibliothèque ?"),
        ("C'est gratuit ?", "C'est gratuit : la bibliothèque ?"),
    ]:
        completed = complete(fragment, POOL)
        assert completed
        assert complete("Et la bibliothèque ?", completed) == meant
        assert complete("Et les horaires ?", completed) == "Les horaires de la piscine ?"


def test_a_title_before_a_question_is_no_completed_question() -> None:
    before = "Aide au logement : combien par mois ?"
    assert complete("Et la cantine ?", before) == "Aide à la cantine : combien par mois ?"


def test_what_a_question_said_besides_is_kept() -> None:
    before = "Quel est le prix du repas en élémentaire pour un quotient de 650 ?"
    assert complete("Et en maternelle ?", before) == (
        "Quel est le prix du repas en maternelle pour un quotient de 650 ?"
    )
    assert complete("Et pour un quotient de 900 ?", before) == (
        "Quel est le prix du repas en élémentaire pour un quotient de 900 ?"
    )


@pytest.mark.parametrize(
    "text", ["merci bien " * 180 + "x", "merci pour la " * 140, "et ok " * 330]
)
def test_long_thanks_are_read_at_once(text: str) -> None:
    """Bounded by a hundred times what it takes: a pattern that runs away takes seconds."""
    started = time.process_time()
    complete(text, POOL)
    assert time.process_time() - started < 1


def test_the_word_that_announces_what_was_hidden_is_not_carried_on() -> None:
    before = "Quel est le tarif de la cantine, tél. [TÉLÉPHONE_1] ?"
    assert complete("Et le mercredi ?", before) == "Quel est le tarif de la cantine le mercredi ?"
