# SPDX-License-Identifier: EUPL-1.2
"""Questions made to look typed: most stay, the others stay questions of the same thing."""

from __future__ import annotations

import random

from benchmarks.embedder_noise import TOUCHED, as_typed
from corpus.french import fold

QUESTION = "Combien coûte un repas à la cantine pour un élève de primaire ?"


def test_most_questions_stay() -> None:
    chance = random.Random(3)
    stayed = sum(as_typed(QUESTION, chance) == QUESTION for _ in range(1000))
    assert 1000 * (1 - TOUCHED) <= stayed < 800


def test_what_is_touched_has_as_many_words() -> None:
    chance = random.Random(4)
    words = len(QUESTION.rstrip(" ?").split())
    for _ in range(300):
        typed = as_typed(QUESTION, chance).rstrip(" ?").split()
        assert words - 1 <= len(typed) <= words + 4


def test_the_same_chance_gives_the_same() -> None:
    first, second = random.Random(5), random.Random(5)
    assert [as_typed(QUESTION, first) for _ in range(50)] == [
        as_typed(QUESTION, second) for _ in range(50)
    ]


def test_no_letter_is_new() -> None:
    chance = random.Random(6)
    letters = set(fold(QUESTION)) | set("bonjoursvpltdkfeqi,")
    for _ in range(300):
        assert set(fold(as_typed(QUESTION, chance))) <= letters
