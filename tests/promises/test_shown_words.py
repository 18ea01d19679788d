# SPDX-License-Identifier: EUPL-1.2
"""No file of words that are shown leaves a sentence half written."""

from __future__ import annotations

import re
from pathlib import Path

from tests.table import each

ROOT = Path(__file__).parents[2]
SHOWN = sorted(
    path
    for package in ("guardrails", "corpus", "assistant", "ui")
    for ending in ("toml", "jinja")
    for path in (ROOT / package).rglob(f"*.{ending}")
    if path.parent.name != "understanding"  # forms of questions, which nobody is shown
)


@each("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_one_and_many_are_written_out(path: Path) -> None:
    """« 3 point(s) » leaves the reader to choose. A unit, « 12 (s) », has a space before it."""
    assert re.findall(r"\w*\w\((?:s|e|x|es|ies)\)\w*", path.read_text("utf-8")) == []
