# SPDX-License-Identifier: EUPL-1.2
"""Placeholders: French, numbered per document, never mistaken for what a source held."""

from __future__ import annotations

import pytest

from guardrails.findings import Entity
from guardrails.placeholders import (
    LABELS,
    PLACEHOLDER,
    Numbering,
    escape,
    fold,
    fold_in_place,
    placeholders_in,
)
from tests.table import each


@each("entity", Entity)
def test_every_entity_has_its_own_placeholder(entity: Entity) -> None:
    written = Numbering().placeholder(entity, "x")
    match = PLACEHOLDER.fullmatch(written)
    assert match and match["label"] == LABELS[entity]


def test_labels_are_not_shared() -> None:
    assert len(set(LABELS.values())) == len(Entity)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Éloïse PETIT", "petit eloise"), ("Jean-Luc Roy", "ROY Jean Luc"), ("Le  Gall", "LE\nGALL")],
)
def test_the_same_person_keeps_one_number(one: str, other: str) -> None:
    numbering = Numbering()
    assert numbering.placeholder(Entity.PERSON, one) == numbering.placeholder(Entity.PERSON, other)


def test_digits_in_another_order_are_another_phone() -> None:
    numbering = Numbering()
    first = numbering.placeholder(Entity.PHONE, "06 11 22 33 44")
    assert numbering.placeholder(Entity.PHONE, "06.11.22.33.44") == first
    assert numbering.placeholder(Entity.PHONE, "06 22 11 33 44") != first


def test_numbers_start_after_those_that_are_taken() -> None:
    assert Numbering(["vu [PERSONNE_7]"]).placeholder(Entity.PERSON, "Roy") == "[PERSONNE_8]"


def test_escaping_keeps_the_length_and_leaves_no_placeholder() -> None:
    text = "[PERSONNE_1] [annexe] [NUMÉRO_FISCAL_12]"
    assert len(escape(text)) == len(text)
    assert placeholders_in(escape(text)) == []
    assert "[annexe]" in escape(text)


@pytest.mark.parametrize("text", ["Œuvre ÉCLAT ﬁn İstanbul", "ß Ǆ straße"])
def test_folding_in_place_keeps_the_length(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)
    assert fold("Œuvre") == "oeuvre"
