# SPDX-License-Identifier: EUPL-1.2
"""Arithmetic on findings: overlaps, stretches that are off limits, pages of one document.

Where findings overlap, the longest names the entity and their union is hidden, so that no
character of either one leaks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from guardrails.findings import Finding

Span = tuple[int, int]

_SAYS = re.compile(
    r"\d|(?<!\w)(?!(?i:demeurant|domicili\w*|habitant|r[ée]sidant|log[ée]e?s?|sise?|dont|chez)(?!\w))"
    r"(?:\w{4}|[A-ZÀ-Þ])"
)
"""Where what is left of a stretch that was cut begins: at a figure, or a word that is no link."""

_ENDS = re.compile(r"(?:[\s,;:–-]{1,3}(?:à|au|en|de|du|le|la|et|demeurant)(?!\w))?[\s,;:–-]{0,3}\Z")


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings that do not overlap, in order, covering all that was covered."""
    result: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end, -f.score)):
        if not result or finding.start >= result[-1].end:
            result.append(finding)
            continue
        last = result[-1]
        longest = max(last, finding, key=lambda f: (f.end - f.start, f.score))
        result[-1] = replace(
            longest,
            start=last.start,
            end=max(last.end, finding.end),
            score=max(last.score, finding.score),
        )
    return result


def outside(findings: Iterable[Finding], off_limits: Sequence[Span]) -> list[Finding]:
    """Return the parts of the findings that lie outside the stretches `off_limits`."""
    if not off_limits:
        return list(findings)
    result: list[Finding] = []
    for finding in findings:
        start = finding.start
        for left, right in off_limits:
            if right <= start:
                continue
            if left >= finding.end:
                break
            if left > start:
                result.append(replace(finding, start=start, end=left))
            start = max(start, right)
        if start < finding.end:
            result.append(replace(finding, start=start))
    return result


def giving_way(findings: Iterable[Finding], to: Sequence[Finding], text: str) -> list[Finding]:
    """Return the parts of findings that none of another kind covers, words between them left out.

    `12/03/1957 à Creil, demeurant 4 rue des Lilas`, taken for one address, leaves its date to who
    knows dates. What goes on from a finding of the same kind is named after that one.
    """
    result: list[Finding] = []
    for finding in findings:
        others = sorted((o.start, o.end) for o in to if o.entity is not finding.entity)
        parts = outside([finding], others)
        if parts != [finding]:
            parts = [left for part in parts if (left := _without_links(part, text))]
        result += [replace(part, rule=_known_as(part, to) or part.rule) for part in parts]
    return result


def _known_as(part: Finding, to: Sequence[Finding]) -> str:
    """Return the rule of a finding of the same kind that a part overlaps, or nothing."""
    same = (o for o in to if o.entity is part.entity and o.start < part.end and part.start < o.end)
    return next((other.rule for other in same), "")


def _without_links(part: Finding, text: str) -> Finding | None:
    says = _SAYS.search(text, part.start, part.end)
    if says is None:
        return None
    ends = _ENDS.search(text, says.end(), part.end)
    return replace(part, start=says.start(), end=ends.start() if ends else part.end)


def trimmed(finding: Finding, text: str) -> Finding | None:
    """Return the finding without blanks at its ends, or None where only blanks are left."""
    words = text[finding.start : finding.end]
    start = finding.start + len(words) - len(words.lstrip())
    end = finding.end - (len(words) - len(words.rstrip()))
    return replace(finding, start=start, end=end) if start < end else None


def in_place_of(words: str, mark: str) -> str:
    """Return what stands where words stood: the mark, on each of their lines that says something.

    Line breaks stay where they are, so that a line after the guard is the same line before it.

    >>> in_place_of("12 rue des Lilas\\n49000 Angers", "[ADRESSE_1]")
    '[ADRESSE_1]\\n[ADRESSE_1]'
    """
    if "\n" not in words:
        return mark
    return "\n".join(mark if line.strip() else line for line in words.split("\n"))


class Pages:
    """The pages of one document laid end to end, so that detectors see it whole."""

    BETWEEN = "\n\f\n"

    def __init__(self, pages: Sequence[str]) -> None:
        self.text = self.BETWEEN.join(pages)
        self._pages = pages
        self._starts = [0]
        for page in pages[:-1]:
            self._starts.append(self._starts[-1] + len(page) + len(self.BETWEEN))

    def split(self, findings: Iterable[Finding]) -> list[list[Finding]]:
        """Return the findings of each page, with positions in that page."""
        result: list[list[Finding]] = [[] for _ in self._pages]
        for finding in findings:
            page = bisect_right(self._starts, finding.start) - 1
            while page < len(self._pages) and self._starts[page] < finding.end:
                begin, words = self._starts[page], self._pages[page]
                start, end = max(finding.start - begin, 0), min(finding.end - begin, len(words))
                if start < end:
                    result[page].append(replace(finding, start=start, end=end))
                page += 1
        return result
