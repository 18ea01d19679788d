# SPDX-License-Identifier: EUPL-1.2
"""The lists of questions that say how well a question is understood."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from assistant.understanding.kinds import QuestionKind
from assistant.understanding.sensitive import REASONS
from benchmarks import understanding
from benchmarks.understanding import (
    ANSWERED,
    LABELS,
    LISTS,
    TALK,
    Labelled,
    in_folds,
    labelled,
    learnt,
    names,
)
from tests.table import each

MATTERS = {
    "kinds": {kind.value for kind in QuestionKind},
    "refusals": set(LABELS) - TALK,
    "talk": TALK,
}
FILES = sorted(path.stem for path in LISTS.glob("*.jsonl"))


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


def test_nothing_that_is_held_out_teaches() -> None:
    taught = {one.text for one in understanding.teaching()}
    held = [one.text for name in FILES if name.endswith("_held_out") for one in labelled(name)]
    assert not taught & set(held)


def test_lines_tell_apart_what_they_learnt() -> None:
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(300, 6)).astype(np.float32)
    wanted = [
        next((r.value for place, r in enumerate(REASONS) if v[place] > 0.5), ANSWERED)
        for v in vectors
    ]
    taught = [Labelled(text="", label="rule", wanted=one) for one in wanted]
    taught = [
        replace(one, label=_talk(v)) if one.wanted == REASONS[2].value else one
        for one, v in zip(taught, vectors, strict=True)
    ]
    lines = learnt(vectors, taught)
    assert lines.weights.shape == (4, 6)
    assert np.argmax(lines.weights[3]) == 3  # what is said to the assistant, of talk alone
    told = in_folds(vectors, taught)
    right = sum(a == b for a, b in zip(told, wanted, strict=True))
    assert right > 0.7 * len(wanted)  # talk is believed later than the others


def _talk(vector: np.ndarray) -> str:
    return "talk" if vector[3] > 0 else "elsewhere"


def test_talk_teaches_its_own_line_alone() -> None:
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(300, 6)).astype(np.float32)
    taught = [
        Labelled(
            text="",
            label=_talk(v) if v[2] > 1 else "verdict" if v[1] > 0.5 else "rule",
            wanted=REASONS[2].value if v[2] > 1 else REASONS[1].value if v[1] > 0.5 else ANSWERED,
        )
        for v in vectors
    ]
    apart = [place for place, one in enumerate(taught) if one.label not in TALK or place % 2]
    both, alone = learnt(vectors, taught), learnt(vectors[apart], [taught[n] for n in apart])
    assert np.allclose(both.weights[1], alone.weights[1])
    assert not np.allclose(both.weights[2], alone.weights[2])


def test_a_question_is_not_its_own_neighbour() -> None:
    vectors = np.eye(7, dtype=np.float32)
    wanted = ["a", *["b"] * 6]
    assert understanding.by_neighbours(vectors, vectors, wanted, is_same=True)[0] == "b"
