# SPDX-License-Identifier: EUPL-1.2
"""docs/guardrails.md has a row for each recogniser, and each says what it is worth and where."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from benchmarks.privacy_docstrings import statement
from guardrails.findings import Detector
from guardrails.recognizers import RECOGNIZERS
from tests.table import each

PAGE = Path(__file__).parents[2] / "docs" / "guardrails.md"
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def test_the_page_has_a_row_for_each_recogniser_in_their_order() -> None:
    section = PAGE.read_text("utf-8").split("## Recognisers", 1)[1].split("\n## ", 1)[0]
    assert ROW.findall(section) == [recognizer.name for recognizer in RECOGNIZERS]


@each("recognizer", RECOGNIZERS, ids=lambda r: str(r.name))
def test_each_recogniser_states_its_rules_and_its_recall(recognizer: Detector) -> None:
    module = sys.modules[f"guardrails.recognizers.{recognizer.name}"]
    said = module.__doc__ or ""
    assert f"`{recognizer.name}." in said
    assert statement(recognizer.name) in said
