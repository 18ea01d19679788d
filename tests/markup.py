# SPDX-License-Identifier: EUPL-1.2
"""Sentences that carry their answer: `NIR ⟦NIR:2 69 05 49 588 157 80⟧, dossier complet.`

⟦ENTITY:words⟧ must be found, exactly; ⟦KEEP:words⟧ must stay untouched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"⟦(?P<label>[A-Z_]+):(?P<words>[^⟦⟧]*)⟧", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """A marked stretch: `start` to `end` (exclusive) of the text without marks."""

    start: int
    end: int
    label: str


def read_marked(marked: str) -> tuple[str, list[Marked]]:
    """Return the text without its marks, and where the marks were.

    A mark that nobody reads is a case that nobody tests, so an unbalanced one raises.

    >>> read_marked("NIR ⟦NIR:123⟧.")
    ('NIR 123.', [Marked(start=4, end=7, label='NIR')])
    """
    text, spans, position = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        spans.append(Marked(len(text), len(text) + len(match["words"]), match["label"]))
        text += match["words"]
        position = match.end()
    text += marked[position:]
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"unbalanced mark in: {marked!r}")
    return text, spans
