# SPDX-License-Identifier: EUPL-1.2
"""A chain of keys: each vouched for by the one before, the first in the first entry."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.register.leaves import canonical
from guardrails.register.notes import key_of
from guardrails.register.rotation import KeyChain, KeyForged, founding, handover

FIRST, SECOND, OTHER = (Ed25519PrivateKey.generate() for _ in range(3))
NAME = "greffier/test"


@pytest.fixture
def chain() -> KeyChain:
    chain = KeyChain()
    chain.add(0, canonical(founding(key_of(NAME, FIRST))))
    return chain


def test_a_key_is_in_force_from_the_entry_after_the_one_that_names_it(chain: KeyChain) -> None:
    chain.add(5, canonical(handover(NAME, FIRST, SECOND)))
    assert chain.origin == NAME
    assert chain.in_force(0) == []
    assert chain.in_force(5) == [key_of(NAME, FIRST)]
    assert chain.in_force(6) == [key_of(NAME, SECOND)]


@pytest.mark.parametrize(
    "public",
    [
        canonical(handover(NAME, OTHER, SECOND)),
        canonical(handover("greffier/other", FIRST, SECOND)),
        canonical(founding(key_of(NAME, SECOND))),
        canonical({"key": "x", "by": "AA=="}),
        "[]",
        "",
        "{",
    ],
    ids=["by another", "other name", "no voucher", "no key", "list", "nothing", "no JSON"],
)
def test_a_key_that_nothing_vouches_for_is_forged(chain: KeyChain, public: str) -> None:
    with pytest.raises(KeyForged):
        chain.add(5, public)
    assert chain.in_force(9) == [key_of(NAME, FIRST)]


def test_the_first_key_stands_in_the_first_entry() -> None:
    with pytest.raises(KeyForged):
        KeyChain().add(1, canonical(founding(key_of(NAME, FIRST))))
