# SPDX-License-Identifier: EUPL-1.2
"""The tables of the documentation are those that the benchmark wrote, on this held-out set."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.privacy_names import FORMS, SEED, number_samples
from benchmarks.privacy_report import (
    BEGIN,
    END,
    Report,
    SetFigures,
    from_json,
    line,
    tables,
    to_json,
    write_into,
    written_in,
)
from benchmarks.privacy_scores import Sample, Scores, measure
from tests.markup import read_marked
from tests.privacy.gold import held_out_sha256
from tests.privacy.keys import key_holds
from tests.table import each

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "guardrails.md"
FIGURES = ROOT / "docs" / "figures" / "privacy.json"


@pytest.fixture
def report() -> Report:
    text, marks = read_marked("M. ⟦PERSON:Bo⟧, ⟦KEEP:rue Zola⟧")
    sample = Sample(id="one", text=text, marks=tuple(marks))
    scores = Scores()
    scores.add(sample, measure(sample, []))
    one = SetFigures(
        name="one",
        note="a note",
        tells_stays=True,
        characters=len(text),
        lines=[line("ours", scores)],
    )
    return Report(
        machine="this one",
        held_out_sha256="0" * 64,
        versions={"ours": "1"},
        sets=[one],
        speed={"ours": 1234.0},
        speed_characters=len(text),
    )


def test_the_documentation_shows_the_stored_figures() -> None:
    stored = from_json(FIGURES.read_text("utf-8"))
    assert written_in(DOCS) == tables(stored)


def test_the_stored_figures_judge_the_present_held_out_set() -> None:
    assert from_json(FIGURES.read_text("utf-8")).held_out_sha256 == held_out_sha256()


def test_json_gives_the_same_tables_back(report: Report) -> None:
    assert tables(from_json(to_json(report))) == tables(report)


def test_a_leak_is_printed_with_its_interval(report: Report) -> None:
    assert "| PERSON | 1/1 = 100.0 % [20.7–100.0] |" in tables(report)


def test_tables_are_written_between_the_markers_only(report: Report, tmp_path: Path) -> None:
    docs = tmp_path / "guardrails.md"
    docs.write_text(f"# Guard\n\n{BEGIN}\nold\n{END}\n\nAfter.\n", encoding="utf-8")
    write_into(docs, tables(report))
    assert written_in(docs) == tables(report)
    assert docs.read_text("utf-8").startswith("# Guard\n\n")
    assert docs.read_text("utf-8").endswith("\n\nAfter.\n")
    assert "old" not in docs.read_text("utf-8")


def test_generated_numbers_are_valid_and_the_same_in_every_run() -> None:
    first, again = list(number_samples(per_entity=5)), list(number_samples(per_entity=5))
    assert first == again, SEED
    for sample in first:
        mark = next(m for m in sample.marks if m.label != "KEEP")
        assert key_holds(mark.label, sample.text[mark.start : mark.end])


@each("form", FORMS)
def test_every_form_marks_a_person(form: str) -> None:
    assert "⟦PERSON:" in FORMS[form]
