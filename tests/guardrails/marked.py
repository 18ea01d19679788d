# SPDX-License-Identifier: EUPL-1.2
"""What a recogniser finds in a sentence that carries its answer, beside that answer."""

from __future__ import annotations

from guardrails.findings import Detector
from tests.markup import read_marked


def found_and_marked(
    detector: Detector, marked: str
) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """Return (start, entity, words) of what is found, then of what is marked, KEEP apart."""
    text, marks = read_marked(marked)
    found = {(f.start, str(f.entity), text[f.start : f.end]) for f in detector.find(text)}
    expected = [(m.start, m.label, text[m.start : m.end]) for m in marks if m.label != "KEEP"]
    return sorted(found), expected
