# SPDX-License-Identifier: EUPL-1.2
"""Words of six languages as they are compared: without accents and plurals, one letter forgiven."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import DamerauLevenshtein

from corpus.french import fold

FORGIVING_CHARS = 6
"""Letters of a word from which one slip is forgiven."""

SHARED_CHARS, ENDING_CHARS = 4, 6
"""Turkish says with endings what others say with small words: what its forms share, and add."""

GLUED = "ld"
"""What is left of an article when its apostrophe is not typed: « ladjoint »."""

_WORD = re.compile(r"\d+|[^\W\d_]+")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None, "ı": "i"})
_MARKS = re.compile("[\u064b-\u0652]")
_JOINED = re.compile(r"^(?:(?:و|ب|ف|ك)?ال|لل|و|ب|ل|ف|ك)(?=[\u0621-\u064a]{3})")


def words_of(text: str) -> list[str]:
    """Return the words of a text in any of the languages, as they are compared.

    >>> words_of("Où est l’État civil ?")
    ['ou', 'est', 'l', 'etat', 'civil']
    """
    return _WORD.findall(_MARKS.sub("", fold(text).translate(_ARABIC)))


def forms_of(word: str) -> Iterator[str]:
    """Yield a word, without its plural, without what Arabic joins to it, or French in haste.

    >>> [*forms_of("ladjointes")]
    ['ladjointes', 'ladjointe', 'adjointes', 'adjointe']
    """
    yield from _singular(word)
    if len(word) > FORGIVING_CHARS and word[0] in GLUED:
        yield from _singular(word[1:])
    if joined := _JOINED.match(word):
        yield word[joined.end() :]


def _singular(word: str) -> Iterator[str]:
    yield word
    if len(word) > FORGIVING_CHARS - 1 and word[-1] in "sx":
        yield word[:-1]


def is_slip(word: str, known: str) -> bool:
    """Whether a word is another with a letter more, less, changed or moved.

    >>> is_slip("telehpone", "telephone"), is_slip("lyon", "lion")
    (True, False)
    """
    if min(len(word), len(known)) < FORGIVING_CHARS or word[0] != known[0]:
        return False
    return DamerauLevenshtein.distance(word, known, score_cutoff=1) <= 1


def is_inflected(word: str, known: str) -> bool:
    """Whether a word is another with other endings, as Turkish has them.

    >>> is_inflected("belediyenin", "belediyeyi"), is_inflected("belediye", "bilgi")
    (True, False)
    """
    shared = 0
    for one, other in zip(word, known, strict=False):
        if one != other:
            break
        shared += 1
    least = min(len(known), SHARED_CHARS + 1)
    return SHARED_CHARS <= least <= shared and max(map(len, (word, known))) - shared <= ENDING_CHARS
