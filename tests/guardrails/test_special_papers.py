# SPDX-License-Identifier: EUPL-1.2
"""Whole invented papers through the whole guard: who waits for a person, and who does not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from guardrails.guard import Guard, open_guard
from guardrails.special import concerns

PAPERS = [
    paper
    for path in sorted(Path(__file__).with_name("files").glob("special_*.toml"))
    for paper in tomllib.loads(path.read_text("utf-8"))["paper"]
]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard()


@pytest.mark.real
@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper["id"]))
def test_a_private_paper_waits_and_a_public_one_does_not(
    guard: Guard, paper: dict[str, object]
) -> None:
    found = {str(c.category) for c in concerns(guard.screen_pages([str(paper["text"])]))}
    wanted = paper["waits"]
    assert isinstance(wanted, list)
    assert bool(found) is bool(wanted)
    assert found.issuperset(wanted)
