# SPDX-License-Identifier: EUPL-1.2
"""The words of a question, with their places, and what they tell without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.french import flat, stem, terms

_WORD = re.compile(r"\w[\w°%€./²-]*['’]?|[€%]")
LONG = 12
"""A question of as many words is long; more tell nothing more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, from `start` to `end`; `says`: it is no mere tool of grammar."""

    text: str
    start: int
    end: int
    root: str
    says: bool


def words_of(text: str) -> list[Word]:
    """Return the words of a text.

    >>> [word.text for word in words_of("Et l'étude du soir ?") if word.says]
    ['étude', 'soir']
    """
    return [_word(found) for found in _WORD.finditer(text)]


def _word(found: re.Match[str]) -> Word:
    text = found[0]
    root = stem(flat(text).rstrip("'’."))
    return Word(text, found.start(), found.end(), root, bool(terms(text)))


def traits(words: Sequence[Word], others: Sequence[Word], asked: int) -> list[list[float]]:
    """Return what each word tells beside its state, a row each; `others`: those of the other
    question, `asked`: how many words the question that follows has."""
    known = {word.root for word in others}
    return [
        [
            word.root in known,
            word.says,
            word.text[:1].isupper(),
            any(map(str.isdigit, word.text)),
            min(asked, LONG) / LONG,
            place == 0,
        ]
        for place, word in enumerate(words)
    ]
