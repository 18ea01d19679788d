# SPDX-License-Identifier: EUPL-1.2
"""Letters whose questions were marked: which units ask, which clauses a question lacks."""

from __future__ import annotations

import json

import numpy as np

from assistant.replying.anatomy import Role
from assistant.replying.asking import by_form
from assistant.replying.letter import Letter
from assistant.replying.matter import BY_PLACE
from benchmarks.mail_letters import LETTERS, MARKED_ONLY, heard_in
from benchmarks.mail_sentences import logistic

TEXT = (
    "Nous montons un barnum sur le quai. Il a plu hier. Ma voisine dit que c'est interdit."
    " Est-ce vrai ?"
)
MAIL = {
    "id": "x-01",
    "asks": [
        {
            "sentence": "Ma voisine dit que c'est interdit. Est-ce vrai ?",
            "about": "Est-il interdit de monter un barnum sur le quai ?",
        }
    ],
}


def letter() -> Letter:
    return Letter(text=TEXT, roles=(Role.BODY,))


def test_of_a_stretch_over_two_sentences_the_one_that_ends_it_asks() -> None:
    heard = heard_in(MAIL, letter(), "x")
    assert [*heard.labels()] == [
        ("Nous montons un barnum sur le quai.", False),
        ("Il a plu hier.", False),
        ("Est-ce vrai ?", True),
    ]


def test_a_question_lacks_the_clause_that_holds_what_was_written_out() -> None:
    [(signs, given, clauses)] = heard_in(MAIL, letter(), "x").lacks(BY_PLACE, by_form)
    assert given == [True, False]
    assert signs.shape == (len(clauses), 10)


def test_stretches_stand_in_their_letter() -> None:
    for file in (LETTERS, *MARKED_ONLY):
        for mail in map(json.loads, file.read_text("utf-8").splitlines()[::4]):
            text = mail["text"]
            heard = heard_in(
                mail, Letter(text=text, roles=(Role.BODY,) * (text.count("\n") + 1)), "x"
            )
            assert len(heard.asked) == len(mail["asks"]), mail["id"]


def test_a_line_parts_what_can_be_parted() -> None:
    level = np.array([[-1, 1], [-2, 0], [1, 1], [2, 0]], np.float32)
    truths = np.array([False, False, True, True])
    found = logistic(level, truths, np.ones(4))
    assert ((found[0] + level @ found[1:] > 0) == truths).all()
    assert abs(found[2]) < 1e-3 < found[1]
