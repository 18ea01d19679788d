# SPDX-License-Identifier: EUPL-1.2
"""Sentences and rows are put in order for a question, without a model."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

from assistant.evidence import Candidate, Weigher
from assistant.understanding.questions import Question, QuestionKind, understand
from corpus.documents import Passage, Retrieved
from corpus.french import terms
from corpus.query import Wanted
from corpus.seams import Vectors
from guardrails import values
from guardrails.findings import Screened
from tests.fakes import HashEmbedder, plain_reader
from tests.table import each

TABLE = (
    "Association : Football-club ; Domaine : Sport ; 2025 : 3 200 €\n"
    "Association : Judo-club ; Domaine : Sport ; 2025 : 1 650 €"
)
PROSE = "Le club de football reçoit 3 200 €. Le club de judo reçoit 1 650 €."


class PlainWords:
    """Each word for itself, all as rare."""

    def wanted(self, question: str) -> list[Wanted]:
        return [Wanted(frozenset({stem}), 1.0) for stem in dict.fromkeys(terms(question))]

    def rarity(self, stems: Collection[str]) -> float:
        return 1.0


def passage_of(text: str, name: str = "a.txt", heading: str = "Subventions") -> Passage:
    return Passage(
        id=name, document=name, file=name, page=1, ordinal=0, collection="default",
        heading=heading, text=Screened(text), start=0, end=len(text),
    )  # fmt: skip


def of(asked: str, *passages: Passage) -> list[Candidate]:
    found = [Retrieved(passage=passage, score=1.0) for passage in passages]
    return Weigher(HashEmbedder(), PlainWords()).candidates(
        plain_reader(understand(Screened(asked))), found
    )


def weighed(text: str, asked: str = "Combien touche le club de judo en 2025 ?") -> list[Candidate]:
    return of(asked, passage_of(text))


def test_a_row_about_something_else_misses_what_another_row_tells_of() -> None:
    missed = {candidate.text.split()[2]: candidate.missed for candidate in weighed(TABLE)}

    assert missed["Judo-club"] == 0
    assert missed["Football-club"] > 0


@pytest.mark.parametrize(
    ("asked", "text", "lacks"),
    [
        ("La mairie est ouverte quand le samedi ?", "Samedi : 9 h – 13 h", 2.0),
        ("Combien coûte la salle de la mairie le samedi ?", "Samedi : 9 €", 1.0),
        ("Quel est le téléphone de la mairie le samedi ?", "Samedi : 01 23 45 67 89", 0.0),
    ],
    ids=["hours look alike", "a price", "a number stands beside whose it is"],
)
def test_what_another_passage_holds_of_the_question_is_lacking(
    asked: str, text: str, lacks: float
) -> None:
    library = passage_of(text, "b.txt", "Bibliothèque")
    hall = passage_of(f"{text} environ", "m.txt", f"{asked} Mairie")
    told = {one.passage.file: one.lacks for one in of(asked, library, hall)}

    assert told == {"b.txt": lacks, "m.txt": 0.0}
    assert all(one.lacks == 0.0 for one in of(asked, library))


def test_a_sentence_of_a_text_misses_nothing_its_neighbours_say_it() -> None:
    assert [candidate.missed for candidate in weighed(PROSE)] == [0, 0]


def test_candidates_know_their_rank() -> None:
    found = weighed(TABLE)

    assert [candidate.rank for candidate in found] == [0, 1]
    assert found[0].score >= found[1].score


def test_nearness_spreads_over_what_this_embedder_gives() -> None:
    """Sentences of ten passages lie at .21, the nearest at .39: a scale that tells them apart."""
    (one, _) = weighed(PROSE)
    near = [replace(one, cosine=cosine).nearness for cosine in (-0.1, 0.21, 0.39, 0.9)]
    assert near[0] == 0
    assert near[-1] == 1
    assert near[2] - near[1] > 0.3


class Likes(HashEmbedder):
    """Finds a question near the sentences that hold one word, and far from all others."""

    def _vector(self, text: str) -> Vectors:
        row = np.zeros(self.dimension, np.float32)
        row[0 if "bassin" in text or "Combien" in text else 1] = 1
        return row


class KnowsHowOneAsks(HashEmbedder):
    """Was taught that who asks for a bath asks for the pool."""

    def embed_question(self, text: str) -> Vectors:
        return self._vector(text.replace("bain", "bassin"))


def test_what_was_taught_of_asking_tells_which_sentence_is_near() -> None:
    text = "La piscine a une longueur. Le bassin a une longueur."
    question = understand(Screened("Quelle longueur pour un bain ?"))
    found = [Retrieved(passage=passage_of(text), score=1.0)]
    plain, taught = (
        {
            one.text: one.cosine
            for one in Weigher(embedder, PlainWords()).candidates(question, found)
        }
        for embedder in (HashEmbedder(), KnowsHowOneAsks())
    )
    assert len({*plain.values()}) == 1
    assert max(taught, key=lambda text: taught[text]) == "Le bassin a une longueur."


def test_of_two_sentences_with_the_same_words_the_nearer_in_meaning_is_first() -> None:
    text = "La piscine a une longueur. Le bassin a une longueur."
    found = [Retrieved(passage=passage_of(text), score=1.0)]
    asked = understand(Screened("Combien la longueur ?"))
    first, second = Weigher(Likes(), PlainWords()).candidates(asked, found)
    assert first.text == "Le bassin a une longueur."
    assert first.score > second.score + 1


LETTER = (
    "Madame la maire,\nJ'ai perdu mon parapluie dans le car.\nMa nièce a les clés du garage.\n"
    "Je vous remercie."
)


def test_a_residents_letter_answers_only_what_names_all_that_it_is_about() -> None:
    asked = "J'ai perdu mes clés, à qui m'adresser ?"
    assert not weighed(LETTER, asked)
    assert not of("Quand la pompe sera-t-elle réparée ?", passage_of("La pompe fuit.", "x.eml"))
    assert weighed(LETTER, "Qui a perdu son parapluie ?")


def test_an_act_in_which_somebody_speaks_is_no_letter() -> None:
    act = replace(passage_of(LETTER), kind="procès-verbal")
    assert of("Qui a les clés de la halle ?", act)


OLD, NEW = (
    replace(
        passage_of(
            f"Nature : Photocopie ; Tarif : {price} €", f"{year}.pdf",
            f"Délibération du 1er décembre {year} – Tarifs communaux pour {year + 1} > Divers",
        ),
        kind="délibération",
        dated=f"{year}-12-01",
    )
    for year, price in ((2023, "0,15"), (2024, "0,18"))
)  # fmt: skip


def test_last_years_prices_are_left_where_this_years_stand_beside_them() -> None:
    assert [c.passage for c in of("Combien coûte une photocopie ?", OLD, NEW)] == [NEW]


def test_who_names_a_year_may_get_what_held_then() -> None:
    asked = "Combien coûtait une photocopie en 2024 ?"
    assert {c.passage for c in of(asked, OLD, NEW)} == {NEW, OLD}


@pytest.mark.parametrize(
    "other",
    [
        replace(NEW, heading="Délibération du 1er décembre 2024 – Budget de l'eau > Divers"),
        replace(NEW, kind="règlement"),
        replace(NEW, dated=""),
        replace(NEW, text=Screened("Nature : Broyage ; Tarif : 3 €")),
    ],
    ids=["another matter", "another kind", "no date", "says less"],
)
def test_what_is_no_later_edition_leaves_the_earlier_one_as_it_is(other: Passage) -> None:
    assert OLD in [c.passage for c in of("Combien coûte une photocopie ?", OLD, other)]


MOWING = replace(
    passage_of("Les tondeuses sont permises le dimanche de 10 h à 12 h.", "2024-087.pdf"),
    kind="arrêté",
    dated="2024-05-21",
    amended_by="2025-058.pdf",
)


def test_what_an_act_says_again_stands_for_the_act_that_it_amends() -> None:
    amending = replace(
        passage_of("Les tondeuses sont interdites le dimanche.", "2025-058.pdf"), kind="arrêté"
    )
    asked = "Peut-on se servir de tondeuses le dimanche ?"
    assert [c.passage for c in of(asked, MOWING, amending)] == [amending]
    assert MOWING in [c.passage for c in of(asked, MOWING, replace(amending, document="other"))]
    for says_less in (
        replace(amending, text=Screened("Les tondeuses sont bruyantes."), heading="dimanche"),
        replace(amending, superseded_by="Arrêté n° 2026-001"),
        replace(amending, item=3),
    ):
        assert MOWING in [c.passage for c in of(asked, MOWING, says_less)]
    itself = replace(MOWING, amended_by=MOWING.document)
    assert [c.passage for c in of(asked, itself)] == [itself]


def test_who_asks_for_a_mail_address_gets_no_number() -> None:
    both = (
        "Pour joindre la mairie, appelez le 03 53 01 20 00.\n"
        "Pour la mairie, écrivez à mairie@mirelande.example."
    )
    fitting = [c.text for c in weighed(both, "Quel est le mail de la mairie ?") if c.fits]
    assert fitting == ["Pour la mairie, écrivez à mairie@mirelande.example."]


def test_who_asks_for_a_number_or_a_mail_address_may_get_either() -> None:
    (told,) = weighed("Appelez la mairie au 03 53 01 20 00.", "Numéro ou mail de la mairie ?")
    assert told.fits


def test_a_farm_is_not_shut() -> None:
    farm, shut = weighed(
        "La ferme pédagogique compte trente moutons.\nLa mairie est fermée le jeudi matin.",
        "La mairie est ouverte le jeudi matin ?",
    )[::-1]
    assert (farm.fits, shut.fits) == (False, True)


@pytest.mark.parametrize("kind", [QuestionKind.COUNT, QuestionKind.MEASURE, QuestionKind.DURATION])
def test_an_age_is_told_in_years(kind: QuestionKind) -> None:
    both = "L’inscription vaut douze mois.\nL’inscription est ouverte dès trois ans."
    asked = Question(text="Inscription à partir de quel âge ?", kind=kind, language="fr")
    found = [Retrieved(passage=passage_of(both), score=1.0)]
    each = Weigher(HashEmbedder(), PlainWords()).candidates(asked, found)
    assert [c.text for c in each if c.fits] == ["L’inscription est ouverte dès trois ans."]


def test_another_services_number_does_not_fit() -> None:
    services = (
        "Service : Cimetière ; Téléphone : 03 53 01 20 10 ; Accueil : en mairie\n"
        "Service : Mairie ; Téléphone : 03 53 01 20 00 ; Accueil : place Neuve"
    )
    town_hall, cemetery = weighed(services, "Quel est le téléphone de la mairie ?")
    assert (town_hall.fits, cemetery.fits) == (True, False)
    assert town_hall.text.startswith("Service : Mairie")


@each(
    "asked, line, fits",
    [
        ("Combien coûte la garderie ?", "Aide : garderie ; Plafond : 60 % de la dette", False),
        ("Combien coûte la garderie ?", "Accueil : garderie ; Tarif : 1,40 €", True),
        ("Quelle participation pour la garderie ?", "Aide : garderie ; Part : 60 % du prix", True),
        ("Pourquoi la rue est-elle fermée ?", "La rue est fermée en raison de travaux.", True),
        ("Pourquoi la rue est-elle fermée ?", "La rue est fermée du 3 au 5 mai.", False),
        ("Quand a lieu le marché ?", "Le marché a lieu, mais sans les forains.", False),
        ("Quand a lieu le marché ?", "Le marché a lieu en mai et en mars.", True),
        ("Quand a lieu le marché ?", "Le marché a lieu les samedis.", True),
        ("À quelle heure ouvre la halle ?", "Article 5 : ouverture de la halle.", False),
        ("À quelle heure ouvre la halle ?", "La halle sert à 12 hameaux.", False),
        ("À quelle heure ouvre la halle ?", "La halle ouvre à 12h.", True),
        ("À quelle heure ouvre la halle ?", "La halle ouvre à 8h30.", True),
        ("À quelle heure ouvre la halle ?", "La halle ouvre à 08:30.", True),
        ("À quelle heure ouvre la halle ?", "La halle ouvre à 9 heures.", True),
        ("Qui prévenir pour un arbre ?", "Arbre tombé : 03 53 01 20 99, jour et nuit.", True),
        ("Qui prévenir pour un arbre ?", "Un arbre de la place est tombé.", False),
    ],
)
def test_what_is_asked_for_must_be_there(asked: str, line: str, fits: bool) -> None:
    assert [candidate.fits for candidate in weighed(line, asked)] == [fits]


def test_a_later_order_leaves_an_earlier_one_as_it_is() -> None:
    orders = [replace(one, kind="arrêté") for one in (OLD, NEW)]
    assert {c.passage for c in of("Combien coûte une photocopie ?", *orders)} == set(orders)


@each(
    "asked, kind, line, fits",
    [
        ("Quel budget ?", QuestionKind.AMOUNT, "Dotation de solidarité : 2,2 M€", True),
        ("Quel budget ?", QuestionKind.AMOUNT, "Montant HT du lot 1 : 684 2OO €", True),
        ("À quelle heure ?", QuestionKind.HOURS, "Le conseil s'ouvre à dix-huit heures.", True),
        ("À quelle heure ?", QuestionKind.HOURS, "Le gymnase sert 22 heures par semaine.", False),
        (
            "Combien de temps ?",
            QuestionKind.DURATION,
            "Garderie : 16 h 15 – 18 h 30",
            False,
        ),
        ("Combien de temps ?", QuestionKind.DURATION, "La visite dure une heure et quart.", True),
        ("En quelle année ?", QuestionKind.YEAR, "Les tarifs de l'arrêté n° 2023-58", False),
        ("Quelle taille ?", QuestionKind.MEASURE, "Les haies ne passent pas 80 centimètres.", True),
        ("Quelle taille ?", QuestionKind.MEASURE, "Le lycée compte 61 habitués dehors.", False),
    ],
)
def test_a_sentence_holds_the_kind_of_value_that_is_asked_for(
    asked: str, kind: QuestionKind, line: str, fits: bool
) -> None:
    question = Question(text=asked, kind=kind, language="fr")
    found = Retrieved(passage=passage_of(line), score=1.0)
    (candidate,) = Weigher(HashEmbedder(), PlainWords()).candidates(question, [found])

    assert candidate.fits is fits


def test_what_a_sentence_holds_is_made_out_once_for_all_who_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, made = values.values, list[str]()
    monkeypatch.setattr(values, "values", lambda text: made.append(text) or real(text))
    values.values_kept.cache_clear()
    text = "Le club de judo touche 1 200 euros. Le stade ouvre à 9 h le lundi."
    weighed(text)
    assert made
    first = len(made)
    weighed(text)
    assert len(made) == first
