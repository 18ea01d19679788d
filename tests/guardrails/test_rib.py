# SPDX-License-Identifier: EUPL-1.2
"""French account numbers before the IBAN."""

from __future__ import annotations

import pytest

from guardrails.recognizers.rib import RIB
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "compact": "RIB ⟦RIB:30006000011234567890189⟧",
    "grouped": "⟦RIB:30006 00001 12345678901 89⟧",
    "no-break spaces": "⟦RIB:30006\u00a000001\u00a012345678901\u00a089⟧",
    "line break": "⟦RIB:30006 00001\n12345678901 89⟧",
    "table bars": "| ⟦RIB:30006 | 00001 | 12345678901 | 89⟧ |",
    "letters in the account": "⟦RIB:20041 01005 0500013M026 06⟧",
    "wrong key, label": "RIB : ⟦RIB:30006 00001 12345678901 88⟧",
    "fields": (
        "Code banque : ⟦RIB:30006⟧ Code guichet : ⟦RIB:00001⟧ N° de compte : "
        "⟦RIB:12345678901⟧ Clé : ⟦RIB:89⟧"
    ),
    "fields cut short": (
        "Code bque ⟦RIB:30006⟧ | Code guich. ⟦RIB:00001⟧ | N° cpte ⟦RIB:12345678901⟧ | Clé ⟦RIB:89⟧"
    ),
    "fields in prose": "banque ⟦RIB:30006⟧, guichet ⟦RIB:00001⟧, compte n° ⟦RIB:12345678901⟧",
}

STAYS = {
    "wrong key": "30006 00001 12345678901 88",
    "inside a longer number": "130006000011234567890189",
    "budget line": "60611 60612 00000123456 78 000",
    "banks in prose": "La banque du guichet unique tient compte de 30000 foyers.",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(RIB, marked)
    assert found == expected


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(RIB, text)
    assert not found
