# SPDX-License-Identifier: EUPL-1.2
"""docs/models.md says what the saved figures say."""

from __future__ import annotations

import json

from benchmarks import models


def test_the_page_and_the_figures_are_in_step() -> None:
    figures = json.loads(models.FIGURES.read_text("utf-8"))
    assert models.page(figures) == models.PAGE.read_text("utf-8")
    assert "qwen2.5-coder-1.5b" in figures["models"]


def test_a_model_without_a_selector_has_a_dash() -> None:
    one = {
        "load_seconds": 2.0,
        "resident_megabytes": 1500,
        "read_tokens_a_second": 120,
        "written_tokens_a_second": 20.5,
        "selected_seconds": None,
    }
    row = models.table({"machine": "here", "models": {"other": one}}).splitlines()[-1]
    assert row == "| `other` | 2.0 s | 1,500 MB | 120 | 20.5 | – |"
