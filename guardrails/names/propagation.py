# SPDX-License-Identifier: EUPL-1.2
"""A name found once is hidden in the whole document: in capitals, no accents, surname alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guardrails.names.protected import is_protected
from guardrails.names.subjects import does_something
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words

_SURE = 0.5
_BEYOND_DOUBT = 0.9
_MIN_LETTERS = 3
_ONLY_AS_SUBJECT = 0.3  # `Blanc`, once Mme Blanc was named: `Blanc habite au-dessus`


def propagated(words: Words, names: Sequence[Vote]) -> Iterator[Vote]:
    """Vote for the other places where the words of a found name stand."""
    known: dict[str, float] = {}
    led: set[tuple[str, str]] = set()  # particles and what they lead to: (le, gouedec)
    taken: set[int] = set()
    for name in names:
        if name.weight < _SURE:
            continue
        taken.update(range(name.first, name.last + 1))
        for word in words.items[name.first : name.last + 1]:
            if word.is_particle:
                continue
            weight = _weight(word, is_sure=name.weight >= _BEYOND_DOUBT)
            if weight and weight > known.get(word.fold, 0.0):
                known[word.fold] = weight
        led.update(
            (words[i].fold, words[i + 1].fold)
            for i in range(name.first, name.last)
            if words[i].is_particle
        )
    if not known:
        return
    index = 0
    while index < len(words):
        word = words[index]
        if index in taken or word.fold not in known or not _may_be(word):
            index += 1
            continue
        first = last = index
        while (
            last + 1 < len(words)
            and words[last + 1].fold in known
            and words.joins(last)
            and _may_be(words[last + 1])
        ):
            last += 1
        weight = max(known[words[i].fold] for i in range(first, last + 1) if words[i].fold in known)
        if last > first and any(words[i].is_unusual for i in range(first, last + 1)):
            weight = max(weight, 0.7)
        while (
            first and words.joins(first - 1) and (words[first - 1].fold, words[first].fold) in led
        ):
            first -= 1
        if not is_protected(words, first):
            yield Vote(first, last, _as_written(words, first, last, weight), "propagated")
        index = last + 1


def _weight(word: Word, *, is_sure: bool) -> float:
    """Say how much a word of a known name is worth, found alone elsewhere."""
    if not is_sure and not word.surname and not word.is_strong_first:
        return 0.0
    if (
        len(word.text) < _MIN_LETTERS
        or word.is_particle
        or word.is_never
        or word.is_thing
        or word.shape is Shape.INITIAL
    ):
        return 0.0
    if word.is_commune and not (is_sure or word.is_strong_first):
        return 0.0
    if word.is_ambiguous:
        return _ONLY_AS_SUBJECT if word.surname == 2 and is_sure else 0.0
    if word.is_common or word.is_commune:
        return 0.5 if word.is_strong_first or word.surname == 2 else 0.3
    return 0.7


def _as_written(words: Words, first: int, last: int, weight: float) -> float:
    """An everyday word counts only in capitals or inside a sentence."""
    if weight not in (0.5, _ONLY_AS_SUBJECT) or last > first:
        return weight
    word = words[first]
    if weight == _ONLY_AS_SUBJECT:
        return 0.5 if word.shape is Shape.CAPITAL and does_something(words, first) else 0.0
    if word.shape is Shape.UPPER and word.surname == 2 and _stands_out(words, first):
        return 0.5
    if word.surname == 2 and word.shape is Shape.CAPITAL and does_something(words, first):
        return 0.5
    opens = first == 0 or any(c in ".!?:\n" for c in words.gap(first - 1))
    return 0.5 if word.is_strong_first and not opens else 0.4


def _may_be(word: Word) -> bool:
    """A name that is nothing else may come back typed small, in a file name for instance."""
    return word.is_nameable or (
        word.shape is Shape.LOWER
        and word.surname > 0
        and not (word.is_common or word.is_commune or word.is_never)
    )


def _stands_out(words: Words, index: int) -> bool:
    """Tell whether a word in capitals has small ones around it."""
    around = [words[i] for i in (index - 1, index + 1) if 0 <= i < len(words)]
    return all(word.shape is not Shape.UPPER for word in around)
