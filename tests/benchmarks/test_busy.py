# SPDX-License-Identifier: EUPL-1.2
"""The table of who waits says what the figures say."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.busy import (
    FIGURES,
    PAGE,
    PARTS,
    Rounds,
    Row,
    Unfinished,
    keep,
    machine,
    page,
    table,
)

ROW = Row(
    what="answer beside others",
    quiet=(8.0, 9.0, 16.0, 12.0),
    busy=(12.0, 10.0, 18.0, 11.0),
    told="× 1.10",
    goal="× 1.6",
    reached=True,
    load=0.4,
)


@pytest.mark.skipif(not FIGURES.exists(), reason="not measured yet")
def test_the_page_is_in_step_with_the_figures() -> None:
    known = json.loads(FIGURES.read_text("utf-8"))
    assert page(known) == PAGE.read_text("utf-8"), "python -m benchmarks.busy … --write-docs"


def test_a_row_says_least_median_and_most_and_whether_the_aim_is_reached() -> None:
    told = table({"answers": {"machine": machine(), "rows": [asdict(ROW)]}})
    assert told.splitlines()[-1] == (
        "| answer beside others | 8 / 10.5 / 16 | 10 / 11.5 / 18 | × 1.10 | × 1.6 | yes | 0.4 |"
    )
    assert machine() in told


def test_a_part_takes_the_place_of_what_it_was_in_the_order_of_the_parts(tmp_path: Path) -> None:
    figures = tmp_path / "busy.json"
    for part in ("health", "answers", "health"):
        keep(part, [ROW], figures)
    known = json.loads(figures.read_text("utf-8"))
    assert [*known] == [part for part in PARTS if part in ("answers", "health")]
    assert len(known["health"]["rows"]) == 1


def test_what_was_measured_is_kept_at_once_and_gone_on_from(tmp_path: Path) -> None:
    kept = Rounds(tmp_path / "rounds.json", "answers", seconds=60)
    kept.add("quiet", 1.5, 2.5)
    kept.check()
    again = Rounds(tmp_path / "rounds.json", "answers", seconds=-1)
    assert again("quiet") == [1.5, 2.5] and again("busy") == []
    with pytest.raises(Unfinished):
        again.check()
    again.forget()
    assert Rounds(tmp_path / "rounds.json", "answers")("quiet") == []
