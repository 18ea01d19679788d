# SPDX-License-Identifier: EUPL-1.2
"""Layers for a name that is called, or that someone or something is called by.

« bonsoir Jarod », « RDV avec Boucher », « caveau MOREL », « mon voisin guedj », « moi madyson »

There an everyday word may be a name, and so may a word of no list.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator

from guardrails.names.leads import (
    CALLERS,
    FILES,
    GREETINGS,
    NAMED,
    RELATIONS,
    is_relation,
    is_status,
)
from guardrails.names.runs import run_right
from guardrails.names.strangers import is_acronym, is_unexplained
from guardrails.names.votes import Vote
from guardrails.names.word import ELIDED, Shape, Word
from guardrails.names.words import Words

_BLANKS = (" ", "\u00a0", "'", "’")
_OF = frozenset(["de", "d", "a", "pour", "par"])


_INTRODUCES = re.compile(
    r"(?<!\w)(?:moi,?|je\ssuis|je\sm['’\s]appelle|c['’\s]?est|ici|sign[ée]+\s?:?)\s(?=[a-zà-ÿ])",
    re.IGNORECASE,
)


_NICKNAMED = re.compile(
    r"(?<!\w)(?:dite?s?|alias|surnomm[ée]+s?|surnom|prénomm[ée]+e?)\s*:?\s*[«\"“]\s?(?P<name>[^«»\"“”\n]{2,30}?)\s?[»\"”]"
)


_MIN_LETTERS = 3


_GIVEN = 3  # a thousand births


_SURE = 0.55


_LIKELY = 0.5


def called(words: Words) -> Iterator[Vote]:
    """Vote for the name after a caller, a relative, a role or a thing of someone.

    There an everyday word may be a name (`avec Boucher`), and so may a word of no list.
    """
    for index in range(len(words) - 1):
        word = words[index]
        if not (word.fold in CALLERS or word.fold in FILES or is_status(word)):
            continue
        start = index + 1
        if words.gap(index).strip(" ,\u00a0") or "\n" in words.gap(index):
            continue
        if (
            words[start].fold in _OF
            and words[start].shape is Shape.LOWER
            and start + 1 < len(words)
        ):
            is_role = is_status(word) and word.fold not in RELATIONS
            if words.gap(start) not in (" ", "\u00a0", "'", "’"):
                continue
            start = _after_field(words, start) if is_role else start + 1
            if start < 0:
                continue
        elif words[start].text == "les" and word.fold == "chez" and start + 1 < len(words):
            start += 1
        last = yield from _named(
            words, start, is_person=is_relation(word) or word.fold in GREETINGS
        )
        while last is not None:
            last = yield from _listed_after(words, last)


def _after_field(words: Words, index: int) -> int:
    """`le chef de chantier Ribot`: return the word after the field of a role, or -1."""
    for place in range(index + 1, min(index + 4, len(words) - 1)):
        if words.gap(place - 1) not in _BLANKS or words.gap(place) not in _BLANKS:
            return -1
        word = words[place]
        if word.shape is not Shape.LOWER:
            return -1
        if words[place + 1].shape is not Shape.LOWER:
            return place + 1 if word.is_common and word.fold not in NAMED else -1
    return -1


def _named(words: Words, start: int, *, is_person: bool) -> Generator[Vote, None, int | None]:
    """Vote for a name that starts at word `start`, and return its last word."""
    word = words[start]
    if is_person and word.is_never and word.magnitude >= _GIVEN and word.shape is Shape.CAPITAL:
        yield Vote(start, start, _SURE, "relation")  # `son mari Toussaint`
        return start
    if word.is_thing or is_acronym(word) or word.shape in (Shape.INITIAL, Shape.ODD):
        return None
    if word.shape is Shape.LOWER:
        return (yield from _named_small(words, start, is_person=is_person))
    if word.is_commune and not word.is_strong_first and word.surname < (1 if is_person else 2):
        return None
    last = run_right(words, start, anchored=True)
    if last < start:
        return None
    inside = [w for w in words.items[start : last + 1] if not w.is_particle]
    if any(w.is_unusual or w.is_first for w in inside):
        yield Vote(start, last, _SURE, "called")
        return last
    if is_person or any(w.surname == 2 for w in inside):
        yield Vote(start, last, _LIKELY, "called")
        return last
    return None


def _named_small(words: Words, start: int, *, is_person: bool) -> Generator[Vote, None, int | None]:
    """`mon voisin guedj`, `avec delattre`: small letters, but no word of the dictionary."""
    last = start - 1
    for index in range(start, min(start + 4, len(words))):
        word = words[index]
        if index > start and (not words.joins(index - 1) or words.crosses_line(index - 1)):
            break
        if word.is_particle and last >= index - 1 and _leads_small(words, index):
            continue
        if word.shape is not Shape.LOWER or not _is_no_word(word):
            break
        if not (word.surname or word.magnitude >= 1 or is_person):
            break
        last = index
    if last < start:
        return None
    yield Vote(start, last, _LIKELY, "called")
    return last


def _leads_small(words: Words, index: int) -> bool:
    """`yacine ait lahcen`, `le goff`: a particle, and a word of no dictionary after it."""
    return index + 1 < len(words) and words.joins(index) and _is_no_word(words[index + 1])


def _is_no_word(word: Word) -> bool:
    return (
        len(word.text) >= _MIN_LETTERS
        and word.fold not in ELIDED
        and not (
            word.is_common or word.is_never or word.is_commune or word.is_thing or word.is_particle
        )
    )


def _listed_after(words: Words, last: int) -> Generator[Vote, None, int | None]:
    """`Félicitations à Amano et Ekrih`: the list goes on."""
    start = last + 1
    if start + 1 < len(words) and words[start].fold == "et" and words.gap(last) == " ":
        start += 1
    elif start >= len(words) or words.gap(last) != ", ":
        return None
    if words[start].text in ("de", "d", "à") and start + 1 < len(words):
        start += 1
    if (
        words.gap(start - 1).strip(" ,")
        or not is_unexplained(words[start])
        or is_acronym(words[start])
    ):
        return None
    end = max(run_right(words, start, anchored=False), start)
    yield Vote(start, end, _LIKELY, "called")
    return end


def introduced(words: Words) -> Iterator[Vote]:
    """Vote for words of no dictionary after `moi`, `je suis`, `c est`: `moi madyson deleinu`."""
    for match in _INTRODUCES.finditer(words.text):
        start = bisect_left(words.starts, match.end())
        if start >= len(words) or words.starts[start] != match.end():
            continue
        if words[start].shape is Shape.LOWER:
            yield from _named_small(words, start, is_person=True)


def nicknamed(words: Words) -> Iterator[Vote]:
    """Vote for what quotes hold after `dit`, `alias`, `surnommé`: `un surnommé « Bouboule »`."""
    for match in _NICKNAMED.finditer(words.text):
        first = bisect_left(words.starts, match.start("name"))
        last = bisect_left(words.starts, match.end("name")) - 1
        if first <= last:
            yield Vote(first, last, _SURE, "called")
