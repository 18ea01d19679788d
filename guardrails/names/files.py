# SPDX-License-Identifier: EUPL-1.2
"""Layers for names that stand in a file's furniture: mail headers, cells, files, opponents.

« Ana Petit <ana@exemple.fr> », « PETIT;Ana; », « dossier Rose (énergie) », « litige Roy / Petit »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from guardrails.names.forms import named_before
from guardrails.names.lists import other_cells
from guardrails.names.runs import run_left, run_right
from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words

_CONFLICT = re.compile(
    r"(?<!\w)(?i:affaire|litige|conflit|diff[ée]rend|contentieux|bornage|m[ée]diation|dossier)"
    r"(?:\s(?:de\s)?(?:voisinage|opposant|entre|mitoyennet[ée])){0,2}[\s:]{1,3}"
    r"(?P<one>[A-ZÀ-Þ][\w'’-]+)(?:\s[A-ZÀ-Þ][\w'’-]+){0,2}\s?(?:/|c/|contre|vs\.?|-|–|et)\s?"
    r"(?P<two>[A-ZÀ-Þ][\w'’-]+)"
)


_FILE_OF = re.compile(
    r"(?<!\w)(?:[Dd]ossier|[Ss]ituation|[Ff]oyer)\s(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)?)"
    r"(?=\s?(?:\([a-zà-ÿ]|:|;|,\s(?:dossier|situation|foyer)))"
)


_CELL_GAP = re.compile(r"(?:[^\S\n\t]*+\t|[^\S\n]*+(?:[;|]|,(?=\S)))[^\S\n]*+\"?|[^\S\n]{3,}+\"?")


_MAIL = re.compile(r"[\"”']?\s?[<\[(]\s?[\w.+-]+(?:@|\s?\[at\]\s?)[\w.-]+")


def mail_header(words: Words) -> Iterator[Vote]:
    """Vote for the display name before an address: `Ana Petit <ana@exemple.fr>`."""
    for match in _MAIL.finditer(words.text):
        last = bisect_left(words.starts, match.start()) - 1
        if last >= 0 and words[last].end >= match.start() - 2:
            yield from named_before(words, last, "mail_header")


def file_of(words: Words) -> Iterator[Vote]:
    """Vote for `dossier Rose (énergie)`, `situation Benali :`, an item of a social agenda."""
    for match in _FILE_OF.finditer(words.text):
        first = bisect_left(words.starts, match.start("name"))
        last = bisect_left(words.starts, match.end("name")) - 1
        inside = words.items[first : last + 1]
        if inside and all(
            (w.surname or w.is_first or w.is_particle) and not (w.is_never or w.is_commune)
            for w in inside
        ):
            yield Vote(first, last, 0.6, "file_of")


def opponents(words: Words) -> Iterator[Vote]:
    """Vote for both sides of `litige Garnier / Poulain`, `affaire Roy c/ commune`."""
    for match in _CONFLICT.finditer(words.text):
        for start in (match.start("one"), match.start("two")):
            index = bisect_left(words.starts, start)
            if index >= len(words) or words.starts[index] != start:
                continue
            last = run_right(words, index, anchored=True)
            if last >= index and any(
                w.surname or w.is_first for w in words.items[index : last + 1]
            ):
                yield Vote(index, last, 0.7, "opponents")


def cells(words: Words) -> Iterator[Vote]:
    """Vote for a surname and a first name in neighbouring cells: `PETIT;Ana;`, `Petit | Ana`."""
    others = other_cells(words)
    for index in range(len(words) - 1):
        gap = words.gap(index)
        if gap == " (" and words[index].shape is Shape.UPPER and words[index + 1].is_strong_first:
            yield from _in_brackets(words, index)
        if not _CELL_GAP.fullmatch(gap) or index in others or index + 1 in others:
            continue
        one, two = words[index], words[index + 1]
        if not (one.is_nameable and two.is_nameable):
            continue
        if gap == " ; " and index and words[index - 1].is_strong_first:  # a name is complete
            continue
        given, other = (two, one) if two.is_strong_first else (one, two)
        if given.is_strong_first and (other.is_unusual or other.surname == 2):
            first = run_left(words, index) if one.shape is Shape.UPPER else index
            if (
                first
                and words[first - 1].is_particle
                and words[first - 1].is_cased
                and words.joins(first - 1)
            ):
                first -= 1
            last = run_right(words, index + 1, anchored=False)
            yield Vote(first, max(last, index + 1), 0.8, "cells")


def _in_brackets(words: Words, index: int) -> Iterator[Vote]:
    """`COSTA-RIBEIRO (Paulo, Henrique)`."""
    last = index + 1
    while last + 1 < len(words) and words.gap(last) in (", ", " ") and words[last + 1].is_first:
        last += 1
    if words.text[words[last].end : words[last].end + 1] == ")" and words[index].is_nameable:
        yield Vote(run_left(words, index), last, 0.8, "cells")
