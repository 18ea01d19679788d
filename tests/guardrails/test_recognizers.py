# SPDX-License-Identifier: EUPL-1.2
"""What holds for every recogniser: offsets, order, names, long lines, ordinary texts."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrails.findings import Detector, Entity
from guardrails.guard import Guard
from guardrails.recognizers import RECOGNIZERS
from tests.table import each

KEYED = {
    Entity.NIR: ("2", "69", "05", "49", "588", "157", "80"),
    Entity.SPI: ("30", "23", "217", "600", "053"),
    Entity.IBAN: ("FR76", "3000", "6000", "0112", "3456", "7890", "189"),
    Entity.RIB: ("30006", "00001", "12345678901", "89"),
    Entity.BANK_CARD: ("4970", "1012", "3456", "7893"),
    Entity.PHONE: ("06", "39", "98", "45", "12"),
    Entity.PLATE: ("AB", "123", "CD"),
}
SEPARATORS = st.sampled_from(
    [
        "",
        " ",
        "\u00a0",
        "\u202f",
        "\u2009",
        "-",
        ".",
        "\u200b",
        "\u2011",
        " - ",
        "\u200f ",
        "\ufeff",
    ]
)
TEXTS = (
    "Le conseil municipal, après en avoir délibéré, approuve le marché n° 2024-018 pour {} et "
    "charge M. le Maire de son exécution.\n",
    "Bonjour,\nje vous transmets {}, merci de confirmer avant le 12/06/2024 à 17h30.\n",
    "Article 3 : {} ; la dépense de 12 345,67 € est inscrite à l’article 2188.\n",
    "{}",
)
ORDINARY = """\
Vu le code général des collectivités territoriales, notamment ses articles L. 2121-29 ;
Considérant la délibération n° 2024-06-12-03 du 12 juin 2024 et l’arrêté AR-2024-118 ;
PC 034 142 23 A0001, DP 034 142 23 00012, marché n° 2024-018, lot 2, version 3.12.101 du logiciel.
Le stationnement est interdit rue des Lilas, du n° 12 au n° 20, le 17 juin 2024 de 8h30 à 12h.
Crédits : 1 250 000,00 €, soit 12,5 % ; articles 60611, 60612 et 6188 ; surface 1 234 m².
École Jean-Arlac, salle des fêtes, gymnase Victor-Arlac : ouverts de 9 h à 18 h.
Mairie de Fontclaire, 1 place de la Mairie, 33999 Fontclaire. Tél. 05 56 12 34 56
Courriel : accueil@fontclaire.fr
SARL Les Tilleuls, SIRET 732 829 320 00074. Loi n° 2002-2 du 2 janvier 2002, dite loi Arlac.
Pour : 23 Contre : 2 Abstention : 0
"""


GUARD = Guard(RECOGNIZERS)


@each("recognizer", RECOGNIZERS, ids=lambda r: r.name)
def test_an_ordinary_act_stays_whole(recognizer: Detector) -> None:
    assert not recognizer.find(ORDINARY)


def test_names_are_unique_and_rules_carry_them() -> None:
    names = [recognizer.name for recognizer in RECOGNIZERS]
    assert len(set(names)) == len(names)
    text = "NIR 269054958815780, né le 3 mars 1950, 12 rue des Lilas, mdp : Soleil33"
    for recognizer in RECOGNIZERS:
        for finding in recognizer.find(text):
            assert finding.rule.startswith(f"{recognizer.name}.")


@pytest.mark.parametrize("entity", KEYED, ids=str)
@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_valid_identifier_is_hidden_wherever_it_stands(
    entity: Entity, data: st.DataObject
) -> None:
    separator = data.draw(SEPARATORS)
    if entity is Entity.PLATE and separator == " - ":
        separator = "-"
    words = separator.join(KEYED[entity])
    before, after = data.draw(st.sampled_from(TEXTS)).split("{}")
    text = before + words + after
    covered = {
        offset
        for recognizer in RECOGNIZERS
        for finding in recognizer.find(text)
        for offset in range(finding.start, finding.end)
    }
    wanted = {len(before) + m.start() for m in re.finditer(r"[^\W_]", words)}
    assert wanted <= covered


ACT = ORDINARY[: ORDINARY.index("École")]
"""The part without a public body's own numbers, beside which a number may stay."""

PLACES = [m.start() for m in re.finditer(r"(?<=\s)(?=\S)", ACT)]


@pytest.mark.parametrize("entity", KEYED, ids=str)
@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_identifier_put_anywhere_in_an_act_is_hidden_and_the_act_stays(
    entity: Entity, data: st.DataObject
) -> None:
    separator = data.draw(SEPARATORS.filter(lambda s: entity is not Entity.PLATE or s in "- "))
    place = data.draw(st.sampled_from(PLACES))
    words = separator.join(KEYED[entity])
    text = f"{ACT[:place]}« {words} » {ACT[place:]}"
    screened = GUARD.screen(text)
    start = place + 2
    hidden = {i for f in screened.findings for i in range(f.start, f.end)}
    assert {start + m.start() for m in re.finditer(r"[^\W_]", words)} <= hidden
    assert not {i for i in hidden if not start <= i < start + len(words)}
    assert GUARD.screen(screened.text).text == screened.text


@given(st.text(alphabet="né le12O 3mars@.:/-\n\u00a0\u200bABCFRruede,<>=“’()€", max_size=200))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_findings_stay_inside_the_text_and_hold_something(text: str) -> None:
    for recognizer in RECOGNIZERS:
        findings = list(recognizer.find(text))
        assert findings == sorted(findings)
        for finding in findings:
            assert 0 <= finding.start < finding.end <= len(text)
            assert text[finding.start : finding.end].strip()


RUNS = {
    "digits": "1" * 200_000,
    "digits and spaces": "1 2 " * 50_000,
    "letters": "a" * 200_000,
    "capitals": "A" * 200_000,
    "capital words": "Aa " * 70_000,
    "words": "rue de la " * 20_000,
    "addresses": "12 rue des Lilas, " * 10_000,
    "born": "né le " * 30_000,
    "fillers": "<" * 200_000,
    "signs": "@" * 200_000,
    "dots": "a." * 100_000,
    "colons": "ab:" * 70_000,
    "spaces": " " * 200_000,
    "line breaks": "\n" * 200_000,
    "passwords": "mot de passe " * 15_000,
    "parcels": "parcelle AB 12, " * 12_000,
    "years in words": "né le trois mars mil neuf cent " * 6_000,
}


@each("run", RUNS.values(), ids=RUNS.keys())
def test_a_long_line_of_anything_passes(run: str) -> None:
    """No pattern may run away; a wrong one would hang here, far beyond any patience."""
    for recognizer in RECOGNIZERS:
        recognizer.find(run)
