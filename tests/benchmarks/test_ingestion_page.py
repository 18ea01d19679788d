# SPDX-License-Identifier: EUPL-1.2
"""docs/corpus.md says what the benchmark of ingestion printed, and nothing else."""

from __future__ import annotations

import pytest

from benchmarks.ingestion_growth import changed
from benchmarks.ingestion_report import PAGE, PARTS, filled, load
from tests.table import each


def test_the_page_and_the_figures_are_in_step() -> None:
    page = PAGE.read_text("utf-8")
    assert filled(page, load()) == page, "run: python -m benchmarks.ingestion_report"


def test_a_figure_that_changes_changes_the_page() -> None:
    page = PAGE.read_text("utf-8")
    again = {"machine": "M", "load_before": 0, "documents": 3, "first_seconds": 4,
             "again_seconds": 1.71, "again_processor_seconds": 1.2}  # fmt: skip
    assert "nothing changed: 1.71 seconds" in filled(page, {"again": again})


@each("part", PARTS)
def test_a_part_that_the_page_lacks_is_said(part: str) -> None:
    page = PAGE.read_text("utf-8").replace(f"<!-- {part}:begin -->", "")
    with pytest.raises(ValueError, match=part):
        filled(page, {})


def test_copies_differ_and_keep_their_length() -> None:
    page = "Le conseil municipal adopte le budget primitif de la commune pour cette année. " * 20
    one, two = changed(page, 1), changed(page, 2)
    assert one != two
    assert changed(page, 1) == one
    assert len(one.split()) == len(page.split())
