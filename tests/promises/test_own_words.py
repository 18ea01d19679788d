# SPDX-License-Identifier: EUPL-1.2
"""What the product itself offers to ask is answered in its demonstration, by the real models."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from assistant.texts import Texts
from tests.promises.machine import SAMPLES, Machine, missing_models

pytestmark = [pytest.mark.real, pytest.mark.long]


def offered() -> dict[str, list[str]]:
    """Return what is offered to whom: the box's own example and the agents' four, and the simple
    page's six."""
    told = tomllib.loads((SAMPLES / "greffier.toml").read_text("utf-8"))
    of_the_box = Texts("fr")("ui", "question_hint").partition(" : ")[2]
    agents = [of_the_box[:1].upper() + of_the_box[1:], *told["examples"]]
    return {"agent": agents, "senior": told["senior"]["examples"]}


def test_all_that_is_offered_is_answered(tmp_path: Path) -> None:
    if missing := missing_models():
        pytest.skip(f"model files are missing: greffier models pull ({', '.join(missing)})")
    machine = Machine(tmp_path / "machine")
    assert machine("demo", "--no-serve").code == 0
    refused, asked = [], 0
    for whom, questions in offered().items():
        lines = [{"question": question} for question in questions]
        for question, one in zip(
            questions, machine("ask", "--jsonl", "--audience", whom, stdin=lines).jsonl, strict=True
        ):
            asked += 1
            if one["status"] != "answer":
                refused.append((question, one["reason"]))
    assert asked == 11
    assert refused == []
