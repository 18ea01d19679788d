# SPDX-License-Identifier: EUPL-1.2
"""What trains the learned layer: marked texts, their variations, and slopes that are right."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from guardrails.names.learned import Learned
from guardrails.names.lexicons import Dictionary, Lexicons
from guardrails.names.network import OUTPUTS, Floats
from tests.markup import read_marked
from tools.names.backward import Learner
from tools.names.numbers import drawn_code, is_code
from tools.names.texts import NAMES, Text, gold_texts, taught, taught_texts
from tools.names.variations import Rates, Variations, edited
from tools.train_names import Course

LEXICONS = Lexicons(Dictionary(words=frozenset(["petit", "blanc"])))
WHOLE = "⟦PERSON:Solène⟧, carte ⟦FILE_NUMBER:K41-77⟧, ⟦KEEP:arrêté 12⟧, ⟦BIRTH_DATE:4 mai 1987⟧."
BLOCK = "Vu ‹Mme Solène Le Goff› et ‹Kader›, rue Solène.\n‹Kader› signe."


def marked(text: str) -> Text:
    words, marks = read_marked(text)
    return Text(words, tuple(marks))


class NoVectors:
    """A language model that knows no word."""

    def vector(self, word: str) -> Floats | None:
        return None


def test_names_are_marked_in_what_teaches_and_files_can_be_left_out() -> None:
    marks = [mark for text in taught_texts() for mark in text.marks]
    assert sum(mark.label in NAMES for mark in marks) > 1000
    assert sum(text.is_whole for text in taught_texts()) > 50
    assert len(gold_texts(without=["dev_lot_7"])) < len(gold_texts())


def test_an_unbalanced_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        taught("Vu ‹Léa")


def test_the_same_name_goes_everywhere_or_stays_everywhere() -> None:
    text = taught(BLOCK)
    always = Rates(names=1, kept=0, hidden=0, scanned=0, upper=0, lower=0)
    varied = Variations(LEXICONS, seed=4, rates=always).vary(text)
    names = [varied.text[m.start : m.end] for m in varied.marks if m.label == "PERSON"]
    assert names[1] == names[2] != "Kader"
    assert "rue Solène" in varied.text
    assert Variations(LEXICONS, seed=4, rates=always).vary(text) == varied


def test_what_is_hidden_or_scanned_keeps_its_marks_in_place() -> None:
    for seed in range(30):
        rates = Rates(names=0, kept=0, hidden=0, scanned=1, upper=0, lower=0)
        text = taught(BLOCK)
        varied = Variations(LEXICONS, seed=seed, rates=rates).vary(text)
        for before, after in zip(text.marks, varied.marks, strict=True):
            old, new = text.text[before.start : before.end], varied.text[after.start : after.end]
            assert old[0] == new[0] or new[0] in "01lcu§"
            assert len(new) >= len(old)
    assert edited(taught(BLOCK), [(3, 6, "M.")]).text.startswith("Vu M. Solène")


def test_each_token_has_its_answers() -> None:
    course = Course(LEXICONS, Learned((), LEXICONS, NoVectors()))
    read = course.read(marked(WHOLE))
    looks = [kind[0] for kind in read.kinds]
    number, born = OUTPUTS.index("NUMBER"), OUTPUTS.index("BIRTH_DATE")
    assert [looks[n] for n in np.flatnonzero(read.answers[:, 0])] == ["Solène"]
    assert [looks[n] for n in np.flatnonzero(read.answers[:, number])] == [
        "=Akb", "=#2xa-", "=-", "=#2x-b",
    ]  # fmt: skip
    assert [looks[n] for n in np.flatnonzero(read.answers[:, born])] == [
        "=#1m__", "mai", "=#4y198_.",
    ]  # fmt: skip
    assert (
        read.shares[looks.index("=#2m_b"), number] > read.shares[looks.index("carte"), number] > 0
    )
    assert not course.read(taught(BLOCK)).shares[:, 1:].any()  # where names alone are marked


def test_codes_and_dates_are_drawn_anew() -> None:
    always = Rates(names=0, kept=0, numbers=1, hidden=0, scanned=0, upper=0, lower=0)
    text = marked(WHOLE)
    varied = Variations(LEXICONS, seed=6, rates=always).vary(text)
    new = [varied.text[mark.start : mark.end] for mark in varied.marks]
    old = [text.text[mark.start : mark.end] for mark in text.marks]
    assert new[0] == old[0] and new[1] != old[1] and new[2] == old[2]
    assert new[3] != old[3]
    assert varied.is_whole
    drawn = [drawn_code(random.Random(seed)) for seed in range(50)]
    assert all(any(map(str.isdigit, code)) for code in drawn)
    assert len(set(drawn)) == len(drawn)
    assert [is_code(text) for text in ("AB-12", "K41-7702-35", "12 mars", "1 250", "rue 4")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_the_years_of_a_text_move_together() -> None:
    always = Rates(names=0, kept=0, numbers=1, hidden=0, scanned=0, upper=0, lower=0)
    text = marked("Séance du 3 mars 2025. ⟦PERSON:Solène⟧ est née en ⟦BIRTH_DATE:1987⟧.")
    moved = {
        tuple(
            map(
                int,
                re.findall(r"\d{4}", Variations(LEXICONS, seed=n, rates=always).vary(text).text),
            )
        )
        for n in range(20)
    }
    assert len(moved) > 5
    assert all(late - early == 2025 - 1987 and late < 2025 for late, early in moved)


def test_slopes_are_those_of_the_surprise() -> None:
    """Each table and layer, nudged along its slope, changes the surprise by as much."""
    course = Course(LEXICONS, Learned((), LEXICONS, NoVectors()))
    whole = marked(WHOLE)
    batch = course.batch([course.read(taught(BLOCK)), course.read(whole)])
    learner = Learner(width=8, dim=4, dropout=0.0, seed=1, left_out=False)
    for held in (learner.weights, learner.slopes):  # rounding would hide the smallest slopes
        held.update({name: array.astype(np.float64) for name, array in held.items()})
    # An empty kind of token stands right on the bend of its layer while its bias is zero.
    bias = learner.weights["embed_bias"]
    bias[:] = np.random.default_rng(2).normal(0, 0.1, bias.shape)
    learner.slopes_of(batch)
    slopes = {name: slope.copy() for name, slope in learner.slopes.items()}
    for name, weight in learner.weights.items():
        kept, slope = weight.copy(), slopes[name]
        length = float(np.sqrt((slope**2).sum()))
        nudge = 1e-5 / length * slope
        weight += nudge
        more = learner.slopes_of(batch)
        weight[:] = kept - nudge
        less = learner.slopes_of(batch)
        weight[:] = kept
        assert (more - less) / 2e-5 == pytest.approx(length, rel=0.01), name
