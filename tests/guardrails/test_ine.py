# SPDX-License-Identifier: EUPL-1.2
"""National numbers of pupils and students."""

from __future__ import annotations

import pytest

from guardrails.recognizers.ine import INE
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "before 2018": "INE ⟦INE:0123456789A⟧",
    "since 2018, no label": "⟦INE:012345678AB⟧",
    "label in words": "identifiant national élève : ⟦INE:0123456789A⟧",
    "no-break spaces": "INE : ⟦INE:012345678\u00a0AB⟧",
    "OCR": "INE ⟦INE:012345678AB⟧",
    "line break": "n° INE :\n⟦INE:012345678AB⟧",
    "small letters": "INE ⟦INE:012345678ab⟧",
    "zero width": "INE ⟦INE:01234\u200b5678AB⟧",
}

STAYS = {
    "before 2018, no label": "0123456789A",
    "longer": "9012345678AB",
    "act": "2024-06-12-03",
    "ten digits": "INE 0123456789",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(INE, marked)
    assert found == expected


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(INE, text)
    assert not found
