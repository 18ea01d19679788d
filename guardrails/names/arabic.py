# SPDX-License-Identifier: EUPL-1.2
"""Persons named in Arabic letters, which have no capitals: by lists, and by what introduces them.

« اسمي ليلى بوعزة », « ابني ياسين », « عبد الرحمن »

A listed name counts where it is no ordinary word of the language; one that is (« أمل ») where
another name follows or something introduces it. The word after a name that is neither ordinary nor
listed is hidden with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from guardrails.names.lexicons import read_lines
from guardrails.names.ordinary import ordinary_words
from guardrails.names.votes import Vote
from guardrails.names.words import Words
from guardrails.placeholders import fold

_ARABIC = re.compile("[\u0621-\u064a]")
_BLANK = re.compile(r"[^\S\n]+")
_JOINED = re.compile(r"^[وفبلك](?=..)")
"""And, in, with, to, as: written with the word after them."""

_SERVANT, _THE = "عبد", "ال"
"""« عبد الرحمن »: one name of two words."""

_SON = frozenset(["بن", "ابن", "بنت", "بو", "ابو", "ايت", "ام"])
"""Son, daughter, father of …: between two parts of a name."""

_SURE = 0.95
"""The learned layer knows no Arabic: it takes back what is less sure."""

_MOST_WORDS = 5


def arabic(words: Words) -> Iterator[Vote]:
    """Vote for runs of names in Arabic letters."""
    at = 0
    while at < len(words):
        introduced = at > 0 and words[at - 1].fold in _introducing() and _joins(words, at - 1)
        last = _last(words, at, introduced=introduced)
        if last is None:
            at += 1
            continue
        yield Vote(at, last, _SURE, "relation" if introduced else "arabic")
        at = last + 1


def _last(words: Words, at: int, *, introduced: bool) -> int | None:
    """Return the last word of the name that begins somewhere; None where none does."""
    last = at - 1
    for place in range(at, min(len(words), at + _MOST_WORDS)):
        if place > at and not _joins(words, place - 1):
            break
        if not _goes_on(words, place, place == at, introduced):
            break
        last = place
    named = range(at, last + 1)
    if not named or all(words[place].fold in _SON for place in named):
        return None
    is_sure = introduced or any(_is_name(words, place) for place in named)
    return last if is_sure else None


def _goes_on(words: Words, place: int, is_first: bool, introduced: bool) -> bool:
    """Whether a word may be the first of a name, or one more."""
    word = words[place].fold
    if not _ARABIC.match(word) or word in _introducing():
        return False
    if word in _SON or word == _SERVANT or _is_listed(word):
        return True
    if place and words[place - 1].fold == _SERVANT and word.startswith(_THE):
        return True
    if is_first and word.startswith(_THE):  # « ابني الصغير »: which son, not who
        return False
    return (introduced or not is_first) and not _is_ordinary(word)


def _is_name(words: Words, place: int) -> bool:
    """Whether a word alone makes a name of a run: listed, and no ordinary word."""
    word = words[place].fold
    is_compound = word == _SERVANT and place + 1 < len(words)
    return (is_compound and words[place + 1].fold.startswith(_THE)) or (
        _is_listed(word) and not _is_ordinary(word)
    )


def _joins(words: Words, place: int) -> bool:
    """Whether nothing but a blank stands after a word."""
    return bool(_BLANK.fullmatch(words.gap(place)))


def _is_listed(word: str) -> bool:
    return word in _names() or (bool(_JOINED.match(word)) and word[1:] in _names())


def _is_ordinary(word: str) -> bool:
    return word in ordinary_words("ar")


@cache
def _names() -> frozenset[str]:
    """Return each word of the names, but for those that stand between two parts of one."""
    lines = read_lines("arabic_names.txt")
    return frozenset(fold(word) for line in lines for word in line.split()) - _SON - {_SERVANT}


@cache
def _introducing() -> frozenset[str]:
    return frozenset(fold(word) for word in " ".join(read_lines("arabic_leads.txt")).split())
