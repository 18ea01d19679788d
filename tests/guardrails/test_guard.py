# SPDX-License-Identifier: EUPL-1.2
"""The guard's own decisions, with small stand-in detectors and no language model."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.findings import Entity, Finding
from guardrails.guard import Guard, Verdict, open_quick_guard
from guardrails.policy import Policy


class Looking:
    """Finds what a pattern matches."""

    def __init__(self, pattern: str, entity: Entity = Entity.PERSON, score: float = 1.0) -> None:
        self.name = f"looking for {entity}"
        self._pattern, self._entity, self._score = re.compile(pattern), entity, score

    def find(self, text: str) -> Sequence[Finding]:
        return [
            Finding(*match.span(), self._entity, "pattern", self._score)
            for match in self._pattern.finditer(text)
        ]


class Failing:
    name = "failing"

    def find(self, text: str) -> Sequence[Finding]:
        raise ZeroDivisionError(text)


class Misplaced:
    """Points past the end of the text."""

    name = "misplaced"

    def find(self, text: str) -> Sequence[Finding]:
        return [Finding(0, len(text) + 5, Entity.PERSON, "wrong")]


NAMES = Looking(r"(?i)\b(?:ana|léa|ugo|petit|roy)(?: (?:ana|léa|ugo|petit|roy))*")
PHONES = Looking(r"\d\d(?: \d\d){4}", Entity.PHONE)


def test_numbers_run_by_entity_and_the_same_value_keeps_its_number() -> None:
    screened = Guard([NAMES, PHONES]).screen("Ana Petit, 06 11 22 33 44 ; Léa Roy ; PETIT ana.")
    assert screened.text == "[PERSONNE_1], [TÉLÉPHONE_1] ; [PERSONNE_2] ; [PERSONNE_1]."


def test_findings_point_into_the_original() -> None:
    text = "Reçu : Ana Petit et Léa Roy"
    found = Guard([NAMES]).screen(text).findings
    assert [text[f.start : f.end] for f in found] == ["Ana Petit", "Léa Roy"]


def test_numbers_hold_over_the_pages_of_a_document_and_start_again_in_the_next() -> None:
    one, two = Guard([NAMES]).screen_documents([["Ana Petit", "Léa Roy, Ana Petit"], ["Léa Roy"]])
    assert [page.text for page in one] == ["[PERSONNE_1]", "[PERSONNE_2], [PERSONNE_1]"]
    assert [page.text for page in two] == ["[PERSONNE_1]"]


def test_a_finding_that_crosses_pages_hides_both_ends() -> None:
    across = Looking(r"06 11\s+\d\d \d\d \d\d", Entity.PHONE)
    pages = Guard([across]).screen_pages(["tél. 06 11", "22 33 44 le soir"])
    assert [page.text for page in pages] == ["tél. [TÉLÉPHONE_1]", "[TÉLÉPHONE_2] le soir"]


def test_overlaps_hide_the_union_under_the_name_of_the_longest() -> None:
    short, long = Looking("Ana Petit"), Looking("Petit, 3 rue Basse", Entity.ADDRESS)
    assert Guard([short, long]).screen("Vu Ana Petit, 3 rue Basse.").text == "Vu [ADRESSE_1]."


@pytest.mark.parametrize("broken", [Failing(), Misplaced()], ids=["raises", "points outside"])
def test_a_broken_detector_closes_the_guard_without_a_word_of_the_text(broken: Failing) -> None:
    with pytest.raises(DetectorFailed) as caught:
        Guard([NAMES, broken]).screen("Ana Petit")
    assert caught.value.detector == broken.name
    assert "Ana" not in str(caught.value)


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(TextTooLong):
        Guard([NAMES], max_chars=10).screen("x" * 11)


def test_near_misses_are_explained_and_not_hidden() -> None:
    guard = Guard([NAMES, Looking("Bureau", score=0.3)])
    explained = guard.explain("Ana Petit, Bureau 4")
    assert explained.screened.text == "[PERSONNE_1], Bureau 4"
    assert [d.verdict for d in explained.decisions] == [Verdict.HIDDEN, Verdict.NEAR_MISS]
    assert [d.finding.start for d in explained.near_misses] == [11]


def test_each_voter_is_named() -> None:
    class Voting(Looking):
        def find(self, text: str) -> Sequence[Finding]:
            return [Finding(0, 3, Entity.PERSON, "names:civility+model")]

    (decision,) = Guard([Voting("x")]).explain("Ana").decisions
    assert decision.voters == ("names:civility", "model")


def test_the_second_look_hides_what_the_first_uncovered() -> None:
    class Shy:
        """Finds the second name only once the first is hidden."""

        name = "shy"

        def find(self, text: str) -> Sequence[Finding]:
            wanted = "Roy" if "PERSONNE_1" in text else "Petit"
            at = text.find(wanted)
            return [Finding(at, at + len(wanted), Entity.PERSON, "shy")] if at >= 0 else []

    screened = Guard([Shy()]).screen("Petit puis Roy")
    assert screened.text == "[PERSONNE_1] puis [PERSONNE_2]"
    assert [(f.start, f.end) for f in screened.findings] == [(0, 5), (11, 14)]


def test_the_roster_of_the_call_replaces_the_guards_own() -> None:
    guard = Guard([NAMES], roster=["Ana PETIT"])
    assert guard.screen("Mme Petit rapporte.").text == "Mme Petit rapporte."
    assert guard.screen("Mme Petit rapporte.", roster=[]).text == "Mme [PERSONNE_1] rapporte."


def test_the_policy_of_a_collection_keeps_what_it_says() -> None:
    guard = Guard([Looking(r"AB \d+", Entity.PARCEL), NAMES])
    assert guard.screen("AB 12, Ana Petit").text == "[PARCELLE_1], [PERSONNE_1]"
    assert guard.screen("AB 12, Ana Petit", policy="plu").text == "AB 12, [PERSONNE_1]"
    assert guard.screen("AB 12", policy="no such collection").text == "[PARCELLE_1]"


def test_a_policy_may_hide_officials_too(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[collections.dossiers]\nofficials = false\n", encoding="utf-8")
    guard = Guard([NAMES], policy=Policy.read(path))
    text = "Le Maire, Ana Petit"
    assert guard.screen(text).text == text
    assert guard.screen(text, policy="dossiers").text == "Le Maire, [PERSONNE_1]"


def test_a_look_alike_is_escaped_where_something_is_hidden() -> None:
    screened = Guard([NAMES]).screen("[PERSONNE_1] a vu Ana Petit.")
    assert screened.text == "⟨PERSONNE_1⟩ a vu [PERSONNE_1]."


def test_trusted_placeholders_stay_and_new_ones_follow() -> None:
    screened = Guard([NAMES]).screen("[PERSONNE_4] a vu Ana Petit.", trust_placeholders=True)
    assert screened.text == "[PERSONNE_4] a vu [PERSONNE_5]."


def test_nothing_personal_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Guard([NAMES]).screen("Ana Petit")
    assert "hid 1" in caplog.text
    assert "Petit" not in caplog.text


WORDS = st.sampled_from(
    [
        "Ana",
        "Petit",
        "[PERSONNE_1]",
        "[ADRESSE_2]",
        "le",
        "06 11 22 33 44",
        "\n",
        "⟨",
        "]",
        "PERSONNE_1",
    ]
)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, max_size=8).map(" ".join), min_size=1, max_size=3))
def test_screening_twice_changes_nothing(pages: list[str]) -> None:
    guard = Guard([NAMES, PHONES])
    once = guard.screen_pages(pages)
    twice = guard.screen_pages([page.text for page in once])
    assert [page.text for page in twice] == [page.text for page in once]
    assert not any(page.findings for page in twice)


@settings(deadline=None)
@given(st.lists(WORDS.filter(lambda word: "[" not in word), max_size=12).map(" ".join))
def test_what_was_not_found_stays_as_it_was(text: str) -> None:
    screened = Guard([NAMES, PHONES]).screen(text)
    between, position = [], 0
    for finding in screened.findings:
        between.append(text[position : finding.start])
        position = finding.end
    between.append(text[position:])
    assert re.split(r"\[(?:PERSONNE|TÉLÉPHONE)_\d+\]", screened.text) == between


@pytest.fixture(scope="module")
def quick() -> Guard:
    return open_quick_guard()


@settings(deadline=None)
@given(text=st.text(max_size=120))
def test_any_text_comes_out_and_comes_out_the_same_again(quick: Guard, text: str) -> None:
    screened = quick.screen(text)
    assert quick.screen(screened.text).text == screened.text
    assert all(0 <= f.start < f.end <= len(text) for f in screened.findings)


BLANKS = st.sampled_from([" ", "\n", "\u00a0", ", ", "\u200b ", ";", "\t"])
PLANTED = st.sampled_from(
    ["M. Kowalczyk", "06 11 22 33 44", "ana.petit@exemple.fr", "Mme Léa LE GALL"]
)
AROUND = st.sampled_from(
    ["Vu le code", "le conseil délibère", "Article 3", "rue Basse", "1 250 €", "Considérant"]
)


@settings(deadline=None)
@given(
    before=st.lists(AROUND, max_size=5),
    planted=PLANTED,
    blank=BLANKS,
    after=st.lists(AROUND, max_size=5),
)
def test_what_is_planted_anywhere_is_hidden(
    quick: Guard, before: list[str], planted: str, blank: str, after: list[str]
) -> None:
    text = blank.join([*before, planted, *after])
    screened = quick.screen(text)
    start = text.index(planted) + (len(planted.split()[0]) if planted[0] == "M" else 0)
    hidden = {at for f in screened.findings for at in range(f.start, f.end)}
    assert all(
        at in hidden
        for at in range(start, text.index(planted) + len(planted))
        if text[at].isalnum()
    )
