# SPDX-License-Identifier: EUPL-1.2
"""What stands where a name may and is none, and the names that resemble it."""

from __future__ import annotations

import pytest

from guardrails.names.detector import NamesDetector
from guardrails.names.lexicons import Dictionary, Lexicons
from guardrails.names.tagged import NoTagger
from tests.markup import read_marked
from tests.table import each

EVERYDAY = frozenset(["azote", "global", "lot", "marche", "charpente", "montant", "courrier"])
SENTENCES = (
    "Azote global : 92 %, azote KJeldhal : 97 %",
    "Le schéma des énergies (MDE/EnR) est voté.",
    "Absents ...:f.çl.LqÊ- le",
    "Lot 2 : Charpente : LELU pour un montant de 89 671,12 €",
    "Un marché est conclu avec SAGERE pour un montant de 2,65 €",
    "Courrier de M. ⟦PERSON:LELU⟧ pour un montant de 12 €",
    "Lot 2 : Charpente : ⟦PERSON:Jean LELU⟧ pour un montant de 89 671,12 €",
    "Courrier de ⟦PERSON:Ana McDonald⟧ et de ⟦PERSON:Luc LeGallec⟧",
)


@pytest.fixture(scope="module")
def names() -> NamesDetector:
    return NamesDetector(NoTagger(), Lexicons(Dictionary(words=EVERYDAY)))


@each("marked", SENTENCES)
def test_only_names_are_found(names: NamesDetector, marked: str) -> None:
    text, marks = read_marked(marked)
    found = [(f.start, f.end) for f in names.find(text) if f.score >= 0.5]
    assert [text[a:b] for a, b in found] == [text[m.start : m.end] for m in marks]
