# SPDX-License-Identifier: EUPL-1.2
"""Sources that disagree are both shown and neither is followed; the later act wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answers import Reason
from assistant.evidence import Candidate
from assistant.standing import standing
from corpus.documents import Passage
from guardrails.findings import Screened
from tests.table import each

FOUR = "Le repas de la cantine coûte 4,20 euros pour un enfant."
FIVE = "Le repas de la cantine coûte 5,10 euros pour un enfant."
HOURS = "La bibliothèque ouvre à 10 heures le mercredi."
ASKED = "Combien coûte le repas de la cantine ?"


def candidate(text: str, document: str, dated: str = "") -> Candidate:
    passage = Passage(
        id=document, document=document, file=f"{document}.txt", page=1, ordinal=0,
        collection="default", heading="", text=Screened(text), start=0, end=len(text), dated=dated,
    )  # fmt: skip
    return Candidate(
        passage=passage, start=0, end=len(text), text=text, coverage=1, reach=1, found=1,
        around=0.8, cosine=0.9, lexical=1, fits=True, told=True, scale=0, score=1,
    )  # fmt: skip


def test_two_undated_sources_that_disagree_are_both_shown() -> None:
    _, reason, sources = standing(ASKED, 0, [candidate(FOUR, "a"), candidate(FIVE, "b")])

    assert reason is Reason.CONTRADICTION
    assert [source.passage.document for source in sources] == ["a", "b"]


def test_the_later_of_two_dated_acts_is_quoted() -> None:
    best, reason, _ = standing(
        ASKED, 0, [candidate(FOUR, "a", "2023-06-01"), candidate(FIVE, "b", "2024-06-01")]
    )

    assert (best, reason) == (1, None)


def test_a_question_that_names_a_year_gets_what_was_true_then() -> None:
    asked = "Combien coûtait le repas de la cantine en 2023 ?"

    best, reason, _ = standing(asked, 0, [candidate(FOUR, "a"), candidate(FIVE, "b")])

    assert (best, reason) == (0, None)


@pytest.mark.parametrize(
    "other",
    [candidate(FOUR, "b"), candidate(HOURS, "b"), candidate(FIVE, "a")],
    ids=["same figures", "another matter", "same document"],
)
def test_what_agrees_or_speaks_of_something_else_is_no_rival(other: Candidate) -> None:
    assert standing(ASKED, 0, [candidate(FOUR, "a"), other]) == (0, None, ())


def test_a_source_about_another_matter_or_one_that_was_replaced_is_no_rival() -> None:
    chosen = candidate(FOUR, "a", "2023-06-01")
    cinema = replace(candidate(FIVE, "b", "2024-06-01"), reach=0.5)
    old = candidate(FIVE, "c")
    old = replace(old, passage=replace(old.passage, superseded_by="délibération 2024-12"))

    assert standing(ASKED, 0, [chosen, cinema, old]) == (0, None, ())


@each(
    "asked, expected",
    [
        (ASKED.replace(" ?", " cette année\u00a0(2026) ?"), Reason.OUT_OF_DATE),
        (ASKED.replace(" ?", " pour les 3-6 ans ?"), Reason.OUT_OF_DATE),
        (ASKED.replace(" ?", " avec un quotient de 2000 ?"), Reason.OUT_OF_DATE),
        (ASKED.replace(" ?", " rue du 19 mars 1962 ?"), Reason.OUT_OF_DATE),
        (ASKED.replace(" ?", " (2019) ?"), None),
        (ASKED.replace(" ?", " dans la délibération 12/2019 ?"), None),
    ],
)
def test_only_a_time_that_somebody_names_asks_for_what_was(
    asked: str, expected: Reason | None
) -> None:
    old = candidate(FOUR, "a")
    old = replace(old, passage=replace(old.passage, superseded_by="délibération 2024-12"))

    assert standing(asked, 0, [old])[1] is expected


def test_an_act_that_another_one_replaced_is_not_followed() -> None:
    old = candidate(FOUR, "a")
    old = replace(old, passage=replace(old.passage, superseded_by="délibération 2024-12"))

    assert standing(ASKED, 0, [old])[1] is Reason.OUT_OF_DATE


@pytest.mark.parametrize(
    ("asked", "year", "expected"),
    [
        ("Quand est le prochain conseil ?", 2019, Reason.OUT_OF_DATE),
        ("Quand est le prochain conseil ?", 2999, None),
        ("Quand était le conseil ?", 2019, None),
    ],
)
def test_what_is_next_is_not_a_day_that_is_over(
    asked: str, year: int, expected: Reason | None
) -> None:
    told = candidate(f"Prochaine séance : mercredi 24 septembre {year} à 19 heures.", "a")

    _, reason, _ = standing(asked, 0, [told])

    assert reason is expected


@each(
    "text",
    [
        "Depuis le 1er septembre 2019, le repas coûte 4,20 €.",
        "La rue est barrée à compter du 3 novembre 2019 et jusqu'à nouvel ordre.",
        "Par arrêté du 5 mars 2019, le ramassage a lieu le premier mardi de chaque mois.",
        "L'arrêté du 3 mai 2019 oblige le vendeur à prévenir.",
        "Séance du 24/09/19 puis du 12/12/99.",
    ],
)
def test_a_past_day_that_began_something_or_names_an_act_is_not_over(text: str) -> None:
    for asked in ("Qu'en est-il en ce moment ?", "Et le prochain ?"):
        assert standing(asked, 0, [candidate(text, "a")])[1] is None
