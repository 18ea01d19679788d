# SPDX-License-Identifier: EUPL-1.2
"""The ablation bench: what is off is off while its row is made, and nothing stays off."""

from __future__ import annotations

import pytest

from benchmarks.ablate import Bench, eliminated, switches
from benchmarks.privacy_scores import Sample
from guardrails.guard import Guard
from guardrails.names.detector import NamesDetector
from guardrails.names.lexicons import Dictionary, Lexicons
from guardrails.names.tagged import NoTagger
from guardrails.recognizers import RECOGNIZERS
from tests.markup import read_marked

MARKED = (
    "Madame ⟦PERSON:Zélie Vautrinel⟧ habite ⟦ADDRESS:12 rue des Tilleuls, 52960 Mirelande⟧.",
    "Écrire à ⟦EMAIL:zelie.vautrinel@courriel.example⟧ ou au ⟦PHONE:06 39 98 47 12⟧.",
    "Le marché ouvre à 8 h, ⟦KEEP:rue de la Fontaine⟧.",
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    """The rules alone: they load in a moment."""
    names = NamesDetector(NoTagger(), Lexicons(Dictionary()))
    guard = Guard([*RECOGNIZERS, names])
    samples = []
    for number, row in enumerate(MARKED):
        text, marks = read_marked(row)
        samples.append(Sample(id=str(number), text=text, marks=tuple(marks)))
    return Bench(samples, guard)


def test_nothing_is_off_at_first(bench: Bench) -> None:
    assert [outcome.leaks for outcome in bench.today] == [(), (), ()]


@pytest.mark.parametrize(
    ("off", "leaks"),
    [
        ("recognizer:EMAIL", {"EMAIL": 1}),
        ("recognizer:PHONE", {"PHONE": 1}),
        ("recognizer:ADDRESS", {"ADDRESS": 1}),
        ("recognizer:CAF", {}),
        ("veto:is_priced", {}),
        ("look:second", {}),
    ],
)
def test_a_part_that_is_off_shows_what_it_hid(
    bench: Bench, off: str, leaks: dict[str, int]
) -> None:
    row = bench.row(off)
    assert (row.by_entity, row.leaks_came, row.leaks_went) == (leaks, len(leaks), 0)
    assert row.is_useless is not bool(leaks)


def test_each_switch_works_and_none_stays_off(bench: Bench) -> None:
    for name in switches():
        if not name.startswith(("learned", "tagger")):
            bench.row(name)
    assert bench.row("recognizer:CAF").by_entity == {}
    assert bench.row("recognizer:EMAIL").by_entity == {"EMAIL": 1}


def test_what_is_useless_goes_one_after_the_other(bench: Bench) -> None:
    names = ["recognizer:CAF", "recognizer:EMAIL", "recognizer:SPI"]
    assert [row.off for row in eliminated(bench, names)] == [
        "recognizer:CAF",
        "recognizer:CAF+recognizer:SPI",
    ]


def test_a_name_that_nothing_has_is_refused(bench: Bench) -> None:
    with pytest.raises(SystemExit):
        bench.row("nothing:at all")
