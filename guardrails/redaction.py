# SPDX-License-Identifier: EUPL-1.2
"""Writing placeholders over what was found, and the way back to the original positions.

text + findings ──redacted──▶ Screened                 what is shown and kept
text + findings ──View──────▶ .text ──original()──▶    what the guard looks at again

No line break is moved: what readers say of a page's lines (`corpus/structure.py`) still holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from guardrails.findings import Finding, Screened
from guardrails.placeholders import Numbering, escape, placeholders_in
from guardrails.spans import in_place_of


def redacted(
    pages: Sequence[str], findings: Sequence[Sequence[Finding]], *, trusted: bool
) -> list[Screened]:
    """Return the pages of one document with placeholders, numbered over all of them, on each line
    that something hidden goes over."""
    if not any(findings):
        return [Screened(text) for text in pages]
    numbering = Numbering(pages if trusted else ())
    return [
        Screened(_written(text, found, numbering, in_place_of, trusted=trusted), tuple(found))
        for text, found in zip(pages, findings, strict=True)
    ]


def _written(
    text: str,
    found: Sequence[Finding],
    numbering: Numbering,
    stand: Callable[[str, str], str],
    *,
    trusted: bool,
) -> str:
    """Return a text with what stands for each finding; `stand` takes its words and their mark."""
    keep = str if trusted else escape
    pieces, position = [], 0
    for finding in found:
        pieces.append(keep(text[position : finding.start]))
        words = text[finding.start : finding.end]
        pieces.append(stand(words, numbering.placeholder(finding.entity, words)))
        position = finding.end
    return "".join([*pieces, keep(text[position:])])


class View:
    """A text as it stands once `hidden` is hidden, with the way back to its own positions.

    What goes over lines is one placeholder here: the detectors were measured so.
    """

    def __init__(self, text: str, hidden: Sequence[Finding], *, trusted: bool) -> None:
        numbering = Numbering([text] if trusted else ())
        self.text = (
            _written(text, hidden, numbering, lambda words, mark: mark, trusted=trusted)
            if hidden
            else text
        )
        self.off_limits = placeholders_in(self.text)
        self._starts, self._shifts = [0], [0]
        written = iter(self.off_limits)
        for finding in hidden:
            # placeholders that the source held come first in line where they stand before this one
            shift = self._shifts[-1]
            start, end = next(span for span in written if span[0] == finding.start - shift)
            self._starts.append(end)
            self._shifts.append(shift + (finding.end - finding.start) - (end - start))

    def original(self, finding: Finding) -> Finding:
        """Return the finding, which lies outside all placeholders, at its original position."""
        shift = self._shifts[bisect_right(self._starts, finding.start) - 1]
        return replace(finding, start=finding.start + shift, end=finding.end + shift)
