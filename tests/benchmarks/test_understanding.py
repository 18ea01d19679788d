# SPDX-License-Identifier: EUPL-1.2
"""The lists of questions that say how well a question is understood."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from assistant.understanding.questions import QuestionKind
from assistant.understanding.reading import Chances, Matter, refusal_of
from benchmarks.understanding import (
    ANSWERED,
    LABELS,
    LISTS,
    MOST_AS_TALK,
    MOST_REFUSED,
    STRANGERS,
    Labelled,
    Told,
    by_neighbours,
    labelled,
    names,
    strangers,
    thresholds,
)
from tests.table import each

TALK = {"talk", "elsewhere", "question"}
MATTERS = {
    "kinds": {kind.value for kind in QuestionKind},
    "refusals": set(LABELS) - TALK,
    "talk": TALK,
}
FILES = sorted(path.stem for path in LISTS.glob("*.jsonl") if path != STRANGERS)


@each("name", FILES)
def test_each_line_is_a_question_with_a_known_label(name: str) -> None:
    known = MATTERS[name.split("_")[0]]
    for line in (LISTS / f"{name}.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        assert set(one) == {"q", "label"}
        assert one["q"].strip()
        assert one["label"] in known


@pytest.mark.parametrize("matter", MATTERS)
def test_a_held_out_list_is_apart(matter: str) -> None:
    tuned, held = names(matter)
    assert tuned
    assert held.endswith("_held_out")
    known = {one.text.casefold() for name in tuned for one in labelled(name)}
    assert not any(one.text.casefold() in known for one in labelled(held))


def test_nothing_that_judges_teaches() -> None:
    taught = {line["text"].casefold() for line in strangers()}
    judges = {one.text.casefold() for name in FILES for one in labelled(name)}
    assert not taught & judges


def test_each_line_that_teaches_says_what_it_is() -> None:
    for one in strangers():
        assert one["text"].strip(), one
        assert (Matter(one["matter"]) is Matter.TOWN) == ("kind" in one), one
        assert "kind" not in one or QuestionKind(one["kind"]), one


def row(wanted: str, **chances: float) -> tuple[Labelled, Chances]:
    matter = np.array([chances.get(one.value, 0.0) for one in Matter], np.float32)
    text = f"{wanted} {chances}"
    return Labelled(text=text, label="", wanted=wanted), Chances(matter, np.zeros(1, np.float32))


class Known(Told):
    """What is told of each text is given."""

    def __init__(self, rows: Sequence[tuple[Labelled, Chances]]) -> None:
        self._known = {one.text: chances for one, chances in rows}


def test_thresholds_let_as_many_questions_be_taken_for_another_as_may_be() -> None:
    of_town = [row(ANSWERED, town=1 - n / 1000, verdict=n / 1000) for n in range(500, 1000)]
    of_town += [row(ANSWERED, town=1 - n / 1000, talk=n / 1000) for n in range(500, 1000)]
    sure, no_question = thresholds(Known(of_town), [one for one, _ in of_town])
    refused = [m for _, c in of_town if (m := refusal_of(c.matter, sure, 1.0))]
    as_talk = [m for _, c in of_town if (m := refusal_of(c.matter, 1.0, no_question))]
    assert len(refused) == MOST_REFUSED * len(of_town)
    assert len(as_talk) == MOST_AS_TALK * len(of_town)


def test_the_commonest_of_the_nearest_is_told() -> None:
    known = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [0, 1]], np.float32)
    told = by_neighbours(np.array([[1, 0]], np.float32), known, ["a", "b", "b", "c"])
    assert told == ["b"]
