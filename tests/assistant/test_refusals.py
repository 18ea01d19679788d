# SPDX-License-Identifier: EUPL-1.2
"""Each reason says why, what to do next and whom to call, in both languages."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.answers import Reason
from assistant.refusals import refusal_words
from assistant.settings import Town
from assistant.texts import Language, Texts
from tests.table import each

TOWN = Town(name="Brumeval", phone="03 53 01 20 00", hours="du lundi au vendredi")
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@each("language", LANGUAGES)
@each("reason", Reason)
def test_a_reason_says_why_what_next_and_whom_to_call(reason: Reason, language: Language) -> None:
    words = refusal_words(reason, Texts(language), TOWN)
    assert words.why and words.next and words.why != words.next
    assert "03 53 01 20 00" in words.contact and "du lundi au vendredi" in words.contact
    assert words.text == f"{words.why} {words.next} {words.contact}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_reasons_sound_the_same(language: Language) -> None:
    for part in ("why", "next"):
        said = sorted(getattr(refusal_words(r, Texts(language), TOWN), part) for r in Reason)
        assert all(a != b for a, b in pairwise(said))


@each("language", LANGUAGES)
@each("reason", Reason)
def test_without_a_contact_sheet_the_desk_is_named(reason: Reason, language: Language) -> None:
    contact = refusal_words(reason, Texts(language), Town(name="Brumeval")).contact
    assert contact == Texts(language)("next", "contact_none")
