# SPDX-License-Identifier: EUPL-1.2
"""The gold set is worth what its marks are worth: its shape, its keys and its two parts."""

from __future__ import annotations

import re
from collections import Counter

from guardrails.findings import Entity
from tests.privacy.gold import GoldPassage, read_dev, read_held_out
from tests.privacy.keys import KEYS, key_holds
from tests.table import each

DEV, HELD_OUT = read_dev(), [passage for part in read_held_out() for passage in part]
ALL = [*DEV, *HELD_OUT]
LABELS = {*Entity, "KEEP", "OFFICIAL", "MAY"}
SEPARATORS = ("\u00a0", "\u202f", "\n", ".", "-")


def _words(passages: list[GoldPassage], *labels: str) -> list[str]:
    return [p.text[m.start : m.end] for p in passages for m in p.marks if m.label in labels]


def test_there_are_enough_passages_and_a_third_as_many_held_out() -> None:
    assert len(ALL) >= 180
    assert len(HELD_OUT) >= 40


def test_every_genre_is_in_both_parts() -> None:
    assert {p.genre for p in DEV} == {p.genre for p in HELD_OUT}


def test_identifiers_are_unique() -> None:
    assert max(Counter(p.id for p in ALL).values()) == 1


@each("passage", ALL, ids=lambda p: p.id)
def test_a_passage_is_short_and_its_marks_are_known_and_tight(passage: GoldPassage) -> None:
    assert 2 <= len(passage.text.splitlines()) <= 15
    assert passage.marks
    for mark in passage.marks:
        words = passage.text[mark.start : mark.end]
        assert mark.label in LABELS
        assert words
        assert words == words.strip()


@each("entity", Entity)
def test_both_parts_hold_every_entity(entity: Entity) -> None:
    assert _words(DEV, entity)
    assert _words(HELD_OUT, entity)


def test_what_must_stay_is_marked_as_richly_as_what_must_go() -> None:
    for part in (DEV, HELD_OUT):
        gone, kept = _words(part, *Entity), _words(part, "KEEP", "OFFICIAL")
        assert 0.5 < len(gone) / len(kept) < 2
        assert len(_words(part, "OFFICIAL")) >= 25


def test_some_passages_hold_nothing_to_hide() -> None:
    assert len([p for p in ALL if not {m.label for m in p.marks} & set(Entity)]) >= 10


@each("passage", ALL, ids=lambda p: p.id)
def test_keys_hold_except_where_the_passage_says_not(passage: GoldPassage) -> None:
    for mark in passage.marks:
        if mark.label in KEYS:
            right = key_holds(mark.label, passage.text[mark.start : mark.end])
            assert right == (mark.label not in passage.wrong_keys), mark.label


def test_keyed_identifiers_come_with_every_separator() -> None:
    words = _words(ALL, *KEYS)
    for separator in SEPARATORS:
        assert any(separator in w for w in words), repr(separator)
    assert any(w.isalnum() for w in words)


def test_the_roster_is_used_where_it_is_given() -> None:
    for passage in ALL:
        if passage.roster:
            assert any(m.label == "OFFICIAL" for m in passage.marks) or _is_resident(passage)


def _is_resident(passage: GoldPassage) -> bool:
    """Tell if an elected person of the roster is there as a resident, and so is hidden."""
    people = " ".join(_words([passage], "PERSON")).casefold()
    return any(name.casefold() in people for name in passage.roster)


def test_nothing_personal_is_shared_by_dev_and_held_out() -> None:
    def full(passages: list[GoldPassage]) -> set[str]:
        # A first name alone, or a common surname, may fall twice; a full name or a number may not.
        return {
            re.sub(r"\W", "", w).casefold()
            for w in _words(passages, *Entity, "OFFICIAL")
            if len(w) > 5 and re.search(r"[\W\d]", w)
        }

    # a count: what is held out is not printed where this fails
    assert len(full(DEV) & full(HELD_OUT)) == 0


def test_no_line_is_shared_by_dev_and_held_out() -> None:
    def lines(passages: list[GoldPassage]) -> set[str]:
        return {
            line.strip() for p in passages for line in p.text.splitlines() if len(line.strip()) > 25
        }

    assert len(lines(DEV) & lines(HELD_OUT)) == 0
