# SPDX-License-Identifier: EUPL-1.2
"""Layers that rest on the neighbours: items of a list of names, couples, columns of a table.

« Luc Roy, Hrant Der Agopian et Lê Văn Hùng », « Ferenc et Margit KOVÁCS », « Nom;Prénom\\nRoy;Luc »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set

from guardrails.names.lexicons import read_lines
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import fold

_SURE = 0.5
_ITEM_WORDS = 4
_FEW = 2
_VERY_FREQUENT = 3  # a thousand births: `Rose` between two names is a third
_SEPARATOR = re.compile(
    r"(?:\s?\([^()\n]{1,15}\)|\.)?\s*(?:[,;–—•/|]|\n[^\S\n]*[-•*]?|[^\S\n]-[^\S\n])\s*(?:\d{1,3}[.)]?\s*)?"
    r"|[^\S\n]\d{1,3}[.)][^\S\n]"
)
_ASIDE = re.compile(r"(?:\s?\([^()\n]{1,15}\))?\s+")  # `Léa (4 ans) et Tom`
_DELIMITER, _COMMA = re.compile(r"[;|\t]"), re.compile(r",(?! )")
"""A comma parts cells only where nothing else does: `PETIT;45,00` has two."""

_BLANK_CELL = re.compile(r"\S+(?:[^\S\n]\S+)*")
_DRIFT_CHARS = 4
_HEADS = 3
_OTHER_HEADS = frozenset(
    (
        "adresse",
        "date",
        "montant",
        "telephone",
        "tel.",
        "tel",
        "objet",
        "motif",
        "decision",
        "classe",
    )
)
"""A heading of another column, where there are but two."""

_COLUMN_LABELS = frozenset(fold(line) for line in read_lines("name_labels.txt")) - {"de", "a"}


def neighbours(words: Words, names: Sequence[Vote]) -> Iterator[Vote]:
    """Vote for items that stand between list separators beside names that are sure.

    What two names of a list announce (`Ana Petit, Luc Roy, Lune`) may be any word that is
    somebody's name somewhere.
    """
    sure = sorted(name for name in names if name.weight >= _SURE)
    ends, starts = (
        {name.last: name.first for name in sure},
        {name.first: name.last for name in sure},
    )
    known = {index for name in sure for index in range(name.first, name.last + 1)}
    todo = [(name.first, name.last) for name in sure]
    while todo:
        first, last = todo.pop()
        for found in (
            _item_after(words, last, is_announced=_has_mate(words, first, ends)),
            _item_before(words, first, is_announced=_has_mate_after(words, last, starts)),
        ):
            if found and not known.issuperset(range(found[0], found[1] + 1)):
                yield Vote(*found, 0.55, "list")
                known.update(range(found[0], found[1] + 1))
                ends[found[1]], starts[found[0]] = found
                todo.append(found)


def _has_mate(words: Words, first: int, ends: Mapping[int, int]) -> bool:
    """Tell whether another name ends just before the separator before word `first`."""
    return first > 0 and first - 1 in ends and _is_inline(words.gap(first - 1))


def _has_mate_after(words: Words, last: int, starts: Mapping[int, int]) -> bool:
    return last + 1 < len(words) and last + 1 in starts and _is_inline(words.gap(last))


def _is_inline(gap: str) -> bool:
    return "\n" not in gap and bool(_SEPARATOR.fullmatch(gap))


def _item_after(words: Words, last: int, *, is_announced: bool) -> tuple[int, int] | None:
    if last + 1 >= len(words):
        return None
    gap = words.text[words[last].end : words[last + 1].start]
    start = last + 1
    if words[start].fold in ("et", "ou") and start + 1 < len(words) and _ASIDE.fullmatch(gap):
        start += 1
    elif not _SEPARATOR.fullmatch(gap) or ("\n" in gap and _is_heading(words, start)):
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
    return (
        (start, end)
        if _is_item(words, start, end, is_announced and "\n" not in gap) and _closes(words, end)
        else None
    )


def _item_before(words: Words, first: int, *, is_announced: bool) -> tuple[int, int] | None:
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
    return (
        (start, end)
        if _is_item(words, start, end, is_announced and "\n" not in gap) and _opens(words, start)
        else None
    )


def _is_heading(words: Words, index: int) -> bool:
    """`Refus : …` on the next line."""
    end = words[index].end
    return words.text[end : end + 2].lstrip()[:1] == ":"


def _may_be_item(word: Word) -> bool:
    return (word.is_cased or word.is_particle) and (not word.is_never or word.is_given_too)


def _is_item(words: Words, start: int, end: int, is_announced: bool) -> bool:
    inside = words.items[start : end + 1]
    if not all(map(_may_be_item, inside)) or len(inside) > _ITEM_WORDS or not inside[0].is_cased:
        return False
    if inside[0].is_thing and inside[0].shape is Shape.UPPER:  # ACCA de Verfeil
        return False
    if len(inside) == 1:
        word = inside[0]
        if is_announced and not word.is_thing and not (word.is_commune and word.magnitude < 1):
            return word.magnitude >= 1 or word.surname > 0
        return word.magnitude >= (_VERY_FREQUENT if word.is_common else 1)
    likely = sum(word.is_unusual or word.is_first or word.is_given_too for word in inside)
    return likely * 2 >= len(inside)


def _closes(words: Words, end: int) -> bool:
    after = words.text[words[end].end : words[end].end + 4]
    return not after or bool(re.match(r"\s*(?:[,;.–—•|()/:]|\n|et\b|-\s)|\s*$", after))


def _opens(words: Words, start: int) -> bool:
    before = words.text[max(0, words[start].start - 4) : words[start].start]
    return not before or bool(re.search(r"(?:[,;:–—•|(/]|\n|\bet|-|\d[.)])\s*$", before))


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


def blank_columns(words: Words) -> Iterator[Vote]:
    """Vote for what stands under `Nom`, `Élève` … where only wide blanks part the columns.

    A row may lack a cell: each belongs to the heading that it starts nearest to.
    """
    position, heads = 0, list[tuple[int, bool]]()
    for line in words.text.split("\n"):
        cells = [] if _DELIMITER.search(line) else [m.span() for m in _BLANK_CELL.finditer(line)]
        labels = [_is_label(line[start:end]) for start, end in cells]
        if any(labels) and _is_head([line[start:end] for start, end in cells], labels):
            heads = [(start, named) for (start, _), named in zip(cells, labels, strict=True)]
        elif heads and len(cells) > 1:
            for start, end in cells:
                drift, is_named = min((abs(start - head), named) for head, named in heads)
                if is_named and drift <= _DRIFT_CHARS:
                    yield from _cell(words, position + start, position + end)
        elif line.strip():
            heads = []
        position += len(line) + 1


def _is_head(cells: Sequence[str], labels: Sequence[bool]) -> bool:
    """Tell whether a line heads columns, and is not one field and its value: `NOM      PETIT`."""
    if any(char.isdigit() for cell in cells for char in cell):
        return False
    return len(cells) >= _HEADS or sum(labels) > 1 or any(fold(c) in _OTHER_HEADS for c in cells)


def other_cells(words: Words) -> frozenset[int]:
    """Return the words that a headed table holds in columns of other things than names."""
    position, headed, width = 0, frozenset[int](), 0
    found: list[tuple[int, int]] = []
    for line in words.text.split("\n"):
        cells = _cells(line, position)
        labels = frozenset(n for n, (s, e) in enumerate(cells) if _is_label(words.text[s:e]))
        if len(cells) > 1 and labels:
            headed, width = labels, len(cells)
        elif headed and len(cells) == width:
            found.extend(cell for number, cell in enumerate(cells) if number not in headed)
        elif line.strip():
            headed = frozenset()
        position += len(line) + 1
    return frozenset(
        index
        for start, end in found
        for index in range(bisect_left(words.starts, start), bisect_left(words.starts, end))
    )


def _cells(line: str, offset: int) -> list[tuple[int, int]]:
    found = [*_DELIMITER.finditer(line)] or _COMMA.finditer(line)
    cuts = [match.span() for match in found]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(line)]
    return [(offset + s, offset + e) for s, e in zip(starts, ends, strict=True)]


def _is_label(cell: str) -> bool:
    return fold(cell).strip(" \"*'") in _COLUMN_LABELS


def _cell(words: Words, start: int, end: int) -> Iterator[Vote]:
    first, last = bisect_left(words.starts, start), bisect_left(words.starts, end) - 1
    inside = words.items[first : last + 1]
    if 1 <= len(inside) <= _ITEM_WORDS + 1 and any(
        not w.is_never or w.magnitude >= 1 or w.surname == 2 for w in inside
    ):
        yield Vote(first, last, 0.9, "column")


def filled_columns(words: Words, names: Sequence[Vote]) -> Iterator[Vote]:
    """Vote for the cells of a column in which most others hold a name: `| PELLETIER |`."""
    sure = {
        index
        for name in names
        if name.weight >= _SURE
        for index in range(name.first, name.last + 1)
    }
    if not sure:
        return
    rows: list[list[tuple[int, int]]] = []
    position = 0
    for line in [*words.text.split("\n"), ""]:
        cells = _cells(line, position)
        if rows and len(cells) != len(rows[0]):
            yield from _filled(words, rows, sure)
            rows = []
        if len(cells) > 1:
            rows.append(cells)
        position += len(line) + 1


def _filled(
    words: Words, rows: Sequence[Sequence[tuple[int, int]]], sure: Set[int]
) -> Iterator[Vote]:
    for column in zip(*rows, strict=True):
        spans = [
            (bisect_left(words.starts, start), bisect_left(words.starts, end) - 1)
            for start, end in column
        ]
        held = [any(i in sure for i in range(first, last + 1)) for first, last in spans]
        if sum(held) < _FEW or sum(held) * 2 < len(spans):
            continue
        for first, last in spans:
            yield from _bare_runs(words, first, last, sure)


def _bare_runs(words: Words, first: int, last: int, sure: Set[int]) -> Iterator[Vote]:
    """Vote for the words of a cell that may be a name and are in none yet."""
    start = first
    while start <= last:
        end = start
        while end < last and words.joins(end) and _may_be_cell(words, end + 1):
            end += 1
        if _may_be_cell(words, start) and sure.isdisjoint(range(start, end + 1)):
            yield Vote(start, end, 0.55, "column")
        start = end + 1


def _may_be_cell(words: Words, index: int) -> bool:
    word = words[index]
    return (
        word.is_cased
        and not ((word.is_never and not word.is_particle) or word.is_thing)
        and (word.surname > 0 or word.magnitude >= 1 or word.is_particle or not word.is_common)
    )
