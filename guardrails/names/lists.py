# SPDX-License-Identifier: EUPL-1.2
"""Layers that rest on the neighbours: items of a list of names, couples, columns of a table.

« Luc Roy, Hrant Der Agopian et Lê Văn Hùng », « Ferenc et Margit KOVÁCS », « Nom;Prénom\\nRoy;Luc »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from guardrails.names.lexicons import read_lines
from guardrails.names.votes import Vote
from guardrails.names.word import Word
from guardrails.names.words import Words
from guardrails.placeholders import fold

_SURE = 0.5
_ITEM_WORDS = 4
_VERY_FREQUENT = 3  # a thousand births: `Rose` between two names is a third
_SEPARATOR = re.compile(
    r"(?:\s?\([^()\n]{1,15}\)|\.)?\s*(?:[,;–—•/|]|\n[^\S\n]*[-•*]?|[^\S\n]-[^\S\n])\s*(?:\d{1,3}[.)]?\s*)?"
)
_ASIDE = re.compile(r"(?:\s?\([^()\n]{1,15}\))?\s+")  # `Léa (4 ans) et Tom`
_DELIMITER = re.compile(r"[;|\t]|,(?! )")
_COLUMN_LABELS = frozenset(fold(line) for line in read_lines("name_labels.txt")) - {"de", "a"}


def neighbours(words: Words, names: Sequence[Vote]) -> Iterator[Vote]:
    """Vote for items that stand between list separators beside names that are sure."""
    sure = [name for name in names if name.weight >= _SURE]
    for name in sure:
        after = _item_after(words, name.last)
        if after:
            yield Vote(*after, 0.55, "list")
        before = _item_before(words, name.first)
        if before:
            yield Vote(*before, 0.55, "list")


def _item_after(words: Words, last: int) -> tuple[int, int] | None:
    if last + 1 >= len(words):
        return None
    gap = words.text[words[last].end : words[last + 1].start]
    start = last + 1
    if words[start].fold in ("et", "ou") and start + 1 < len(words) and _ASIDE.fullmatch(gap):
        start += 1
    elif not _SEPARATOR.fullmatch(gap):
        return None
    end = start
    while (
        end + 1 < len(words)
        and end - start < _ITEM_WORDS
        and words.joins(end)
        and not words.crosses_line(end)
    ):
        if not _may_be_item(words[end + 1]):
            break
        end += 1
    return (start, end) if _is_item(words, start, end) and _closes(words, end) else None


def _item_before(words: Words, first: int) -> tuple[int, int] | None:
    if first == 0:
        return None
    gap = words.text[words[first - 1].end : words[first].start]
    end = first - 1
    if words[end].fold in ("et", "ou") and gap.isspace() and end:
        end -= 1
    elif not _SEPARATOR.fullmatch(gap):
        return None
    start = end
    while (
        start > 0
        and end - start < _ITEM_WORDS
        and words.joins(start - 1)
        and not words.crosses_line(start - 1)
    ):
        if not _may_be_item(words[start - 1]):
            break
        start -= 1
    return (start, end) if _is_item(words, start, end) and _opens(words, start) else None


def _may_be_item(word: Word) -> bool:
    return (word.is_cased or word.is_particle) and not word.is_never


def _is_item(words: Words, start: int, end: int) -> bool:
    inside = words.items[start : end + 1]
    if not all(map(_may_be_item, inside)) or len(inside) > _ITEM_WORDS or not inside[0].is_cased:
        return False
    if len(inside) == 1:
        word = inside[0]
        return word.magnitude >= (_VERY_FREQUENT if word.is_common else 1)
    return sum(word.is_unusual or word.is_first for word in inside) * 2 >= len(inside)


def _closes(words: Words, end: int) -> bool:
    after = words.text[words[end].end : words[end].end + 4]
    return not after or bool(re.match(r"\s*(?:[,;.–—•|()/:]|\n|et\b|-\s)|\s*$", after))


def _opens(words: Words, start: int) -> bool:
    before = words.text[max(0, words[start].start - 4) : words[start].start]
    return not before or bool(re.search(r"(?:[,;:–—•|(/]|\n|\bet|-)\s*$", before))


def columns(words: Words) -> Iterator[Vote]:
    """Vote for the cells of a column that is headed `Nom`, `Prénom`, `Bénéficiaire`…"""
    position, headed, width = 0, frozenset[int](), 0
    for line in words.text.split("\n"):
        cells = _cells(line, position)
        if len(cells) > 1:
            labels = frozenset(n for n, (s, e) in enumerate(cells) if _is_label(words.text[s:e]))
            if labels:
                headed, width = labels, len(cells)
            elif headed and len(cells) == width:
                for number in headed:
                    yield from _cell(words, *cells[number])
        elif line.strip():
            headed = frozenset()
        position += len(line) + 1


def _cells(line: str, offset: int) -> list[tuple[int, int]]:
    cuts = [match.span() for match in _DELIMITER.finditer(line)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(line)]
    return [(offset + s, offset + e) for s, e in zip(starts, ends, strict=True)]


def _is_label(cell: str) -> bool:
    return fold(cell).strip(" \"*'") in _COLUMN_LABELS


def _cell(words: Words, start: int, end: int) -> Iterator[Vote]:
    first, last = bisect_left(words.starts, start), bisect_left(words.starts, end) - 1
    inside = words.items[first : last + 1]
    if 1 <= len(inside) <= _ITEM_WORDS + 1 and any(
        not w.is_never or w.magnitude >= 1 for w in inside
    ):
        yield Vote(first, last, 0.9, "column")
