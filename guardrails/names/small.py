# SPDX-License-Identifier: EUPL-1.2
"""Layers for names typed small, as in a chat: « jean dupont », « mon aide fatoumata vient »."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.names.lexicons import read_words
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words

_EVERYDAY = read_words("everyday_first_names.txt")
_GIVEN = 3  # a thousand births
_FREQUENT = 4


def lower_alone(words: Words) -> Iterator[Vote]:
    """Vote for a first name that is nothing else, typed small: `mon aide fatoumata vient`."""
    for index, word in enumerate(words.items):
        if word.shape is Shape.LOWER and word.is_strong_first and _is_hardly_a_word(word):
            yield Vote(index, index, 0.5, "lower_case")


def _is_hardly_a_word(word: Word) -> bool:
    """`fatoumata`, and `julie`, which a dictionary holds and nobody writes otherwise."""
    if word.fold in _EVERYDAY:
        return False
    if word.is_common:
        return word.magnitude >= _FREQUENT
    return word.magnitude >= _GIVEN and (not word.is_commune or word.magnitude >= _FREQUENT)


def lower_case(words: Words) -> Iterator[Vote]:
    """Vote for `jean dupont` or `dupont jean` typed without capitals."""
    for index in range(len(words) - 1):
        one, two = words[index], words[index + 1]
        if one.shape is not Shape.LOWER or two.shape is not Shape.LOWER:
            continue
        if not words.joins(index) and words.gap(index) != ".":
            continue
        given, other = (one, two) if one.is_strong_first else (two, one)
        if not given.is_strong_first or given.magnitude < (4 if given.is_common else 2):
            continue
        if other.is_never or len(other.text) < 3:
            if other is two and other.is_particle:
                yield from _lower_particle(words, index)
            continue
        if (
            not other.surname
            and not other.is_common
            and given.magnitude >= 4
            and not given.is_common
        ):
            yield Vote(index, index + 1, 0.55, "lower_case")
        elif other.surname and (
            not (other.is_common or other.is_commune)
            or (other is two and _is_town_too(given, other))
        ):
            yield Vote(index, index + 1, 0.75, "lower_case")
        elif other.surname == 2 and other is two and not given.is_common:
            yield Vote(index, index + 1, 0.55, "lower_case")


def _is_town_too(given: Word, other: Word) -> bool:
    """`vanessa roquefort`: a town that is a surname, straight after a sure first name."""
    return other.is_commune and given.magnitude >= _GIVEN and given.fold not in _EVERYDAY


def _lower_particle(words: Words, index: int) -> Iterator[Vote]:
    """`yann le gall`, `maria da silva`."""
    for last in range(index + 2, min(index + 4, len(words))):
        if not words.joins(last - 1):
            return
        word = words[last]
        if not word.is_particle:
            if word.surname and not word.is_common and not word.is_never:
                yield Vote(index, last, 0.6, "lower_case")
            return
