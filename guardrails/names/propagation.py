# SPDX-License-Identifier: EUPL-1.2
"""A name found once is hidden in the whole document: in capitals, without accents, surname alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guardrails.names.protected import is_protected
from guardrails.names.votes import Vote
from guardrails.names.words import Shape, Word, Words

_SURE = 0.5
_BEYOND_DOUBT = 0.9
_MIN_LETTERS = 3


def propagated(words: Words, names: Sequence[Vote]) -> Iterator[Vote]:
    """Vote for the other places where the words of a found name stand."""
    known: dict[str, float] = {}
    taken: set[int] = set()
    for name in names:
        if name.weight < _SURE:
            continue
        taken.update(range(name.first, name.last + 1))
        for word in words.items[name.first : name.last + 1]:
            weight = _weight(word, is_sure=name.weight >= _BEYOND_DOUBT)
            if weight and weight > known.get(word.fold, 0.0):
                known[word.fold] = weight
    if not known:
        return
    index = 0
    while index < len(words):
        word = words[index]
        if index in taken or word.fold not in known or not word.is_nameable:
            index += 1
            continue
        first = last = index
        while last + 1 < len(words) and words[last + 1].fold in known and words.joins(last) and words[last + 1].is_cased:
            last += 1
        weight = max(known[words[i].fold] for i in range(first, last + 1))
        if last > first:
            weight = max(weight, 0.7)
        if not is_protected(words, first):
            yield Vote(first, last, _as_written(words, first, last, weight), "propagated")
        index = last + 1


def _weight(word: Word, *, is_sure: bool) -> float:
    """Say how much a word of a known name is worth, found alone elsewhere."""
    if not is_sure and not word.surname and not word.is_strong_first:
        return 0.0
    if len(word.text) < _MIN_LETTERS or word.is_particle or word.is_never or word.shape is Shape.INITIAL:
        return 0.0
    if word.is_common or word.is_commune:
        return 0.5 if word.is_strong_first or word.surname == 2 else 0.3
    return 0.7


def _as_written(words: Words, first: int, last: int, weight: float) -> float:
    """An everyday word counts only in capitals or inside a sentence."""
    if weight != 0.5 or last > first:
        return weight
    word = words[first]
    opens = first == 0 or any(c in ".!?:\n" for c in words.gap(first - 1))
    return 0.5 if word.is_strong_first and not opens else 0.4
