# SPDX-License-Identifier: EUPL-1.2
"""What the learned layer finds beside names: runs of tokens, what they take along, what stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest

from guardrails.findings import Entity
from guardrails.guard import Guard, Verdict, open_guard
from guardrails.names import others
from guardrails.names.learned import Told
from guardrails.names.network import OUTPUTS
from guardrails.names.pieces import FACTS, facts_of, pieces, strings_of
from tests.table import each

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")


def told(text: str, name: str, chances: Mapping[str, float]) -> list[Told]:
    """Return the tokens of a text with chances for one of OUTPUTS, 0 where none is given."""
    result = []
    for match in _TOKEN.finditer(text):
        row = np.zeros(len(OUTPUTS), np.float32)
        row[OUTPUTS.index(name)] = chances.get(match[0], 0.0)
        result.append(Told(*match.span(), row))
    return result


@each(
    "text, name, chances, hidden",
    [
        ("dossier K41-7702-35 ;", "NUMBER", {"7702": 0.8}, ["K41-7702-35"]),
        ("carte 77 120 44 reçue", "NUMBER", {"77": 0.5, "120": 0.2, "44": 0.2}, ["77 120 44"]),
        ("vit 4 quai du Port\n10100 Lys", "ADDRESS",
         {"4": 0.9, "quai": 0.9, "du": 0.9, "Port": 0.9, "10100": 0.9, "Lys": 0.9},
         ["4 quai du Port\n10100 Lys"]),
        ("Ida, 4 rue Basse\nObjet : loyer", "ADDRESS",
         {"4": 0.9, "rue": 0.9, "Basse": 0.9, "Objet": 0.2}, ["4 rue Basse"]),
        ("Ida vit à l'ancienne gare", "ADDRESS", {"ancienne": 0.9, "gare": 0.9},
         ["l'ancienne gare"]),
        ("Ida, bloc B2 log 17, partie", "ADDRESS", {"bloc": 0.9, "B": 0.9, "2": 0.9, "log": 0.9},
         ["bloc B2 log 17"]),
        ("Ida, foyer Hugo 45 €", "ADDRESS", {"foyer": 0.9, "Hugo": 0.9}, ["foyer Hugo"]),
        ("Ida, foyer Hugo 12/03/2024", "ADDRESS", {"foyer": 0.9, "Hugo": 0.9}, ["foyer Hugo"]),
        ("| 11.02.2015 | 1C2 |", "BIRTH_DATE", {"11": 0.9, "02": 0.9, "2015": 0.9, "1": 0.3},
         ["11.02.2015"]),
        ("mamie 06 41 77 20 18 à 12 h", "PHONE",
         {"mamie": 0.9, "06": 0.95, "41": 0.95, "77": 0.95, "20": 0.9, "18": 0.9, "à": 0.5},
         ["06 41 77 20 18"]),
        ("né à Lys, demeurant", "BIRTH_PLACE", {"à": 0.9, "Lys": 0.5, "demeurant": 0.9}, ["Lys"]),
        ("section ZC 119, d'une surface", "PARCEL", {"ZC": 0.8, "119": 0.9, "d": 0.3}, ["ZC 119"]),
        ("RIB 1130 fiscal 94", "NUMBER", {"RIB": 0.6, "1130": 0.9, "fiscal": 0.9, "94": 0.9},
         ["1130", "94"]),
        ("dossier PAI 24-31", "NUMBER", {"PAI": 0.9, "24": 0.9, "31": 0.9}, ["PAI 24-31"]),
        ("clé M", "NUMBER", {"M": 0.9}, []),
        ("facture n° F-2217", "NUMBER", {"2217": 0.9}, []),
        ("SIRET 482 117 903 00028", "NUMBER",
         {"482": 0.9, "117": 0.9, "903": 0.9, "00028": 0.9}, []),
        ("PC 010 033 24 00017", "NUMBER", {"010": 0.9, "033": 0.9, "24": 0.9, "00017": 0.9}, []),
        ("PC 010 033 24 T0017 de M. Roy", "NUMBER", {"24": 0.9, "0017": 0.9}, []),
        ("code NAF 8411Z de M. Roy", "NUMBER", {"8411": 0.9, "Z": 0.9}, []),
        ("au 0 825 33 14 20", "PHONE", {"0": 1, "825": 1, "33": 1, "14": 1, "20": 1}, []),
        ("M. Roy : 43.95 43.95 81 000 35 600", "PHONE",
         dict.fromkeys(("43", "95", "81", "000", "35", "600"), 1), []),
        ("M. Roy : 53 000,00 1 312 958,00", "NUMBER",
         dict.fromkeys(("53", "000", "00", "1", "312", "958"), 1), []),
        ("M. Roy : taux 1.000000", "NUMBER", {"1": 1, "000000": 1}, []),
        ("M. Roy, carte 77 120 44,12 rue Basse", "NUMBER", {"77": 0.9, "120": 0.9, "44": 0.9},
         ["77 120 44"]),
        ("M. Roy : carte 53 000 1 312", "NUMBER",
         dict.fromkeys(("53", "000", "1", "312"), 1), ["53 000 1 312"]),
        ("né le 10 avril 1769", "BIRTH_DATE", {"10": 0.9, "avril": 0.9, "1769": 0.9}, []),
        ("Publiée le : 25/04/2004", "BIRTH_DATE", {"25": 0.9, "04": 0.9, "2004": 0.9}, []),
        ("payé 216 242.50", "NUMBER", {"216": 0.9, "242": 0.9, "50": 0.9}, []),
        ("Personnel | 2 236 000,00 €", "NUMBER", {"2": 0.9, "236": 0.9, "000": 0.9}, []),
        ("Volume (m³) | 187 400 | 95", "NUMBER", {"187": 0.9, "400": 0.9}, []),
        ("délibération n° 2024-12-11-07", "BIRTH_DATE",
         {"2024": 0.9, "12": 0.9, "11": 0.9, "07": 0.9}, []),
        ("maire de 1945 à 1959", "BIRTH_DATE",
         {"de": 0.9, "1945": 0.9, "à": 0.9, "1959": 0.9}, []),
        ("ses articles 1636 B sexies et 1639 A", "PARCEL",
         {"B": 0.9, "sexies": 0.9, "et": 0.9, "1639": 0.9, "A": 0.9}, []),
        ("rue Basse et rue Haute", "ADDRESS",
         {"rue": 0.95, "Basse": 0.95, "et": 0.95, "Haute": 0.95}, []),
        ("reste 12 500 €", "NUMBER", {"12": 0.9, "500": 0.9}, []),
        ("siège social : 4 rue Hoche", "ADDRESS", {"4": 0.9, "rue": 0.9, "Hoche": 0.9}, []),
        ("mariée à Gramat", "BIRTH_PLACE", {"Gramat": 0.9}, []),
        ("64," + 70 * "aB9" + "+7", "SECRET", {"7": 0.9, "9": 0.9}, []),
    ],
    ids=["glued", "groups", "two lines", "the next label", "article", "last number",
         "price after", "date after", "a cell", "no words", "links before", "links after",
         "labels", "its own letters", "no digit", "invoice", "firm", "permit", "end of a permit",
         "activity", "special number", "budget", "cents", "rate", "a street after", "no cents",
         "history", "act", "amount", "amount in cents", "volume", "act's number", "years", "law",
         "streets", "price", "seat", "marriage", "picture"],
)  # fmt: skip
def test_a_run_is_hidden_whole_and_no_more(
    text: str, name: str, chances: Mapping[str, float], hidden: list[str]
) -> None:
    found = [f for f in others.found(text, told(text, name, chances), [0]) if f.score >= 0.5]
    assert [text[f.start : f.end] for f in found] == hidden
    assert all(f.rule == f"learned:{name.lower()}" for f in found)


@each(
    "text, persons, is_hidden",
    [("suivi 8841", [], False), ("mon suivi 8841", [], True), ("j'ai eu le 8841", [], True),
     ("[PERSONNE_1] : 8841", [], True), ("Ida 8841", [0], True),
     ("Ida" + 300 * " " + "8841", [0], False)],
    ids=["nobody", "possessive", "speaks", "hidden", "named", "far"],
)  # fmt: skip
def test_nothing_is_hidden_far_from_any_person(
    text: str, persons: list[int], is_hidden: bool
) -> None:
    (finding,) = others.found(text, told(text, "NUMBER", {"8841": 0.9}), persons)
    assert (finding.score >= 0.5) == is_hidden


def test_under_its_chance_a_run_is_a_near_miss() -> None:
    (finding,) = others.found("suivi 8841", told("suivi 8841", "NUMBER", {"8841": 0.25}), [0])
    assert (finding.entity, finding.score) == (Entity.FILE_NUMBER, 0.35)
    assert not list(others.found("suivi 8841", told("suivi 8841", "NUMBER", {"8841": 0.17}), [0]))


def test_many_tokens_are_read_in_linear_time() -> None:
    text = "A11-B " * 20_000
    assert list(others.found(text, told(text, "NUMBER", {"11": 0.9}), [0]))


def test_many_amounts_are_read_in_linear_time() -> None:
    text = "M. Roy 1,50 " + "123 456 " * 2_000 + "12"
    chances = dict.fromkeys(("1", "50", "123", "456", "12"), 0.9)
    assert list(others.found(text, told(text, "NUMBER", chances), [0]))


def test_pieces_tell_what_a_number_may_be_and_what_it_touches() -> None:
    text = "K41-7702 ; 118 m² le 06/12/1987\n"
    read = [(look, text[start:end]) for look, start, end in pieces(text, 0, len(text))]
    assert read == [
        ("Akb", "K"), ("#2xa-", "41"), ("-", "-"), ("#4--_", "7702"), (";", ";"),
        ("#3-__", "118"), ("m²", "m²"), ("ale_", "le"), ("#2mz_/", "06"), ("/", "/"),
        ("#2m//", "12"), ("/", "/"), ("#4y198/_", "1987"), ("\n", "\n"),
    ]  # fmt: skip
    for look, _ in read:
        assert all(0 <= fact < FACTS for fact in facts_of(look))
        assert len(strings_of(look)) == 5


ONLY_THE_LAYER = [
    "Mme Odile Ferrand (repère K41-7702-35) a rendu sa clé.",
    "| Ferrand Léna | 41-7702-K | cantine |",
    "Léna Ferrand, 14-03-2011, judo.",
]
TOGETHER = (
    "M. Dupont Jean, né le 12/03/1957 à Creil, demeurant 4 rue des Lilas 60350 Pierrefonds, carte"
    " de bibliothèque B-20417."
)
NOBODY = [
    "Le solde est en hausse de 27 000 € par rapport à la prévision, grâce à l’extinction"
    " de l’éclairage public la nuit.",
    "Délibération n° 2024-056 du 12 mars 2024. Permis PC 060 500 24 T0012, facture n° F2024-118.",
    "Facture FA-2025-0081 de la société Bourdin Voirie, bon de commande BC25-0733.",
    "Travaux rue des Lilas, du 12 au 48, à compter du 3 mars 2025, arrêté 2025-044.",
    "Accueil de la mairie : 03 25 44 10 00, du lundi au vendredi de 9 h à 12 h.",
    "La délibération 2024-061 du 14 mars 2024 fixe le tarif à 12,40 € le m².",
    "Le permis PC 010 033 24 00017 porte sur une surface de 812 m².",
]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard()


@pytest.mark.real
@pytest.mark.parametrize("text", ONLY_THE_LAYER)
def test_the_layer_hides_what_no_recogniser_knows(
    text: str, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = guard.explain(text).decisions
    mine = [d for d in decisions if d.finding.rule.startswith("learned:")]
    assert [d.verdict for d in mine] == [Verdict.HIDDEN]
    monkeypatch.setattr(others, "KINDS", {})
    there = guard.screen(text).text
    assert text[mine[0].finding.start : mine[0].finding.end] in there


@pytest.mark.real
@pytest.mark.parametrize("text", NOBODY)
def test_what_a_town_publishes_stays(text: str, guard: Guard) -> None:
    assert guard.screen(text).text == text


SERVICES = (
    ("État civil, élections", "Karine Molhéras", "04 99 00 41 12", "guichet B"),
    (
        "Enfance et jeunesse",
        "Caroline Jouvanel",
        "04 99 00 41 25",
        "maison Ravel, 8 rue des Écoles",
    ),
    ("Police municipale", "Alain Roussignac", "04 99 00 41 33", "1 rue du Foirail"),
    ("CCAS et aide à domicile", "Laure Vernhadou", "04 99 00 41 44", "5 place du Griffon"),
)
ROW = "{0} : {{}} ; {1} : {{}} ; Téléphone : {{}} ; Où : {{}}"
ON_CALL = "La nuit, l'élu d'astreinte répond au 06 99 00 41 99."


@pytest.mark.real
def test_a_directory_says_whom_to_call_and_where(guard: Guard) -> None:
    def rows(first: str, second: str) -> str:
        each = (ROW.format(first, second).format(*one) for one in SERVICES)
        return "\n".join(("Annuaire", *each, ON_CALL))

    said = guard.screen(rows("Service", "Responsable")).text
    assert "TÉLÉPHONE" not in said and "ADRESSE" not in said
    assert "Karine" not in said  # the town did not say that she acts in office
    for first, second in (("Nom", "Enfant"), ("Service", "Élève"), ("Service", "Inscrit")):
        assert guard.screen(rows(first, second)).text.count("[TÉLÉPHONE_") >= 4, second


@pytest.mark.real
def test_the_layer_gives_way_to_who_knows_a_kind(guard: Guard) -> None:
    assert guard.screen(TOGETHER).text == (
        "M. [PERSONNE_1], né le [DATE_DE_NAISSANCE_1] à [LIEU_DE_NAISSANCE_1], demeurant"
        " [ADRESSE_1], carte de bibliothèque [NUMÉRO_DE_DOSSIER_1]."
    )
