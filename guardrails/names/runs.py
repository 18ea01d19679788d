# SPDX-License-Identifier: EUPL-1.2
"""How far a name reaches: from a word that may start one, to the right or to the left."""

from __future__ import annotations

from guardrails.names.word import LAST_PARTICLES, Shape, Word
from guardrails.names.words import Words

MAX_WORDS = 6
_GIVEN = 3  # a thousand births
SAINTS = frozenset(["saint", "sainte", "st", "ste"])


def run_right(words: Words, start: int, *, anchored: bool) -> int:
    """Return the last word of the name that starts at word `start`, or `start - 1` for none.

    `anchored`: a civility or a label stands before, so that everyday words may be names.
    """
    last, index, taken = start - 1, start, 0
    while index < len(words) and taken < MAX_WORDS:
        if index > start and not words.joins(index - 1):
            break
        word = words[index]
        if word.is_particle and not (
            word.shape is Shape.INITIAL and _after_name(words, index, start)
        ):
            if _ends_name(words, index, start, last):
                last = index
            elif not (
                _leads_to_name(words, index, anchored=anchored)
                or (index + 1 < len(words) and _ends_name(words, index + 1, start, last))
            ):
                break
        elif not _may_stand(words, index, start, anchored=anchored) and not (
            anchored and last == index - 1 and index > start and goes_on(words, last)
        ):
            break
        else:
            last = index
        taken += 1
        index += 1
    while start <= last < len(words) - 1 and (
        words.is_inner(last) or (anchored and goes_on(words, last))
    ):
        last += 1
    return last


def goes_on(words: Words, last: int) -> bool:
    """`Mme Tou rneur`: a scanner's blank inside a name."""
    rest = words[last + 1]
    if words.gap(last) != " " or rest.shape is not Shape.LOWER or rest.is_never:
        return False
    if rest.is_common and (words[last].surname or words[last].magnitude >= 1):
        return False
    whole = words.about(words[last].fold + rest.fold)
    return whole.surname > 0 or whole.magnitude >= 1


def run_left(words: Words, end: int) -> int:
    """Return the first word of the capitals (`LE GALL`, `DE SOUZA`) that end at word `end`."""
    first = end
    while (
        first > 0
        and end - first < 3
        and words.joins(first - 1)
        and not words.crosses_line(first - 1)
    ):
        word = words[first - 1]
        if word.shape is not Shape.UPPER or (word.is_never and not word.is_particle):
            break
        # straight before a sure first name any listed surname will do: `CHEMIN Maelio`
        least = 1 if first == end and words[end].is_strong_first else 2
        if word.is_common and not word.is_particle and word.surname < least:
            break
        first -= 1
    return first


def _ends_name(words: Words, index: int, start: int, last: int) -> bool:
    """`TRAN VAN` and `Yann Le Du` end with what is a particle elsewhere."""
    word = words[index]
    if not word.is_cased or index == start:
        return False
    if last == index - 1 and (word.fold in LAST_PARTICLES or _is_followed_by_a_stop(words, index)):
        return True
    return (
        last == index - 2 >= start
        and words[index - 1].is_particle
        and words[index - 1].is_cased
        and words[last].is_strong_first
        and (index + 1 == len(words) or not words.joins(index) or not words[index + 1].is_nameable)
    )


def _is_followed_by_a_stop(words: Words, index: int) -> bool:
    """`Trang Le ;`, `Thu Le⏎`: no article stands before a stop."""
    word = words[index]
    after = words.text[word.end : word.end + 2].lstrip(" \u00a0")
    return (
        word.shape is Shape.CAPITAL and word.fold in _LONE and (not after or after[0] in ",;.)\n|")
    )


_LONE = frozenset(("le", "la", "du"))


def _after_name(words: Words, index: int, start: int) -> bool:
    return index > start and words[index].shape is Shape.INITIAL


def _leads_to_name(words: Words, index: int, *, anchored: bool) -> bool:
    """A particle belongs to a name when a name word follows it on the same line."""
    for ahead in range(index, min(index + 3, len(words) - 1)):
        if not words.joins(ahead) or words.crosses_line(ahead):
            return False
        follower = words[ahead + 1]
        if follower.is_particle:
            continue
        if not follower.is_nameable:
            return False
        if words[index].shape is Shape.LOWER and not anchored:
            beside_given = index > 0 and words[index - 1].is_strong_first
            return follower.is_unusual or follower.surname >= (1 if beside_given else 2)
        return anchored or follower.is_unusual or follower.surname > 0
    return False


def _may_stand(words: Words, index: int, start: int, *, anchored: bool) -> bool:
    word = words[index]
    if not word.is_nameable and _is_surname_too(words, index, start):
        return True
    if not word.is_nameable:
        return word.fold in SAINTS and word.is_cased and index + 1 < len(words)
    if index == start:
        return anchored or word.is_unusual or word.is_first
    if words.crosses_line(index - 1):
        return _crosses_well(words[index - 1], word, words, start, index)
    if word.is_unusual or word.is_first or word.shape is Shape.INITIAL:
        return True
    # an everyday word: only as a surname, in capitals or straight after a first name
    previous = words[index - 1]
    if word.shape is Shape.UPPER:
        return anchored or previous.shape is not Shape.UPPER or word.surname == 2
    if len(words.gap(index - 1)) > 1:  # another column
        return False
    if previous.is_unusual and previous.shape is word.shape and not previous.is_thing:
        return anchored or word.surname > 0
    if previous.is_first or previous.is_particle or previous.shape is Shape.INITIAL:
        return anchored or word.surname > 0
    return False


def _is_surname_too(words: Words, index: int, start: int) -> bool:
    """`Lucien Maréchal`, `Paul Prévost`: a title that is a frequent surname, ending a name."""
    word = words[index]
    if index > start and word.shape is Shape.CAPITAL and not word.is_role:
        stop = words.text[word.end : word.end + 1]
        if words.gap(index - 1) == " " and words[index - 1].is_strong_first and stop in (",", ";"):
            return True  # `à Carole Vu, reçue au concours`
    if index == start or not word.surname or word.is_particle or not word.is_cased:
        return False
    if word.shape is Shape.CAPITAL and words[index - 1].magnitude >= _GIVEN and not word.is_role:
        return words.gap(index - 1) == " "  # Océane Dimanche: the day has no capital
    if word.surname < 2:
        return False
    is_mixed = word.shape is Shape.CAPITAL or words[index - 1].shape is Shape.CAPITAL
    if not (is_mixed and words[index - 1].is_strong_first and words.gap(index - 1) == " "):
        return False
    return index + 1 == len(words) or not words.joins(index) or not words[index + 1].is_cased


def _crosses_well(previous: Word, word: Word, words: Words, start: int, index: int) -> bool:
    """A name goes on over a line end only where it cannot be complete before it."""
    only_first = all(
        words[i].is_first and words[i].shape is not Shape.UPPER for i in range(start, index)
    )
    if not only_first:
        return False
    if word.shape is Shape.UPPER:
        return True
    return not word.is_common and (word.surname > 0) and previous.is_strong_first
