# SPDX-License-Identifier: EUPL-1.2
"""How one identifier is looked for: a search on a plain copy, offsets in the original.

    text ─plain─▶ search(plain text) ─▶ Finding… ─original offsets─▶ Finding…

Each module of this package holds one `Recognizer` and the search that it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from guardrails.findings import Entity, Finding
from guardrails.normalise import plain

REACH_CHARS = 60
"""How far before a number its label may stand."""

_DIGITS_OF_A_DATE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognizer:
    """A Detector for one identifier: its name, what it finds, and its search in a plain text."""

    name: str
    entities: tuple[Entity, ...]
    search: Callable[[str], Iterable[Finding]]

    def find(self, text: str) -> Sequence[Finding]:
        """Return what was found, in order, with offsets in `text` itself."""
        copy = plain(text)
        found = sorted(self.search(copy.text))
        if not copy.anchors:
            return found
        spans = [(finding, *copy.original(finding.start, finding.end)) for finding in found]
        return [replace(finding, start=start, end=end) for finding, start, end in spans]


def is_labelled(
    label: re.Pattern[str], text: str, start: int, end: int, *, reach: int = REACH_CHARS
) -> bool:
    """Tell whether `label` stands just before `start`, or right after `end`.

    A label belongs to the first number after it: more digits in between than a date
    holds mean that it speaks of another one.
    """
    labels = list(label.finditer(text, max(0, start - reach), start))
    if labels and sum(c.isdigit() for c in text[labels[-1].end() : start]) <= _DIGITS_OF_A_DATE:
        return True
    after = _AFTER.match(text, end)
    return bool(after and label.match(text, after.end()))


_AFTER = re.compile(r"[^\S\n]?[(,:=–-][^\S\n]?")
