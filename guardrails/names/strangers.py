# SPDX-License-Identifier: EUPL-1.2
"""The layer that fails shut: a proper name that nothing explains is a person until shown otherwise.

« Delattre a encore garé sa camionnette », « Vu hier : Jarod »

A word is *explained* by a list (French dictionary, communes, countries, firms, acronyms), or by
the word before it (`la Buquette`, `à Peyrelade`). What else may be a name stands in `called.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.names.leads import is_lead
from guardrails.names.runs import SAINTS, run_right
from guardrails.names.subjects import opens
from guardrails.names.votes import Vote
from guardrails.names.word import ELIDED, Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import fold

_PLACE_BEFORE = frozenset(
    ["a", "au", "aux", "en", "vers", "l", "la", "le", "un", "une", "ce", "cette", "du", "des"]
)


_VOWEL = re.compile("[aeiouy]")


_PRODUCT = re.compile(r"[A-Z][a-z]{3,}[A-Z][a-z]+$")  # LibreOffice
_HUMP = re.compile(r"[A-Z][a-z]+")
_FREQUENT_NAME = 2
_NOUN_END = re.compile(r"(?:ante|ente|trice|euse|iere|eur|iste|tion|ment|age|ure|ite)s?$")
_ROMAN = re.compile("[ivxlc]+|ier|ieme")


_MIN_LETTERS = 3


_FREQUENT = 4  # ten thousand births


_ACRONYM_LETTERS = 5


_SAID_LETTERS = 4


_BRACKETED_LETTERS = 7


_SENTENCE = re.compile(r"[.!?•|\n]|^$")


_SURE = 0.55


_LIKELY = 0.5


_NEAR = 0.4


def stranger(words: Words) -> Iterator[Vote]:
    """Vote for each run of capitalised words that no list and no word before explains."""
    index = 0
    while index < len(words):
        if not _is_strange(words, index):
            index += 1
            continue
        first = _start(words, index)
        last = max(run_right(words, index, anchored=False), index)
        yield Vote(first, last, _weight(words, first, index, last), "stranger")
        index = last + 1


def _is_strange(words: Words, index: int) -> bool:
    word = words[index]
    if not is_unexplained(word) or _is_bracketed_acronym(words, index):
        return False
    if _ROMAN.fullmatch(word.fold) or _is_label(words, index) or _is_made_up(words, index):
        return False
    if word.shape is Shape.CAPITAL or word.surname or word.magnitude >= 1:
        return word.shape is Shape.CAPITAL or not is_acronym(word)
    return any(_is_name_mate(words, index, mate) for mate in (index - 1, index + 1))


def _is_label(words: Words, index: int) -> bool:
    """`Référente : Ana Petit`: a line's first word, built like a noun, and a colon."""
    word = words[index]
    after = words.text[word.end : word.end + 2].lstrip()
    return (
        after[:1] == ":"
        and opens(words, index)
        and not (word.surname or word.magnitude >= 1)
        and bool(_NOUN_END.search(word.fold))
    )


def _is_made_up(words: Words, index: int) -> bool:
    """`Bâti-Loire`, `Élec'Ouest`: a firm's name, made of words that are nobody's."""
    word = words[index]
    if word.surname or word.magnitude >= 1:
        return False
    if index + 1 < len(words) and words.gap(index) in ("'", "’"):
        after = words[index + 1]
        return after.is_never or after.is_common or after.is_thing or after.is_commune
    if _PRODUCT.match(word.text):
        return not any(
            part.is_strong_first or part.surname == _FREQUENT_NAME
            for part in (words.about(fold(part)) for part in _HUMP.findall(word.text))
        )
    parts = [words.about(part) for part in word.fold.split("-")]
    return len(parts) > 1 and all(
        (part.is_common or part.is_thing or part.is_never) and not part.is_strong_first
        for part in parts
    )


def is_unexplained(word: Word) -> bool:
    """Tell whether a word is written as a name and stands in no list of other things."""
    if not word.is_nameable or word.shape is Shape.INITIAL or word.is_particle or word.is_thing:
        return False
    if word.fold in SAINTS:
        return False
    if word.fold in ELIDED or (len(word.text) < _MIN_LETTERS and not word.is_strong_first):
        return False
    if word.is_strong_first and (word.magnitude >= _FREQUENT or "-" in word.text):
        return True  # Marie is a verb too
    return not (word.is_common or (word.is_commune and not word.is_strong_first))


def is_acronym(word: Word) -> bool:
    """`SDIS`, `III`: capitals that cannot be said, are short and unlisted, or count."""
    if word.shape is not Shape.UPPER:
        return bool(_ROMAN.fullmatch(word.fold))
    if _ROMAN.fullmatch(word.fold) or not _VOWEL.search(word.fold):
        return True
    if len(word.text) < _ACRONYM_LETTERS:
        return word.surname < 2 and word.magnitude < 2
    return False


def _is_bracketed_acronym(words: Words, index: int) -> bool:
    """`(Dila)`, `(JUDEX)`: short for what was just said."""
    word = words[index]
    around = words.text[max(0, word.start - 1) : word.start] + words.text[word.end : word.end + 1]
    if not index or (word.shape is Shape.CAPITAL and words[index - 1].shape is not Shape.LOWER):
        return False
    return around == "()" and len(word.text) <= _BRACKETED_LETTERS and not word.is_strong_first


def _is_name_mate(words: Words, index: int, mate: int) -> bool:
    """Tell whether a word in capitals of no list stands beside another: `REMIOTWE Yajmir`."""
    if not 0 <= mate < len(words) or not words.joins(min(index, mate)):
        return False
    other = words[mate]
    if words.crosses_line(min(index, mate)) or not is_unexplained(other):
        return False
    return all(
        len(word.text) >= _SAID_LETTERS and _VOWEL.search(word.fold)
        for word in (words[index], other)
    )


def _start(words: Words, index: int) -> int:
    """Take in what stands before an unexplained word as a name may: `PETIT Jarod`, `Le Goff`."""
    first = index
    while first and words.joins(first - 1) and not words.crosses_line(first - 1):
        before = words[first - 1]
        if before.fold in SAINTS:
            break
        is_listed = before.surname == 2 and before.shape is words[index].shape
        is_inside = before.shape is Shape.CAPITAL and not is_lead(before)
        if before.is_never or before.is_thing or before.is_commune or not before.is_cased:
            break
        if not (is_listed or is_inside) or opens(words, first - 1, _SENTENCE):
            break
        first -= 1
    return first


def _weight(words: Words, first: int, index: int, last: int) -> float:
    inside = [word for word in words.items[first : last + 1] if not word.is_particle]
    word = words[index]
    known = any(w.is_strong_first for w in inside) or (len(inside) > 1 and inside[0].is_first)
    listed = known or any(w.surname and not w.is_common for w in inside)
    before = words[first - 1] if first and words.gap(first - 1).strip(" \u00a0'’\n") == "" else None
    if before is not None and before.fold in _PLACE_BEFORE and before.shape is Shape.LOWER:
        return _LIKELY if known and before.text in ("a", "à") else 0.3
    if not listed and any(_is_name_mate(words, i, i + 1) for i in range(first, last)):
        return _LIKELY
    if word.shape is Shape.UPPER and not listed:
        return 0.3
    if not (known or listed):
        is_place = before is not None and before.text in ("de", "d")
        is_heading = first == 0 or "\n" in words.gap(first - 1)
        return _NEAR if is_place or is_heading or "-" in word.text else _LIKELY
    return _SURE if known else _LIKELY
