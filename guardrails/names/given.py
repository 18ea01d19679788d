# SPDX-License-Identifier: EUPL-1.2
"""Layers that rest on a first name: beside a surname, beside a relative, alone in a chat.

« Jean DUPONT », « LE GALL Yann », « J.-P. Roy », « mon fils Mathis », « dupont jean »
"""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.names.lexicons import read_words
from guardrails.names.runs import run_left, run_right
from guardrails.names.votes import Vote
from guardrails.names.words import Shape, Word, Words

_RELATIONS = read_words("relations.txt")
SUBJECT_VERBS = read_words("subject_verbs.txt")


def first_name(words: Words) -> Iterator[Vote]:
    """Vote for a first name with its surname, after it or, in capitals, before it."""
    index = 0
    while index < len(words):
        if not (words[index].is_first and words[index].is_cased):
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


_ARTICLES = frozenset(["un", "une", "la", "le", "les", "des", "cette", "ce", "l"])


def subject(words: Words) -> Iterator[Vote]:
    """Vote for a first name alone that does what only a person does: `Sophie s'occupe de …`."""
    for index, word in enumerate(words.items):
        if (
            word.shape is Shape.CAPITAL
            and word.is_strong_first
            and not word.is_commune
            and does_something(words, index)
        ):
            yield Vote(index, index, 0.6, "subject")


def does_something(words: Words, index: int) -> bool:
    """Tell whether a verb that asks for a person follows, `ne` or `s'` in between or not."""
    verb = index + 1
    if verb >= len(words) or words.gap(index) not in (" ", "\u00a0", "\n"):
        return False
    if words[verb].text in ("ne", "n", "s", "se") and verb + 1 < len(words):
        return words[verb].text in ("s", "se") or words[verb + 1].fold in _AFTER_NE
    return words[verb].shape is Shape.LOWER and words[verb].fold in SUBJECT_VERBS


_AFTER_NE = SUBJECT_VERBS | {"est", "a", "s", "se", "l", "y", "veut"}


def initial(words: Words) -> Iterator[Vote]:
    """Vote for `J. Dupont`, `J.-P. Roy`, `DUPONT J.`."""
    for index in range(len(words)):
        word = words[index]
        if word.shape is not Shape.INITIAL or not _has_dot(words, index):
            continue
        if index and words[index - 1].shape is Shape.INITIAL and words.joins(index - 1):
            continue  # the C of `J.-C. Roy`, already seen
        end = index
        while end + 1 < len(words) and words.joins(end) and words[end + 1].shape is Shape.INITIAL:
            end += 1
        if index and words.gap(index - 1) in ("'", "’", "."):
            continue  # l'A.R.S., E.R.P.
        follows_blank = end + 1 < len(words) and (
            words.gap(end) != "." or len(words[end + 1].text) > 3
        )
        if (
            not word.is_never
            and follows_blank
            and words.joins(end)
            and not words[end + 1].is_particle
        ):
            last = run_right(words, end + 1, anchored=False)
            if (
                last <= end
                and words[end + 1].is_nameable
                and words[end + 1].surname
                and not words.crosses_line(end)
            ):
                last = end + 1
            if last > end and words[last].shape is not Shape.INITIAL:
                yield Vote(index, last, _initialled(words, index, last), "initial")
                continue
        before = words[index - 1] if index and words.joins(index - 1) else None
        if before and before.surname == 2 and _opens_an_item(words, index):
            yield Vote(index - 1, index, 0.5, "initial")
        elif (
            before
            and before.shape in (Shape.UPPER, Shape.CAPITAL)
            and (before.is_unusual or (before.surname == 2 and before.shape is Shape.UPPER))
            and not words.crosses_line(index - 1)
        ):
            yield Vote(index - 1, index, 0.6, "initial")


def _opens_an_item(words: Words, index: int) -> bool:
    """`impayés : Mercier T. 42,30 ; Da Silva M. 18,00`: an item of a list, and an initial."""
    word = words[index - 1]
    if word.shape is not Shape.CAPITAL or word.is_never or words.crosses_line(index - 1):
        return False
    if words[index].fold in ("m", "n", "p", "v") and not word.is_unusual:  # `Vu M. le Maire`
        return False
    gap = words.gap(index - 2).strip(" \u00a0") if index > 1 else "\n"
    return gap.endswith((":", ";", "|", "\n", "•", "-"))


def _initialled(words: Words, first: int, last: int) -> float:
    """`N. Potiron` may be a person, `A. Budget` at the start of a line is a heading."""
    if words[last].is_unusual:
        return 0.7
    opens = first == 0 or words.crosses_line(first - 1)
    return 0.4 if opens else 0.45 + 0.1 * words[last].surname


def _has_dot(words: Words, index: int) -> bool:
    end = words[index].end
    return words.text[end : end + 1] == "."


def foreign(words: Words) -> Iterator[Vote]:
    """Vote for two capitalised words side by side, one of them in no list: `Drilë Waehnya`."""
    for index in range(len(words) - 1):
        pair = words[index], words[index + 1]
        is_listed = all(word.surname or word.magnitude >= 1 for word in pair)
        if words.gap(index) == " " and not is_listed and all(map(_is_unknown, pair)):
            yield Vote(index, index + 1, 0.5, "foreign")


def _is_unknown(word: Word) -> bool:
    return (
        word.shape is Shape.CAPITAL
        and not word.is_common
        and not word.is_commune
        and word.is_nameable
        and len(word.text) > 2
    )


def relation(words: Words) -> Iterator[Vote]:
    """Vote for a first name alone beside a word such as `son fils`, `ma voisine`."""
    for index, word in enumerate(words.items[:-1]):
        if word.fold not in _RELATIONS:
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
            elif given.is_strong_first and given.shape is Shape.LOWER:
                last = start
                if words.joins(start):
                    follower = words[start + 1]
                    if follower.surname and not follower.is_common and not follower.is_never:
                        last = start + 1
                yield Vote(start, last, 0.8, "relation")
            else:
                break
            start = last + 1
            if start + 1 < len(words) and words[start].fold == "et":
                start += 1
            elif start >= len(words) or words.gap(last).strip() != ",":
                break
            if start >= len(words) or not (words[start].is_first):
                break


def lower_alone(words: Words) -> Iterator[Vote]:
    """Vote for a first name that is nothing else, typed small: `mon aide fatoumata vient`."""
    for index, word in enumerate(words.items):
        if (
            word.shape is Shape.LOWER
            and word.magnitude >= 3
            and word.is_strong_first
            and not (word.is_common or word.is_commune)
        ):
            yield Vote(index, index, 0.5, "lower_case")


def lower_initial(words: Words) -> Iterator[Vote]:
    """Vote for `l. da costa`, `jp.garcia` typed small."""
    for index in range(len(words) - 1):
        word = words[index]
        if len(word.text) > 2 or word.shape is not Shape.LOWER or not _has_dot(words, index):
            continue
        last = index + 1
        while last + 1 < len(words) and last < index + 3 and words[last].is_particle:
            last += 1
        name = words[last]
        if (
            words.gap(index) in (". ", ".")
            and name.shape is Shape.LOWER
            and name.surname == 2
            and not (name.is_common or name.is_never)
        ):
            yield Vote(index, last, 0.6, "lower_case")


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
        elif other.surname and not other.is_common and not other.is_commune:
            yield Vote(index, index + 1, 0.75, "lower_case")
        elif other.surname == 2 and other is two and not given.is_common:
            yield Vote(index, index + 1, 0.55, "lower_case")


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
