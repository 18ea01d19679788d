# SPDX-License-Identifier: EUPL-1.2
"""What a question is completed with: clauses of the letter, whole, chosen by learnt weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.replying.anatomy import Role
from assistant.replying.asking import Asking
from assistant.replying.letter import Letter
from assistant.replying.matter import (
    MOST_WORDS,
    SUBJECT,
    Beside,
    Leaning,
    MatterLine,
    Matters,
    clauses,
    said_of,
)
from assistant.replying.questions import questions_of

NEAR, DIST, SAME_PARAGRAPH, SUBJECT_LINE, QUESTION, NEW, FIGURE, NEW_SHARE, LEANS, TOPIC = range(10)


def line(bias: float = 0.0, most: int = 2, **weights: float) -> MatterLine:
    values = np.zeros(10, np.float32)
    for name, weight in weights.items():
        values[globals()[name.upper()]] = weight
    return MatterLine(values, bias, most)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Bonjour, ma fille (7 ans) entre au CP.", ["ma fille, 7 ans, entre au CP"]),
        ("Je viens chez M. [PERSONNE_1].", ["je viens"]),
        (
            "La salle, " + "grande et claire, " * 4 + "est équipée d'un « limiteur ».",
            ["la salle, " + "grande et claire, " * 4 + "est équipée d'un limiteur"],
        ),
        ("Elle est née le [DATE_DE_NAISSANCE_1] à Lyon.", ["elle est née à Lyon"]),
    ],
)
def test_a_sentence_is_cut_into_whole_clauses(sentence: str, parts: list[str]) -> None:
    assert clauses(sentence) == parts


def test_short_clauses_are_one_and_long_ones_are_not_cut() -> None:
    long = " ".join(["barnum"] * (MOST_WORDS + 3))
    assert clauses(f"Le mât, la toile, {long}.") == ["le mât, la toile", long]


def test_clauses_are_chosen_by_their_weights_and_told_in_their_order() -> None:
    before = [
        *said_of("fête du quai", SUBJECT, SUBJECT),
        *said_of("Nous montons un barnum.", 0, 0),
        *said_of("Il mesure 40 mètres.", 1, 0),
    ]
    asked = Leaning("Est-ce permis ?", 2, 0, 1.0)
    by_figure = Matters(Beside(line(figure=2, subject_line=1, bias=-0.5)))
    assert by_figure.of(asked, before) == ["fête du quai", "il mesure 40 mètres"]
    assert Matters(Beside(line(figure=2, bias=-0.5))).of(asked, before) == ["il mesure 40 mètres"]
    assert Matters(Beside(line(bias=1, most=1, dist=-1))).of(asked, before) == ["fête du quai"]
    assert Matters(Beside(line(bias=-1))).of(asked, before) == []


def test_what_a_clause_speaks_of_is_a_sign() -> None:
    before = said_of("Je rentre tard le soir.", 0, 0) + said_of("Il y a la cantine.", 1, 0)
    asked = Leaning("C'est combien ?", 2, 0, 1.0)

    def vector(text: str) -> NDArray[np.float32]:
        return np.array(["cantine" in text, "soir" in text], np.float32)

    by_topic = replace(line(bias=-0.5, topic=1), topic=np.array([1, -1], np.float32))
    assert Matters(Beside(by_topic, vector)).of(asked, before) == ["il y a la cantine"]
    assert Matters(Beside(line(bias=-0.5, topic=1), vector)).of(asked, before) == []


def test_what_says_nothing_new_is_not_taken() -> None:
    before = said_of("Nous montons un barnum.", 0, 0)
    asked = Leaning("Qui monte les barnums ?", 1, 0, 1.0)
    taken = Matters(Beside(line(bias=1))).of(asked, [*before, *before])
    assert len(taken) <= 1


def test_each_sentence_of_a_letter_gets_one_vector() -> None:
    seen = list[str]()

    def vector(text: str) -> NDArray[np.float32]:
        seen.append(text)
        return np.array([len(text) % 2, 1], np.float32)

    text = "Nous montons un barnum. Il mesure 40 mètres. Est-ce permis ? Est-ce payant ?"
    letter = Letter(text=text, roles=(Role.BODY,))
    found = questions_of(
        letter,
        lambda sentence: Asking(1.0 if "?" in sentence else -1.0, -1.0),
        Beside(line(near=1, question=-9), vector),
    )
    assert found.asked == [
        "Est-ce permis : nous montons un barnum, il mesure 40 mètres ?",
        "Est-ce payant : nous montons un barnum, il mesure 40 mètres ?",
    ]
    assert len(seen) == len(set(seen))
