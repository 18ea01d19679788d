# SPDX-License-Identifier: EUPL-1.2
"""What counts as understood: both forms of a list, what stands alone, what is asked back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.following import Understood
from benchmarks.followups import DEV, Case, cases, meant

LUNCH = Case(before=("Prix du repas ?",), ask="Et en maternelle ?", must=(("prix", "tarif"),))


def test_an_authors_line_is_read_as_ours_is(tmp_path: Path) -> None:
    ours = {"before": "Prix ?", "ask": "Et lundi ?", "must": ["prix"], "not": ["mardi"]}
    theirs = {
        "before": ["Prix ?"], "follow": "Et lundi ?", "must": [["prix"]], "must_not": ["mardi"],
        "kind": "unclear",
    }  # fmt: skip
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(map(json.dumps, (ours, theirs))), "utf-8")
    first, second = cases(path)
    assert (first.before, first.must, first.avoid) == (("Prix ?",), (("prix",),), ("mardi",))
    assert (second.ask, second.kind, second.unclear) == ("Et lundi ?", "unclear", True)
    assert (second.must, second.avoid) == (first.must, first.avoid)


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (("Tarif en maternelle ?",), "understood"),
        (("Horaires en maternelle ?",), "wrong"),
        (("Horaires ?", "Prix ?"), "asked back"),
        (("Horaires ?", "Jours ?"), "wrong"),
    ],
)
def test_one_of_the_words_is_enough_and_one_right_choice(
    choices: tuple[str, ...], expected: str
) -> None:
    assert LUNCH.outcome(Understood(choices)) == expected


def test_what_stands_alone_is_completed_with_nothing_and_what_is_unclear_is_asked_back() -> None:
    alone = Case(before=("Prix ?",), ask="Qui est le maire ?", alone=True)
    assert [alone.outcome(found) for found in (None, Understood(("Prix ?",)))] == [
        "understood", "wrong",
    ]  # fmt: skip
    unclear = Case(before=("Prix ?",), ask="Et ça ?", unclear=True)
    found = Understood(("Prix ?", "Jour ?"))
    assert [unclear.outcome(one) for one in (found, None)] == ["asked back", "wrong"]


def test_each_question_before_is_understood_first() -> None:
    case = Case(
        before=("Quel est le prix du repas en élémentaire ?", "Et en maternelle ?"),
        ask="Et pour un quotient de 650 ?",
    )
    found = meant(case, object())
    assert found is not None and "maternelle" in found.text and "prix" in found.text


def test_the_lists_hold_no_line_twice() -> None:
    every = [case for path in sorted(DEV.parent.glob("*.jsonl")) for case in cases(path)]
    assert len({(case.before, case.ask) for case in every}) == len(every) > 100
