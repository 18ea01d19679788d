# SPDX-License-Identifier: EUPL-1.2
"""Addresses of machines, not versions nor sections."""

from __future__ import annotations

from guardrails.recognizers.ip import IP
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "v4": "connexion depuis ⟦IP:81.56.210.14⟧",
    "v4, no label": "(⟦IP:192.168.1.12⟧)",
    "v4, label": "IP : ⟦IP:10.0.0.1⟧",
    "zero width": "⟦IP:81.56.\u200b210.14⟧",
    "v6": "⟦IP:2a01:cb00:8f1:2a00::1⟧",
    "v6, full": "⟦IP:2001:0db8:85a3:0000:0000:8a2e:0370:7334⟧",
    "CSV": "quand,adresse_ip,courriel\n2025-11-03T07:58,⟦IP:176.158.41.9⟧,x",
    "CSV, small numbers": "quand,ip,version\n07:58,⟦IP:82.64.17.20⟧,4.2.0.17",
    "log": "2025-10-02 23:14:07  ⟦IP:82.64.17.20⟧ refusé",
    "MAC": "poste ⟦IP:00:1a:2b:3c:4d:5e⟧",
    "MAC, hyphens": "⟦IP:00-1A-2B-3C-4D-5E⟧",
}

STAYS = {
    "version": "version 3.12.101.4",
    "version of a program": "login OK, version applicative 7.12.0.3, firmware 10.2.118.4",
    "column of versions": "quand,adresse_ip,version\n07:58,,4.2.0.17",
    "section": "article 1.2.3.4",
    "numbering": "2.1.3.4 Objet",
    "phone": "05.56.12.34.56",
    "date": "12.06.2024",
    "hours": "12:30:45 à 13:30:00",
    "over 255": "300.1.2.3",
    "longer": "1.2.3.4.5",
    "amount": "1.234.567.890",
    "act number": "2024.06.12.103",
    "ratio": "1::2",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(IP, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(IP, text)
    assert not found
