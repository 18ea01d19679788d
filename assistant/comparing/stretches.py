# SPDX-License-Identifier: EUPL-1.2
"""Lines of a page that are read as one, whatever its text layer broke.

lines ─┬ a paragraph of which the lines were cut             ─▶ Stretch
       └ labels, then as many values: columns that were broken ─▶ Stretch(labels)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.comparing.tokens import FREE, TOLD, read_values, tokens_of
from corpus.sections import STRONG, VISA
from corpus.structure import Kind as LineKind
from corpus.structure import Line, Structure

LONG_LINE = 60
"""A line so long that does not end its sentence goes on in the next one."""

LABEL_CHARS = 70

LEAD = re.compile(
    r"\s*(?:\d{1,2}(?:\.\d{1,2})*\s?[.)°]\s+|\d{1,2}(?:\.\d{1,2})+\s+(?=[^\W\d_])"
    r"|[a-h][.)]\s+|[-–—•*►▪o]\s+|art(?:icle|\.)\s*(?:\d{1,3}(?:\.\d{1,2})*|1er|premier|unique|[ivx]+)\s*(?:[.:–—-]\s*)+)+",
    re.IGNORECASE,
)
"""What numbers a line or an article: it may change while what is said does not."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of a page that are read as one: a paragraph, a row, a run of broken columns."""

    lines: tuple[Line, ...]
    labels: tuple[Line, ...] = ()


def stretches(page: Structure) -> Iterator[Stretch]:
    """Yield the lines of a page: broken paragraphs joined, broken columns gathered."""
    lines, at = page.lines, 0
    while at < len(lines):
        if run := _columns(page, at):
            yield run
            at += len(run.lines)
            continue
        until = at + 1
        while until < len(lines) and _goes_on(page, lines[until - 1], lines[until]):
            until += 1
        yield Stretch(lines[at:until])
        at = until


def _goes_on(page: Structure, line: Line, after: Line) -> bool:
    kinds = {line.kind, after.kind}
    if kinds & {LineKind.HEADING, LineKind.ROW} or after.kind is LineKind.ITEM:
        return False
    if page.cells(line) or page.cells(after) or "\n\n" in page.text[line.end : after.start]:
        return False
    text, next_ = page.text[line.start : line.end], page.text[after.start : after.end]
    if text[-1] in ".!?:;" or STRONG.match(next_) or LEAD.match(next_) or VISA.match(next_):
        return False
    if next_[0].islower() or text[-1] in ",’'":
        return True
    found = read_values(text[-LONG_LINE:])
    ends_on_value = found and found[-1].end >= min(len(text), LONG_LINE)
    return len(text) >= LONG_LINE and not ends_on_value


def _columns(page: Structure, at: int) -> Stretch | None:
    """Return a run of labels and then as many values, or several times as many, from here on; a
    reader may have taken labels for headings."""
    lines, place = page.lines, at
    while place < len(lines) and _is_bare_label(page, lines[place]):
        place += 1
    labels = lines[at:place]
    while place < len(lines) and _is_bare_value(page, lines[place]):
        place += 1
    held = lines[at + len(labels) : place]
    if not labels or not held:
        return None
    kinds = [line.kind for line in labels]
    if LineKind.HEADING in kinds:
        others = len(labels) - 1
        is_title = LineKind.HEADING not in kinds[1:] and others and len(held) % others == 0
        if not others or len(held) % len(labels) or is_title:
            return None
    elif len(held) > len(labels) and (len(labels) < 2 or len(held) % len(labels)):
        return None
    return Stretch((*labels, *held), tuple(labels))


def _is_bare_label(page: Structure, line: Line) -> bool:
    text = page.text[line.start : line.end]
    return (
        not page.cells(line)
        and len(text) <= LABEL_CHARS
        and text[-1] not in ".:;,"
        and not any(value.kind in TOLD for value in read_values(text))
    )


def _is_bare_value(page: Structure, line: Line) -> bool:
    text = page.text[line.start : line.end]
    if line.kind is LineKind.HEADING or page.cells(line) or len(text) > LABEL_CHARS // 2:
        return False
    found = read_values(text)
    if not found:
        return [token.key for token in tokens_of(text, 0)] in [[word] for word in FREE]
    if found[0].kind not in TOLD:  # « Lundi : 9 h »
        return False
    rest = text[: found[0].start] + text[found[-1].end :]
    return len(re.findall(r"[^\W\d_]{2,}", rest)) <= 1
