# SPDX-License-Identifier: EUPL-1.2
"""Machine-readable zones of identity papers."""

from __future__ import annotations

import pytest

from guardrails.recognizers.mrz import MRZ
from tests.guardrails.marked import found_and_marked

FOUND = {
    "passport": (
        "⟦PASSPORT:P<FRAPETIT<<CLAIRE<<<<<<<<<<<<<<<<<<<<<<<<<<⟧\n⟦PASSPORT:12AB345678FRA6905"
        "044F3001012<<<<<<<<<<<<<<04⟧"
    ),
    "old card": (
        "⟦CNI:IDFRAPETIT<<<<<<<<<<<<<<<<<<<<<<<<<<⟧\n⟦CNI:8806923102858CLAIRE<<JEANNE6905044F6⟧"
    ),
    "one line": "Lu : ⟦CNI:IDFRAPETIT<<CLAIRE<<<<<<<<<<<<<<<<<<<⟧",
}

STAYS = {
    "HTML": "<p>Texte</p> <br><br>",
    "arrows": "<<<<<<<< retour",
    "capitals alone": "ARRETEMUNICIPALPERMANENTDECIRCULATION",
    "code": "if (a < b) { PETITCLAIREPETITCLAIREPETITCLAIRE }",
}


@pytest.mark.parametrize("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(MRZ, marked)
    assert found == expected


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(MRZ, text)
    assert not found
