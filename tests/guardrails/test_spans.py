# SPDX-License-Identifier: EUPL-1.2
"""Arithmetic on findings, and the way back from a redacted text to the original."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.findings import Entity, Finding
from guardrails.redaction import View, redacted
from guardrails.spans import Pages, giving_way, merged, outside, trimmed

TEXT = "abcdefghijklmnopqrstuvwxyz" * 2


def finding(start: int, end: int) -> Finding:
    return Finding(start, end, Entity.PERSON, "test")


SPANS = st.tuples(st.integers(0, 51), st.integers(1, 9)).map(
    lambda pair: finding(pair[0], min(52, pair[0] + pair[1]))
)


@settings(deadline=None)
@given(st.lists(SPANS, max_size=8))
def test_merging_covers_the_same_characters_without_overlap(findings: list[Finding]) -> None:
    result = merged(findings)
    covered = [at for f in result for at in range(f.start, f.end)]
    assert sorted(set(covered)) == covered
    assert set(covered) == {at for f in findings for at in range(f.start, f.end)}


@settings(deadline=None)
@given(SPANS, st.lists(SPANS, max_size=4))
def test_outside_keeps_exactly_what_is_not_off_limits(one: Finding, others: list[Finding]) -> None:
    limits = [(f.start, f.end) for f in merged(others)]
    kept = [at for f in outside([one], limits) for at in range(f.start, f.end)]
    assert kept == [
        at
        for at in range(one.start, one.end)
        if not any(left <= at < right for left, right in limits)
    ]


def test_blanks_are_trimmed_and_a_blank_finding_is_nothing() -> None:
    assert trimmed(finding(0, 4), " ab ") == finding(1, 3)
    assert trimmed(finding(0, 3), "   ") is None


@settings(deadline=None)
@given(st.lists(SPANS, max_size=6), st.integers(0, 51))
def test_a_view_leads_back_to_the_same_letter(hidden: list[Finding], at: int) -> None:
    view = View(TEXT, merged(hidden), trusted=False)
    free = [i for i in range(len(view.text)) if not any(a <= i < b for a, b in view.off_limits)]
    for index in free:
        back = view.original(finding(index, index + 1))
        assert TEXT[back.start] == view.text[index]


def test_pages_are_laid_end_to_end_and_taken_apart_again() -> None:
    pages = Pages(["ab", "", "cd"])
    each = pages.split([finding(0, len(pages.text))])
    assert [[(f.start, f.end) for f in page] for page in each] == [[(0, 2)], [], [(0, 2)]]


def test_a_stretch_gives_way_to_those_of_another_kind_and_keeps_what_they_leave() -> None:
    text = "12/03/1957 à Creil, demeurant 4 rue Basse, et vivant à 60350 creil"

    def of(words: str, entity: Entity) -> Finding:
        return Finding(text.index(words), text.index(words) + len(words), entity, "test")

    wide = of(text, Entity.ADDRESS)
    date, home = of("12/03/1957", Entity.BIRTH_DATE), of("4 rue Basse", Entity.ADDRESS)
    place = of("à Creil, demeurant", Entity.BIRTH_PLACE)
    parts = giving_way([wide], [place, date, home], text)
    assert [text[p.start : p.end] for p in parts] == ["4 rue Basse, et vivant à 60350 creil"]
    assert giving_way([wide], [home], text) == [wide]
    known = replace(home, rule="address.town")
    assert [p.rule for p in giving_way([wide, place], [known], text)] == ["address.town", "test"]
    assert giving_way([of(", demeurant 4", Entity.PHONE)], [home], text) == []


LINES = st.text(alphabet="ab \n", max_size=40)


@settings(deadline=None)
@given(LINES, st.lists(SPANS, max_size=6))
def test_no_line_break_moves_and_a_view_leads_back_over_lines(
    text: str, hidden: list[Finding]
) -> None:
    inside = [f for f in hidden if f.end <= len(text)]
    found = [kept for f in merged(inside) if (kept := trimmed(f, text))]
    (shown,) = redacted([text], [found], trusted=False)
    assert shown.text.count("\n") == text.count("\n")
    view = View(text, found, trusted=False)
    limits = [at for a, b in view.off_limits for at in range(a, b)]
    for index in (i for i in range(len(view.text)) if i not in limits):
        assert text[view.original(finding(index, index + 1)).start] == view.text[index]


def test_a_finding_over_two_lines_is_one_number_on_both() -> None:
    text = "Jean\nDupont vient\n\nJean\nDupont part"
    found = [finding(0, 11), finding(19, 30)]
    (shown,) = redacted([text], [found], trusted=False)
    assert shown.text == "[PERSONNE_1]\n[PERSONNE_1] vient\n\n[PERSONNE_1]\n[PERSONNE_1] part"
