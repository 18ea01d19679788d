# SPDX-License-Identifier: EUPL-1.2
"""Plain language keeps every fact and every citation, and the linter knows what is not plain."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Answer, Citation, Reason, Sentence
from assistant.errors import BadSettings
from assistant.plain import Gloss, Glossary, PlainLanguage, lint
from assistant.plain.cutting import MAX_WORDS, count_words
from assistant.plain.facts import facts, same_facts
from assistant.plain.written_out import written_out
from assistant.refusals import refusal_words
from assistant.settings import Town
from assistant.texts import Texts
from corpus.sentences import sentences
from tests.table import each

GLOSSARY = Glossary.read()
PLAIN = PlainLanguage(GLOSSARY)
LEXIQUE = Path(__file__).resolve().parents[3] / "shared" / "data" / "lexique_fr" / "lexique383.db"


@each(
    "before, after",
    [
        ("Le repas est fixé à 4,20 € à compter du 01/09/2025.",
         "Le repas est de 4,20 euros à partir du 1er septembre 2025."),
        ("Le siège est fixé à la mairie.", "Le siège est fixé à la mairie."),
        ("Lundi : 9 h – 12 h", "Lundi : de 9 heures à 12 heures"),
        ("Ouvert de 9h00 à 12h30.", "Ouvert de 9 heures à 12 heures 30."),
        ("Le taux est de 12,5 %.", "Le taux est de 12,5 pour cent."),
        ("Il coûte 8€/h, 2 €/m².", "Il coûte 8 euros par heure, 2 euros par mètre carré."),
        ("Marché de 1450000 € HT.", "Marché de 1 450 000 euros hors taxes."),
        ("Voir l'art. 4, p.12 et le titre IV.", "Voir l'article 4, page 12 et le titre 4."),
        ("Une église du XIIe siècle.", "Une église du 12e siècle."),
        ("À l'issue de la séance, il convient de payer.",
         "À la fin de la séance, il faut payer."),
        ("Afin d’obtenir l'aide, M. le Maire est saisi.",
         "Pour obtenir l'aide, monsieur le Maire est saisi."),
        ("Le tarif était : « 4,20 € HT » ; écrire à maire@ville.example",
         "Le tarif était : « 4,20 € HT » ; écrire à maire@ville.example"),
        ("La salle Louis XIV.", "La salle Louis XIV."),
        ("Le 31/13/2024", "Le 31/13/2024"),
        ("Au-delà de 20m² : un permis.", "Au-delà de 20 mètres carrés : un permis."),
        ("Délibération 2024-06-12-03", "Délibération 2024-06-12-03"),
        ("Arrêté n° 2024-06-12 : 2 €", "Arrêté numéro 2024-06-12 : 2 euros"),
    ],
)  # fmt: skip
def test_what_is_written_short_is_written_out(before: str, after: str) -> None:
    assert PLAIN(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Salle : Tilleuls – week-end ; Habitant de la commune : 300,00 € ; "
         "Association de la commune : 105,00 € ; Extérieur : 575,00 €",
         "Salle : Tilleuls – week-end. Habitant de la commune : 300 euros. "
         "Association de la commune : 105 euros. Extérieur : 575 euros."),
        ("Le repas de la cantine coûte 4 euros pour un enfant de la commune, et la famille reçoit "
         "une facture chaque mois.",
         "Le repas de la cantine coûte 4 euros pour un enfant de la commune. La famille reçoit "
         "une facture chaque mois."),
        ("Le conseil approuve les comptes de la commune pour l'année passée (vote à main levée), "
         "mais le maire ne vote pas.",
         "Le conseil approuve les comptes de la commune pour l'année passée (vote à main levée). "
         "Mais le maire ne vote pas."),
        ("Le conseil approuve les comptes de la commune pour toute l'année passée (vote à main "
         "levée et sans débat).",
         "Le conseil approuve les comptes de la commune pour toute l'année passée. "
         "Précision : vote à main levée et sans débat."),
    ],
)  # fmt: skip
def test_a_long_sentence_is_cut_where_both_parts_stand_alone(before: str, after: str) -> None:
    assert PLAIN(before) == after


@each(
    "whole",
    [
        "Le conseil approuve le projet de la halle et la demande de subvention au conseil régional "
        "pour les travaux.",
        "En cas d'accident, les secours sont appelés, puis la famille et la direction de l'école "
        "sont prévenues aussitôt.",
        "Sont interdits au marché couvert : la vente d'animaux vivants, sauf les volailles "
        "déclarées, les jeux d'argent, les appels par haut-parleur.",
        "Le local (ouvert le mardi et le samedi) reçoit les dons, les livres, les jouets et les "
        "vêtements propres.",
        "Le maire est autorisé à signer, avec la société qui gère le réseau et la banque qui paie "
        "les travaux.",
    ],
)
def test_what_is_not_surely_two_sentences_is_not_cut(whole: str) -> None:
    assert count_words(whole) > MAX_WORDS
    assert PLAIN(whole) == whole


def test_what_a_colon_announces_becomes_a_list() -> None:
    said = PLAIN(
        "Pour se marier, il faut : une pièce d'identité, un justificatif de domicile (facture, "
        "loyer) de 3 mois, un acte de naissance et la liste des témoins. Le dossier est gratuit."
    )
    assert said.split("\n") == [
        "Pour se marier, il faut :",
        "– une pièce d'identité",
        "– un justificatif de domicile (facture, loyer) de 3 mois",
        "– un acte de naissance et la liste des témoins",
        "Le dossier est gratuit.",
    ]
    assert [r.rule for r in lint(said, GLOSSARY, explained=GLOSSARY.explained(said))] == []


def test_what_comes_before_the_first_order_stays_with_it() -> None:
    assert PLAIN(
        "En cas de feu, dégagez la voie pour les secours, fermez les volets et les portes, rentrez "
        "le tuyau."
    ) == (
        "En cas de feu, dégagez la voie pour les secours. Fermez les volets et les portes. Rentrez "
        "le tuyau."
    )


def test_a_long_sentence_that_cannot_be_cut_stays_whole() -> None:
    whole = (
        "Les travaux bruyants sont interdits tous les jours la nuit ainsi que toute la journée le "
        "dimanche et les jours de fête sauf urgence."
    )
    assert PLAIN(whole) == whole


@each(
    "before, after",
    [
        ("Il coûte 4,20 €.", "Il coûte 4,30 euros."),
        ("Le 12/06/2024.", "Le 6 décembre 2024."),
        ("Il ferme à 18 h 30.", "Il ferme à 18 heures."),
        ("C'est 5 %.", "C'est 5 euros."),
        ("Sur 20 m2.", "Sur 20 m3."),
        ("Dans deux mois.", "Dans trois mois."),
        ("Au bout de 5 ans.", "Au bout de 5 mois."),
        ("Le n° 2024-06-12.", "Le n° 12 juin 2024."),
        ("Le chien n'est pas admis.", "Le chien est admis."),
        ("La rue des Tanneurs.", "La rue des Tilleuls."),
        ("Vu [PERSONNE_1].", "Vu [PERSONNE_2]."),
        ("Au titre IV.", "Au titre 6."),
        ("Les 3 salles et les 3 cours.", "Les 3 salles et les cours."),
    ],
)
def test_a_fact_that_changes_is_seen(before: str, after: str) -> None:
    assert not same_facts(before, after)
    assert same_facts(before, before)


def test_a_rule_that_would_change_a_fact_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    careless = PlainLanguage(
        Glossary(glosses={}, everyday={"fermé": "pas ouvert"}, abbreviations={"env.": "10"})
    )
    for text in ("Le stade est fermé.", "Il y a env. 30 places."):
        assert careless(text) == text
    monkeypatch.setattr("assistant.plain.rewrite.written_out", lambda text: text.replace("4", "5"))
    assert PLAIN("Il coûte 4 euros.") == "Il coûte 4 euros."


@settings(deadline=None)
@given(
    st.integers(0, 9_999_999), st.integers(0, 99), st.integers(1, 28), st.integers(1, 12),
    st.integers(0, 23), st.integers(0, 59),
)  # fmt: skip
def test_numbers_dates_and_hours_are_the_same_however_they_are_written(
    whole: int, cents: int, day: int, month: int, hour: int, minute: int
) -> None:
    text = (
        f"Le {day:02}/{month:02}/2024 à {hour}h{minute:02}, Mme Roche paie {whole},{cents:02} € "
        f"(soit {cents} %) ; {whole} m² sont loués."
    )
    said = PLAIN(text)
    assert facts(said).counted == facts(text).counted
    assert "€" not in said and "%" not in said and "/" not in said


def answer(text: str, quote: str) -> Answer:
    citation = Citation(number=1, document="d", file="f", page=1, quote=quote, start=0, end=1)
    return Answer(
        sentences=(Sentence(text=text, citations=(1,)),), citations=(citation,),
        record="r", seconds=1.0, energy_wh=0.1,
    )  # fmt: skip


def test_an_answer_keeps_its_citations_and_its_quotes_as_the_source_has_them() -> None:
    quote = "Une dérogation est accordée à compter du 01/09/2025."
    given_ = answer(quote, quote)
    said = PLAIN.answer(given_)
    assert said.citations == given_.citations
    assert said.sentences[0].citations == (1,)
    assert said.sentences[0].text == "Une dérogation est accordée à partir du 1er septembre 2025."
    assert PLAIN.glosses(said) == (Gloss("dérogation", "le droit de faire autrement que la règle"),)


def test_a_term_is_found_in_the_plural_once_and_the_longest_first() -> None:
    found = GLOSSARY.explained(
        "Les délibérations, la délibération, la taxe foncière, le conseil municipal"
    )
    assert [gloss.word for gloss in found] == [
        "délibérations",
        "taxe foncière",
        "conseil municipal",
    ]
    assert GLOSSARY.explained("Les quotients familiaux")[0].word == "quotients familiaux"
    assert GLOSSARY.explained("un acteur, il arrête") == ()


def test_the_glossary_is_large_and_a_town_may_change_it(tmp_path: Path) -> None:
    assert len(GLOSSARY.glosses) >= 150
    own = tmp_path / "glossary.toml"
    own.write_text(
        '[glosses]\n"frairie" = "la fête du village"\n"huis clos" = ""\n'
        '[everyday]\n"ouï" = "après avoir écouté"\n[abbreviations]\n"CC" = "communauté"\n', "utf-8"
    )  # fmt: skip
    theirs = Glossary.read(own)
    assert theirs.explained("La frairie à huis clos") == (Gloss("frairie", "la fête du village"),)
    assert PlainLanguage(theirs)("Ouï le rapport de la CC.") == (
        "Après avoir écouté le rapport de la communauté."
    )
    assert Glossary.read(tmp_path / "none.toml") == GLOSSARY
    for wrong in ("[gloses]\n", "[glosses]\na = 1\n", "="):
        own.write_text(wrong, "utf-8")
        with pytest.raises(BadSettings):
            Glossary.read(own)
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(BadSettings):
        Glossary.read(own)


@each(
    "text, rule",
    [
        ("Un " + "mot " * 16 + ".", "long_sentence"),
        ("Il n'est pas interdit de courir.", "double_negation"),
        ("Le chapitre XIV.", "roman_numeral"),
        ("Chapitre II : les tarifs.", "roman_numeral"),
        ("Le XIXe siècle.", "roman_numeral"),
        ("Il y a 5 %.", "percent"),
        ("Le 12/06/2024.", "short_date"),
        ("Voir art. 3.", "abbreviation"),
        ("La délibération est votée.", "hard_word"),
        ("Une intercommunalisation.", "hard_word"),
    ],
)
def test_the_linter_names_what_is_not_plain(text: str, rule: str) -> None:
    assert rule in [remark.rule for remark in lint(text, GLOSSARY)]


def test_the_linter_is_silent_on_a_plain_text() -> None:
    assert lint("La salle Louis XIV ferme à 18 heures. Elle coûte 4 euros.", GLOSSARY) == []
    assert lint("Le numéro est 02 XX XX XX XX.", GLOSSARY) == []
    text = "La délibération de [PERSONNE_12] est votée."
    assert lint(text, GLOSSARY, explained=GLOSSARY.explained(text)) == []


def test_every_meaning_is_plain() -> None:
    for term, meaning in GLOSSARY.glosses.items():
        rules = {r.rule: r.words for r in lint(meaning, GLOSSARY) if r.rule != "hard_word"}
        assert rules == {}, term
        assert term.lower() not in meaning.lower().split(), term


@each("reason", Reason)
def test_every_refusal_is_plain(reason: Reason) -> None:
    words = refusal_words(reason, Texts("fr"), Town(name="Brumeval", phone="03 53 01 20 00"))
    assert lint(f"{words.why} {words.next}", GLOSSARY) == []


def test_the_meanings_are_made_of_common_words() -> None:
    if not LEXIQUE.is_file():
        pytest.skip("Lexique is not beside the repository (../shared/data)")
    with closing(sqlite3.connect(f"file:{LEXIQUE}?mode=ro&immutable=1", uri=True)) as lexique:
        rows = lexique.execute("SELECT ortho FROM Lexique GROUP BY ortho HAVING sum(freq) >= 2.0")
        common = {word for (word,) in rows}
    used = {
        found
        for meaning in GLOSSARY.glosses.values()
        for found in re.findall(r"[^\W\d_]+", re.sub(r"\b\w{1,2}['’]", " ", meaning.lower()))
    }
    rare = sorted(found for found in used if found not in common)
    assert len(rare) <= 0.05 * len(used), rare


def test_short_is_what_is_counted() -> None:
    said = PLAIN("Le prix est de 1 450 000,50 € TTC.")
    assert count_words(said) == 9 <= MAX_WORDS
    assert [said[a:b] for a, b in sentences(said)] == [said]
    assert written_out("30 km/h") == "30 km/h"
