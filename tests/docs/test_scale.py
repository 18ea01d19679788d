# SPDX-License-Identifier: EUPL-1.2
"""The page on scale says what the figures say, and cites where they stand."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from benchmarks.scale import PAGE, costs, measured, page, sizes


def test_the_page_is_in_step_with_the_figures() -> None:
    assert page() == PAGE.read_text("utf-8"), "python -m benchmarks.scale"


def test_every_cost_cites_a_page_that_is_there() -> None:
    cited = re.findall(r"\]\(([^)]+)\)", costs(measured()))
    assert len(cited) > 8
    assert all((PAGE.parent / name).is_file() for name in cited)


def test_what_costs_twice_as_much_shows_so() -> None:
    m = measured()
    rows = dict(line.split(" | ", 1) for line in sizes(m).splitlines()[2:])
    slower = replace(m, question_seconds=2 * m.question_seconds)
    after = dict(line.split(" | ", 1) for line in sizes(slower).splitlines()[2:])
    name = "| model machines of 2 cores, busy all day"
    before, twice = (float(told[name].strip("| ").split(" | ")[-1]) for told in (rows, after))
    assert twice == pytest.approx(2 * before, abs=0.02)
    changed = {key for key in rows if rows[key] != after[key]}
    assert changed == {name}
