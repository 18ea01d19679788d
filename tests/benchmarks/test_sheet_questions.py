# SPDX-License-Identifier: EUPL-1.2
"""What the reader of the town's sheet learns from: brackets, places to fill, near misses made."""

from __future__ import annotations

import random
import re

import pytest

from assistant.sheet.facts import Fact
from benchmarks.sheet import JUDGES, NONE, Marked, rows, written
from benchmarks.sheet_questions import Asked, Fillings, as_spoken, marked, taught


def named(one: Asked) -> list[str]:
    assert one.bodies is not None
    return [one.text[start:end] for start, end in one.bodies]


def test_brackets_go_and_say_which_words_name_somebody() -> None:
    one = marked("le tel  [de la poste] et [du CCAS] ?", NONE, "fr")
    assert one.text == "le tel de la poste et du CCAS ?"
    assert named(one) == ["de la poste", "du CCAS"]


def test_the_town_hall_names_somebody_without_brackets_too() -> None:
    assert named(marked("horaires mairie", "hours", "fr")) == ["mairie"]
    assert named(marked("horaires [de la mairie]", "hours", "fr")) == ["de la mairie"]


@pytest.mark.parametrize("text", ["Où est-ce, l'état civil ?", "İstanbul'da mı?"])
def test_a_text_as_spoken_has_each_letter_where_it_was(text: str) -> None:
    assert len(as_spoken(text)) == len(text)
    assert "?" not in as_spoken(text)


def test_what_is_made_is_of_another_town_s_and_does_not_tell_what_is_asked() -> None:
    fillings = Fillings(random.Random(0))
    line = Marked("tel [de la mairie]", Fact.PHONE, "fr")
    made = [one for _ in range(40) for one in fillings.asked(line)]
    of_others = [one for one in made if one.fact is None]
    assert of_others
    assert all(re.fullmatch(r"tel de la mairie (de|à) .+", one.text) for one in of_others)
    assert all(named(one) == [one.text.removeprefix("tel ")] for one in of_others)
    assert {one.text for one in made if one.fact} == {"tel de la mairie"}


def test_a_place_is_filled_with_services_and_what_is_near_with_others() -> None:
    fillings = Fillings(random.Random(0))
    made = [one for _ in range(40) for one in fillings.asked(Marked("tel {of}", "phone", "fr"))]
    own = {one.text for one in made if one.fact}
    assert len(own) > 20
    assert not own & {one.text for one in made if not one.fact}
    assert all(named(one) == [one.text.removeprefix("tel ")] for one in made)


def test_of_authors_who_judge_nothing_is_learnt() -> None:
    judges = {row.text for row in rows([one for one in written() if one.author in JUDGES])}
    assert judges
    shared = {one.text for one in taught()} & judges
    assert len(shared) < len(judges) / 10  # « tel mairie » is everybody's


def test_every_author_has_near_misses_and_each_judge_asks_each_way() -> None:
    by_author: dict[str, set[str]] = {}
    for line in written():
        by_author.setdefault(line.author, set()).add(line.fact)
    assert all(NONE in facts for facts in by_author.values())
    assert all(by_author[judge] == {NONE, *Fact} for judge in JUDGES)
