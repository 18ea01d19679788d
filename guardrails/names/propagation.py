# SPDX-License-Identifier: EUPL-1.2
"""A name found once is hidden in the whole document: in capitals, no accents, surname alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guardrails.names.protected import is_protected
from guardrails.names.subjects import does_something
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words

PROPAGATED = "propagated"
"""The name of the layer."""

_SURE = 0.5
_BEYOND_DOUBT = 0.9
_MIN_LETTERS = 3
_LONG = 6
"""From so many letters on, a word of no list typed small is the name that was found."""

_FREQUENT = 4  # ten thousand births
_ONLY_INSIDE = 0.2  # `la fille que Foulques a reconnue`
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
            is_sure = name.weight >= _BEYOND_DOUBT
            weight = _weight(word, is_sure=is_sure)
            if is_sure and not weight and _may_come_back(word):
                weight = _ONLY_INSIDE
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
        if (
            index in taken
            or word.fold not in known
            or not (_may_be(word) or _beside_a_first_name(words, index))
        ):
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
            yield Vote(first, last, _as_written(words, first, last, weight), PROPAGATED)
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
    if weight not in (0.5, _ONLY_AS_SUBJECT, _ONLY_INSIDE) or last > first:
        return weight
    word = words[first]
    if word.shape is Shape.CAPITAL and _stands_bare(words, first):
        return 0.5
    if word.shape is Shape.CAPITAL and _opens_and_acts(words, first):
        return 0.5
    if weight == _ONLY_INSIDE:
        return 0.0
    if weight == _ONLY_AS_SUBJECT:
        return 0.5 if word.shape is Shape.CAPITAL and does_something(words, first) else 0.0
    if word.shape is Shape.UPPER and word.surname == 2 and _stands_out(words, first):
        return 0.5
    if word.surname == 2 and word.shape is Shape.CAPITAL and does_something(words, first):
        return 0.5
    opens = first == 0 or any(c in ".!?:\n" for c in words.gap(first - 1))
    return 0.5 if word.is_strong_first and not opens else 0.4


def _may_come_back(word: Word) -> bool:
    """An everyday word that is a name too: where a sentence gives it a capital, it is the name."""
    return (
        len(word.text) > _MIN_LETTERS
        and (word.magnitude >= 1 or word.surname > 0)
        and not (word.is_never or word.is_thing or word.is_commune or word.is_particle)
    )


def _opens_and_acts(words: Words, index: int) -> bool:
    """`Lorrain baisse son prix`: a sentence's first word, then none that a noun asks for."""
    if index + 1 >= len(words) or words.gap(index) not in (" ", "\u00a0"):
        return False
    if index and not any(c in ".!?;\n" for c in words.gap(index - 1)):
        return False
    after = words[index + 1]
    return (
        after.shape is Shape.LOWER
        and len(after.text) > _MIN_LETTERS
        and not (after.is_never or after.is_noun)
    )


def _stands_bare(words: Words, index: int) -> bool:
    """Tell whether a small word that is no article stands straight before."""
    if index == 0 or words.gap(index - 1) not in (" ", "\u00a0", "'", "’"):
        return False
    before = words[index - 1]
    return before.shape is Shape.LOWER and before.fold not in _ARTICLES


_ARTICLES = frozenset(
    [
        *("le", "la", "les", "l", "un", "une", "des", "du", "au", "aux"),
        *("ce", "cette", "ces", "cet", "notre", "nos", "leur", "leurs"),
    ]
)


def _may_be(word: Word) -> bool:
    """A name that is nothing else may come back typed small, in a file name for instance."""
    return word.is_nameable or (
        word.shape is Shape.LOWER
        and (word.surname > 0 or len(word.text) >= _LONG)
        and not (word.is_common or word.is_commune or word.is_never)
    )


def _beside_a_first_name(words: Words, index: int) -> bool:
    """`ya un bocage thomas au 8`: typed small, once `thierry bocage` was named."""
    word = words[index]
    return (
        word.shape is Shape.LOWER
        and word.surname > 0
        and any(
            0 <= mate < len(words)
            and words.joins(min(index, mate))
            and words[mate].is_strong_first
            and words[mate].magnitude >= _FREQUENT
            for mate in (index - 1, index + 1)
        )
    )


def _stands_out(words: Words, index: int) -> bool:
    """Tell whether a word in capitals has small ones around it."""
    around = [words[i] for i in (index - 1, index + 1) if 0 <= i < len(words)]
    return all(word.shape is not Shape.UPPER for word in around)
