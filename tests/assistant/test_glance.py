# SPDX-License-Identifier: EUPL-1.2
"""An act at a glance: its articles, its figures, its vote, in words that all stand in its pages."""

from __future__ import annotations

import re

import pytest

from assistant.glance import Glance, glance
from assistant.glance.around import told
from corpus.links import Effect
from corpus.structure import Structure

ORDER = """COMMUNE DE BRUMEVAL
Publié le 23/05/2024

ARRÊTÉ MUNICIPAL N° 2024-087

portant réglementation des bruits de voisinage
Le maire de la commune de Brumeval,
Vu l’arrêté préfectoral du 3 mars 1999 ;
Considérant que les plaintes ont coûté 4 120 € en 2023 ;
ARRÊTE
Article 1er – Principe. Tout bruit est interdit de jour comme de nuit.
Article 2 – Bricolage. Les travaux ne sont autorisés que :
– les jours ouvrables, de 8 h 30 à 12 h et de 14 h à 19 h 30 ;
– les samedis, de 9 h à 12 h.
Article 3 – Sanctions. L’amende est de 68 €. Le dossier est déposé avant le 5 juillet 2024.
Article 4. L’arrêté n° 2016-041 du 4 avril 2016 est abrogé.
Fait à Brumeval, le 21 mai 2024
Le maire,"""

DELIBERATION = """DÉLIBÉRATION N° 2025-06-11-04
Objet : tarifs de la cantine
L’an deux mille vingt-cinq, le onze juin, le conseil municipal s’est réuni.
Membres en exercice : 27 ; Présents : 22 ; Votants : 26
Après en avoir délibéré, le conseil municipal DÉCIDE :
- de fixer le prix du repas à 4,20 € à compter du 1er septembre 2025 ;
- d’autoriser Mme la maire à signer.
Tranche : A ; Élémentaire : 1,00 € ; Maternelle : 0,90 €
Vote : pour : 21 – contre : 3 – abstentions : 2
Pour extrait conforme,"""

MINUTES = """PROCÈS-VERBAL DE LA SÉANCE DU CONSEIL MUNICIPAL DU 11 JUIN 2025
Présents (22) : Mmes et MM. les conseillers. Séance du 11 juin 2025.
1. Marché de denrées
Cinq lots étaient proposés. Unanimité.
2. Rapport sur l’accessibilité
Le conseil prend acte du rapport.
3. Coupe de bois
Trente arbres seront marqués. Vote : pour 25, abstention 1."""


def at(*texts: str, file: str = "acte.pdf") -> Glance:
    return glance(file, [(n, Structure.of(text)) for n, text in enumerate(texts, 1)])


def spaced(text: str) -> str:
    return " ".join(text.split())


def test_an_order_says_what_it_is_who_decided_and_what() -> None:
    found = at(ORDER)
    assert (found.act.kind, found.act.number, found.act.date) == (
        "arrêté",
        "2024-087",
        "2024-05-21",
    )
    assert found.object == "Portant réglementation des bruits de voisinage"
    assert found.decided_by and found.decided_by.text == "Le maire de la commune de Brumeval"
    assert [(a.number, a.title) for a in found.articles] == [
        ("1", "Principe"),
        ("2", "Bricolage"),
        ("3", "Sanctions"),
        ("4", ""),
    ]
    assert "8 h 30 à 12 h" in found.articles[1].text
    assert "Fait à" not in found.articles[3].text


def test_facts_have_their_line_and_what_cites_another_act_is_none() -> None:
    facts = {(f.kind, f.value): f for f in at(ORDER).facts}
    assert set(facts) == {
        ("amount", "4 120 €"),
        ("hour", "8 h 30 à 12 h et de 14 h à 19 h 30"),
        ("hour", "9 h à 12 h"),
        ("amount", "68 €"),
        ("deadline", "avant le 5 juillet 2024"),
    }
    fine = facts["amount", "68 €"]
    assert fine.what == "Article 3 – Sanctions – L’amende est de 68 €"
    assert fine.quote == "L’amende est de 68 €." and fine.page == 1
    assert ORDER[fine.start : fine.end] == fine.quote


@pytest.mark.parametrize("text", [ORDER, DELIBERATION, MINUTES])
def test_every_word_stands_in_the_pages(text: str) -> None:
    found, page = at(text), spaced(text)
    said = [f.quote for f in found.facts] + [f.value for f in found.facts]
    said += [v.quote.text for v in found.votes]
    said += [v.quote.text for item in found.agenda for v in item.votes]
    said += [item.noted.text for item in found.agenda if item.noted]
    said += [part for a in found.articles for part in re.split(r"\s*\[…\]\s*", a.text)]
    assert said
    assert [words for words in said if spaced(words) not in page] == []


def test_a_row_is_told_by_its_subject_and_its_column() -> None:
    rows = [f for f in at(DELIBERATION).facts if f.quote.startswith("Tranche")]
    assert [(f.what, f.value) for f in rows] == [
        ("Tranche A – Élémentaire", "1,00 €"),
        ("Tranche A – Maternelle", "0,90 €"),
    ]


def test_a_deliberation_without_articles_has_the_points_that_it_decides_and_its_vote() -> None:
    found = at(DELIBERATION)
    assert [a.text for a in found.articles][:2] == [
        "de fixer le prix du repas à 4,20 € à compter du 1er septembre 2025 ;",
        "d’autoriser Mme la maire à signer. […]",
    ]
    assert found.vote and (found.vote.pour, found.vote.contre, found.vote.abstentions) == (21, 3, 2)
    assert found.decided_by and found.decided_by.text == "conseil municipal"
    assert not any(f.value in ("22", "26") for f in found.facts)


def test_minutes_have_an_agenda_with_what_became_of_each_item() -> None:
    found = at(MINUTES)
    told_ = [
        (i.rank, i.title, [v.quote.text for v in i.votes], i.noted and i.noted.text)
        for i in found.agenda
    ]
    assert told_ == [
        (1, "Marché de denrées", ["Unanimité"], None),
        (2, "Rapport sur l’accessibilité", [], "Le conseil prend acte du rapport."),
        (3, "Coupe de bois", ["pour 25, abstention 1"], None),
    ]
    assert found.articles == ()


def test_a_long_article_keeps_its_first_sentence_and_its_figures() -> None:
    filler = " ".join(f"La règle numéro {word} reste la même pour tous." for word in "abcdefghij")
    page = f"ARRÊTÉ N° 1\nArticle 1. Le marché est ouvert. {filler} Le droit est de 12 €."
    (article,) = at(page).articles
    assert article.text.startswith("Le marché est ouvert.")
    assert article.text.endswith("[…] Le droit est de 12 €.")
    assert len(article.text) <= 360


def test_titles_that_pages_repeat_are_in_no_article() -> None:
    head = "VILLE DE BRUMEVAL\n\nRÈGLEMENT DU MARCHÉ\nArticle 1 – Jour. Le vendredi."
    again = "Brumeval – Règlement du marché\n"
    two = at(head, f"{again}Article 2 – Lieu. La place.")
    three = at(head, f"{again}Suite du vendredi.", f"{again}Article 2 – Lieu. La place.")
    assert [a.text for a in two.articles] == ["Le vendredi.", "La place."]
    assert [a.text for a in three.articles] == [
        "Le vendredi. […] Suite du vendredi.",
        "La place.",
    ]


def test_what_an_act_ends_is_told_with_the_sentence_that_says_so() -> None:
    (one,) = told([(1, ORDER)])
    assert (one.effect, one.number, one.date, one.page) == (
        Effect.REPEALS,
        "2016-041",
        "2016-04-04",
        1,
    )
    assert one.quote == "L’arrêté n° 2016-041 du 4 avril 2016 est abrogé."


def test_what_names_its_own_day_has_it_although_it_is_no_act() -> None:
    found = at("BON DE COMMANDE N° 2025-118\nDate : 2 octobre 2025\nTotal : 1 299,00 €")
    assert (found.date, found.act.date) == ("2025-10-02", "")
    assert [(f.what, f.value) for f in found.facts] == [("Total", "1 299,00 €")]


def test_what_is_said_twice_of_another_act_is_told_once() -> None:
    title = "modifiant l’arrêté n° 2024-087 du 21 mai 2024 portant réglementation"
    article = "Article 1er. L’article 4 de l’arrêté n° 2024-087 est modifié."
    page = f"ARRÊTÉ N° 2025-058\n{title}\n{article}"
    assert [one.number for one in told([(1, page)], title=title)] == ["2024-087"]


def test_a_paper_that_says_nothing_has_nothing() -> None:
    found = at("Bonjour à tous.", file="note.txt")
    assert (found.articles, found.facts, found.agenda, found.vote) == ((), (), (), None)
