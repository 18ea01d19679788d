# SPDX-License-Identifier: EUPL-1.2
"""Layers that rest on a first name: beside a surname, beside a relative, in a pair of no list.

« Jean DUPONT », « LE GALL Yann », « mon fils Mathis », « Drilë Waehnya »
"""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.names.leads import is_relation
from guardrails.names.runs import run_left, run_right
from guardrails.names.subjects import opens
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words

_ARTICLES = frozenset(["un", "une", "la", "le", "les", "des", "cette", "ce", "l"])


def first_name(words: Words) -> Iterator[Vote]:
    """Vote for a first name with its surname, after it or, in capitals, before it."""
    index = 0
    while index < len(words):
        if not (words[index].is_first and words[index].is_cased) or _opens_a_heading(words, index):
            index += 1
            continue
        end = index
        while (
            end + 1 < len(words)
            and words[end + 1].is_first
            and words[end + 1].shape is words[index].shape
            and words.joins(end)
            and not words.crosses_line(end)
        ):
            end += 1
        last = run_right(words, index, anchored=False)
        first = index
        if words[index].shape is not Shape.UPPER or last <= end:
            first = run_left(words, index)
        weight = _weight(words, first, index, end, last)
        if weight:
            yield Vote(first, max(last, end), weight, "first_name")
        index = max(last, end) + 1


def _weight(words: Words, first: int, given: int, end: int, last: int) -> float:
    """Say how much the surname found on either side is worth."""
    after = [words[i] for i in range(end + 1, last + 1) if not words[i].is_particle]
    before = [words[i] for i in range(first, given) if not words[i].is_particle]
    if not after and not before:
        is_strong = any(words[i].is_strong_first for i in range(given, end + 1))
        return _among_first_names(words, given, end, is_strong=is_strong)
    is_strong = any(word.is_strong_first for word in words.items[first : last + 1])
    best = max(
        _worth(word, is_mixed=words[given].shape is not word.shape) for word in after + before
    )
    return best if is_strong else best - 0.4


def _opens_a_heading(words: Words, index: int) -> bool:
    """`Devis de Thermiclim`, `Don du sang`: a noun's capital, and what it is of."""
    word = words[index]
    if not word.is_ambiguous or word.shape is not Shape.CAPITAL or index + 1 >= len(words):
        return False
    return words[index + 1].text in ("de", "d", "du", "des") and opens(words, index)


def _worth(word: Word, *, is_mixed: bool) -> float:
    if word.shape is Shape.INITIAL:
        return 0.65
    if word.is_unusual:
        return 0.9 if word.shape is Shape.UPPER and is_mixed else 0.85
    if word.surname == 2 or (word.shape is Shape.UPPER and is_mixed):
        return 0.75
    if word.surname:
        return 0.5 if word.shape is Shape.UPPER else 0.45
    return 0.35


def _among_first_names(words: Words, given: int, end: int, *, is_strong: bool) -> float:
    """`Philippe Laurent` is a whole name; `Philippe` alone is nearly nothing."""
    if end > given and is_strong:
        return 0.75 if words[end].surname == 2 or words[given].surname == 2 else 0.55
    if not is_strong:
        return 0.0
    alone = words[given]
    opens = given == 0 or any(c in ".!?:\n•" for c in words.gap(given - 1))
    if given and words[given - 1].fold in _ARTICLES:  # a car, a boat, a firm
        return 0.3
    if alone.magnitude >= 4 and not opens and not alone.is_commune:
        return 0.5
    return 0.3


def relation(words: Words) -> Iterator[Vote]:
    """Vote for a first name alone beside a word such as `son fils`, `ma voisine`."""
    for index, word in enumerate(words.items[:-1]):
        if not is_relation(word):
            continue
        start = index + 1
        gap = words.gap(index)
        if (
            words[start].is_particle
            and words[start].shape is Shape.LOWER
            and index + 2 < len(words)
        ):
            start += 1
        if len(gap) > 4 or gap.strip(' ,:(«"“\n\u00a0'):
            continue
        while True:
            last = run_right(words, start, anchored=False)
            given = words[start]
            if last >= start and (given.is_first or given.is_unusual):
                yield Vote(start, last, 0.85 if given.magnitude >= 1 else 0.6, "relation")
            elif given.shape is Shape.LOWER and (
                given.is_strong_first or _is_set_off(words, start)
            ):
                last = start
                if words.joins(start):
                    follower = words[start + 1]
                    if (
                        follower.surname
                        and not follower.is_never
                        and (follower.is_commune or not follower.is_common)
                    ):
                        last = start + 1
                yield Vote(start, last, 0.8, "relation")
            else:
                break
            start = last + 1
            if start + 1 < len(words) and words[start].fold == "et":
                start += 1
            elif start >= len(words) or words.gap(last).strip() != ",":
                break
            if start >= len(words):
                break
            if words[start].is_given_too:
                yield Vote(start, start, 0.6, "relation")  # `ses frères Urbain et Noël`
            if not words[start].is_first:
                break


def _is_set_off(words: Words, index: int) -> bool:
    """`ma niece oceane et son copain`: an everyday word that is a first name, and a stop."""
    word = words[index]
    if word.magnitude < 3 or word.is_never or word.is_particle:
        return False
    if index + 1 == len(words):
        return True
    gap = words.gap(index)
    is_stop = gap.strip()[:1] in {",", ".", "(", ";", "!", "?"} or "\n" in gap
    return is_stop or words[index + 1].fold in ("et", "qui")


def foreign(words: Words) -> Iterator[Vote]:
    """Vote for two capitalised words side by side, one of them in no list: `Drilë Waehnya`."""
    for index in range(len(words) - 1):
        pair = words[index], words[index + 1]
        if not all(map(_is_unknown, pair)) or words.gap(index) != " ":
            continue
        if not all(word.surname or word.magnitude >= 1 for word in pair):
            yield Vote(index, index + 1, 0.5, "foreign")


def _is_unknown(word: Word) -> bool:
    return (
        word.shape is Shape.CAPITAL
        and not word.is_common
        and not word.is_commune
        and word.is_nameable
        and len(word.text) > 2
    )
